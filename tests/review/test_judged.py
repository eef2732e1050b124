"""What a session's review says: nothing unseen or unvoted passes, and only what votes confirm is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hunkworks.config import Verifying
from hunkworks.review.extent import Extent
from hunkworks.review.judged import Bounds, hold_vote, session_review, static_review
from hunkworks.review.manifest import Manifest
from hunkworks.review.memory import Memory
from hunkworks.review.record import record
from hunkworks.review.session import Session
from hunkworks.review.shape import Shape, shape_of
from hunkworks.review.verdict import Review, Verdict
from hunkworks.review.votes import Voted, take
from hunkworks.rules.classes import Severity
from tests.review.sections import PACKET, manifest
from tests.review.test_record import FINDING
from tests.review.test_votes import VOTE


def session_with(tmp_path: Path, skeptics: int) -> Session:
    session = Session(tmp_path, "s1")
    with session.planning() as draft:
        draft.packet(PACKET)
        draft.manifest(msgspec.structs.replace(manifest(), shape=Shape(1, skeptics, "")), Memory(), Extent())
    return session


def reviewed(session: Session) -> Review:
    bounds = Bounds(Severity.MAJOR, Verifying(), max_cycles=3)
    return session_review(session, bounds, lambda finding: finding, date(2026, 1, 2))[0]


def hand_in(session: Session, *findings: dict[str, Any]) -> None:
    record(session, {"packet": "p001", "findings": list(findings)})


def vote_on_all(session: Session, ballot: str, **changes: object) -> Voted:
    read = session.ballot(ballot)
    votes = [VOTE | changes | {"finding": candidate.fingerprint} for candidate in read.candidates]
    voted = take(read, votes, {"b.py": 9}.get)
    session.vote(voted)
    return voted


@pytest.mark.parametrize("skeptics", [0, 2])
def test_a_packet_without_an_answer_is_incomplete(tmp_path: Path, skeptics: int) -> None:
    review = reviewed(session_with(tmp_path, skeptics))
    assert (review.verdict, review.unanswered) == (Verdict.INCOMPLETE, ("p001",))


def test_a_small_change_is_taken_at_its_reviewers_word(tmp_path: Path) -> None:
    session = session_with(tmp_path, 0)
    hand_in(session, FINDING)
    assert hold_vote(session) == []
    review = reviewed(session)
    assert (review.verdict, len(review.findings), review.folded) == (Verdict.CHANGES, 1, ())


def test_findings_nobody_voted_on_keep_a_larger_change_from_passing(tmp_path: Path) -> None:
    session = session_with(tmp_path, 1)
    hand_in(session, FINDING)
    assert reviewed(session).verdict is Verdict.INCOMPLETE
    assert hold_vote(session) == ["v001"]
    assert reviewed(session).unanswered == ("v001",)


def test_a_confirmed_finding_is_shown_and_asks_for_changes(tmp_path: Path) -> None:
    session = session_with(tmp_path, 1)
    hand_in(session, FINDING)
    hold_vote(session)
    vote_on_all(session, "v001")
    review = reviewed(session)
    assert (review.verdict, len(review.findings)) == (Verdict.CHANGES, 1)


def test_a_contested_finding_is_folded_and_does_not_fail(tmp_path: Path) -> None:
    session = session_with(tmp_path, 1)
    hand_in(session, FINDING)
    hold_vote(session)
    vote_on_all(session, "v001", defended=True)
    review = reviewed(session)
    assert (review.verdict, review.findings, len(review.folded)) == (Verdict.PASS, (), 1)


def test_asking_for_the_vote_again_keeps_the_votes(tmp_path: Path) -> None:
    session = session_with(tmp_path, 1)
    hand_in(session, FINDING)
    hold_vote(session)
    vote_on_all(session, "v001")
    assert hold_vote(session) == ["v001"]
    assert reviewed(session).verdict is Verdict.CHANGES


def test_a_finding_recorded_after_the_vote_needs_a_vote_of_its_own(tmp_path: Path) -> None:
    session = session_with(tmp_path, 1)
    hand_in(session)
    assert hold_vote(session) == []
    hand_in(session, FINDING)
    assert reviewed(session).verdict is Verdict.INCOMPLETE


def test_no_findings_pass_without_a_vote(tmp_path: Path) -> None:
    session = session_with(tmp_path, 3)
    hand_in(session)
    assert reviewed(session).verdict is Verdict.PASS


def test_what_is_not_covered_never_passes(tmp_path: Path) -> None:
    session = Session(tmp_path, "s1")
    partly: Manifest = manifest()
    partly = msgspec.structs.replace(partly, coverage=msgspec.structs.replace(partly.coverage, in_packets=0))
    with session.planning() as draft:
        draft.packet(PACKET)
        draft.manifest(partly, Memory(), Extent())
    hand_in(session)
    assert reviewed(session).verdict is Verdict.INCOMPLETE


def test_without_a_model_it_is_static_only() -> None:
    assert static_review(manifest(), Severity.MAJOR).verdict is Verdict.STATIC_ONLY


@pytest.mark.parametrize(
    ("lines", "packets", "tier", "expected"),
    [
        (0, 0, "default", (0, 0)),
        (80, 1, "deep", (1, 0)),
        (81, 1, "default", (1, 1)),
        (81, 2, "deep", (2, 3)),
        (20_000, 9, "deep", (1, 3)),
    ],
)
def test_size_and_route_decide_the_shape(
    lines: int, packets: int, tier: str, expected: tuple[int, int]
) -> None:
    shape = shape_of(lines, packets, tier, Verifying())
    assert (shape.passes, shape.skeptics) == expected
    assert shape.why
