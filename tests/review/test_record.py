"""Findings are taken when they are of the form and stand in the change; the rest is refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hunkworks.errors import UsageError
from hunkworks.review.finding import Stamp
from hunkworks.review.record import Recorded, record
from hunkworks.review.session import Session
from tests.review.sections import plan

FINDING: dict[str, Any] = {
    "class": "logic",
    "severity": "major",
    "path": "a.py",
    "quote": "x = 1",
    "message": "x is one too small",
    "scenario": "always",
    "confidence": 80,
}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(tmp_path, "s1")
    plan(made)
    return made


def hand_in(session: Session, *findings: object) -> Recorded:
    return record(session, {"packet": "p001", "findings": list(findings)})


def test_a_finding_that_stands_in_the_change_is_kept(session: Session) -> None:
    answer = hand_in(session, FINDING)
    (finding,) = answer.accepted
    assert (finding.path, finding.line, finding.quote, finding.stamp) == (
        "a.py",
        1,
        "x = 1",
        Stamp.UNVERIFIED,
    )
    assert session.answers()["p001"].findings == answer.accepted


def test_no_findings_are_an_answer(session: Session) -> None:
    hand_in(session)
    assert session.answers()["p001"].findings == ()


def test_an_answer_that_was_refused_whole_is_no_answer(session: Session) -> None:
    answer = hand_in(session, FINDING | {"quote": "y = 2"})
    assert answer.accepted == ()
    assert session.answers() == {}


def test_one_bad_finding_does_not_lose_the_others(session: Session) -> None:
    answer = hand_in(session, FINDING | {"quote": "y = 2"}, FINDING)
    assert len(answer.accepted) == 1
    assert [rejected.index for rejected in answer.rejected] == [0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "y = 2"}, "the quote was not found in a.py"),
        ({"path": "b.py"}, "b.py is not in this packet. expected one of: a.py"),
        ({"class": "style"}, "class 'style' is not one of: secret, injection"),
        ({"severity": "critical"}, "Invalid enum value 'critical'"),
        ({"confidence": 101}, "confidence is a number from 0 to 100, found 101"),
        ({"message": " "}, "message is empty"),
        ({"message": "x" * 2001}, "message is longer than 2000 characters"),
        ({"verdict": "pass"}, "unknown field `verdict`"),
    ],
)
def test_a_refusal_says_what_to_mend(session: Session, change: dict[str, Any], reason: str) -> None:
    (rejected,) = hand_in(session, FINDING | change).rejected
    assert reason in rejected.why


def test_a_missing_field_is_named_with_the_fields_there_are(session: Session) -> None:
    (rejected,) = hand_in(session, {"class": "logic"}).rejected
    assert "severity" in rejected.why
    assert "suggestion?" in rejected.why


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        {"packet": "p001"},
        {"packet": 1, "findings": []},
        {"packet": "p001", "findings": {}},
        {"packet": "p001", "findings": [], "verdict": "pass"},
    ],
)
def test_a_document_of_another_form_is_refused(session: Session, document: object) -> None:
    with pytest.raises(UsageError, match="expected"):
        record(session, document)


def test_a_packet_that_was_not_planned_is_refused(session: Session) -> None:
    with pytest.raises(UsageError, match="there is no packet 'p009'"):
        record(session, {"packet": "p009", "findings": []})


@pytest.mark.parametrize("message", ["x is never used", "No caller checks it.", "There is no test for it"])
def test_a_claim_of_absence_needs_the_search_that_supports_it(session: Session, message: str) -> None:
    claim = FINDING | {"message": message, "evidence": "searched for `x =`: only this line"}
    (rejected,) = hand_in(session, claim).rejected
    assert "grep" in rejected.why
    session.note_read("grep", "x =")
    assert len(hand_in(session, claim).accepted) == 1


def test_evidence_may_be_a_list_of_places(session: Session) -> None:
    (finding,) = hand_in(session, FINDING | {"evidence": ["b.py:3", "c.py:9"]}).accepted
    assert finding.evidence == "b.py:3, c.py:9"


def test_two_findings_of_one_class_on_one_line_are_not_silently_made_one(session: Session) -> None:
    answer = hand_in(session, FINDING, FINDING | {"message": "another problem"})
    assert len(answer.accepted) == 1
    assert "say both in one" in answer.rejected[0].why
