"""YAML as it stands in a catalog: a tree in which every node knows its span.

The part of YAML 1.1 that catalogs are written in: block mappings and sequences, all five styles of scalars, flow
sequences of scalars. Anchors, aliases, tags, merge keys, several documents, flow mappings are refused by name:
an edit of one place would change others, or the file is a program. ``yaml.org/spec/1.1`` is the reference; what
a plain scalar means (``no`` is a flag) follows PyYAML and Ruby's Psych. ``yamlscalar`` reads the scalars.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple, NoReturn, TypeAlias

from hunkworks.catalogs import yamlscalar
from hunkworks.catalogs.lines import line_start
from hunkworks.catalogs.protocol import refusal
from hunkworks.catalogs.source import Source
from hunkworks.catalogs.yamlscalar import Scalar

_DEEPEST = 60
_BREAK = r"(?:\r\n|\r|\n)"
_SKIP = re.compile(rf"(?:[ \t]*(?:#[^\r\n]*+)?{_BREAK})*+([ ]*+)")
_REST = re.compile(rf"[ \t]*+(?:(?<=[ \t])#[^\r\n]*+)?(?={_BREAK}|\Z)")
_PLAIN_KEY = (
    r"(?:[^ \t\r\n\-?:,\[\]{}#&*!|>'\"%@`]|[\-?:](?=[^ \t\r\n]))"
    r"(?:[^ \t\r\n:#]|:(?=[^ \t\r\n])|(?<=[^ \t\r\n])\#|[ \t]+(?=[^ \t\r\n:#]))*+"
)
_KEY = re.compile(
    rf"(?:\"((?:[^\"\\\r\n]|\\[^\r\n])*+)\"|'((?:[^'\r\n]|'')*+)'|({_PLAIN_KEY}))[ \t]*+:(?=[ \t\r\n]|\Z)"
)
_DASH = re.compile(r"-(?=[ \t\r\n]|\Z)[ \t]*+")
_DOCUMENT = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_BLANKS = re.compile(r"[ \t]*+")
_FLOW_GAP = re.compile(r"[ \t\r\n]*+")
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
_STRING_TAG = re.compile(r"!(?:!str)?[ \t]++")
_REFUSED = {
    "&": "an anchor",
    "*": "an alias",
    "!": "a tag",
    "%": "a directive",
    "@": "a reserved character",
    "`": "a reserved character",
    "?": "a complex key",
}


class Sequence(NamedTuple):
    """A block or flow sequence."""

    start: int
    end: int
    indent: int  # column of the dashes; -1 of a flow sequence
    items: list[Node]


class Mapping(NamedTuple):
    """A block mapping; ``{}`` has indent -1."""

    start: int
    end: int
    indent: int
    entries: list[Entry]

    def position(self, name: str) -> int:
        """Return the index of the last entry of that name; -1 for none."""
        for index in range(len(self.entries) - 1, -1, -1):
            if self.entries[index].name == name:
                return index
        return -1


Node: TypeAlias = "Scalar | Sequence | Mapping"


class Entry(NamedTuple):
    """One entry of a mapping: from its key to the end of what it holds."""

    name: str
    start: int
    colon: int  # behind the colon
    end: int
    above: int  # where the comment lines right above it begin
    node: Node


def scan(source: Source) -> Node | None:
    """Return the document as a tree; None for one without content.

    Raises:
        InputError: It is not YAML, or uses what catalogs are not written in.
    """
    return _Scanner(source).document()


def chain(document: Node | None, offset: int) -> list[tuple[Mapping | Sequence, int]]:
    """Return the collections around ``offset`` with the index of the child in each, from the outside in."""
    steps: list[tuple[Mapping | Sequence, int]] = []
    node = document
    while isinstance(node, Mapping | Sequence):
        children: list[Entry] | list[Node] = node.entries if isinstance(node, Mapping) else node.items
        index = bisect_right(children, offset, key=_start) - 1
        if index < 0:
            break
        steps.append((node, index))
        node = child(steps[-1])
    return steps


def child(step: tuple[Mapping | Sequence, int]) -> Node:
    """Return what a step of a chain leads to."""
    holder, index = step
    return holder.entries[index].node if isinstance(holder, Mapping) else holder.items[index]


def _start(place: Entry | Node) -> int:
    return place.start


class _Scanner:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.position = 0  # behind what was read
        self.gap = 0  # where what was skipped in front of the next content begins
        self.content = 0  # where the next content begins
        self.indent = 0  # and its column; -1 at the end of the document

    def document(self) -> Node | None:
        if found := _OTHER_BREAKS.search(self.text):
            self._refuse(found.start(), f"U+{ord(found.group()):04X} would end a line in YAML 1.1")
        self._advance(first=True)
        if self.indent < 0:
            return None
        node = self._node(-1, 0)
        if self.indent >= 0:
            self._refuse(self.content, "not indented as what stands above it")
        return node

    def _refuse(self, offset: int, reason: str) -> NoReturn:
        raise refusal(
            self.source, offset, reason, found=self.text[offset : offset + 40].split("\n")[0].strip()
        )

    def _advance(self, *, first: bool = False) -> None:
        """Go to the next line with content, over comments and empty lines."""
        text = self.text
        self.gap = self.position
        found = _SKIP.match(text, self.position)
        if found is None:  # pragma: no cover - it matches the empty string
            raise AssertionError
        self.content = found.end()
        self.indent = self.content - found.start(1)
        if self.content >= len(text):
            self.indent = -1
            return
        sign = text[self.content]
        if sign == "#":  # a comment on the last line, without a line ending
            self.indent = -1
        elif sign == "\t":
            self._refuse(self.content, "a tab in the indentation")
        elif self.indent == 0 and sign in "-.%" and (sign == "%" or _DOCUMENT.match(text, self.content)):
            self._mark(first)

    def _mark(self, first: bool) -> None:
        """Step over ``---`` at the beginning and ``...`` at the end; refuse more documents and directives."""
        start = self.content
        if self.text[start] == "%":
            self._refuse(start, "a directive is not read in catalogs")
        opening = self.text[start] == "-"
        self.position = start + 3
        if not _REST.match(self.text, self.position):
            self._refuse(start, "content on the line of a document's mark")
        if opening and not first:
            self._refuse(start, "a second document")
        self._advance()
        if not opening and self.indent >= 0:
            self._refuse(self.content, "content behind the end of the document")

    def _node(self, parent: int, depth: int) -> Node:
        """Read what begins at the next content, which belongs to something indented by ``parent``."""
        if depth > _DEEPEST:
            self._refuse(self.content, f"nested deeper than {_DEEPEST}")
        if _DASH.match(self.text, self.content):
            return self._sequence(self.indent, depth)
        if key := _KEY.match(self.text, self.content):
            return self._mapping(self.indent, depth, key)
        return self._inline(self.content, parent)

    def _mapping(self, indent: int, depth: int, key: re.Match[str] | None) -> Mapping:
        start, text = self.content, self.text
        entries: list[Entry] = []
        while key is not None:
            double, single, name = key.groups()
            if double is not None:
                name = yamlscalar.double(self.source, double, key.start(1))
            elif single is not None:
                name = single.replace("''", "'")
            elif name == "<<":
                self._refuse(key.start(), "a merge key is not read in catalogs")
            first, colon = key.span()
            above = self._above(first)
            if rest := _REST.match(text, colon):
                node = self._below(indent, depth, colon, rest.end())
            else:
                blank = _BLANKS.match(text, colon)
                node = self._inline(blank.end() if blank else colon, indent)
            entries.append(Entry(name, first, colon, node.end, above, node))
            if self.indent != indent:
                break
            key = _KEY.match(text, self.content)
            if key is None:
                self._refuse(self.content, "neither a key nor deeper than the key above it")
        if self.indent > indent:
            self._refuse(self.content, "not indented as what stands above it")
        return Mapping(start, entries[-1].end, indent, entries)

    def _below(self, indent: int, depth: int, colon: int, line_end: int) -> Node:
        """Read the value of a key that has nothing on its line."""
        self.position = line_end
        self._advance()
        if self.indent > indent:
            return self._node(indent, depth + 1)
        if self.indent == indent and _DASH.match(self.text, self.content):
            return self._sequence(indent, depth + 1)
        return Scalar(colon, colon, "", yamlscalar.PLAIN, False)

    def _sequence(self, indent: int, depth: int) -> Sequence:
        start = self.content
        items: list[Node] = []
        while self.indent == indent and (dash := _DASH.match(self.text, self.content)):
            inside = dash.end()
            column = indent + inside - dash.start()
            if rest := _REST.match(self.text, inside):
                self.position = rest.end()
                place = dash.start() + 1
                self._advance()
                if self.indent > indent:
                    items.append(self._node(indent, depth + 1))
                else:
                    items.append(Scalar(place, place, "", yamlscalar.PLAIN, False))
            elif _DASH.match(self.text, inside) or _KEY.match(self.text, inside):
                self.content, self.indent = inside, column
                items.append(self._node(indent, depth + 1))
            else:
                items.append(self._inline(inside, indent))
        if self.indent > indent:
            self._refuse(self.content, "not indented as what stands above it")
        return Sequence(start, items[-1].end, indent, items)

    def _inline(self, start: int, parent: int) -> Node:
        """Read a value that begins at ``start``, and go behind its line."""
        text = self.text
        tag = _STRING_TAG.match(text, start)
        if tag:
            start = tag.end()
        sign = text[start : start + 1] or " "
        if sign in "[{" and not tag:
            node: Node = self._flow(start)
        elif sign in "[{" or (sign in _REFUSED and not (sign == "?" and text[start + 1 : start + 2].strip())):
            self._refuse(start, f"{_REFUSED.get(sign, 'a tag')} is not read in catalogs")
        else:
            node = yamlscalar.read(self.source, start, parent, string=tag is not None)
        rest = _REST.match(text, node.end)
        if rest is None:
            self._refuse(node.end, "something behind the end of a value")
        self.position = rest.end()
        self._advance()
        return node

    def _flow(self, start: int) -> Node:
        """Read ``[a, b]`` or ``{}``."""
        text = self.text
        position = self._flow_gap(start + 1)
        if text[start] == "{":
            if text[position : position + 1] != "}":
                self._refuse(start, "a flow mapping is not read in catalogs")
            return Mapping(start, position + 1, -1, [])
        items: list[Node] = []
        while text[position : position + 1] != "]":
            if position >= len(text) or text[position] in "[{&*!,":
                self._refuse(min(position, len(text) - 1), "a flow sequence of more than scalars")
            item = yamlscalar.read(self.source, position, -1, flow=True)
            items.append(item)
            position = self._flow_gap(item.end)
            if text[position : position + 1] == ",":
                position = self._flow_gap(position + 1)
            elif text[position : position + 1] != "]":
                self._refuse(min(position, len(text) - 1), "a flow sequence of more than scalars")
        return Sequence(start, position + 1, -1, items)

    def _flow_gap(self, position: int) -> int:
        found = _FLOW_GAP.match(self.text, position)
        return found.end() if found else position

    def _above(self, first: int) -> int:
        """Return where the comment lines right above an entry begin; its own line where there are none.

        A block of comments that begins the file speaks of the file: a licence.
        """
        text = self.text
        start = line = line_start(text, first)
        if text[line:first].strip():
            return first
        while start > self.gap:
            previous = line_start(text, start - (2 if text[start - 2 : start] == "\r\n" else 1))
            if previous < self.gap or text[previous:start].lstrip()[:1] != "#":
                break
            start = previous
        return line if start == 0 else start
