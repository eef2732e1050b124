"""Xcode's string catalogs: JSON with every locale of every key in one file.

Per key ``comment``, ``extractionState``, ``shouldTranslate`` and ``localizations``; per locale one of
``stringUnit``, ``stringSet`` or ``variations`` (by plural, by device), and ``substitutions`` with variations of
their own. Where the source language has no localization the key is the source text. This is what Xcode 15 to 17
write; Apple has not published the format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from hunkworks.catalogs.jsontext import Array, Member, Node, Object, String, scan
from hunkworks.catalogs.protocol import (
    CATEGORIES,
    Catalog,
    CatalogEdit,
    Replacement,
    Source,
    Span,
    State,
    Syntax,
    Unit,
    Value,
    Window,
    refusal,
)

STATES = {"new": State.NEW, "needs_review": State.NEEDS_REVIEW, "translated": State.TRANSLATED}
NOTES = ("argNum", "formatSpecifier")  # of a substitution


class _Text(NamedTuple):
    """One text of a localization, plural or not."""

    part: tuple[str, ...]
    values: tuple[Value, ...]
    states: tuple[str, ...]
    span: Span
    attributes: Mapping[str, str]


def parse(path: str, data: bytes) -> Catalog:
    """Read a string catalog: one unit per key, locale and part; the source text first where only the key says it.

    Raises:
        InputError: It is not JSON, or not laid out as a string catalog.
    """
    source = Source.decode(data)
    root = scan(source)
    strings = root.get("strings") if isinstance(root, Object) else None
    if not isinstance(root, Object) or not isinstance(strings, Object) or not root.string("sourceLanguage"):
        raise refusal(
            source, root.start, "no string catalog", expected='"sourceLanguage" and an object "strings"'
        )
    source_locale = root.string("sourceLanguage")
    units: list[Unit] = []
    seen: Counter[str] = Counter()
    for entry in strings.members:
        units += _entry_units(source, entry, seen[entry.name], source_locale)
        seen[entry.name] += 1
    return Catalog(path, "xcstrings", source, tuple(units), source_locale=source_locale, detail=root)


def _entry_units(source: Source, entry: Member, nth: int, source_locale: str) -> list[Unit]:
    node = _object(source, entry.node, f"the entry {entry.name!r}")
    localizations = _object(
        source, node.get("localizations") or Object(node.start, node.end, []), "localizations"
    )
    flag = node.get("shouldTranslate")
    template = Unit(
        key=(entry.name,),
        values=(Value(entry.name, None),),
        entry=Span(entry.start, node.end),
        syntax=Syntax.OBJC,
        comment=node.string("comment"),
        locale=source_locale,
        nth=nth,
        translatable=flag is None or source.text[flag.start : flag.end] != "false",
    )
    extraction = node.string("extractionState")
    noted = {"extractionState": extraction} if extraction else {}
    stale = extraction == "stale"
    units = []
    locales: set[str] = set()
    for localization in localizations.members:
        if localization.name in locales:
            raise refusal(source, localization.start, f"{localization.name!r} stands twice in {entry.name!r}")
        locales.add(localization.name)
        units += [
            template._replace(
                values=text.values,
                entry=text.span,
                locale=localization.name,
                state=State.OBSOLETE if stale else _state(text.states),
                part=text.part,
                attributes={**noted, **text.attributes} if noted or text.attributes else template.attributes,
            )
            for text in _texts(source, localization.node, localization.start, ())
        ]
    if not any(unit.locale == source_locale for unit in units):
        state = State.OBSOLETE if stale else State.NONE
        units.insert(0, template._replace(state=state, attributes=noted or template.attributes))
    return units


def _texts(source: Source, node: Node, start: int, part: tuple[str, ...]) -> Iterator[_Text]:
    """Yield the texts of a localization, or of one variation of it."""
    node = _object(source, node, "a localization")
    span = Span(start, node.end)
    notes = {name: spelled(source, node, name) for name in NOTES if node.get(name)} if part else {}
    for name, member_start, value in node.members:
        if name == "stringUnit":
            text, state = _string_unit(source, value)
            yield _Text(part, (Value(text.text, _inside(text)),), (state,), span, notes)
        elif name == "stringSet":
            yield from _string_set(source, value, part)
        elif name == "variations":
            for kind, _, variants in _object(source, value, name).members:
                yield from _variations(source, kind, _object(source, variants, kind), span, part, notes)
        elif name == "substitutions":
            for argument in _object(source, value, name).members:
                yield from _texts(source, argument.node, argument.start, (*part, name, argument.name))
        elif name not in notes:
            raise refusal(source, member_start, f"{name!r} is not known in a localization")


def _variations(
    source: Source, kind: str, variants: Object, span: Span, part: tuple[str, ...], notes: Mapping[str, str]
) -> Iterator[_Text]:
    nodes = [_object(source, variant.node, variant.name) for variant in variants.members]
    if kind == "plural" and all([member.name for member in node.members] == ["stringUnit"] for node in nodes):
        names = [variant.name for variant in variants.members]
        if len(set(names)) < len(names) or not set(names) <= set(CATEGORIES):
            raise refusal(
                source,
                variants.start,
                "plural forms must be CLDR categories, each once",
                found=", ".join(names),
            )
        pairs = [_string_unit(source, node.members[0].node) for node in nodes]
        values = [Value(text.text, _inside(text), name) for name, (text, _) in zip(names, pairs, strict=True)]
        if values:
            yield _Text(part, tuple(values), tuple(state for _, state in pairs), span, notes)
        return
    for variant in variants.members:
        yield from _texts(source, variant.node, variant.start, (*part, kind, variant.name))


def _string_set(source: Source, node: Node, part: tuple[str, ...]) -> Iterator[_Text]:
    node = _object(source, node, "stringSet")
    values = node.get("values")
    if not isinstance(values, Array):
        raise refusal(source, node.start, "a stringSet without values")
    for index, item in enumerate(values.items):
        if not isinstance(item, String):
            raise refusal(source, item.start, "a value of a stringSet is not a string")
        value = Value(item.text, _inside(item))
        yield _Text((*part, "stringSet", str(index)), (value,), (node.string("state"),), Span(*item[:2]), {})


def _string_unit(source: Source, node: Node) -> tuple[String, str]:
    node = _object(source, node, "stringUnit")
    value = node.get("value")
    if not isinstance(value, String):
        raise refusal(source, node.start, "a stringUnit without a value")
    state = node.string("state")
    if state and state not in STATES:
        raise refusal(source, node.start, f"the state {state!r} is not known", expected=", ".join(STATES))
    return value, state


def _object(source: Source, node: Node, what: str) -> Object:
    if not isinstance(node, Object):
        raise refusal(source, node.start, f"{what} is not an object")
    return node


def _inside(node: String) -> Span:
    return Span(node.start + 1, node.end - 1)


def spelled(source: Source, node: Object, name: str) -> str:
    """Return a member's text, or the spelling of a number or flag; "" where there is none."""
    value = node.get(name)
    return node.string(name) or (source.text[value.start : value.end] if value else "")


def _state(states: Sequence[str]) -> State:
    """Return the least finished state of several; the words in ``STATES`` stand in that order."""
    return next((state for word, state in STATES.items() if word in states), State.NONE)


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the entries around some characters, in front of and behind what is said of the file."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    strings, text = cast("Object", catalog.detail).get("strings"), catalog.source.text
    if not isinstance(strings, Object):
        return None
    found = windows.in_object(catalog.source, strings, start, end, lambda _member: False)
    return found and found._replace(before=text[: strings.start + 1], behind=text[strings.end - 1 :])


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, in Xcode's layout and order as the file shows them."""
    from hunkworks.catalogs.xcstrings_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog, cast("Object", cast("Object", catalog.detail).get("strings"))).replacements(edits)
