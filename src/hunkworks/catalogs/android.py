"""Android's resource files: strings, plurals, string arrays (res/values*/*.xml)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from hunkworks.catalogs import android_text, locales, xmledit, xmltext
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
from hunkworks.catalogs.xmltext import Document, Element


@dataclass(frozen=True, slots=True)
class Detail:
    """Where the units came from: per unit the index of its entry, and the elements of its values."""

    document: Document
    entries: list[Entry]
    owners: list[int]
    elements: list[list[Element]]


class _Said(NamedTuple):
    """What an entry says of all its units."""

    key: tuple[str, ...]
    comment: str
    part: tuple[str, ...]
    nth: int
    translatable: bool
    attributes: Mapping[str, str]


def parse(path: str, data: bytes) -> Catalog:
    """Read a resource file: a unit per string, per plurals, per item of a string array; other resources are left.

    Raises:
        InputError: It is not well-formed, no resource file, or an entry has no name, or a wrong quantity.
    """
    document = xmltext.read(data)
    source, root = document.source, document.root
    if root.tag != "resources":
        raise refusal(source, root.start, "no resource file", expected="<resources>", found=f"<{root.tag}>")
    detail = Detail(document, xmledit.entries(source, root), [], [])
    units: list[Unit] = []
    seen: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(detail.entries):
        element = entry.element
        attributes = element.attributes
        kind = _kind(element.tag, attributes)
        if not kind:
            continue
        name = attributes.pop("name", "")
        if not name:
            raise refusal(source, element.start, f"a <{element.tag}> without a name")
        product = attributes.get("product", "")
        nth = seen.get((name, product), 0)
        seen[name, product] = nth + 1
        said = _Said(
            (name,),
            entry.comment,
            ("product", product) if product else (),
            nth,
            attributes.get("translatable") != "false",
            attributes or NO_ATTRIBUTES,
        )
        for unit, elements in _units(source, element, kind, said):
            units.append(unit)
            detail.owners.append(index)
            detail.elements.append(elements)
    return Catalog(path, "android", source, tuple(units), locale=locales.of_android(path), detail=detail)


def _kind(tag: str, attributes: Mapping[str, str]) -> str:
    """Return "string", "plurals", "string-array", or "" for what holds no text of ours."""
    if tag in ("string", "plurals", "string-array"):
        return tag
    return "string" if tag == "item" and attributes.get("type") == "string" else ""


def _units(source: Source, element: Element, kind: str, said: _Said) -> Iterator[tuple[Unit, list[Element]]]:
    if kind == "string":
        yield _single(source, element, said, said.part), [element]
        return
    items = [child for child in element.elements if child.tag == "item"]
    if kind == "string-array":
        for index, item in enumerate(items):
            yield _single(source, item, said, (*said.part, str(index))), [item]
        return
    forms = [item.attributes.get("quantity", "") for item in items]
    for item, form in zip(items, forms, strict=True):
        if form not in CATEGORIES or forms.count(form) > 1:
            raise refusal(
                source,
                item.start,
                f"the plurals {said.key[0]!r} need each quantity once",
                expected=", ".join(CATEGORIES),
                found=", ".join(map(repr, forms)),
            )
    if items:
        yield _plural(source, element, items, forms, said), items


def _single(source: Source, element: Element, said: _Said, part: tuple[str, ...]) -> Unit:
    _, start, inner_start, inner_end, end, _, _ = element
    text, markup, reference, cdata = android_text.decode(source.text[inner_start:inner_end])
    return Unit(
        said.key,
        (Value(text, None if inner_end == end else Span(inner_start, inner_end)),),
        Span(start, end),
        Syntax.JAVA,
        said.comment,
        part=part,
        nth=said.nth,
        markup=markup,
        translatable=said.translatable and not reference,
        attributes={**said.attributes, "CDATA": "true"} if cdata else said.attributes,
    )


def _plural(
    source: Source, parent: Element, elements: Sequence[Element], forms: Sequence[str], said: _Said
) -> Unit:
    raws = [source.text[element.inner_start : element.inner_end] for element in elements]
    shown = [android_text.decode(raw) for raw in raws]
    if (markup := any(one.markup for one in shown)) and len(elements) > 1:
        # One form with markup makes all of them fragments: a unit is one or the other.
        texts = [android_text.decode(raw, markup=True).text for raw in raws]
    else:
        texts = [one.text for one in shown]
    values = tuple(
        Value(text, None if element.empty_tag else Span(element.inner_start, element.inner_end), form)
        for text, element, form in zip(texts, elements, forms, strict=True)
    )
    cdata = any(one.cdata for one in shown)
    return Unit(
        said.key,
        values,
        Span(parent.start, parent.end),
        Syntax.JAVA,
        said.comment,
        part=said.part,
        nth=said.nth,
        markup=markup,
        translatable=said.translatable and not all(one.reference for one in shown),
        attributes={**said.attributes, "CDATA": "true"} if cdata else said.attributes,
    )


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the resources around some characters."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    detail = cast("Detail", catalog.detail)
    return windows.in_element(catalog.source, [detail.document.root], detail.entries, _span, start, end)


def _span(entry: Entry) -> Span:
    return entry.span


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, line by line as the neighbours are written."""
    from hunkworks.catalogs.android_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog, cast("Detail", catalog.detail)).replacements(edits)
