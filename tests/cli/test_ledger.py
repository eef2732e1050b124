"""`hunkworks ledger` as its reader meets it, in a real clone."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion

from hunkworks.cli.main import run
from hunkworks.ledger.record import ChangeName, Outcome, Record, RouteTaken, Tokens, Versions
from hunkworks.ledger.store import Ledger

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def ledger(clone: Path) -> Ledger:
    """Three runs: a deep review that cost something, a plain one without a model, one that failed."""
    ledger = Ledger(clone / ".git" / "hunkworks" / "ledger")
    plan = Record(
        id="3f9a000000000001",
        verb="review plan",
        started=NOON,
        ended=NOON + timedelta(seconds=0.31),
        change=ChangeName(id="c0ffee" * 6, base="b" * 40, head="worktree"),
        versions=Versions(pack="1.2.3", python="3.13.0"),
        route=RouteTaken(tier="deep", model="opus", agent="deep-reviewer"),
        tokens=Tokens(source="api", input=12345, output=678),
        cost=0.42,
        outcome=Outcome(exit=1, verdict="changes", counts={"findings": 2, "packets": 3}),
        bodies={"manifest": ledger.put(b'{"packets": 3}\n'), "report": ledger.put(b"two \x1b[31mfindings\n")},
        session="session-1",
    )
    replace = msgspec.structs.replace
    ledger.append(plan)
    static = Outcome(exit=0, verdict="static-only", counts={})
    ledger.append(
        replace(
            plan,
            id="4a00000000000002",
            verb="review",
            route=None,
            tokens=Tokens(),
            cost=None,
            outcome=static,
            bodies={},
            ended=NOON + timedelta(seconds=75),
        )
    )
    ledger.append(
        replace(
            plan,
            id="5b00000000000003",
            verb="translate apply",
            change=None,
            cost=0.0004,
            outcome=Outcome(exit=3, verdict="error: EngineError"),
            parent=plan.id,
        )
    )
    return ledger


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["ledger", *arguments]) == code
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(output(capsys, *arguments, "--json", code=code))
    assert parsed.pop("schema") == 1
    return parsed


@pytest.mark.usefixtures("ledger")
def test_list_reads_well(capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion) -> None:
    assert output(capsys, "list") == snapshot


@pytest.mark.usefixtures("ledger")
def test_list_as_json_holds_whole_records_newest_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "list", "-n", "2")
    assert [run["id"] for run in found["runs"]] == ["5b00000000000003", "4a00000000000002"]
    assert (found["total"], found["damaged"]) == (3, 0)
    assert found["runs"][1]["outcome"]["verdict"] == "static-only"


@pytest.mark.usefixtures("clone")
def test_list_of_nothing_says_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ledger", "list"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "Nothing ran here yet. Try: hunkworks review\n")


@pytest.mark.usefixtures("ledger")
def test_show_reads_well(capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion) -> None:
    assert output(capsys, "show", "3f") == snapshot


@pytest.mark.usefixtures("ledger")
def test_show_as_json_names_bodies_with_their_size(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "show", "3f9a")
    assert found["run"]["cost"] == 0.42
    assert found["bodies"]["manifest"]["bytes"] == 15


@pytest.mark.usefixtures("ledger")
def test_show_prints_a_body_by_name_or_digest(capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "show", "3f", "--body", "manifest") == '{"packets": 3}\n'
    digest = document(capsys, "show", "3f")["bodies"]["manifest"]["digest"]
    assert output(capsys, "show", "3f", "--body", digest[:6]) == '{"packets": 3}\n'
    assert document(capsys, "show", "3f", "--body", "manifest")["text"] == '{"packets": 3}\n'


@pytest.mark.usefixtures("ledger")
def test_a_body_printed_on_a_terminal_cannot_steer_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert output(capsys, "show", "3f", "--body", "report") == "two \\x1b[31mfindings\n"


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "77"], "no run '77' in the ledger. fix: hunkworks ledger list"),
        (
            ["show", "3f", "--body", "diff"],
            "has no body 'diff'. expected manifest, report.",
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert run(["ledger", *arguments]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.usefixtures("ledger")
def test_verify_of_an_intact_ledger_counts_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "verify") == "3 records and 2 bodies (0 of no record): all intact.\n"


def test_verify_names_the_damaged_record(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    [month] = ledger.root.glob("*.jsonl")
    month.write_bytes(month.read_bytes().replace(b'"cost":0.42', b'"cost":0.41'))
    said = output(capsys, "verify", code=1)
    assert said.startswith(f"{month.name}:1 (run 3f9a000000000001): the checksum does not match")
    found = document(capsys, "verify", code=1)
    assert found["damage"][0]["run"] == "3f9a000000000001"
    assert run(["ledger", "list"]) == 0
    assert "1 damaged: hunkworks ledger verify" in capsys.readouterr().err


def test_a_linked_worktree_sees_the_same_ledger(
    ledger: Ledger, clone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "first"], check=True, cwd=clone)
    subprocess.run(["git", "worktree", "add", "-q", "linked"], check=True, cwd=clone, capture_output=True)
    monkeypatch.chdir(clone / "linked")
    assert document(capsys, "list")["total"] == 3


def test_outside_of_a_repository_is_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    assert run(["ledger", "list"]) == 2
