"""Edits of a JSON tree in the file's own layout: indentation, separators, escapes, order."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hunkworks.catalogs import lines
from hunkworks.catalogs.jsontext import Node, Object, String
from hunkworks.catalogs.source import Replacement, Source

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"

_INDENT = re.compile(r"[{\[][^\S\r\n]*(?:\r\n|\r|\n)([ \t]+)[\"{\[]")
_BLANK = re.compile(
    r"\s*\{[^\S\r\n]*(?:\r\n|\r|\n)([ \t]+)(?:\r\n|\r|\n)\}"
)  # a file that only shows its indentation
_COLON = re.compile(r'"(?:[^"\\]++|\\.)*+"(\s*+:\s*+)', re.DOTALL)
_ESCAPED = re.compile(r"\\u(?!00[01])[0-9a-fA-F]{4}")
_LAST_LINE = re.compile(r"(?:\r\n|\r|\n)[^\S\r\n]*\Z")


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes JSON."""

    newline: str  # "" where everything stands on one line
    indent: str
    colon: str
    ascii_only: bool
    slashes: bool  # "/" is written "\/"
    empty_lines: bool  # Xcode writes an empty object as "{", an empty line, "}"

    @property
    def space(self) -> str:
        """What stands behind a comma on one line: nothing where nothing stands behind a colon."""
        return " " if self.colon.endswith(" ") else ""

    @classmethod
    def of(cls, source: Source) -> Style:
        """Read the style from the file."""
        text = source.text
        indent = _INDENT.search(text) or _BLANK.match(text)
        colon = _COLON.search(text)
        return cls(
            newline=source.newline() if indent or "\n" in text.strip() else "",
            indent=indent.group(1) if indent else "  ",
            colon=colon.group(1) if colon else ": ",
            ascii_only=text.isascii() and _ESCAPED.search(text) is not None,
            slashes="\\/" in text,
            empty_lines=bool(colon and colon.group(1) == " : "),
        )

    def quote(self, text: str) -> str:
        """Return ``text`` as a JSON string."""
        # A lone surrogate has no UTF-8: only an escape can spell it.
        lone = any("\ud800" <= character <= "\udfff" for character in text) if not text.isascii() else False
        quoted = json.dumps(text, ensure_ascii=self.ascii_only or lone)
        return quoted.replace("/", "\\/") if self.slashes else quoted

    def member(self, name: str, value: Plain, indent: str) -> str:
        """Return a member of an object of which the members are indented by ``indent``."""
        return self.quote(name) + self.colon + self.render(value, indent)

    def render(self, value: Plain, indent: str) -> str:
        """Return a value of which the closing bracket stands on a line indented by ``indent``."""
        if isinstance(value, str):
            return self.quote(value)
        if isinstance(value, Mapping):
            items = [self.quote(name) + self.colon for name in value]
            children: Sequence[Plain] = list(value.values())
            opening, closing = "{", "}"
        elif isinstance(value, Sequence):
            items = [""] * len(value)
            children = value
            opening, closing = "[", "]"
        else:
            return json.dumps(value)
        if not items:
            empty = f"{self.newline * 2}{indent}" if self.empty_lines else ""
            return f"{opening}{empty}{closing}"
        inner = self.newline + indent + self.indent if self.newline else ""
        body = ("," + (inner or self.space)).join(
            item + self.render(child, indent + self.indent)
            for item, child in zip(items, children, strict=True)
        )
        return f"{opening}{inner}{body}{self.newline + indent if self.newline else ''}{closing}"


class Editor:
    """Collects edits of one document and turns them into replacements that do not overlap."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.style = Style.of(source)
        self._objects: dict[int, _ObjectEdit] = {}
        self._chains: list[Sequence[tuple[Object, int]]] = []
        self._values: list[Replacement] = []

    def replace(self, node: Node, value: Plain) -> None:
        """Write another value in the place of ``node``; the same string again plans nothing."""
        if isinstance(node, String) and node.text == value:
            return
        self._values.append(
            Replacement(node.start, node.end, self.style.render(value, self.indent(node.start)))
        )

    def add(self, node: Object, name: str, value: Plain, after: int) -> None:
        """Add a member behind the member at index ``after``; -1 puts it in front."""
        self._edit(node).added.setdefault(after, []).append((name, value))

    def remove(self, *chain: tuple[Object, int]) -> None:
        """Remove the member at an index of an object.

        Of a chain of such pairs, from the outside in, the last is removed; where that leaves its object empty
        the one before it goes instead, and so on.
        """
        self._chains.append(chain)

    def replacements(self) -> list[Replacement]:
        """Return what was planned."""
        depth = max(map(len, self._chains), default=0)
        chains = list(self._chains)
        for level in range(depth, 0, -1):
            for chain in chains:
                if len(chain) == level:
                    self._edit(chain[-1][0]).removed.add(chain[-1][1])
            for place, chain in enumerate(chains):
                if len(chain) == level > 1 and self._edit(chain[-1][0]).empties:
                    chains[place] = chain[:-1]
        planned = [r for edit in self._objects.values() for r in edit.replacements(self)]
        return _outermost([*planned, *self._values])

    def _edit(self, node: Object) -> _ObjectEdit:
        return self._objects.setdefault(node.start, _ObjectEdit(node))

    def indent(self, offset: int) -> str:
        """Return the indentation of the line that ``offset`` stands on."""
        return lines.indent(self.source.text, offset) if self.style.newline else ""


class _ObjectEdit:
    """What is to be added to and removed from one object."""

    def __init__(self, node: Object) -> None:
        self.node = node
        self.removed: set[int] = set()
        self.added: dict[int, list[tuple[str, Plain]]] = {}

    @property
    def empties(self) -> bool:
        return len(self.removed) == len(self.node.members) and not self.added

    def replacements(self, editor: Editor) -> Iterator[Replacement]:
        kept = [index for index in range(len(self.node.members)) if index not in self.removed]
        if not kept:
            yield self._refill(editor)
            return
        for after, members in sorted(self.added.items()):
            anchor = bisect_right(kept, after) - 1
            separator, indent = self._separator(editor, kept[max(anchor, 0)])
            rendered = [editor.style.member(name, value, indent) for name, value in members]
            if anchor < 0:
                start = self.node.members[kept[0]].start
                yield Replacement(start, start, "".join(text + separator for text in rendered))
            else:
                end = self.node.members[kept[anchor]].node.end
                yield Replacement(end, end, "".join(separator + text for text in rendered))
        yield from self._deletions(kept)

    def _deletions(self, kept: list[int]) -> Iterator[Replacement]:
        """Remove runs of members with the comma and the line of each."""
        members = self.node.members
        previous = -1
        for index in [*kept, len(members)]:
            if index > previous + 1:
                if index < len(members):
                    yield Replacement(members[previous + 1].start, members[index].start, "")
                else:
                    yield Replacement(members[previous].node.end, members[-1].node.end, "")
            previous = index

    def _refill(self, editor: Editor) -> Replacement:
        """Write the whole inside of an object of which no member stays."""
        members = {name: value for group in self.added.values() for name, value in group}
        rendered = editor.style.render(members, editor.indent(self.node.start))
        return Replacement(self.node.start + 1, self.node.end - 1, rendered[1:-1])

    def _separator(self, editor: Editor, index: int) -> tuple[str, str]:
        """Return what stands between members around ``index``, without empty lines, and their indentation."""
        text, members = editor.source.text, self.node.members
        if index + 1 < len(members):
            found = text[members[index].node.end : members[index + 1].start]
        elif index:
            found = text[members[index - 1].node.end : members[index].start]
        else:
            found = "," + (text[self.node.start + 1 : members[0].start] or editor.style.space)
        before, comma, after = found.partition(",")
        last = _LAST_LINE.search(after)
        after = last.group() if last else after
        return before + comma + after, after.lstrip("\r\n") if last else editor.indent(self.node.start)


def _outermost(replacements: list[Replacement]) -> list[Replacement]:
    """Leave out what lies inside of another replacement: edits within a member that goes."""
    result: list[Replacement] = []
    for replacement in sorted(replacements, key=lambda r: (r.start, -r.end)):
        if not result or not (result[-1].start < replacement.start and replacement.end < result[-1].end):
            result.append(replacement)
    return result
