"""Whether an answer may be written: the checks, with what they need to know of a planned unit."""

from __future__ import annotations

from hunkworks.localize.checks import Context, Problem, Subject, run
from hunkworks.localize.units import Planned, Text, as_forms, longest


def problems(
    unit: Planned, answer: Text, format_name: str, source_locale: str, forms: tuple[str, ...] = ()
) -> list[Problem]:
    """Return everything that is wrong with ``answer``, blocking problems first.

    Args:
        unit: What was planned.
        answer: The text, or the plural forms.
        format_name: Of the catalog that it goes into.
        source_locale: Of the source.
        forms: The plural forms that the file itself demands.
    """
    subject = Subject(
        longest(unit.source),
        {} if isinstance(unit.source, str) else as_forms(unit.source),
        unit.syntax,
        format_name,
        unit.markup,
        unit.max_length,
        unit.do_not_translate,
        unit.preferred,
    )
    return run(subject, answer, unit.locale, Context(source_locale=source_locale, forms=forms))


def blocking(unit: Planned, answer: Text, format_name: str, source_locale: str) -> list[Problem]:
    """Return the problems for which ``answer`` is not written."""
    found = problems(unit, answer, format_name, source_locale)
    return [problem for problem in found if problem.severity == "blocking"]
