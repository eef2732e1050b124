"""Where the threshold should lie for one team: from the scores its reviews had and what became of their findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from hunkworks.errors import IntegrityError, UsageError
from hunkworks.ledger.store import Ledger

LEAST_USEFUL = 30  # reviews with a useful finding, below which a threshold would only follow chance
_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reviewed change: its score, the tier that judged it, and how many of its findings were useful."""

    score: float
    tier: str
    useful: int


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger knows. ``unread`` counts reports whose body is missing, damaged or of another form."""

    outcomes: tuple[Outcome, ...]
    unread: int

    @property
    def missing(self) -> int:
        """How many more reviews with a useful finding are needed before a threshold can be suggested."""
        return max(0, LEAST_USEFUL - sum(outcome.useful > 0 for outcome in self.outcomes))


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold would have done: the share of changes routed deep, and of useful findings among them."""

    threshold: float
    deep: float
    kept: float


class _Finding(msgspec.Struct, frozen=True):
    fingerprint: str
    stamp: str
    status: str = "open"

    @property
    def useful(self) -> bool:
        return self.status == "resolved" or (self.stamp == "confirmed" and self.status != "dismissed")


class _Change(msgspec.Struct, frozen=True):
    id: str


class _Route(msgspec.Struct, frozen=True):
    score: float
    tier: str


class _Report(msgspec.Struct, frozen=True):
    """What this reads of a review's JSON (docs/reference/json.md)."""

    change: _Change
    route: _Route
    engine: str
    findings: tuple[_Finding, ...]


def history(ledger: Ledger) -> History:
    """Read every report that a model had a part in.

    A finding counts once, for the change that it was first reported on, with what was last said of it: useful if it
    was confirmed and not dismissed, or if the code was changed because of it. A later report on the same change
    replaces the earlier one's score.
    """
    routes: dict[str, _Route] = {}
    first: dict[str, str] = {}
    last: dict[str, bool] = {}
    unread = 0
    for record in ledger.records():
        digest = record.bodies.get("report")
        if digest is None:
            continue
        try:
            report = msgspec.json.decode(ledger.get(digest), type=_Report)
        except (UsageError, IntegrityError, msgspec.DecodeError):
            unread += 1
            continue
        if report.engine == "none":
            continue
        routes[report.change.id] = report.route
        for finding in report.findings:
            if finding.stamp != "static":
                first.setdefault(finding.fingerprint, report.change.id)
                last[finding.fingerprint] = finding.useful
    useful = [first[fingerprint] for fingerprint, is_useful in last.items() if is_useful]
    return History(
        tuple(Outcome(route.score, route.tier, useful.count(change)) for change, route in routes.items()),
        unread,
    )


def points(outcomes: Sequence[Outcome]) -> list[Point]:
    """Return what each threshold that tells changes apart would have done, from the lowest up."""
    total = sum(outcome.useful for outcome in outcomes)
    found = []
    for threshold in sorted({outcome.score for outcome in outcomes}):
        deep = [outcome for outcome in outcomes if outcome.score >= threshold]
        kept = sum(outcome.useful for outcome in deep) / total if total else 1.0
        found.append(Point(threshold, len(deep) / len(outcomes), kept))
    return found


def suggest(record: History, min_share: float) -> Point | None:
    """Return the highest threshold that keeps ``min_share`` of the useful findings deep; None with too little data."""
    if record.missing:
        return None
    return max(
        (point for point in points(record.outcomes) if point.kept >= min_share),
        key=lambda point: point.threshold,
    )


def thinned(all_points: Sequence[Point], keep: Point | None) -> list[Point]:
    """Return at most a screenful of points, evenly taken, with ``keep`` among them."""
    step = max(1, -(-len(all_points) // _MOST_ROWS))
    return [
        point
        for number, point in enumerate(all_points)
        if number % step == 0 or point is keep or point == keep
    ]
