"""Which lines a change touches, file by file: whether an earlier finding is still a matter of this change."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hunkworks.change.model import Hunk, Side
from hunkworks.review.finding import Finding


class Extent(msgspec.Struct, frozen=True):
    """Spans of changed lines, first and last, by side and shown path."""

    new: dict[str, list[tuple[int, int]]] = {}
    old: dict[str, list[tuple[int, int]]] = {}

    def add(self, path: str, hunks: Iterable[Hunk]) -> None:
        """Note the changed lines of a file."""
        for hunk in hunks:
            for side, numbers in (
                (self.new, [line.new for line in hunk.lines if line.old is None]),
                (self.old, [line.old for line in hunk.lines if line.new is None]),
            ):
                for number in numbers:
                    _extend(side.setdefault(path, []), number or 0)

    def holds(self, finding: Finding) -> bool:
        """Return whether the finding's anchor touches a changed line."""
        spans = (self.new if finding.side is Side.NEW else self.old).get(finding.path, [])
        return any(first <= finding.end_line and finding.line <= last for first, last in spans)


def _extend(spans: list[tuple[int, int]], number: int) -> None:
    if spans and spans[-1][1] == number - 1:
        spans[-1] = (spans[-1][0], number)
    else:
        spans.append((number, number))
