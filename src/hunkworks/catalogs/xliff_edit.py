"""Edits of XLIFF 1.2: targets, their states, and whole units in the layout of their neighbours."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, cast

from hunkworks.catalogs import lines, xmltext
from hunkworks.catalogs.blocks import Blocks
from hunkworks.catalogs.ordering import Places, caseless, codepoint, natural
from hunkworks.catalogs.protocol import (
    Add,
    Catalog,
    CatalogEdit,
    Remove,
    Replacement,
    Set,
    SetState,
    Source,
    State,
    Text,
    Unit,
)
from hunkworks.catalogs.xliff import STATES, Detail, Section
from hunkworks.catalogs.xmltext import Comment, Element
from hunkworks.errors import InputError

_WRITTEN = {State.NEW: "new", State.NEEDS_REVIEW: "needs-review-translation", State.TRANSLATED: "translated"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CDATA_ALONE = re.compile(r"\s*<!\[CDATA\[.*?\]\]>\s*", re.DOTALL)
_NAMESPACE = re.compile(r"""\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')""")
_TRANSLATED = re.compile(r"""<(?:[\w.-]+:)?target\b[^>]*\sstate\s*=\s*["']translated["']""")
_INDENTED = re.compile(r"(?:\r\n|\r|\n)?[ \t]*\Z")
_FEWEST_TO_SORT = 5


class Entry(NamedTuple):
    """A trans-unit as it stands."""

    element: Element
    source: Element
    target: Element | None
    segments: Element | None


def entry(source: Source, element: Element, prefix: str) -> Entry:
    """Return what stands in a trans-unit; ``prefix`` is that of the tags."""
    found: dict[str, Element] = {}
    for child in xmltext.inside(source, element):
        if isinstance(child, Element):
            found.setdefault(child.tag.removeprefix(prefix), child)
    return Entry(element, found["source"], found.get("target"), found.get("seg-source"))


class Plan:
    """Collects the edits of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.detail = cast("Detail", catalog.detail)
        self.text = catalog.source.text
        self.newline = catalog.source.newline()
        self.blocks = Blocks(self.text)
        self.namespaces = " ".join(_NAMESPACE.findall(self.detail.root.head))
        self._removed: set[int] = set()
        self.elements = {element.start: element for element in self.detail.elements}

    @cached_property
    def states(self) -> bool:
        """Whether the file states what is translated."""
        return _TRANSLATED.search(self.text) is not None

    def replacements(self, edits: Sequence[CatalogEdit]) -> list[Replacement]:
        """Return what is to be replaced for ``edits``."""
        added: dict[str, list[Add]] = {}
        for edit in edits:
            match edit:
                case Set(unit, str(text)):
                    self._set(unit, text, edit.state if text else State.NEW)
                    self._set_source(unit, edit.source)
                case SetState(unit):
                    if unit.state is State.NEW and not unit.text and edit.state is not State.NEW:
                        raise InputError(f"{unit.key[-1]!r} has no translation to be {edit.state.value}")
                    self._set(unit, unit.text, edit.state)
                case Remove(unit):
                    self._removed.add(unit.entry.start)
                    self._remove(self.elements[unit.entry.start])
                case Add((original, _), str()):
                    added.setdefault(original, []).append(edit)
                case _:
                    raise InputError("an XLIFF unit has the key (original, id) and one text: no plural forms")
        for original, adds in added.items():
            self._add(original, adds)
        return self.blocks.result()

    def _entry(self, element: Element) -> Entry:
        return entry(self.catalog.source, element, self.detail.prefix)

    # set

    def _set(self, unit: Unit, text: str, state: State) -> None:
        entry = self._entry(self.elements[unit.entry.start])
        if state is State.OBSOLETE:
            raise InputError("XLIFF 1.2 has no state for obsolete units", fix="remove the unit")
        target = entry.target
        if target is None:
            if text:
                self._insert_target(entry, unit, text, state)
            return
        head = self._head(target, unit, text, state)
        inner = self.text[target.inner_start : target.inner_end]
        if text != unit.text:
            inner = self._inner(text, unit.markup, self.text[target.start : target.end], entry.source)
        if target.empty_tag:
            if inner or head != target.head:
                name = target.tag
                new = f"<{name}{head.rstrip()}>{inner}</{name}>" if inner else f"<{name}{head}/>"
                self.blocks.replace(target.start, target.end, new)
        else:
            opening = target.start + 1 + len(target.tag)
            if head != target.head:
                self.blocks.replace(opening, opening + len(target.head), head)
            self.blocks.replace(target.inner_start, target.inner_end, inner) if text != unit.text else None
        approved = unit.attributes.get("approved")
        if state is State.TRANSLATED and approved == "no" and text:
            self._attribute(entry.element, "approved", "")
        elif state is State.NEEDS_REVIEW and approved == "yes":
            self._attribute(entry.element, "approved", "no")

    def _set_source(self, unit: Unit, text: Text) -> None:
        """Write another source text in the place of the old one."""
        if not text or text == unit.source:
            return
        entry = self._entry(self.elements[unit.entry.start])
        if not isinstance(text, str) or entry.segments:
            raise InputError(
                f"the source of {unit.key[-1]!r} is segmented", fix="remove the unit, then add it"
            )
        old = self.text[entry.source.start : entry.source.end]
        inner = self._inner(text, unit.markup, old, entry.source)
        if entry.source.empty_tag:
            raise InputError(f"{unit.key[-1]!r} has an empty source", fix="remove the unit, then add it")
        self.blocks.replace(entry.source.inner_start, entry.source.inner_end, inner)

    def _head(self, target: Element, unit: Unit, text: str, state: State) -> str:
        """Return the attributes of a target in ``state``: the state's words stay where they mean the same."""
        head = target.head
        stated = target.attributes.get("state", "") if head else ""
        if text != unit.text:
            head = with_attribute(head, "state-qualifier", "")  # it told where the old text came from
        if not text or STATES.get(stated, State.NONE) is state:
            return head
        if state is State.TRANSLATED:
            return with_attribute(head, "state", "translated" if stated and self.states else "")
        return with_attribute(head, "state", _WRITTEN[state])

    def _attribute(self, element: Element, name: str, value: str) -> None:
        start = element.start + 1 + len(element.tag)
        self.blocks.replace(start, start + len(element.head), with_attribute(element.head, name, value))

    def _insert_target(self, entry: Entry, unit: Unit, text: str, state: State) -> None:
        """Add a target behind the source, or behind its segments."""
        behind = entry.segments or entry.source
        inner = self._inner(text, unit.markup, "", entry.source)
        self.blocks.insert(behind.end, self._lead(behind.start), self._target(inner, state))

    def _target(self, inner: str, state: State) -> str:
        name = f"{self.detail.prefix}target"
        stated = f' state="{_WRITTEN[state]}"' if state is not State.TRANSLATED or self.states else ""
        return f"<{name}{stated}>{inner}</{name}>"

    def _inner(self, text: str, markup: bool, old: str, source: Element) -> str:
        """Return what is to stand between the tags, written as the old text or the source is."""
        if found := _ILLEGAL.search(text):
            raise InputError(f"XML cannot hold the character U+{ord(found.group()):04X}")
        if markup:
            if error := xmltext.fragment_error(text, self.namespaces):
                raise InputError(f"the text is no fragment of XML: {error}", found=text[:80])
            return self._encodable(text).replace("\n", self.newline)
        original = self.text[source.inner_start : source.inner_end]
        model = old[old.find(">") + 1 : old.rfind("</")] if old else ""
        if _CDATA_ALONE.fullmatch(model.strip() or original) and self._stands_in_cdata(text):
            return f"<![CDATA[{text}]]>".replace("\n", self.newline)
        encoded = xmltext.encode(text)
        for sign, entity in ((">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")):
            if entity in model + original:
                encoded = encoded.replace(sign, entity)
        return self._encodable(encoded).replace("\n", self.newline)

    def _stands_in_cdata(self, text: str) -> bool:
        return "]]>" not in text and "\r" not in text and self._encodable(text) == text

    def _encodable(self, text: str) -> str:
        """Return ``text`` with references for the characters that the file's encoding has not."""
        encoding = self.catalog.source.encoding
        return text.encode(encoding, "xmlcharrefreplace").decode(encoding)

    # entries

    def _remove(self, element: Element) -> None:
        start = element.start
        siblings = self._parent(element).children
        place = bisect_left(siblings, element.start, key=_start)
        while place and isinstance(comment := siblings[place - 1], Comment):
            if lines.blank_lines_between(self.text, comment.end, start) or not lines.alone_before(
                self.text, comment.start
            ):
                break
            start = comment.start
            place -= 1
        gap = _INDENTED.search(self.text, 0, start)
        self.blocks.delete(gap.start() if gap else start, element.end)

    def _parent(self, element: Element) -> Element:
        """Return what an element stands in."""
        node = self.detail.root
        while True:
            place = bisect_right(node.children, element.start, key=_start) - 1
            inner = node.children[place]
            if inner.start == element.start or not isinstance(inner, Element):
                return node
            node = inner

    def _add(self, original: str, added: Sequence[Add]) -> None:
        section = next((s for s in self.detail.sections if s.original == original), None)
        if section is None:
            raise InputError(
                f"{self.catalog.path} has no file {original!r}",
                expected=", ".join(s.original for s in self.detail.sections),
            )
        own = [e for e in self.detail.elements if section.element.start < e.start < section.element.end]
        names = [e.attributes["id"] for e in own]
        sortable = len(names) >= _FEWEST_TO_SORT
        places = Places(names, (codepoint, caseless, natural)) if sortable else None
        order = places.arranged([e.key[1] for e in added]) if places else []
        rank = {name: place for place, name in enumerate(order)}
        known = {name for e, name in zip(own, names, strict=True) if e.start not in self._removed}
        first: list[Add] = []
        for edit in sorted(added, key=lambda e: rank.get(e.key[1], 0)):
            if edit.key[1] in known:
                raise InputError(f"{edit.key[1]!r} is there already")
            known.add(edit.key[1])
            if edit.after and edit.after.key[0] == original:
                neighbour = self._entry(self.elements[edit.after.entry.start])
                self._insert(neighbour.element.end, neighbour, edit)
            elif own:
                index = places.after(edit.key[1]) if places else len(own) - 1
                neighbour = self._entry(own[max(index, 0)])
                self._insert(neighbour.element.end, neighbour, edit, front=index < 0)
            else:
                first.append(edit)
        if first:
            self._fill(section, first)

    def _insert(self, end: int, neighbour: Entry, edit: Add, *, front: bool = False) -> None:
        lead = self._lead(neighbour.element.start)
        rendered = self._unit(edit, neighbour, lead)
        if front:
            self.blocks.insert(neighbour.element.start, "", rendered + lead)
        else:
            self.blocks.insert(end, lead, rendered)

    def _lead(self, offset: int) -> str:
        """Return the line ending and indentation in front of an element; "" where it stands behind something."""
        if not lines.alone_before(self.text, offset):
            return ""
        return self.newline + lines.indent(self.text, offset)

    def _unit(self, edit: Add, neighbour: Entry | None, lead: str) -> str:
        """Return a whole trans-unit, indented as ``neighbour`` is."""
        like = edit.like
        if like is None or not (like.source or like.text):
            raise InputError(
                f"the source of {edit.key[1]!r} is not known", expected="the unit that is translated"
            )
        prefix = self.detail.prefix
        inner_lead = self._lead(neighbour.source.start) if neighbour else lead and lead + "  "
        attributes = {"id": edit.key[1]}
        if "resname" in like.attributes:
            attributes["resname"] = like.attributes["resname"]
        if neighbour and "xml:space" in (said := neighbour.element.attributes):
            attributes["xml:space"] = said["xml:space"]
        head = "".join(f' {name}="{xmltext.encode_attribute(value)}"' for name, value in attributes.items())
        origin = neighbour.source if neighbour else self.detail.root
        source = self._inner(like.source or like.text, like.markup, "<>", origin)
        parts = [f"<{prefix}source>{source}</{prefix}source>"]
        if edit.text:
            text = edit.text if isinstance(edit.text, str) else ""
            parts.append(self._target(self._inner(text, like.markup, "<>", origin), edit.state))
        if edit.comment:
            note = xmltext.encode(edit.comment).replace("\n", self.newline)
            parts.append(f"<{prefix}note>{note}</{prefix}note>")
        body = "".join(inner_lead + part for part in parts)
        return f"<{prefix}trans-unit{head}>{body}{lead}</{prefix}trans-unit>"

    def _fill(self, section: Section, added: Sequence[Add]) -> None:
        """Add the first units of a file."""
        body = next((e for e in section.element.elements if e.tag == f"{self.detail.prefix}body"), None)
        if body is None:
            raise InputError(f"the file {section.original!r} has no body")
        lead = self._lead(body.start)
        inner = lead and lead + "  "
        unit = "".join(inner + self._unit(edit, None, inner) for edit in added)
        if body.empty_tag:
            self.blocks.replace(
                body.start, body.end, f"<{body.tag}{body.head.rstrip()}>{unit}{lead}</{body.tag}>"
            )
        elif self.text[body.inner_start : body.inner_end].strip():
            self.blocks.insert(body.inner_start, "", unit)
        else:
            self.blocks.replace(body.inner_start, body.inner_end, unit + lead)


def with_attribute(head: str, name: str, value: str) -> str:
    """Return the attributes of a tag with one set, in its place or behind the others; "" removes it."""
    found = re.search(rf"(\s+){re.escape(name)}(\s*=\s*)(\"[^\"]*\"|'[^']*')", head)
    if not value:
        return head[: found.start()] + head[found.end() :] if found else head
    if not found:
        stripped = head.rstrip()
        return f'{stripped} {name}="{value}"{head[len(stripped) :]}'
    quote = found.group(3)[0]
    return f"{head[: found.start()]}{found.group(1)}{name}{found.group(2)}{quote}{value}{quote}{head[found.end() :]}"


def _start(node: Element | Comment) -> int:
    return node.start
