"""What became of each match: exactly one of four buckets, which add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Bucket(StrEnum):
    """Where a match ended."""

    APPLIED = "applied"
    RESIDUE = "residue"
    REFUSED = "refused"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One match and what became of it.

    ``start`` and ``end`` are code points, lines count from 1. ``allowed`` are the
    first and last line that a judge may rewrite, ``proposed`` what they would read by the recipe's own fix.
    """

    bucket: Bucket
    path: str
    start: int
    end: int
    line: int
    end_line: int
    text: str = field(repr=False)
    allowed: tuple[int, int]
    why: str = ""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file after a recipe went over it. ``after`` is ``before`` where nothing was applied.

    ``others`` are files that the rewriting changes with it, whole. ``passes`` counts how often the file was read.
    ``standing`` is the residue as it stands in ``after``.
    """

    path: str
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    outcomes: tuple[Outcome, ...] = ()
    others: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    passes: int = 1
    standing: tuple[Outcome, ...] = ()

    def count(self, bucket: Bucket) -> int:
        """Return how many matches ended in ``bucket``."""
        return sum(outcome.bucket is bucket for outcome in self.outcomes)
