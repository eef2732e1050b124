"""XLIFF 1.2: bilingual, with states, notes and inline elements; Xcode's, Symfony's and Angular's dialects.

Reference: docs.oasis-open.org/xliff/v1.2/os/xliff-core.html. XLIFF 2 is another format.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
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
from hunkworks.catalogs.xmltext import HEAD, Element

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
_NOTE = re.compile(rf"<[^\s>]+{HEAD}>([^<]*)</")
_OWN_ENTITY = re.compile(r"&(?!#|(?:lt|gt|amp|quot|apos);)[^;]*;?")
_ICU = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
_SYMFONY = re.compile(r'tool-id="symfony"|original="file\.ext"|\{\{ \w+ \}\}|%\w+%')


class Section(NamedTuple):
    """One ``<file>``: where it stands and the language of its targets."""

    element: Element
    original: str
    language: str
    translatable: bool


class _Texts(NamedTuple):
    """What stands in a trans-unit; ``head`` holds the attributes of its target, None without one."""

    source: str
    target: str
    span: Span | None
    head: str | None
    notes: str
    markup: bool


class Detail(NamedTuple):
    """What ``plan`` wants to know again: each unit's element, the sections, and the namespace prefix of the tags."""

    elements: tuple[Element, ...]
    sections: tuple[Section, ...]
    prefix: str
    root: Element


def parse(path: str, data: bytes) -> Catalog:
    """Read an XLIFF 1.2 file: one unit per trans-unit, its key the file's original and its id.

    Raises:
        InputError: It is not well-formed, not XLIFF 1.2, or a unit has no id or no source, or two.
    """
    document = xmltext.read(data, whole="trans-unit")
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
        detail=Detail(tuple(reader.elements), sections, prefix, root),
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
        self.elements: list[Element] = []
        self.common = _common(prefix)
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
        if found := self.common.fullmatch(self.source.text, element.inner_start, element.inner_end):
            texts = self._from_match(found)
        else:
            texts = self._from_elements(element, identifier)
        key = section.original, identifier
        if (flag := said.get("translate")) is not None:
            translatable = flag != "no"
        nth = self.seen.get(key, 0)
        self.seen[key] = nth + 1
        self.units.append(
            Unit(
                key,
                (Value(texts.target, texts.span),),
                Span(element.start, element.end),
                self.syntax,
                texts.notes,
                section.language if self.several else "",
                _state(said, texts),
                nth=nth,
                source=texts.source,
                markup=texts.markup,
                translatable=translatable,
                attributes=said,
            )
        )
        self.elements.append(element)

    def _from_match(self, found: re.Match[str]) -> _Texts:
        """Read a unit laid out as most are: source, target, notes, no elements in them."""
        source, head, target, note, more = found.group("source", "head", "target", "note", "more")
        offset = found.start()
        notes = self._decoded(note, offset) if note else ""
        if more:
            notes = "\n".join([notes, *(self._decoded(note, offset) for note in _NOTE.findall(more))])
        return _Texts(
            self._decoded(source, offset),
            self._decoded(target, offset) if target else "",
            None if target is None else Span(*found.span("target")),
            head,
            notes,
            False,
        )

    def _from_elements(self, element: Element, identifier: str) -> _Texts:
        """Read any unit."""
        source = target = None
        notes = []
        for child in xmltext.inside(self.source, element):
            if not isinstance(child, Element):
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
        return _Texts(
            self._text(source, markup=markup),
            self._text(target, markup=markup) if target else "",
            Span(target.inner_start, target.inner_end) if target and not target.empty_tag else None,
            target.head if target else None,
            "\n".join(notes),
            markup,
        )

    def _has_markup(self, element: Element) -> bool:
        raw = self._raw(element)
        return "<" in raw and "<" in _CDATA.sub("", raw)

    def _raw(self, element: Element) -> str:
        return self.source.text[element.inner_start : element.inner_end]

    def _text(self, element: Element, *, markup: bool = False) -> str:
        """Return an element's text; of markup the fragment as it stands."""
        raw = self._raw(element)
        if not markup and "<" not in raw:
            return self._decoded(raw, element.inner_start)
        self._refuse_own_entities(_CDATA.sub("", raw), element.inner_start)
        if markup:
            return raw.replace("\r\n", "\n").replace("\r", "\n")
        pieces = _CDATA.split(raw)  # texts at even places, what CDATA holds between them
        return "".join(
            piece.replace("\r\n", "\n").replace("\r", "\n") if place % 2 else xmltext.decode(piece)
            for place, piece in enumerate(pieces)
        )

    def _decoded(self, raw: str, offset: int) -> str:
        if "&" not in raw and "\r" not in raw:
            return raw
        self._refuse_own_entities(raw, offset)
        return xmltext.decode(raw)

    def _refuse_own_entities(self, raw: str, offset: int) -> None:
        if found := _OWN_ENTITY.search(raw):
            raise refusal(self.source, offset, f"{found.group()} is an entity of the document's own")


def _state(said: Mapping[str, str], texts: _Texts) -> State:
    if texts.head is None or not texts.target:
        return State.NEW
    stated = STATES.get(xmltext.attributes(texts.head).get("state", "")) if texts.head else None
    if stated is None or stated is State.TRANSLATED:
        return State.NEEDS_REVIEW if said.get("approved") == "no" else State.TRANSLATED
    return stated


@cache
def _common(prefix: str) -> re.Pattern[str]:
    """Return what most units look like inside; ``prefix`` is that of the tags."""
    tag, head = re.escape(prefix), rf"(?:\s{HEAD})?+"
    return re.compile(
        rf"\s*+<{tag}source{head}>(?P<source>[^<]*+)</{tag}source\s*+>\s*+"
        rf"(?:<{tag}target(?P<head>{head})(?:/>|>(?P<target>[^<]*+)</{tag}target\s*+>)\s*+)?+"
        rf"(?:<{tag}note{head}>(?P<note>[^<]*+)</{tag}note\s*+>\s*+)?+"
        rf"(?P<more>(?:<{tag}note{head}>[^<]*+</{tag}note\s*+>\s*+)*+)"
    )


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
