"""What a branch remembers between reviews: open and dismissed findings, rounds of fixing, suggestions."""

from __future__ import annotations

import json

import pytest

from tests.cli.invoke import Hunkworks
from tests.cli.reviewed import CACHE, FINDING, answer
from tests.repo import Repo


def test_a_second_review_reads_only_what_changed_since_and_carries_what_is_open(
    change: Repo, hunkworks: Hunkworks
) -> None:
    change.write("notes.ts", "let a = 1\n")
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001", FINDING))
    hunkworks("review", "report")
    change.write("other.py", "def other():\n    return 1\n")
    plan = hunkworks("review", "plan", "--json").json
    assert [packet["files"] for packet in plan["packets"]] == [["other.py"]]
    assert [finding["class"] for finding in plan["open"]] == ["concurrency"]
    assert (
        plan["coverage"]["in_packets"] + plan["coverage"]["read_before"] == plan["coverage"]["changed_lines"]
    )
    assert "Open from earlier rounds" in hunkworks("review", "packet", "p001").out
    hunkworks("review", "record", stdin=answer("p001"))
    report = hunkworks("review", "report", "--json")
    assert report.code == 1
    assert [finding["class"] for finding in report.json["findings"]] == ["concurrency"]


def test_a_fixed_finding_is_gone_from_the_next_report(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("notes.ts", "let a = 1\n")
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001", FINDING))
    hunkworks("review", "report")
    change.write("cache.py", CACHE.replace("return value", "return items[key]"))
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001"))
    report = hunkworks("review", "report", "--json")
    assert (report.code, report.json["verdict"], report.json["findings"]) == (0, "pass", [])


def test_full_hands_out_everything_again(change: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001"))
    hunkworks("review", "report")
    assert hunkworks("review", "plan", "--json").json["packets"] == []
    assert len(hunkworks("review", "plan", "--full", "--json").json["packets"]) == 1


def test_two_sessions_on_one_branch_do_not_mix(change: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("review", "plan", "--session", "one")
    hunkworks("review", "plan", "--session", "two")
    hunkworks("review", "record", "--session", "one", stdin=answer("p001"))
    assert hunkworks("review", "report", "--session", "two").code == 1  # the merge leftover
    assert hunkworks("review", "report", "--session", "two", "--json").json["verdict"] == "incomplete"


def test_a_dismissed_finding_is_not_shown_again_and_the_decision_can_be_shared(
    change: Repo, hunkworks: Hunkworks
) -> None:
    change.write("notes.ts", "let a = 1\n")
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001", FINDING))
    (finding,) = hunkworks("review", "report", "--json").json["findings"]
    name = finding["fingerprint"]
    dismissed = hunkworks("review", "dismiss", name[:8], "--why", "one thread only", "--until", "2031-01-01")
    assert dismissed.code == 0
    (line,) = (change.root / ".hunkworks/dismissals.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "fingerprint": name,
        "class": "concurrency",
        "path": "cache.py",
        "why": "one thread only",
        "until": "2031-01-01",
    }
    hunkworks("review", "plan", "--full")
    hunkworks("review", "record", stdin=answer("p001", FINDING))
    assert hunkworks("review", "report", "--json").json["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ffff", "--why", "x"], "no finding begins with 'ffff'"),
        (["ffff", "--why", " "], "a dismissal needs a reason"),
        (["ffff", "--why", "x", "--until", "soon"], "expected YYYY-MM-DD"),
        (["ffff", "--why", "x", "--until", "2020-01-01"], "--until has passed"),
    ],
)
def test_a_dismissal_says_what_it_lacks(
    change: Repo, hunkworks: Hunkworks, arguments: list[str], message: str
) -> None:
    result = hunkworks("review", "dismiss", *arguments)
    assert result.code == 2
    assert message in result.err


def test_three_rounds_of_fixing_end_with_a_human(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("notes.ts", "let a = 1\n")
    for number in (1, 2, 3):
        change.write("other.py", f"x = {number}\n")
        plan = hunkworks("review", "plan", "--fix", "--json")
        assert (plan.code, plan.json["cycle"]) == (0, number)
        for packet in plan.json["packets"]:
            hunkworks("review", "record", stdin=answer(packet["id"], *([FINDING] if number == 1 else [])))
        assert hunkworks("review", "report").code == 1
    change.write("other.py", "x = 4\n")
    refused = hunkworks("review", "plan", "--fix")
    assert refused.code == 2
    assert "3 rounds did not settle it" in refused.err
    assert hunkworks("review", "plan").code == 0  # looking is always allowed
    assert hunkworks("review", "resume").code == 0
    assert hunkworks("review", "plan", "--fix", "--json").json["cycle"] == 1


def test_a_proven_suggestion_is_shown_and_applied_by_one_command(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("notes.ts", "let a = 1\n")
    hunkworks("review", "plan")
    good = FINDING | {"suggestion": "    with lock:"}
    bad = FINDING | {
        "quote": "        items[key] = value",
        "line": 9,
        "suggestion": "    )",
        "class": "logic",
    }
    hunkworks("review", "record", stdin=answer("p001", good, bad))
    (finding,) = hunkworks("review", "report", "--json").json["findings"]
    assert finding["suggestion"] == "    with lock:"
    assert hunkworks("review", "fix", finding["fingerprint"]).code == 0
    assert (change.root / "cache.py").read_text() == CACHE


def test_a_suggestion_that_would_break_the_file_is_not_shown_and_not_applied(
    change: Repo, hunkworks: Hunkworks
) -> None:
    change.write("notes.ts", "let a = 1\n")
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001", FINDING | {"suggestion": "    with lock("}))
    (finding,) = hunkworks("review", "report", "--json").json["findings"]
    assert "suggestion" not in finding
    assert "would not parse" in finding["evidence"]
    before = (change.root / "cache.py").read_bytes()
    assert hunkworks("review", "fix", finding["fingerprint"]).code == 2
    assert (change.root / "cache.py").read_bytes() == before
