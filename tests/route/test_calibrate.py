"""Which threshold the ledger supports: what useful means, and that little data suggests nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hunkworks.ledger.record import Outcome as Ended
from hunkworks.ledger.record import Record, Versions
from hunkworks.ledger.store import Ledger
from hunkworks.route.calibrate import LEAST_USEFUL, History, Outcome, history, points, suggest, thinned


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def append(
    ledger: Ledger, change: str, score: float, *findings: dict[str, Any], engine: str = "session"
) -> None:
    body = {
        "change": {"id": change},
        "route": {"score": score, "tier": "deep"},
        "engine": engine,
        "findings": findings,
    }
    now = datetime.now(UTC)
    ledger.append(
        Record(
            verb="review report",
            started=now,
            ended=now,
            versions=Versions(pack="0", python="3"),
            outcome=Ended(exit=0),
            bodies={"report": ledger.put(msgspec.json.encode(body))},
        )
    )


def finding(name: str, stamp: str, status: str = "open") -> dict[str, Any]:
    return {"fingerprint": name, "stamp": stamp, "status": status}


def test_confirmed_and_addressed_findings_are_useful_others_not(ledger: Ledger) -> None:
    append(ledger, "a", 0.9, finding("1", "confirmed"), finding("2", "unverified"), finding("3", "static"))
    append(ledger, "b", 0.8, finding("4", "unverified", "resolved"), finding("5", "confirmed", "dismissed"))
    assert history(ledger).outcomes == (Outcome(0.9, "deep", 1), Outcome(0.8, "deep", 1))


def test_what_was_last_said_of_a_finding_counts_for_the_change_that_it_was_found_in(ledger: Ledger) -> None:
    append(ledger, "first", 0.9, finding("1", "unverified"))
    append(ledger, "second", 0.2, finding("1", "unverified", "resolved"))
    assert history(ledger).outcomes == (Outcome(0.9, "deep", 1), Outcome(0.2, "deep", 0))


def test_a_report_without_a_model_is_no_review(ledger: Ledger) -> None:
    append(ledger, "a", 0.9, finding("1", "static"), engine="none")
    assert history(ledger) == History((), 0)


def test_a_share_is_told_for_every_threshold_that_tells_changes_apart() -> None:
    told = points([Outcome(0.2, "default", 1), Outcome(0.6, "deep", 3), Outcome(0.6, "deep", 0)])
    assert [(point.threshold, point.deep, point.kept) for point in told] == [(0.2, 1, 1), (0.6, 2 / 3, 0.75)]


def test_little_data_suggests_nothing() -> None:
    few = History(tuple(Outcome(0.9, "deep", 1) for _ in range(LEAST_USEFUL - 1)), 0)
    assert (few.missing, suggest(few, 0.95)) == (1, None)


def test_the_suggestion_keeps_the_share_that_was_asked_for() -> None:
    record = History(tuple(Outcome(number / 100, "deep", 1) for number in range(100)), 0)
    suggested = suggest(record, 0.9)
    assert suggested is not None
    assert (suggested.threshold, suggested.kept) == (0.1, 0.9)
    shown = thinned(points(record.outcomes), suggested)
    assert len(shown) <= 14
    assert suggested in shown
