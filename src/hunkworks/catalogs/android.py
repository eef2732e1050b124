"""Android's resource files: strings, plurals, string arrays (res/values*/*.xml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

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
    seen: Counter[tuple[str, str]] = Counter()
    for index, entry in enumerate(detail.entries):
        kind = _kind(entry.element)
        if not kind:
            continue
        attributes = entry.element.attributes
        name = attributes.pop("name", "")
        if not name:
            raise refusal(source, entry.element.start, f"a <{entry.element.tag}> without a name")
        product = attributes.get("product", "")
        template = Unit(
            key=(name,),
            values=(),
            entry=Span(entry.element.start, entry.element.end),
            syntax=Syntax.JAVA,
            comment=entry.comment,
            part=("product", product) if product else (),
            nth=seen[name, product],
            translatable=attributes.get("translatable") != "false",
            attributes=attributes or NO_ATTRIBUTES,
        )
        seen[name, product] += 1
        for unit, elements in _units(source, entry.element, kind, template):
            units.append(unit)
            detail.owners.append(index)
            detail.elements.append(elements)
    return Catalog(path, "android", source, tuple(units), locale=locales.of_android(path), detail=detail)


def _kind(element: Element) -> str:
    """Return "string", "plurals", "string-array", or "" for what holds no text of ours."""
    if element.tag in ("string", "plurals", "string-array"):
        return element.tag
    return "string" if element.tag == "item" and element.attributes.get("type") == "string" else ""


def _units(
    source: Source, element: Element, kind: str, template: Unit
) -> Iterator[tuple[Unit, list[Element]]]:
    if kind == "string":
        yield _single(source, element, template), [element]
        return
    items = [child for child in element.elements if child.tag == "item"]
    if kind == "string-array":
        for index, item in enumerate(items):
            part = (*template.part, str(index))
            yield (
                _single(source, item, template._replace(part=part, entry=Span(item.start, item.end))),
                [item],
            )
        return
    forms = [item.attributes.get("quantity", "") for item in items]
    for item, form in zip(items, forms, strict=True):
        if form not in CATEGORIES or forms.count(form) > 1:
            raise refusal(
                source,
                item.start,
                f"the plurals {template.key[0]!r} need each quantity once",
                expected=", ".join(CATEGORIES),
                found=", ".join(map(repr, forms)),
            )
    if items:
        yield _plural(source, items, forms, template), items


def _single(source: Source, element: Element, template: Unit) -> Unit:
    text, markup, reference, cdata = android_text.decode(source.text[element.inner_start : element.inner_end])
    values = (Value(text, None if element.empty_tag else Span(element.inner_start, element.inner_end)),)
    if not (markup or reference or cdata):
        return template._replace(values=values)
    attributes = {**template.attributes, "CDATA": "true"} if cdata else template.attributes
    translatable = template.translatable and not reference
    return template._replace(values=values, markup=markup, translatable=translatable, attributes=attributes)


def _plural(source: Source, elements: Sequence[Element], forms: Sequence[str], template: Unit) -> Unit:
    values: list[Value] = []
    markup = cdata = False
    references = 0
    for element, form in zip(elements, forms, strict=True):
        shown = android_text.decode(source.text[element.inner_start : element.inner_end])
        markup |= shown.markup
        references += shown.reference
        cdata |= shown.cdata
        span = None if element.empty_tag else Span(element.inner_start, element.inner_end)
        values.append(Value(shown.text, span, form))
    if markup and len(elements) > 1:
        # One form with markup makes all of them fragments: a unit is one or the other.
        raws = [source.text[element.inner_start : element.inner_end] for element in elements]
        values = [
            value._replace(text=android_text.decode(raw, markup=True).text)
            for value, raw in zip(values, raws, strict=True)
        ]
    if cdata:
        template = template._replace(attributes={**template.attributes, "CDATA": "true"})
    return template._replace(
        values=tuple(values), markup=markup, translatable=template.translatable and references < len(elements)
    )


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, line by line as the neighbours are written."""
    from hunkworks.catalogs.android_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog, cast("Detail", catalog.detail)).replacements(edits)
