"""Tags: the source's, each as often, closed and in order; entities where the text is XML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.checks import icu, messages
from hunkworks.localize.checks.model import Case, named, shown
from hunkworks.localize.checks.numbers import one_number

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*|\d+)"
    r"(?P<attributes>(?:\s+[\w:.@-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|\\\"[^\"]*\\\"|[^\s\"'<>=/]+))?)*)\s*(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(r"([\w:.@-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?")
_VOID = frozenset(("br", "hr", "img", "input", "wbr"))
_ELEMENTS = """
    a abbr annotation b big blockquote code dd del div dl dt em font h1 h2 h3 h4 h5 h6 i iframe ins kbd li mark ol p
    pre q s samp script small span strike strong style sub sup svg table tbody td th thead tr tt u ul
"""
_HTML = _VOID | frozenset(_ELEMENTS.split())
# Inline elements of XLIFF, which are told apart by their id.
_XLIFF = frozenset(("g", "x", "bx", "ex", "ph", "bpt", "ept", "it", "mrk", "xliff:g"))
_LOOSE = re.compile(r"&(?!#?\w+;)|<(?!(?:/?[A-Za-z\d]|!\[CDATA\[|!--))")


class Tag(NamedTuple):
    """One tag: ``open``, ``close`` or ``empty``; ``identity`` is what must be the same in a translation."""

    name: str
    kind: str
    identity: str
    attributes: frozenset[str]


def tags(text: str) -> list[Tag]:
    """Return what looks like tags, in order."""
    found: list[Tag] = []
    for match in _TAG.finditer(text):
        name = match["name"]
        attributes = {
            key: value or quoted or bare
            for key, value, quoted, bare in _ATTRIBUTE.findall(match["attributes"].replace('\\"', '"'))
        }
        kind = "close" if match["close"] else "empty" if match["empty"] or name.lower() in _VOID else "open"
        known = name.lower() if name.lower() in _HTML else name
        identity = f'{known} id="{attributes["id"]}"' if name in _XLIFF and "id" in attributes else known
        found.append(Tag(known, kind, identity, frozenset(attributes)))
    return found


def same(case: Case) -> Iterator[str]:
    """Yield tags that are missing, new, unclosed or crossed."""
    for form, source, text in case.pairs:
        if "<" not in source and "<" not in text:
            continue
        for problem in _of_text(case, form, source, text):
            yield named(form) + problem
            break


def _of_text(case: Case, form: str, source: str, text: str) -> Iterator[str]:
    expected = _meant(tags(source), None)
    names = {tag.name for tag in expected}
    found = _meant(tags(text), names)
    if case.subject.syntax is Syntax.ICU:
        parsed, original = messages.message(case, text), messages.message(case, source)
        if parsed is not None and original is not None and _branches(original, parsed):
            yield from _of_branches(expected, found, parsed, names)
            return
    difference = Counter(_opened(expected)), Counter(_opened(found))
    missing, added = difference[0] - difference[1], difference[1] - difference[0]
    if one_number(form, case.locale):
        missing = Counter({name: n for name, n in missing.items() if not name.startswith("xliff:g")})
    if missing or added:
        yield (
            f"expected the tags {_listed(expected)}, found {_listed(found)}; "
            f"{_these(missing, 'missing')}{' and ' if missing and added else ''}{_these(added, 'not in the source')}"
        )
    elif not _crossed(expected) and (crossed := _crossed(found)):
        yield f"expected every tag closed as in the source, found {crossed} in {_listed(found)}"


def _of_branches(
    expected: list[Tag], found: list[Tag], parsed: icu.Message, names: set[str]
) -> Iterator[str]:
    """Compare a message with branches, each of which repeats the tags: which, not how many."""
    wanted, given = set(_opened(expected)), set(_opened(found))
    if wanted != given:
        yield f"expected the tags {_listed(expected)}, found {_listed(found)}"
        return
    for literal in icu.literals(parsed):
        if crossed := _crossed(_meant(tags(literal), names)):
            yield f"expected every tag closed in its own branch, found {crossed} in {shown(literal)}"
            return


def _branches(*parsed: icu.Message) -> bool:
    return any(argument.branches for one in parsed for argument in icu.arguments(one))


def _meant(found: list[Tag], names: set[str] | None) -> list[Tag]:
    """Return those that are markup; ``<file>`` in prose, of an unknown name and never closed, is not."""
    known = _HTML | _XLIFF | {tag.name for tag in found if tag.kind != "open"} | (names or set())
    return [tag for tag in found if tag.name in known]


def _opened(found: list[Tag]) -> Iterator[str]:
    return (tag.identity for tag in found if tag.kind != "close")


def _crossed(found: list[Tag]) -> str:
    """Say which tag is not closed, or closed out of order; "" for none."""
    stack: list[str] = []
    for tag in found:
        if tag.kind == "open":
            stack.append(tag.name)
        elif tag.kind == "close":
            if not stack or stack[-1] != tag.name:
                return f"</{tag.name}> where {f'</{stack[-1]}>' if stack else 'nothing'} closes"
            stack.pop()
    return f"<{stack[-1]}> without its end" if stack else ""


def _listed(found: list[Tag]) -> str:
    marks = {"open": "<{}>", "close": "</{}>", "empty": "<{}/>"}
    return " ".join(
        marks[tag.kind].format(tag.name if tag.kind == "close" else tag.identity) for tag in found
    ) or ("none")


def _these(counted: Counter[str], what: str) -> str:
    return f"{', '.join(f'<{name}>' for name in counted.elements())} {what}" if counted else ""


def same_attributes(case: Case) -> Iterator[str]:
    """Yield attributes that the source's tags have not: a translation adds no onclick and no href."""
    allowed: dict[str, set[str]] = {}
    for source in case.sources:
        for tag in tags(source):
            allowed.setdefault(tag.name, set()).update(tag.attributes)
    for form, _, text in case.pairs:
        for tag in tags(text):
            if added := sorted(tag.attributes - allowed.get(tag.name, tag.attributes)):
                yield f"{named(form)}expected the attributes of the source's <{tag.name}>, found also {added[0]}"


def well_formed(case: Case) -> Iterator[str]:
    """Yield what a fragment of XML must escape."""
    if not case.subject.markup or any(_LOOSE.search(source) for source in case.sources):
        return
    for form, _, text in case.pairs:
        if found := _LOOSE.search(text):
            entity = {"&": "&amp;", "<": "&lt;"}[found.group()]
            yield (
                f"{named(form)}expected {entity}, as the text is markup, found {found.group()} in "
                f"{shown(text[max(0, found.start() - 10) : found.end() + 10])}"
            )
