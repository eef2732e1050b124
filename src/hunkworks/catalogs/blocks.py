"""Whole entries in and out of formats that are lines: what is removed and added at one place is one replacement."""

from __future__ import annotations

import re
from typing import NamedTuple

from hunkworks.catalogs.lines import line_start
from hunkworks.catalogs.protocol import Replacement

_INDENTED = 200  # characters in which a comment begins
_BREAK = re.compile(r"\r\n|\r|\n")


class _Insertion(NamedTuple):
    position: int
    lead: str
    body: str


class Blocks:
    """Collects replacements, deletions and insertions, and lets them not overlap.

    An insertion is ``lead`` (what separates it from the entry in front) and ``body``. Where the entry in front
    goes, the new one takes its place.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._replaced: list[Replacement] = []
        self._deleted: list[tuple[int, int]] = []
        self._inserted: list[_Insertion] = []

    def replace(self, start: int, end: int, new: str) -> None:
        """Replace characters; the same again plans nothing."""
        if self._text[start:end] != new or start == end:
            self._replaced.append(Replacement(start, end, new))

    def delete(self, start: int, end: int) -> None:
        """Delete characters; overlapping deletions become one."""
        self._deleted.append((start, end))

    def insert(self, position: int, lead: str, body: str) -> None:
        """Insert an entry behind another that ends at ``position``."""
        self._inserted.append(_Insertion(position, lead, body))

    def result(self) -> list[Replacement]:
        """Return what was planned."""
        spans: list[tuple[int, int]] = []
        for start, end in sorted(self._deleted):
            if spans and start <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        fills: dict[int, str] = {}
        free: list[Replacement] = []
        for position, lead, body in self._inserted:
            hole = next((span for span in spans if span[0] < position <= span[1]), None)
            if hole is None:
                free.append(Replacement(position, position, lead + body))
            else:
                # A hole that begins with a line takes whole lines; one behind a line's text, what leads there.
                starts_line = hole[0] == 0 or self._text[hole[0] - 1] in "\r\n"
                fills[hole[0]] = fills.get(hole[0], "") + (body + lead if starts_line else lead + body)
        kept = [r for r in self._replaced if not any(start <= r.start < end for start, end in spans)]
        holes = [Replacement(start, end, fills.get(start, "")) for start, end in spans]
        return [*kept, *holes, *free]


def end_with_line(text: str, start: int, end: int, comment_signs: str) -> int:
    """Return where a deletion of whole lines ends: behind the line ending.

    Except where a comment would come to begin the file, or to follow the comment that does: there it would speak of the
    file, so an empty line stays.
    """
    ending = _BREAK.match(text, end)
    if ending is None:
        return end
    signs = tuple(comment_signs)
    behind = text[ending.end() : ending.end() + _INDENTED].lstrip(" \t\f")[:1]
    return end if behind in signs and _line_before(text, start)[:1] in (*signs, "") else ending.end()


def _line_before(text: str, start: int) -> str:
    """Return the line in front of the one that begins at ``start``; "" where there is none, "-" for an empty one."""
    if start == 0:
        return ""
    stop = start - (2 if text[start - 2 : start] == "\r\n" else 1)
    return text[line_start(text, stop) : stop].strip(" \t\f") or "-"
