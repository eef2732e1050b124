"""XLIFF 1.2: bilingual, with states, notes and inline elements; Xcode's, Symfony's and Angular's dialects.

Reference: docs.oasis-open.org/xliff/v1.2/os/xliff-core.html. XLIFF 2 is another format.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from hunkworks.catalogs import xmltext
from hunkworks.catalogs.conventions import as_bcp47, of_path
from hunkworks.catalogs.protocol import (
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
from hunkworks.catalogs.xmltext import Element

#: States of a target in the words of the specification (2.3, "state").
STATES = {
    "new": State.NEW,
    "needs-translation": State.NEW,
    "needs-adaptation": State.NEEDS_REVIEW,
    "needs-l10n": State.NEEDS_REVIEW,
    "needs-review-adaptation": State.NEEDS_REVIEW,
    "needs-review-l10n": State.NEEDS_REVIEW,
    "needs-review-translation": State.NEEDS_REVIEW,
    "translated": State.TRANSLATED,
    "signed-off": State.TRANSLATED,
    "final": State.TRANSLATED,
}
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_OWN_ENTITY = re.compile(r"&(?!#|(?:lt|gt|amp|quot|apos);)[^;]*;?")
_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
_SYMFONY = re.compile(r'tool-id="symfony"|original="file\.ext"|\{\{ \w+ \}\}|%\w+%')


class Entry(NamedTuple):
    """A trans-unit as it stands, with what ``plan`` edits."""

    element: Element
    source: Element
    target: Element | None


class Section(NamedTuple):
    """One ``<file>``: where it stands and the language of its targets."""

    element: Element
    original: str
    language: str
    translatable: bool


class Detail(NamedTuple):
    """What ``plan`` wants to know again: each unit's entry, the sections, and the namespace prefix of the tags."""

    entries: tuple[Entry, ...]
    sections: tuple[Section, ...]
    prefix: str
    root: Element


def parse(path: str, data: bytes) -> Catalog:
    """Read an XLIFF 1.2 file: one unit per trans-unit, its key the file's original and its id.

    Raises:
        InputError: It is not well-formed, not XLIFF 1.2, or a unit has no id or no source, or two.
    """
    document = xmltext.read(data)
    source, root = document.source, document.root
    prefix, _, name = root.tag.rpartition(":")
    prefix = f"{prefix}:" if prefix else ""
    version = root.attributes.get("version", "")
    if name != "xliff" or not version.startswith("1."):
        raise refusal(
            source,
            root.start,
            "not XLIFF 1.2",
            expected='<xliff version="1.2">',
            found=f"<{root.tag}> {version}",
        )
    sections = tuple(_sections(root, prefix))
    languages = {section.language for section in sections}
    reader = _Reader(source, prefix, _syntax(path, source.text), several=len(languages) > 1)
    for section in sections:
        reader.read(section.element, section, translatable=section.translatable)
    first = sections[0] if sections else None
    return Catalog(
        path,
        "xliff",
        source,
        tuple(reader.units),
        locale=(as_bcp47(first.language) or first.language if first and len(languages) == 1 else "")
        or of_path(path),
        source_locale=first.element.attributes.get("source-language", "") if first else "",
        detail=Detail(tuple(reader.entries), sections, prefix, root),
    )


def _sections(root: Element, prefix: str) -> Iterator[Section]:
    for element in root.elements:
        if element.tag == f"{prefix}file":
            said = element.attributes
            translatable = said.get("translate", "yes") != "no"
            yield Section(element, said.get("original", ""), said.get("target-language", ""), translatable)


def _syntax(path: str, text: str) -> Syntax:
    """Say how placeholders are written, by the tool that wrote the file."""
    if "com.apple.dt.xcode" in text:
        return Syntax.OBJC
    if "+intl-icu" in path or _ICU.search(text):
        return Syntax.ICU
    return Syntax.SYMFONY if _SYMFONY.search(text) else Syntax.NONE


class _Reader:
    """Turns elements into units."""

    def __init__(self, source: Source, prefix: str, syntax: Syntax, *, several: bool) -> None:
        self.source = source
        self.prefix = prefix
        self.syntax = syntax
        self.several = several
        self.units: list[Unit] = []
        self.entries: list[Entry] = []
        self.seen: dict[tuple[str, str], int] = {}

    def read(self, parent: Element, section: Section, *, translatable: bool) -> None:
        for element in parent.elements:
            name = element.tag.removeprefix(self.prefix)
            if name == "trans-unit":
                self._unit(element, section, translatable)
            elif name in ("body", "group"):
                said = element.attributes.get("translate") if element.head else None
                self.read(element, section, translatable=said != "no" if said else translatable)

    def _unit(self, element: Element, section: Section, translatable: bool) -> None:
        said = element.attributes
        identifier = said.pop("id", None)
        if identifier is None:
            raise refusal(
                self.source, element.start, "a trans-unit without an id", expected="an id, as XLIFF requires"
            )
        source = target = None
        notes = []
        for child in element.children:
            if type(child) is not Element:
                continue
            name = child.tag.removeprefix(self.prefix)
            if name == "source" and source is None:
                source = child
            elif name == "target" and target is None:
                target = child
            elif name == "note":
                notes.append(self._text(child))
            elif name in ("source", "target"):
                raise refusal(self.source, child.start, f"a second {name} in one trans-unit")
        if source is None:
            raise refusal(self.source, element.start, f"the trans-unit {identifier!r} has no source")
        markup = self._has_markup(source) or (target is not None and self._has_markup(target))
        text = self._text(target, markup=markup) if target else ""
        span = Span(target.inner_start, target.inner_end) if target and not target.empty_tag else None
        key = section.original, identifier
        if (flag := said.get("translate")) is not None:
            translatable = flag != "no"
        nth = self.seen.get(key, 0)
        self.seen[key] = nth + 1
        self.units.append(
            Unit(
                key,
                (Value(text, span),),
                Span(element.start, element.end),
                self.syntax,
                "\n".join(notes),
                section.language if self.several else "",
                _state(said, target, text),
                nth=nth,
                source=self._text(source, markup=markup),
                markup=markup,
                translatable=translatable,
                attributes=said,
            )
        )
        self.entries.append(Entry(element, source, target))

    def _has_markup(self, element: Element) -> bool:
        raw = self._raw(element)
        return "<" in raw and "<" in _CDATA.sub("", raw)

    def _raw(self, element: Element) -> str:
        return self.source.text[element.inner_start : element.inner_end]

    def _text(self, element: Element, *, markup: bool = False) -> str:
        """Return an element's text; of markup the fragment as it stands."""
        raw = self._raw(element)
        if "&" in raw and (found := _OWN_ENTITY.search(_CDATA.sub("", raw))):
            raise refusal(
                self.source, element.inner_start, f"{found.group()} is an entity of the document's own"
            )
        if markup:
            return raw.replace("\r\n", "\n").replace("\r", "\n")
        if "<" not in raw:
            return xmltext.decode(raw)
        pieces = _CDATA.split(raw)  # texts at even places, what CDATA holds between them
        return "".join(
            piece.replace("\r\n", "\n").replace("\r", "\n") if place % 2 else xmltext.decode(piece)
            for place, piece in enumerate(pieces)
        )


def _state(said: Mapping[str, str], target: Element | None, text: str) -> State:
    if target is None or not text:
        return State.NEW
    stated = STATES.get(target.attributes.get("state", "") if target.head else "")
    if stated is None or stated is State.TRANSLATED:
        return State.NEEDS_REVIEW if said.get("approved") == "no" else State.TRANSLATED
    return stated


def window(catalog: Catalog, start: int, end: int) -> Window | None:
    """Return the units around some characters, in all that they are nested in."""
    from hunkworks.catalogs import windows  # reading, which hooks do, needs none of it

    detail = cast("Detail", catalog.detail)
    path = [detail.root]
    while inner := _around(path[-1], start, end):
        if inner.tag == f"{detail.prefix}trans-unit":
            break
        path.append(inner)
    return windows.in_element(catalog.source, path, path[-1].children, windows.node_span, start, end)


def _around(parent: Element, start: int, end: int) -> Element | None:
    """Return the child element that some characters stand in."""
    place = bisect_right(parent.children, start, key=lambda child: child.start) - 1
    child = parent.children[place] if place >= 0 else None
    return (
        child if isinstance(child, Element) and child.inner_start <= start <= end <= child.inner_end else None
    )


def plan(catalog: Catalog, edits: Sequence[CatalogEdit]) -> list[Replacement]:
    """Say which characters become which, laid out as the neighbouring units are."""
    from hunkworks.catalogs.xliff_edit import Plan  # reading, which hooks do, needs none of it

    return Plan(catalog).replacements(edits)
