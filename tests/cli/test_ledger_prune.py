"""`hunkworks ledger prune`: a review replays for as long as it is kept, and leaves nothing behind when it goes."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from evals.scripted_api import ScriptedAPI
from evals.scripted_reviewer import review
from hunkworks.ledger.record import encode
from hunkworks.ledger.store import Ledger
from tests.cli.invoke import Hunkworks
from tests.repo import Repo


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def reviewed(repo: Repo, state: Path, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository in which one change was reviewed through the API."""
    repo.write("app.py", "one = 1\n")
    repo.commit()
    repo.write("app.py", "one = 2\n")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "a-key")
    with ScriptedAPI(review) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        assert hunkworks("review", "run").code == 0
    return repo


def later(repo: Repo, state: Path, days: int) -> None:
    """Let so many days pass, as the files tell the time."""
    ledger = Ledger(repo.root / ".git/hunkworks/ledger")
    span = timedelta(days=days)
    records = list(ledger.records())
    for month in ledger.months():
        month.unlink()
    for record in records:
        then = msgspec.structs.replace(record, started=record.started - span, ended=record.ended - span)
        with (ledger.root / f"{then.ended:%Y-%m}.jsonl").open("ab") as file:
            file.write(encode(then) + b"\n")
    for path in [*ledger.root.parent.rglob("*"), *state.rglob("spent-*")]:
        before = path.stat().st_mtime - span.total_seconds()
        os.utime(path, (before, before))
    for path in state.rglob("spent-*"):
        day = date.fromisoformat(path.name[6:16]) - span
        path.rename(path.with_name(f"spent-{day}{path.name[16:]}"))


def left(repo: Repo, state: Path) -> list[str]:
    """Return which files the ledger, sessions and the accounts of days still have."""
    own = repo.root / ".git/hunkworks"
    paths = [*(own / "ledger").rglob("*"), *(own / "sessions").rglob("*"), *state.rglob("spent-*")]
    return sorted(path.name for path in paths if path.is_file() and path.name not in ("lock", "pruned"))


def test_a_week_later_and_to_the_last_day_a_run_replays(
    reviewed: Repo, state: Path, hunkworks: Hunkworks
) -> None:
    run = hunkworks("ledger", "list", "--json").json["runs"][0]["id"]
    report = hunkworks("ledger", "replay", run).out
    for days in (8, 81):
        later(reviewed, state, days)
        assert hunkworks("ledger", "prune").out == "Nothing is older than 90 days.\n"
        assert hunkworks("ledger", "replay", run).out == report
    assert hunkworks("ledger", "verify").code == 0


def test_then_it_goes_with_all_it_left(reviewed: Repo, state: Path, hunkworks: Hunkworks) -> None:
    later(reviewed, state, 91)
    before = left(reviewed, state)
    told = hunkworks("ledger", "prune", "--dry-run", "--json").json
    assert left(reviewed, state) == before
    assert hunkworks("ledger", "prune", "--json").json == {**told, "dry_run": False}
    assert (told["older_than"], told["runs"], told["days"]) == (90, 1, 1)
    assert min(told["bodies"], told["calls"], told["sessions"], told["bytes"]) > 0
    (record,) = hunkworks("ledger", "list", "--json").json["runs"]
    assert (record["verb"], record["outcome"]["counts"]["runs"]) == ("ledger prune", 1)
    assert left(reviewed, state) == [f"{date.fromisoformat(record['started'][:10]):%Y-%m}.jsonl"]


def test_a_sessions_report_does_it_too(repo: Repo, state: Path, hunkworks: Hunkworks) -> None:
    repo.write("app.py", "one = 1\n")
    repo.commit()
    repo.write("app.py", "one = 2\n")
    for _ in range(2):
        assert hunkworks("review", "plan").code == 0
        said = hunkworks("review", "report")
        later(repo, state, 91)
    assert "removed 2 runs " in said.err


def test_a_run_without_a_session_does_it_once_a_day(
    reviewed: Repo, state: Path, hunkworks: Hunkworks
) -> None:
    later(reviewed, state, 91)
    said = hunkworks("review", "run", "--engine", "none")
    assert "The ledger keeps 90 days ([ledger] keep_days): removed 1 run, " in said.err
    assert "pruned" not in said.out
    later(reviewed, state, 0)
    assert "keep_days" not in hunkworks("review", "run", "--engine", "none").err
    later(reviewed, state, 91)
    assert "removed 2 runs" in hunkworks("review", "run", "--engine", "none").err


def test_the_team_says_for_how_long_and_the_change_does_not(
    reviewed: Repo, state: Path, hunkworks: Hunkworks
) -> None:
    reviewed.write("hunkworks.toml", "[ledger]\nkeep_days = 10\n")
    later(reviewed, state, 20)
    assert hunkworks("ledger", "prune").out.startswith("Nothing is older than 90 days")
    reviewed.commit()
    assert "older than 10 days" in hunkworks("ledger", "prune").out


@pytest.mark.usefixtures("repo", "state")
def test_less_than_a_week_is_refused(hunkworks: Hunkworks) -> None:
    said = hunkworks("ledger", "prune", "--older-than", "3")
    assert said.code == 2
    assert "7<=x" in said.err


def test_a_ledger_that_cannot_be_written_is_no_reason_to_fail_a_review(
    repo: Repo, state: Path, hunkworks: Hunkworks
) -> None:
    repo.write("app.py", "one = 1\n")
    repo.commit()
    repo.write("app.py", "one = 2\n")
    (repo.root / ".git/hunkworks").mkdir()
    (repo.root / ".git/hunkworks/ledger").write_text("in the way")
    said = hunkworks("review", "run", "--engine", "none")
    assert said.code in (0, 1)
    assert "warning: the ledger was not pruned" in said.err
