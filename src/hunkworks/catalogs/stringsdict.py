"""Apple's .stringsdict: a property list of format strings with plural, width and device rules.

Per key a dictionary: ``NSStringLocalizedFormatKey`` names variables, each a dictionary with
``NSStringFormatSpecTypeKey``, ``NSStringFormatValueTypeKey`` and a string per CLDR category. In place of these,
``NSStringVariableWidthRuleType`` and ``NSStringDeviceSpecificRuleType`` hold a string per width or device.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from hunkworks.catalogs import locales, xmledit, xmltext
from hunkworks.catalogs.protocol import (
    CATEGORIES,
    NO_ATTRIBUTES,
    Catalog,
    CatalogEdit,
    Replacement,
    Source,
    Span,
    Syntax,
    Unit,
    Value,
    Window,
    refusal,
)
from hunkworks.catalogs.xmledit import Entry
from hunkworks.catalogs.xmltext import Element
from hunkworks.errors import InputError

FORMAT = "NSStringLocalizedFormatKey"
RULE = "NSStringFormatSpecTypeKey"
PLURAL = "NSStringPluralRuleType"
TYPE = "NSStringFormatValueTypeKey"
BY_NAME = ("NSStringVariableWidthRuleType", "NSStringDeviceSpecificRuleType")


@dataclass(frozen=True, slots=True)
class Detail:
    """Where the units came from: the list of keys, and per unit its entry there and the elements of its values."""

    plist: Element
    root: Element
    entries: list[Entry]
    owners: list[int]
    parents: list[Element]  # the dictionary that holds the unit's texts
    elements: list[list[Element]]
    flat: bool = False


class _Said(NamedTuple):
    """What a key says of all its units."""

    key: tuple[str, ...]
    comment: str
    nth: int


def parse(path: str, data: bytes) -> Catalog:
    """Read a .stringsdict: per key the format (part ``()``), and a plural unit per variable (part ``(name,)``).

    Raises:
        InputError: It is no property list, or not laid out as a .stringsdict.
    """
    source, plist, root, entries = _top(data)
    detail = Detail(plist, root, entries, [], [], [])
    units: list[Unit] = []
    seen: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        rules = _dictionary(source, entry)
        key = _name(source, entry)
        said = _Said((key,), entry.comment, seen[key])
        seen[key] += 1
        for unit, parent, elements in _rules(source, rules, said):
            units.append(unit)
            detail.owners.append(index)
            detail.parents.append(parent)
            detail.elements.append(elements)
    return Catalog(path, "stringsdict", source, tuple(units), locale=locales.of_lproj(path), detail=detail)


def parse_flat(path: str, data: bytes) -> Catalog:
    """Read a .strings file that is written as a property list: a string per key.

    Raises:
        InputError: It is no property list, or a value in it is not a string.
    """
    source, plist, root, entries = _top(data)
    detail = Detail(plist, root, entries, [], [], [], flat=True)
    units: list[Unit] = []
    seen: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        key, text = _name(source, entry), cast("Element", entry.value)
        said = _Said((key,), entry.comment, seen[key])
        seen[key] += 1
        units.append(_unit(source, said, (), entry, [_string(source, entry)], [""]))
        detail.owners.append(index)
        detail.parents.append(root)
        detail.elements.append([text])
    return Catalog(path, "strings", source, tuple(units), locale=locales.of_lproj(path), detail=detail)


def _top(data: bytes) -> tuple[Source, Element, Element, list[Entry]]:
    if data.startswith(b"bplist"):
        raise InputError("a compiled (binary) property list", expected="the XML that it was made from")
    source, plist, _ = xmltext.read(data)
    roots = list(plist.elements)
    if plist.tag != "plist" or len(roots) != 1 or roots[0].tag != "dict":
        raise refusal(source, plist.start, "no property list of a dictionary", expected="<plist><dict>")
    return source, plist, roots[0], _entries(source, roots[0])


def _entries(source: Source, parent: Element) -> list[Entry]:
    """Return the pairs of a dictionary, each key in front of its value."""
    elements = [child for child in parent.children if isinstance(child, Element)]
    tags = [element.tag for element in elements]
    if tags[::2] != ["key"] * (len(tags) // 2) or "key" in tags[1::2]:
        raise refusal(source, parent.start, "a dictionary in which a key or a value is missing")
    if len(elements) < len(parent.children):
        return xmledit.pairs(source, parent)
    return [Entry(key, (), (), value) for key, value in zip(elements[::2], elements[1::2], strict=True)]


def _rules(
    source: Source, parent: Element, said: _Said, part: tuple[str, ...] = ()
) -> Iterator[tuple[Unit, Element, list[Element]]]:
    """Yield the units of one key, or of one device's rules."""
    names: set[str] = set()
    for pair in _entries(source, parent):
        name = _name(source, pair)
        if name in names:
            raise refusal(source, pair.element.start, f"{name!r} stands twice in {said.key[0]!r}")
        names.add(name)
        if name == FORMAT:
            text = _string(source, pair)
            yield _unit(source, said, part, pair, [text], [""]), parent, [text]
        elif name in BY_NAME:
            yield from _by_name(source, _dictionary(source, pair), said, (*part, name))
        else:
            inner = _dictionary(source, pair)
            unit, elements = _variable(source, inner, pair, said, (*part, name))
            if elements:
                yield unit, inner, elements


def _by_name(
    source: Source, parent: Element, said: _Said, part: tuple[str, ...]
) -> Iterator[tuple[Unit, Element, list[Element]]]:
    for pair in _entries(source, parent):
        inner = (*part, _name(source, pair))
        if cast("Element", pair.value).tag == "dict":
            yield from _rules(source, cast("Element", pair.value), said, inner)
        else:
            text = _string(source, pair)
            yield _unit(source, said, inner, pair, [text], [""]), parent, [text]


def _variable(
    source: Source, inner: Element, pair: Entry, said: _Said, part: tuple[str, ...]
) -> tuple[Unit, list[Element]]:
    elements: list[Element] = []
    forms: list[str] = []
    attributes: dict[str, str] = {}
    for item in _entries(source, inner):
        name = _name(source, item)
        if name in (RULE, TYPE):
            attributes[name] = _text(source, _string(source, item))
        elif name in CATEGORIES and name not in forms:
            elements.append(_string(source, item))
            forms.append(name)
        else:
            raise refusal(
                source,
                item.element.start,
                f"{name!r} is not a plural form of {'/'.join((*said.key, *part))!r}, or stands twice",
                expected=", ".join(CATEGORIES),
            )
    if attributes.get(RULE, PLURAL) != PLURAL:
        raise refusal(source, inner.start, f"the rule {attributes[RULE]!r} is not known", expected=PLURAL)
    return _unit(source, said, part, pair, elements, forms, attributes), elements


def _unit(
    source: Source,
    said: _Said,
    part: tuple[str, ...],
    pair: Entry,
    elements: Sequence[Element],
    forms: Sequence[str],
    attributes: Mapping[str, str] = NO_ATTRIBUTES,
) -> Unit:
    values = tuple(
        Value(
            _text(source, element),
            None if element.empty_tag else Span(element.inner_start, element.inner_end),
            form,
        )
        for element, form in zip(elements, forms, strict=True)
    )
    entry = Span(pair.element.start, cast("Element", pair.value).end)
    key, comment, nth = said
    return Unit(key, values, entry, Syntax.OBJC, comment, part=part, nth=nth, attributes=attributes)


def _name(source: Source, pair: Entry) -> str:
    return _text(source, pair.element)


def _string(source: Source, pair: Entry) -> Element:
    value = cast("Element", pair.value)
    if value.tag != "string":
        raise refusal(
            source,
            value.start,
            f"the value of {_name(source, pair)!r} is not a string",
            found=f"<{value.tag}>",
        )
    return value


def _dictionary(source: Source, pair: Entry) -> Element:
    value = cast("Element", pair.value)
    if value.tag != "dict":
        raise refusal(
            source,
            value.start,
            f"the value of {_name(source, pair)!r} is not a dictionary",
            found=f"<{value.tag}>",
        )
    return value


def _text(source: Source, element: Element) -> str:
    raw = source.text[element.inner_start : element.inner_end]
    if "<" in raw:
        raise refusal(
            source,
            element.inner_start,
            "a text with elements, comments or CDATA in it cannot be kept as found",
        )
    return xmltext.decode(raw)


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the keys around some characters, with all their rules."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    detail = cast("Detail", catalog.detail)
    path = [detail.plist, detail.root]
    return windows.in_element(catalog.source, path, detail.entries, lambda entry: entry.span, start, end)


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, line by line as the neighbours are written."""
    from hunkworks.catalogs.stringsdict_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog, cast("Detail", catalog.detail)).replacements(edits)
