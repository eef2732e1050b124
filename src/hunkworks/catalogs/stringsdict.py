"""Apple's .stringsdict: a property list of format strings with plural, width and device rules.

Per key a dictionary: ``NSStringLocalizedFormatKey`` names variables, each a dictionary with
``NSStringFormatSpecTypeKey``, ``NSStringFormatValueTypeKey`` and a string per CLDR category. In place of these,
``NSStringVariableWidthRuleType`` and ``NSStringDeviceSpecificRuleType`` hold a string per width or device.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, cast

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

_Pair: TypeAlias = tuple[str, Element, Element]  # what a key says, the key, its value

FORMAT = "NSStringLocalizedFormatKey"
RULE = "NSStringFormatSpecTypeKey"
PLURAL = "NSStringPluralRuleType"
TYPE = "NSStringFormatValueTypeKey"
_FORMS = frozenset(CATEGORIES)
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
    source, plist, root, names, entries = _top(data)
    detail = Detail(plist, root, entries, [], [], [])
    units: list[Unit] = []
    seen: Counter[str] = Counter()
    for index, (key, entry) in enumerate(zip(names, entries, strict=True)):
        value = cast("Element", entry.value)
        said = _Said((key,), entry.comment, seen[key])
        seen[key] += 1
        for unit, parent, elements in _rules(source, _typed(source, key, value, "dict"), said):
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
    source, plist, root, names, entries = _top(data)
    detail = Detail(plist, root, entries, [], [], [], flat=True)
    units: list[Unit] = []
    seen: Counter[str] = Counter()
    for index, (key, entry) in enumerate(zip(names, entries, strict=True)):
        value = cast("Element", entry.value)
        said = _Said((key,), entry.comment, seen[key])
        seen[key] += 1
        text = _typed(source, key, value, "string")
        units.append(_unit(source, said, (), Span(entry.element.start, value.end), [text], [""]))
        detail.owners.append(index)
        detail.parents.append(root)
        detail.elements.append([text])
    return Catalog(path, "strings", source, tuple(units), locale=locales.of_lproj(path), detail=detail)


def _top(data: bytes) -> tuple[Source, Element, Element, list[str], list[Entry]]:
    """Return the file, its outermost element, the dictionary in it, and what that holds with its comments."""
    if data.startswith(b"bplist"):
        raise InputError("a compiled (binary) property list", expected="the XML that it was made from")
    source, plist, _ = xmltext.read(data)
    roots = list(plist.elements)
    if plist.tag != "plist" or len(roots) != 1 or roots[0].tag != "dict":
        raise refusal(source, plist.start, "no property list of a dictionary", expected="<plist><dict>")
    names = [name for name, _, _ in _pairs(source, roots[0])]
    return source, plist, roots[0], names, xmledit.pairs(source, roots[0])


def _pairs(source: Source, parent: Element) -> list[_Pair]:
    """Return what stands in a dictionary, each key with its value."""
    elements = [child for child in parent.children if type(child) is Element]
    keys, values = elements[::2], elements[1::2]
    if (
        len(keys) != len(values)
        or {key.tag for key in keys} - {"key"}
        or "key" in {one.tag for one in values}
    ):
        raise refusal(source, parent.start, "a dictionary in which a key or a value is missing")
    return [(_text(source, key), key, value) for key, value in zip(keys, values, strict=True)]


def _rules(
    source: Source, parent: Element, said: _Said, part: tuple[str, ...] = ()
) -> Iterator[tuple[Unit, Element, list[Element]]]:
    """Yield the units of one key, or of one device's rules."""
    names: set[str] = set()
    for name, key, value in _pairs(source, parent):
        if name in names:
            raise refusal(source, key.start, f"{name!r} stands twice in {said.key[0]!r}")
        names.add(name)
        span = Span(key.start, value.end)
        if name == FORMAT:
            text = _typed(source, name, value, "string")
            yield _unit(source, said, part, span, [text], [""]), parent, [text]
        elif name in BY_NAME:
            yield from _by_name(source, _typed(source, name, value, "dict"), said, (*part, name))
        else:
            inner = _typed(source, name, value, "dict")
            unit, elements = _variable(source, inner, span, said, (*part, name))
            if elements:
                yield unit, inner, elements


def _by_name(
    source: Source, parent: Element, said: _Said, part: tuple[str, ...]
) -> Iterator[tuple[Unit, Element, list[Element]]]:
    for name, key, value in _pairs(source, parent):
        inner = (*part, name)
        if value.tag == "dict":
            yield from _rules(source, value, said, inner)
        else:
            text = _typed(source, name, value, "string")
            yield _unit(source, said, inner, Span(key.start, value.end), [text], [""]), parent, [text]


def _variable(
    source: Source, inner: Element, span: Span, said: _Said, part: tuple[str, ...]
) -> tuple[Unit, list[Element]]:
    elements: list[Element] = []
    forms: list[str] = []
    attributes: dict[str, str] = {}
    for name, key, value in _pairs(source, inner):
        if name in _FORMS and name not in forms:
            elements.append(_typed(source, name, value, "string"))
            forms.append(name)
        elif name in (RULE, TYPE):
            attributes[name] = _text(source, _typed(source, name, value, "string"))
        else:
            raise refusal(
                source,
                key.start,
                f"{name!r} is not a plural form of {'/'.join((*said.key, *part))!r}, or stands twice",
                expected=", ".join(CATEGORIES),
            )
    if attributes.get(RULE, PLURAL) != PLURAL:
        raise refusal(source, inner.start, f"the rule {attributes[RULE]!r} is not known", expected=PLURAL)
    return _unit(source, said, part, span, elements, forms, attributes), elements


def _unit(
    source: Source,
    said: _Said,
    part: tuple[str, ...],
    span: Span,
    elements: Sequence[Element],
    forms: Sequence[str],
    attributes: Mapping[str, str] = NO_ATTRIBUTES,
) -> Unit:
    values = []
    for element, form in zip(elements, forms, strict=True):
        _, _, start, stop, end, _, _ = element
        values.append(Value(_text(source, element), None if stop == end else Span(start, stop), form))
    return Unit(
        said.key,
        tuple(values),
        span,
        Syntax.OBJC,
        said.comment,
        part=part,
        nth=said.nth,
        attributes=attributes,
    )


def _typed(source: Source, name: str, value: Element, tag: str) -> Element:
    """Return the value of a key, which must be a string or a dictionary."""
    if value.tag != tag:
        what = {"string": "a string", "dict": "a dictionary"}[tag]
        raise refusal(source, value.start, f"the value of {name!r} is not {what}", found=f"<{value.tag}>")
    return value


def _text(source: Source, element: Element) -> str:
    _, _, start, stop, _, _, _ = element
    raw = source.text[start:stop]
    if raw.isalnum():  # most keys, and nothing to decode
        return raw
    if "<" in raw:
        raise refusal(source, start, "a text with elements, comments or CDATA in it cannot be kept as found")
    return xmltext.decode(raw) if "&" in raw or "\r" in raw else raw


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
