"""What a check sees, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from hunkworks.catalogs import Unit
from hunkworks.catalogs.placeholders import Syntax

Severity: TypeAlias = Literal["blocking", "warning", "off"]
Answer: TypeAlias = str | Mapping[str, str]

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Problem(NamedTuple):
    """One thing that is wrong with an answer; ``message`` says what was expected, what was found and what to do."""

    check: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is translated, as far as the checks need to know it.

    ``source_forms`` is CLDR category → text where the source has plural forms, and ``source`` is then its ``other``.
    ``markup`` says that the texts are fragments of XML (``Unit.markup``), ``max_length`` counts characters,
    ``do_not_translate`` and ``preferred`` (term → translation) are the glossary's entries for the locale.
    """

    source: str
    source_forms: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    syntax: Syntax = Syntax.NONE
    format: str = ""
    markup: bool = False
    max_length: int | None = None
    do_not_translate: tuple[str, ...] = ()
    preferred: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @classmethod
    def of(
        cls,
        unit: Unit,
        format: str,  # noqa: A002 - the field's name
        *,
        max_length: int | None = None,
        do_not_translate: Iterable[str] = (),
        preferred: Mapping[str, str] = _NOTHING,
    ) -> Subject:
        """Return the facts of a unit: of the source catalog, or of a bilingual one (PO, XLIFF) the unit itself."""
        if unit.source:
            forms = {"one": unit.source, "other": unit.source_plural} if unit.source_plural else {}
            source = unit.source_plural or unit.source
        else:
            forms, source = unit.forms, unit.text
        return cls(
            source, forms, unit.syntax, format, unit.markup, max_length, tuple(do_not_translate), preferred
        )

    def source_of(self, form: str) -> str:
        """Return the source text that a form of the translation is compared with."""
        return self.source_forms.get(form, self.source)


@dataclass(frozen=True, slots=True)
class Context:
    """What is true of the whole catalog that the answer goes into.

    Args:
        source_locale: Of the source texts.
        forms: The plural forms that the target file itself demands (``Catalog.forms``); else CLDR's.
        severities: Severity by check, where it differs from the table's; "off" switches one off.
        write: Tries the write without touching the file and raises ``InputError`` where the format cannot
            express the answer, e.g. ``lambda answer: catalogs.write(catalog, [Set(unit, answer)])``.
    """

    source_locale: str = "en"
    forms: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    write: Callable[[Answer], object] | None = None


@dataclass(frozen=True)
class Case:
    """One answer under check: everything a check may ask."""

    subject: Subject
    answer: Answer
    locale: str
    context: Context

    @cached_property
    def texts(self) -> dict[str, str]:
        """The answer's texts by form; "" is the form of an answer without forms."""
        return {"": self.answer} if isinstance(self.answer, str) else dict(self.answer)

    @cached_property
    def pairs(self) -> list[tuple[str, str, str]]:
        """Form, source text, translated text; nothing for empty translations, which have a check of their own."""
        return [
            (form, self.subject.source_of(form), text) for form, text in self.texts.items() if text.strip()
        ]

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Every text of the source."""
        return tuple({self.subject.source: None, **dict.fromkeys(self.subject.source_forms.values())})

    @property
    def language(self) -> str:
        """The language of the locale, in lower case."""
        return self.locale.replace("_", "-").partition("-")[0].lower()

    def alone(self, source: str, text: str) -> Case:
        """Return the case of one text, as if it were all there is."""
        return Case(replace(self.subject, source=source, source_forms={}), text, self.locale, self.context)


def named(form: str) -> str:
    """Return how a message names the form it speaks of: "" for a text without forms."""
    return f"{form}: " if form else ""


def shown(text: str, most: int = 60) -> str:
    """Return a text as messages quote it: invisible characters spelled out, long ones cut."""
    quoted = repr(text if len(text) <= most else f"{text[: most - 1]}…")
    return quoted.replace("\\\\", "\\")
