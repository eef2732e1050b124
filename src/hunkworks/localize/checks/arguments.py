"""Placeholders: the same ones, of types the platform accepts, and none that is broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from hunkworks.catalogs.placeholders import Placeholder, Syntax, placeholders
from hunkworks.localize.checks import messages
from hunkworks.localize.checks.model import Case, named
from hunkworks.localize.checks.numbers import one_number

MESSAGES = (Syntax.ICU, Syntax.MESSAGE_FORMAT)
_PRINTF = (Syntax.OBJC, Syntax.JAVA, Syntax.C, Syntax.PYTHON)
_BRACES = (Syntax.BRACE, Syntax.VUE, Syntax.I18NEXT, Syntax.FLUENT)
_COUNTS = frozenset(("count", "n", "num", "number", "total", "arg", "quantity", "amount", "%n"))
_INTEGERS = "dxo"
_DOUBLED = re.compile(r"%%|\{\{|\}\}")


def same(case: Case) -> Iterator[str]:
    """Yield what is missing, unknown or of another type, form by form."""
    if case.subject.syntax in MESSAGES:
        yield from messages.same_arguments(case)
        return
    known = [(text, placeholders(text, case.subject.syntax)) for text in case.sources]
    allowed: dict[str, set[str]] = {}
    for _, found in known:
        for placeholder in found:
            allowed.setdefault(placeholder.name, set()).add(placeholder.type)
    for form, source, text in case.pairs:
        expected = placeholders(source, case.subject.syntax)
        found = placeholders(text, case.subject.syntax)
        wrong = [p for p in found if not _accepted(p, allowed, case.subject.syntax)]
        missing = _missing(case, form, expected, found)
        if not wrong and not missing:
            continue
        yield named(form) + _sentence(source, expected, text, found, wrong, missing)


def _accepted(placeholder: Placeholder, allowed: dict[str, set[str]], syntax: Syntax) -> bool:
    types = allowed.get(placeholder.name)
    if types is None:
        return False
    kind = placeholder.type
    if kind in types or (kind and kind in _INTEGERS and any(t and t in _INTEGERS for t in types)):
        return True
    if syntax is Syntax.JAVA:
        return kind in ("s", "S", "h", "b")  # these take any value
    if syntax is Syntax.PYTHON:
        return kind in ("s", "r", "a") or (kind in "dxof" and any(t and t in "dxof" for t in types))
    return False


def _missing(
    case: Case, form: str, expected: list[Placeholder], found: list[Placeholder]
) -> list[Placeholder]:
    """Return the placeholders that the form must have and has not."""
    names = {placeholder.name for placeholder in found}
    if not form or not one_number(form, case.locale):
        if form:
            expected = placeholders(case.subject.source, case.subject.syntax)
        return [placeholder for placeholder in expected if placeholder.name not in names]
    missing = [placeholder for placeholder in expected if placeholder.name not in names]
    numbers = [placeholder for placeholder in missing if _counts(case, placeholder, expected)]
    # The number may stay out; of two that could be it, only one is.
    return [placeholder for placeholder in missing if placeholder not in numbers[:1]]


def _counts(case: Case, placeholder: Placeholder, expected: list[Placeholder]) -> bool:
    """Whether a placeholder can be the number that the plural form is chosen by."""
    if placeholder.type and placeholder.type in _INTEGERS + "f":
        return True
    if len(expected) == 1 or placeholder.name.lower() in _COUNTS:
        return True
    syntax = case.subject.syntax
    return any(
        placeholder.name not in {other.name for other in placeholders(text, syntax)} for text in case.sources
    )


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
    if syntax in (*_PRINTF, Syntax.BRACE):
        for match in _DOUBLED.finditer(text):
            taken.update(range(*match.span()))
    if syntax is Syntax.JAVA:
        for match in re.finditer("%n", text):
            taken.update(range(*match.span()))
    return [
        index
        for index, character in enumerate(text)
        if character in characters and index not in taken and not _quoted(text, index, syntax)
    ]


def _quoted(text: str, index: int, syntax: Syntax) -> bool:
    """Vue writes a brace as {'{'}."""
    return syntax is Syntax.VUE and re.search(r"\{'[^']*'?$", text[: index + 1]) is not None


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
