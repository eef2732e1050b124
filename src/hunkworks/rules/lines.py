"""The new side of a file as its hunks show it: which lines were added, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hunkworks.change.model import FileChange, LineKind


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring added lines, as one text that ends every line in a line feed."""

    first: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(line + "\n" for line in self.lines)

    def line_at(self, offset: int) -> int:
        """Return the number, in the new file, of the line with the character at ``offset`` of ``text``."""
        return self.first + self.text.count("\n", 0, offset)


@dataclass(frozen=True, slots=True)
class NewSide:
    """The visible lines of the new side, by number: added ones, and all (added and context)."""

    added: Mapping[int, str]
    shown: Mapping[int, str]

    def runs(self) -> Iterator[Run]:
        """Yield the added lines in runs of neighbours, in the order of the file."""
        first, lines = 0, list[str]()
        for number, text in self.added.items():
            if lines and number != first + len(lines):
                yield Run(first, tuple(lines))
                lines = []
            if not lines:
                first = number
            lines.append(text)
        if lines:
            yield Run(first, tuple(lines))


def text_of(line: bytes) -> str:
    """Return a line's text without its terminator; bytes that are not UTF-8 survive as surrogates."""
    return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "surrogateescape")


def new_side(file: FileChange) -> NewSide:
    """Return the lines of the new side that the hunks of ``file`` show."""
    added: dict[int, str] = {}
    shown: dict[int, str] = {}
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.new is None:
                continue
            shown[line.new] = text_of(line.text)
            if line.kind is LineKind.ADDED:
                added[line.new] = shown[line.new]
    return NewSide(added, shown)
