"""The changed code as reviewers see it: rows with line numbers, masked, in sections of one hunk each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import msgspec

from hunkworks.change.model import FileChange, Hunk, Line, LineKind, Side

_MOST_SYMBOLS = 5
_LONGEST_SYMBOL = 120  # characters


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One line of the diff: kind (" ", "+", "-"), its numbers, and its masked text without terminator.

    ``part`` counts the pieces of a line too long for one packet, from 1; 0 for a whole line. ``scope`` is the
    index, in its section's ``symbols``, of the function or type around it.
    """

    kind: str
    old: int | None
    new: int | None
    text: str
    part: int = 0
    scope: int = 0

    @property
    def changed(self) -> bool:
        """Whether the change added or removed this line."""
        return self.kind != LineKind.CONTEXT

    def number(self, side: Side) -> int | None:
        """Return the line's number on ``side``, or None where it does not stand there."""
        return self.new if side is Side.NEW else self.old

    def render(self) -> str:
        """Return the row as a reviewer reads it: old number, new number, sign, text."""
        old = "" if self.old is None else str(self.old)
        new = "" if self.new is None else str(self.new)
        more = "" if not self.part else f"[part {self.part} of this line] "
        return f"{old:>6} {new:>6} {self.kind} {more}{self.text}"


class Section(msgspec.Struct, frozen=True):
    """One hunk, or a part of one: what stands around it and its rows."""

    path: str
    old_path: str
    status: str
    role: str
    symbols: tuple[str, ...]  # headers of the enclosing functions or types; "" outside of any
    rows: tuple[Row, ...]

    def render(self) -> str:
        """Return the section as a reviewer reads it."""
        origin = f" (from {self.old_path})" if self.old_path != self.path else ""
        named = [symbol[:_LONGEST_SYMBOL] for symbol in self.symbols if symbol]
        more = f" and {len(named) - _MOST_SYMBOLS} more" if len(named) > _MOST_SYMBOLS else ""
        inside = f" in {' · '.join(named[:_MOST_SYMBOLS])}{more}" if named else ""
        head = f"## {self.path}{origin} [{self.status}, {self.role}]{inside}"
        return "\n".join([head, *(row.render() for row in self.rows)])


def describe_without_hunks(file: FileChange) -> str:
    """Return what a file without hunks did, in words: a rename, a mode, a note such as "submodule"."""
    facts = []
    if file.old_path != file.path:
        facts.append(f"{file.status} from {file.old_path}")
    if file.old_mode is not None and file.new_mode is not None and file.old_mode != file.new_mode:
        facts.append(f"mode {file.old_mode:o} → {file.new_mode:o}")
    if file.note:
        facts.append(file.note)
    return ", ".join(facts) or f"{file.status}, no changed lines"


def widen(hunks: Sequence[Hunk], source: Sequence[bytes], extra: int) -> Iterator[Hunk]:
    """Yield the hunks with up to ``extra`` more unchanged lines around each, never a line twice.

    Args:
        hunks: The hunks of one file, in order.
        source: The lines of its new side, with their terminators.
        extra: How many lines more, before and after.
    """
    reached = 0  # the last new line that stands in a hunk already
    for position, hunk in enumerate(hunks):
        first, last = _new_span(hunk)
        limit = _new_span(hunks[position + 1])[0] - 1 if position + 1 < len(hunks) else len(source)
        before = range(max(reached, first - 1 - extra) + 1, first)
        after = range(last + 1, min(limit, last + extra) + 1)
        shift = _old_first(hunk) - first
        end_shift = shift + hunk.old_count - hunk.new_count
        lines = (
            *(Line(LineKind.CONTEXT, source[number - 1], number + shift, number) for number in before),
            *hunk.lines,
            *(Line(LineKind.CONTEXT, source[number - 1], number + end_shift, number) for number in after),
        )
        reached = max(last, after.stop - 1)
        yield dataclasses.replace(hunk, lines=lines)


def _new_span(hunk: Hunk) -> tuple[int, int]:
    """First and last new line; a hunk without new lines lies behind the line that git names."""
    first = hunk.new_start if hunk.new_count else hunk.new_start + 1
    return first, first + hunk.new_count - 1


def _old_first(hunk: Hunk) -> int:
    return hunk.old_start if hunk.old_count else hunk.old_start + 1
