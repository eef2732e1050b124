"""`hunkworks review` from the outside: real repositories, real commands, what a person or an agent reads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.invoke import Hunkworks
from tests.cli.reviewed import CACHE, FINDING, answer
from tests.repo import Repo

SECRET = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


def stable(text: str) -> str:
    """Take out what may differ: nonces, and scores that change when the router is fitted again."""
    for pattern, instead in (
        (r"change [0-9a-f]{16}>", "change NONCE>"),
        (r"score -?[\d.]+, deep from -?[\d.]+", "score S, deep from T"),
        (r"(?m)[ ]+$", ""),
    ):
        text = re.sub(pattern, instead, text)
    return text


def test_without_a_model_a_review_shows_route_files_and_findings(
    change: Repo, hunkworks: Hunkworks, snapshot: SnapshotAssertion
) -> None:
    result = hunkworks("review")
    assert result.code == 1
    assert stable(result.out) == snapshot


def test_json_holds_everything_and_adds_up(change: Repo, hunkworks: Hunkworks) -> None:
    review = hunkworks("review", "--json").json
    assert review["schema"] == 1
    assert review["verdict"] == "static-only"
    assert review["engine"] == "none"
    assert {file["path"]: file["bucket"] for file in review["files"]} == {
        "cache.py": "packet",
        "notes.ts": "packet",
        "package-lock.json": "named",
    }
    assert review["coverage"]["changed_lines"] == review["coverage"]["in_packets"] == 7
    assert [finding["class"] for finding in review["findings"]] == ["merge-leftover"]


def test_the_plan_is_small_and_names_route_packets_and_what_nobody_looks_at(
    change: Repo, hunkworks: Hunkworks, snapshot: SnapshotAssertion
) -> None:
    result = hunkworks("review", "plan")
    assert result.code == 0
    assert stable(result.out) == snapshot


def test_a_packet_reads_as_numbered_lines_between_two_marks(
    change: Repo, hunkworks: Hunkworks, snapshot: SnapshotAssertion
) -> None:
    hunkworks("review", "plan")
    assert stable(hunkworks("review", "packet", "p001").out) == snapshot


def test_a_session_goes_from_plan_to_a_report_that_asks_for_changes(
    change: Repo, hunkworks: Hunkworks, snapshot: SnapshotAssertion
) -> None:
    hunkworks("review", "plan")
    recorded = hunkworks("review", "record", stdin=answer("p001", FINDING))
    assert (recorded.code, recorded.out) == (0, "p001: 1 accepted, 0 refused\n")
    report = hunkworks("review", "report", "--format", "markdown")
    assert report.code == 1
    assert stable(report.out) == snapshot


def test_nothing_answered_is_incomplete_and_exits_3(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("notes.ts", "let a = 1\n")
    hunkworks("review", "plan")
    report = hunkworks("review", "report")
    assert report.code == 3
    assert "incomplete: nobody answered for p001" in report.out


def test_an_invented_quote_is_refused_with_what_to_do(change: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("review", "plan")
    recorded = hunkworks(
        "review", "record", "--json", stdin=answer("p001", FINDING | {"quote": "items.pop(key)"})
    )
    assert recorded.code == 1
    assert recorded.json["accepted"] == []
    assert "copy it verbatim from the packet" in recorded.json["rejected"][0]["why"]


def test_the_hook_door_is_told_the_route(change: Repo, hunkworks: Hunkworks) -> None:
    plan = hunkworks("review", "plan", "--session", "s1", "--json").json
    decided = json.loads((change.root / ".git/hunkworks/sessions/s1/route.json").read_text())
    assert decided == {
        "schema": 1,
        "agent": plan["route"]["agent"],
        "model": plan["route"]["model"],
        "enforced": True,
    }


def test_a_change_cannot_switch_off_the_routing_of_its_own_review(change: Repo, hunkworks: Hunkworks) -> None:
    route = change.root / ".git/hunkworks/sessions/s1/route.json"
    change.write("hunkworks.toml", "[hooks]\nroute_agent = false\n")
    hunkworks("review", "plan", "--session", "s1")
    assert json.loads(route.read_text())["enforced"] is True
    change.commit()
    hunkworks("review", "plan", "--base", "HEAD", "--session", "s1")
    assert json.loads(route.read_text())["enforced"] is False


def test_a_secret_reaches_no_packet_report_or_ledger(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("deploy.py", f'TOKEN = "{SECRET}"\n')
    plan = hunkworks("review", "plan")
    packet = hunkworks("review", "packet", "p001")
    shown = hunkworks("review", "show", "deploy.py")
    found = hunkworks("review", "grep", "TOKEN")
    report = hunkworks("review", "--json")
    for result in (plan, packet, shown, found, report):
        assert SECRET not in result.out + result.err
    assert "deploy.py" in packet.out
    secret = next(finding for finding in report.json["findings"] if finding["class"] == "secret")
    assert (secret["path"], secret["line"]) == ("deploy.py", 1)
    kept = [file for file in (change.root / ".git/hunkworks").rglob("*") if file.is_file()]
    assert kept
    assert not [file for file in kept if SECRET.encode() in file.read_bytes()]


def test_hidden_text_is_taken_out_of_packets_and_told(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("access.py", "if role == 'user\u202e \u2066': # check\n    pass\n")
    hunkworks("review", "plan")
    packet = hunkworks("review", "packet", "p001").out
    assert "\u202e" not in packet
    redactions = hunkworks("review", "--json").json["redactions"]
    assert {"path": "access.py", "line": 1, "kind": "bidi-control"} in redactions


def test_with_nothing_changed_the_last_commit_is_reviewed_and_it_says_so(
    repo: Repo, hunkworks: Hunkworks
) -> None:
    repo.write("a.py", "x = 1\n")
    repo.commit()
    result = hunkworks("review")
    assert "the last commit, since the working tree holds no change" in result.out
    assert "a.py" in result.out


def test_an_empty_repository_has_an_empty_review(repo: Repo, hunkworks: Hunkworks) -> None:
    result = hunkworks("review")
    assert (result.code, "static-only" in result.out) == (0, True)


def test_a_diff_on_standard_input_needs_no_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hunkworks: Hunkworks
) -> None:
    monkeypatch.chdir(tmp_path)
    patch = "--- a/x.ts\n+++ b/x.ts\n@@ -1 +1,2 @@\n a\n+<<<<<<< HEAD\n"
    result = hunkworks("review", "--stdin", "--json", stdin=patch)
    assert result.code == 1
    assert [finding["path"] for finding in result.json["findings"]] == ["x.ts"]
    assert list(tmp_path.iterdir()) == []


def test_outside_of_a_repository_the_fix_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hunkworks: Hunkworks
) -> None:
    monkeypatch.chdir(tmp_path)
    result = hunkworks("review", "--json")
    assert result.code == 2
    assert "there is no git repository" in result.err
    assert result.json["exit"] == 2


def test_the_threshold_decides_the_exit_code(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("notes.ts", "let a = 1\n")
    change.write("debug.py", "import pdb\n\n\ndef run():\n    breakpoint()\n")
    found = hunkworks("review", "--json").json["findings"]
    assert found
    assert hunkworks("review", "--fail-on", "note").code == 1
    assert hunkworks("review", "--fail-on", "blocker").code == 0


def test_a_change_does_not_choose_its_own_judge(change: Repo, hunkworks: Hunkworks) -> None:
    """hunkworks.toml of the working tree is not asked; the base's is."""
    change.write("hunkworks.toml", '[tiers.deep]\nmodel = "haiku"\n[tiers.default]\nmodel = "haiku"\n')
    assert hunkworks("review", "--json").json["route"]["model"] != "haiku"
    change.commit()
    change.write("cache.py", CACHE)
    assert hunkworks("review", "--json").json["route"]["model"] == "haiku"


def test_a_wrong_configuration_is_an_error_that_names_the_key(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write("hunkworks.toml", "[review]\nfail_onn = 'note'\n")
    repo.commit()
    repo.write("a.py", "x = 1\n")
    result = hunkworks("review")
    assert result.code == 2
    assert "fail_on" in result.err


def test_every_run_leaves_a_record_that_verifies(change: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001"))
    hunkworks("review", "report")
    runs = hunkworks("ledger", "list", "--json").json["runs"]
    assert [run["verb"] for run in runs] == ["review report", "review record", "review plan"]
    assert len({run["change"]["id"] for run in runs}) == 1
    assert hunkworks("ledger", "verify").code == 0


def test_what_a_linter_reports_is_merged(change: Repo, hunkworks: Hunkworks) -> None:
    change.write("notes.ts", "let a = 1\n")
    place = {"artifactLocation": {"uri": "cache.py"}, "region": {"startLine": 8}}
    run = {
        "tool": {"driver": {"name": "racecheck"}},
        "results": [{"ruleId": "R1", "locations": [{"physicalLocation": place}]}],
    }
    sarif = change.write(".lint/results.sarif", json.dumps({"version": "2.1.0", "runs": [run]}))
    hunkworks("review", "plan")
    hunkworks("review", "record", stdin=answer("p001", FINDING))
    report = hunkworks("review", "report", "--json", "--sarif", str(sarif)).json
    assert report["findings"] == []
    assert "already reported by racecheck, R1" in report["folded"][0]["evidence"]


def test_state_that_cannot_be_written_is_a_sentence(change: Repo, hunkworks: Hunkworks) -> None:
    change.write(".git/hunkworks", "in the way")
    result = hunkworks("review", "plan", "--json")
    assert result.code == 2
    assert ".git/hunkworks" in result.json["error"]
    assert "Traceback" not in result.err
    assert hunkworks("review").code == 1  # a review that keeps nothing still works
