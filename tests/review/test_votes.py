"""Skeptics vote with evidence; what the votes mean is arithmetic."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hunkworks.config import Verifying
from hunkworks.errors import UsageError
from hunkworks.review.ballots import Ballot, ballots
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.votes import Vote, open_votes, stamp, take
from tests.review.sections import packet, section
from tests.review.test_fingerprints import FINDING as PLAIN

FINDING = msgspec.structs.replace(PLAIN, fingerprint="f" * 16)
VOTE: dict[str, Any] = {
    "finding": FINDING.fingerprint,
    "true": True,
    "new": True,
    "reachable": True,
    "defended": False,
    "asked": 80,
    "places": ["b.py:3"],
    "why": "the caller passes it twice",
}
PACKETS = {"p001": packet(section("+    total += price", start=7))}
FILES = {"a.py": 20, "b.py": 10}


def ballot() -> Ballot:
    (made,) = ballots([FINDING], PACKETS, 1, "seed")
    return made


def refusal(**changes: object) -> str:
    voted = take(ballot(), [VOTE | changes], FILES.get)
    assert voted.accepted == ()
    return voted.rejected[0].why


def vote(**changes: object) -> Vote:
    return msgspec.convert(VOTE | changes, Vote)


def test_a_vote_with_a_checked_place_counts() -> None:
    assert take(ballot(), [VOTE], FILES.get).accepted == (vote(),)


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ([], "none was named"),
        (["a.py:7"], "the finding's own place"),
        (["c.py:1"], "c.py is not a file of this project"),
        (["b.py:11"], "b.py has 10 lines"),
        (["somewhere"], "not of the form path:line"),
    ],
)
def test_a_vote_without_new_evidence_does_not_count(places: list[str], reason: str) -> None:
    assert reason in refusal(places=places)


def test_one_good_place_among_bad_ones_is_enough() -> None:
    assert take(ballot(), [VOTE | {"places": ["a.py:7", "a.py:8-9"]}], FILES.get).accepted


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"finding": "0" * 16}, "is not on this ballot"),
        ({"asked": 101}, "asked is a number from 0 to 100"),
        ({"why": " "}, "why has to be"),
        ({"severity": "note"}, "unknown field `severity`"),
        ({"true": "yes"}, "Expected `bool`"),
    ],
)
def test_a_vote_of_another_form_is_refused_with_the_reason(change: dict[str, Any], reason: str) -> None:
    assert reason in refusal(**change)


@pytest.mark.parametrize(
    "document", [[], {}, {"ballot": "v001"}, {"ballot": 1, "votes": []}, {"ballot": "v", "votes": {}}]
)
def test_a_document_of_another_form_is_refused(document: object) -> None:
    with pytest.raises(UsageError, match="expected"):
        open_votes(document)


@pytest.mark.parametrize(
    ("votes", "expected", "asked"),
    [
        ([], Stamp.UNVERIFIED, None),
        ([vote()], Stamp.CONFIRMED, 80),
        ([vote(asked=20)], Stamp.CONTESTED, 20),
        ([vote(true=False)], Stamp.CONTESTED, 80),
        ([vote(new=False)], Stamp.CONTESTED, 80),
        ([vote(reachable=False)], Stamp.CONTESTED, 80),
        ([vote(defended=True)], Stamp.CONTESTED, 80),
        ([vote(), vote(), vote(defended=True, asked=0)], Stamp.CONFIRMED, 53),
        ([vote(), vote(defended=True)], Stamp.CONTESTED, 80),
    ],
)
def test_the_stamp_follows_from_the_votes(votes: list[Vote], expected: Stamp, asked: int | None) -> None:
    stamped = stamp(FINDING, votes, Verifying())
    assert (stamped.stamp, stamped.asked) == (expected, asked)


def test_a_stamp_keeps_what_each_side_said() -> None:
    assert stamp(FINDING, [vote()], Verifying()).votes == ("for (b.py:3): the caller passes it twice",)


def test_skeptics_do_not_see_the_finders_scores() -> None:
    shown = ballot().render()
    assert FINDING.message in shown
    assert "total += price" in shown
    assert FINDING.severity.value not in shown
    assert str(FINDING.confidence) not in shown


def findings(count: int) -> list[Finding]:
    return [
        msgspec.structs.replace(FINDING, fingerprint=f"{number:016}", line=number) for number in range(count)
    ]


def test_every_skeptic_gets_every_finding_in_an_order_of_its_own() -> None:
    made = list(ballots(findings(8), PACKETS, 3, "seed"))
    orders = [[candidate.fingerprint for candidate in one.candidates] for one in made]
    assert len(orders) == 3
    assert all(sorted(order) == sorted(orders[0]) for order in orders)
    assert len({tuple(order) for order in orders}) == 3


def test_many_findings_fill_several_ballots_each_once() -> None:
    made = list(ballots(findings(30), PACKETS, 1, "seed"))
    seen = [candidate.fingerprint for one in made for candidate in one.candidates]
    assert sorted(seen) == [f"{number:016}" for number in range(30)]
    assert all(len(one.render().encode()) < 25_000 for one in made)
    assert [one.id for one in made] == ["v001", "v002", "v003", "v004"]
