"""A review that was interrupted goes on in another session: nothing recorded is asked again, nothing is said twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.invoke import Hunkworks, Result
from tests.repo import Repo

SMALL = "[review]\npacket_bytes = 2000\n[verify]\nskeptics = 0\ndeep_skeptics = 0\nsecond_pass_packets = 0\n"
FIRST = "".join(f"def first{number}(value):\n    return value + {number}\n\n\n" for number in range(12))
SECOND = FIRST.replace("first", "second")
FINDING = {
    "class": "logic",
    "severity": "major",
    "path": "first.py",
    "quote": "    return value + 3",
    "message": "Three is added where nothing should be.",
    "scenario": "first3(1) is 4.",
    "confidence": 80,
}


@pytest.fixture
def change(repo: Repo) -> Repo:
    """A change of two packets, and the first of them answered in a session that ended there."""
    repo.write("hunkworks.toml", SMALL)
    repo.commit()
    repo.write("first.py", FIRST)
    repo.write("second.py", SECOND)
    return repo


def answered_one(hunkworks: Hunkworks, session: str = "killed") -> list[str]:
    """Plan, answer the first packet alone, and return the ids of the others."""
    plan = hunkworks("review", "plan", "--session", session, "--json").json
    first, *others = [packet["id"] for packet in plan["packets"]]
    document = {"packet": first, "findings": [FINDING]}
    assert hunkworks("review", "record", "--session", session, stdin=json.dumps(document)).code == 0
    return others


def handed_out(plan: Result) -> list[str]:
    return [packet["id"] for packet in plan.json["packets"] if not packet["answered"]]


def finish(hunkworks: Hunkworks, packets: list[str], session: str) -> Any:
    for packet in packets:
        hunkworks(
            "review", "record", "--session", session, stdin=json.dumps({"packet": packet, "findings": []})
        )
    return hunkworks("review", "report", "--session", session, "--json").json


@pytest.mark.parametrize("session", ["killed", "resumed"])
def test_what_was_recorded_before_an_interruption_is_taken_over(
    change: Repo, hunkworks: Hunkworks, session: str
) -> None:
    others = answered_one(hunkworks)
    plan = hunkworks("review", "plan", "--session", session, "--json")
    assert handed_out(plan) == others
    report = finish(hunkworks, others, session)
    assert report["verdict"] == "changes"
    assert [finding["message"] for finding in report["findings"]] == [FINDING["message"]]


def test_interrupted_again_and_again_nothing_is_doubled(change: Repo, hunkworks: Hunkworks) -> None:
    others = answered_one(hunkworks)
    for session in ("one", "two", "killed", "one"):
        assert handed_out(hunkworks("review", "plan", "--session", session, "--json")) == others
    assert len(finish(hunkworks, others, "one")["findings"]) == 1


def test_the_plan_says_what_was_taken_over_and_what_is_left(change: Repo, hunkworks: Hunkworks) -> None:
    others = answered_one(hunkworks)
    told = hunkworks("review", "plan", "--session", "resumed").out
    assert "Taken over from an interrupted review of this change: p001; the rest is handed out" in told
    assert "\nPacket p001:" not in told
    assert f"\nPacket {others[0]}:" in told
    for packet in others:
        document = {"packet": packet, "findings": []}
        hunkworks("review", "record", "--session", "resumed", stdin=json.dumps(document))
    assert "no packet is left to hand out" in hunkworks("review", "plan", "--session", "third").out


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("second.py", SECOND + "x = 1\n"),
        ("third.py", "x = 1\n"),
    ],
)
def test_another_change_is_reviewed_whole(change: Repo, hunkworks: Hunkworks, path: str, text: str) -> None:
    answered_one(hunkworks)
    change.write(path, text)
    plan = hunkworks("review", "plan", "--session", "resumed", "--json")
    assert handed_out(plan) == [packet["id"] for packet in plan.json["packets"]]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("hunkworks.toml", SMALL + '[tiers.default]\nmodel = "opus"\n'),
        ("hunkworks.toml", SMALL + "[route]\nthreshold = 0.4\n"),
        ("AGENTS.md", "Every number is a constant with a name.\n"),
    ],
)
def test_other_rules_or_another_reviewer_begin_anew(
    change: Repo, hunkworks: Hunkworks, path: str, text: str
) -> None:
    answered_one(hunkworks)
    change.write(path, text)
    change.git("add", path)
    change.git("commit", "-qm", "rules", "--", path)
    plan = hunkworks("review", "plan", "--session", "resumed", "--json")
    assert handed_out(plan) == [packet["id"] for packet in plan.json["packets"]]


def test_what_was_reported_whole_is_not_taken_over(change: Repo, hunkworks: Hunkworks) -> None:
    others = answered_one(hunkworks)
    finish(hunkworks, others, "killed")
    plan = hunkworks("review", "plan", "--full", "--session", "again", "--json")
    assert handed_out(plan) == ["p001", *others]


def test_what_is_decided_after_a_plan_holds_in_its_next_report(change: Repo, hunkworks: Hunkworks) -> None:
    others = answered_one(hunkworks)
    (finding,) = finish(hunkworks, others, "killed")["findings"]
    assert hunkworks("review", "dispute", finding["fingerprint"], "--why", "it is meant so").code == 0
    hunkworks("review", "report", "--session", "killed")
    assert hunkworks("review", "dismiss", finding["fingerprint"], "--why", "meant").code == 0
    for _ in range(2):
        report = hunkworks("review", "report", "--session", "killed", "--json").json
        assert (report["verdict"], report["findings"]) == ("pass", [])
    (path,) = (change.root / ".git" / "hunkworks" / "branches").glob("*/memory.json")
    (item,) = json.loads(path.read_bytes())["findings"]
    assert (item["finding"]["status"], item["why"], item["disputes"]) == (
        "dismissed",
        "meant",
        ["it is meant so"],
    )


def test_a_finding_of_a_reviewed_range_can_be_dismissed(change: Repo, hunkworks: Hunkworks) -> None:
    change.commit()
    plan = hunkworks("review", "plan", "--range", "HEAD^..HEAD", "--json").json
    for packet in plan["packets"]:
        found = [FINDING] if "first.py" in packet["files"] else []
        hunkworks("review", "record", stdin=json.dumps({"packet": packet["id"], "findings": found}))
    (finding,) = hunkworks("review", "report", "--json").json["findings"]
    assert hunkworks("review", "dismiss", finding["fingerprint"], "--why", "meant").code == 0
    assert hunkworks("review", "report", "--json").json["findings"] == []
