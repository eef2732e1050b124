"""Placeholders: the same ones, of types the platform accepts, and none that is broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from hunkworks.catalogs.placeholders import Placeholder, Syntax, placeholders
from hunkworks.localize.checks import messages
from hunkworks.localize.checks.model import Case, named
from hunkworks.localize.checks.numbers import one_number, zero_and_one

MESSAGES = (Syntax.ICU, Syntax.MESSAGE_FORMAT)
_PRINTF = (Syntax.OBJC, Syntax.JAVA, Syntax.C, Syntax.PYTHON)
_BRACES = (Syntax.BRACE, Syntax.VUE, Syntax.I18NEXT, Syntax.FLUENT)
_INTEGERS = "dxo"
_TOKEN = re.compile(r"\{\{\s*[\w.]+\s*\}\}|\$?\{\w*\}|%\(\w+\)[sd]|%(?:\d+\$)?[sd@](?!\w)|%\{\w+\}|\$\w+\$")
# How a percent sign or a brace is written that is none.
_ESCAPED = {
    **dict.fromkeys((Syntax.OBJC, Syntax.C, Syntax.PYTHON), re.compile("%%")),
    Syntax.JAVA: re.compile("%[%n]"),
    Syntax.BRACE: re.compile(r"\{\{|\}\}"),
    Syntax.VUE: re.compile(r"\{'[^']*'\}"),
}


def _read(text: str, syntax: Syntax) -> list[Placeholder]:
    """Return the placeholders of a text; %arg is Apple's other name for the number of a substitution."""
    found = placeholders(text, syntax)
    if syntax is Syntax.OBJC and "%arg" in text:
        found = [p._replace(name="1", type="d") if p.name == "arg" else p for p in found]
    return found


def same(case: Case) -> Iterator[str]:
    """Yield what is missing, unknown or of another type, form by form."""
    if case.subject.syntax in MESSAGES:
        yield from messages.same_arguments(case)
        return
    syntax = case.subject.syntax
    if syntax is Syntax.NONE:
        yield from _same_tokens(case)
        return
    allowed: dict[str, set[str]] = {}
    for source in case.sources:
        for placeholder in _read(source, syntax):
            allowed.setdefault(placeholder.name, set()).add(placeholder.type)
    for form, own, text in case.pairs:
        # A form for one number is like the source's; one for several has whatever the source's "other" has.
        source = own if not form or one_number(form, case.locale) else case.subject.source
        expected, found = _read(source, syntax), _read(text, syntax)
        wrong = [p for p in found if not _accepted(p, allowed, syntax)]
        missing = _missing(case, form, expected, found)
        if not wrong and not missing:
            continue
        yield named(form) + _sentence(source, expected, text, found, wrong, missing)


def _same_tokens(case: Case) -> Iterator[str]:
    """Compare what every reader would take for a placeholder, where the file does not say how they are written."""
    for form, source, text in case.pairs:
        expected, found = set(_TOKEN.findall(source)), set(_TOKEN.findall(text))
        if expected - found and not (form and one_number(form, case.locale)):
            listed = ", ".join(sorted(found)) or "none"
            yield (
                f"{named(form)}expected {', '.join(sorted(expected))}, found {listed}; "
                f"{', '.join(sorted(expected - found))} is missing. Copy it character by character"
            )


def _accepted(placeholder: Placeholder, allowed: dict[str, set[str]], syntax: Syntax) -> bool:
    types = allowed.get(placeholder.name)
    if types is None:
        return False
    # In Java and Python %s takes any value; nothing else may change, for %x shows another number than %d.
    return placeholder.type in types or (placeholder.type == "s" and syntax in (Syntax.JAVA, Syntax.PYTHON))


def _missing(
    case: Case, form: str, expected: list[Placeholder], found: list[Placeholder]
) -> list[Placeholder]:
    """Return the placeholders that the form must have and has not."""
    names = {placeholder.name for placeholder in found}
    missing = [placeholder for placeholder in expected if placeholder.name not in names]
    if not form or not one_number(form, case.locale):
        return missing
    numbers = [placeholder for placeholder in missing if _counts(case, placeholder, expected)]
    # The number may stay out; of two that could be it, only one is.
    return [placeholder for placeholder in missing if placeholder not in numbers[:1]]


def _counts(case: Case, placeholder: Placeholder, expected: list[Placeholder]) -> bool:
    """Whether a placeholder can be the number that the plural form is chosen by."""
    if placeholder.type and placeholder.type in _INTEGERS + "f":
        return True
    if len(expected) == 1 or placeholder.name.lower() in messages.COUNTS:
        return True
    syntax = case.subject.syntax
    return any(placeholder.name not in {other.name for other in _read(text, syntax)} for text in case.sources)


def _sentence(
    source: str,
    expected: list[Placeholder],
    text: str,
    found: list[Placeholder],
    wrong: list[Placeholder],
    missing: list[Placeholder],
) -> str:
    parts = [f"expected {_listed(source, expected)}, found {_listed(text, found)}"]
    if missing:
        parts.append(f"{_listed(source, missing)} is missing")
    if wrong:
        names = {placeholder.name for placeholder in expected}
        strange = [placeholder for placeholder in wrong if placeholder.name not in names]
        changed = [placeholder for placeholder in wrong if placeholder.name in names]
        if strange:
            parts.append(f"{_listed(text, strange)} is not in the source")
        if changed:
            parts.append(f"{_listed(text, changed)} takes another value than in the source")
    return "; ".join(parts) + ". Copy the source's placeholders character by character"


def _listed(text: str, found: list[Placeholder]) -> str:
    return ", ".join(text[p.span.start : p.span.end] for p in found) or "none"


def number_for_zero(case: Case) -> Iterator[str]:
    """Yield forms for 0 and 1 that show no number, so that 0 reads like 1."""
    if "zero" in case.texts:
        return
    for form, source, text in case.pairs:
        if not form or not zero_and_one(form, case.locale):
            continue
        names = {placeholder.name for placeholder in _read(text, case.subject.syntax)}
        expected = _read(source, case.subject.syntax)
        missing = [p for p in expected if p.name not in names and _counts(case, p, expected)]
        if missing:
            yield (
                f"{named(form)}expected {_listed(source, missing)}, as this form is shown for 0, too, in "
                f"{case.locale}; found no number"
            )


def unbroken(case: Case) -> Iterator[str]:
    """Yield percent signs and braces that the platform reads as a placeholder and nobody else does."""
    syntax = case.subject.syntax
    characters = "%" if syntax in _PRINTF else "{}" if syntax in _BRACES else ""
    if not characters or not placeholders(case.subject.source, syntax):
        return  # a text without placeholders is shown as it is
    if any(_strays(text, syntax, characters) for text in case.sources):
        return
    for form, _, text in case.pairs:
        for offset in _strays(text, syntax, characters):
            near = text[max(0, offset - 8) : offset + 8]
            mend = "write %% for a percent sign" if characters == "%" else "braces only around placeholders"
            found = f"found a stray {text[offset]!r} in {near!r}"
            yield f"{named(form)}expected placeholders as in the source, {found}; {mend}"
            break


def _strays(text: str, syntax: Syntax, characters: str) -> list[int]:
    taken: set[int] = set()
    for placeholder in placeholders(text, syntax):
        taken.update(range(*placeholder.span))
    if pattern := _ESCAPED.get(syntax):
        for match in pattern.finditer(text):
            taken.update(range(*match.span()))
    return [index for index, character in enumerate(text) if character in characters and index not in taken]


def repeated(case: Case) -> Iterator[str]:
    """Yield placeholders that the translation uses more often than any text of the source."""
    syntax = case.subject.syntax
    if syntax in MESSAGES:
        return  # its branches repeat them
    most: Counter[str] = Counter()
    for text in case.sources:
        most |= Counter(placeholder.name for placeholder in placeholders(text, syntax))
    for form, _, text in case.pairs:
        counted = Counter(placeholder.name for placeholder in placeholders(text, syntax))
        for name, count in counted.items():
            if most[name] and count > most[name]:
                yield f"{named(form)}expected {name!r} {most[name]} times as in the source, found {count}"
