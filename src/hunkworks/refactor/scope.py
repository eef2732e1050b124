"""Which part of a file a run may rewrite: the lines of a change, or all of it."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple


class Reach(StrEnum):
    """How a match lies to the lines that a change added or altered."""

    INSIDE = "inside"
    PARTLY = "partly"
    OUTSIDE = "outside"


class Scope(NamedTuple):
    """The lines of one file that may be rewritten, from 1; None is every line."""

    lines: frozenset[int] | None = None

    @classmethod
    def of(cls, lines: Collection[int]) -> Scope:
        """Return the scope of these lines only."""
        return cls(frozenset(lines))

    def reach(self, first: int, last: int) -> Reach:
        """Return how the lines ``first`` to ``last`` lie."""
        if self.lines is None:
            return Reach.INSIDE
        inside = sum(line in self.lines for line in range(first, last + 1))
        return Reach.OUTSIDE if not inside else Reach.INSIDE if inside == last - first + 1 else Reach.PARTLY

    def changed(self, first: int, last: int) -> str:
        """Return the lines between ``first`` and ``last`` that are in scope, as words: "3, 5-7"."""
        found = [line for line in range(first, last + 1) if self.lines is None or line in self.lines]
        runs: list[list[int]] = []
        for line in found:
            if runs and line == runs[-1][-1] + 1:
                runs[-1].append(line)
            else:
                runs.append([line])
        return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


EVERYTHING = Scope()
