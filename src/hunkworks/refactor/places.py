"""Where things are while edits move them, and whether edits meet: both in a logarithm, for files with many matches."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from hunkworks.refactor.site import TextEdit

Span = tuple[int, int]


class Edits:
    """Edits of one text that do not meet, in the order of the text."""

    def __init__(self) -> None:
        self._edits: list[TextEdit] = []

    def __iter__(self) -> Iterator[TextEdit]:
        return iter(self._edits)

    def __len__(self) -> int:
        return len(self._edits)

    def meets(self, edits: Iterable[TextEdit]) -> bool:
        """Whether one of ``edits`` overlaps, or touches where one of both inserts: their order would be a guess."""
        return any(self._meets(edit) for edit in edits)

    def add(self, edits: Iterable[TextEdit]) -> None:
        """Take ``edits`` in."""
        for edit in edits:
            bisect.insort(self._edits, edit)

    def _meets(self, edit: TextEdit) -> bool:
        at = bisect.bisect_left(self._edits, (edit.start, edit.start, ""))
        near = [*self._edits[max(0, at - 2) : at]]
        for other in self._edits[at:]:
            if other.start > edit.end:
                break
            near.append(other)
        return any(_meet(edit, other) for other in near)


class Moves:
    """How ``edits``, which do not overlap, move the points of a text."""

    def __init__(self, edits: Iterable[TextEdit]) -> None:
        self._edits = sorted(edits)
        self._starts = [edit.start for edit in self._edits]
        grown = (len(edit.new) - (edit.end - edit.start) for edit in self._edits)
        self._grown = [0, *accumulate(grown)]

    def of(self, point: int) -> set[int]:
        """Return where ``point`` can be: one place, two where something is inserted at it, none inside of an edit."""
        at = bisect.bisect_right(self._starts, point)
        first = at
        while first and self._edits[first - 1].start == point:
            first -= 1
        if first and self._edits[first - 1].end > point:
            return set()
        inserted = [edit for edit in self._edits[first:at] if edit.end == point]
        before = self._grown[first]
        return {point + before, point + before + sum(len(edit.new) for edit in inserted)}


class Place:
    """Where a match is while edits move it; a match may start or end right where something was inserted."""

    def __init__(self, start: int, end: int) -> None:
        self._starts = {start}
        self._ends = {end}

    @property
    def span(self) -> Span:
        """The widest span that it can have."""
        return min(self._starts, default=0), max(self._ends, default=0)

    def spans(self) -> Iterator[Span]:
        """Yield every span that it can have."""
        yield from ((start, end) for start in self._starts for end in self._ends)

    def move(self, moves: Moves) -> None:
        """Follow ``moves``; a match that starts or ends inside of what was replaced is nowhere any more."""
        self._starts = {new for old in self._starts for new in moves.of(old)}
        self._ends = {new for old in self._ends for new in moves.of(old)}


def move(places: Iterable[Place], edits: Sequence[TextEdit]) -> None:
    """Have all ``places`` follow ``edits``."""
    if edits:
        moves = Moves(edits)
        for place in places:
            place.move(moves)


def meet(edits: Sequence[TextEdit]) -> bool:
    """Whether two of ``edits`` meet."""
    standing = Edits()
    for edit in edits:
        if standing.meets([edit]):
            return True
        standing.add([edit])
    return False


def _meet(one: TextEdit, other: TextEdit) -> bool:
    if one.start < other.end and other.start < one.end:
        return True
    inserts = one.start == one.end or other.start == other.end
    return inserts and one.start <= other.end and other.start <= one.end
