"""Every run leaves one record, however it ends, and the ledger never stands in a verb's way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from hunkworks.cli.run import ledger_of, recorded
from hunkworks.errors import EngineError, RepositoryError
from hunkworks.ledger.record import Record, Tokens


@dataclass(frozen=True)
class Clone:
    common_dir: Path


@dataclass(frozen=True)
class Change:
    id: str = "c0ffee"
    base: str = "base"
    head: str = "worktree"


class UnreadableChange:
    base = head = ""

    @property
    def id(self) -> str:
        raise RepositoryError("the object is gone")


@dataclass(frozen=True)
class Route:
    tier: str = "deep"
    model: str = "opus"
    agent: str = "deep-reviewer"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / ".git")


def only_record(clone: Clone) -> Record:
    [record] = ledger_of(clone).records()
    return record


def test_a_run_is_recorded_with_all_it_told(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "session-1")
    with recorded("review plan", clone, Change()) as run:
        run.route = Route()
        run.tokens = Tokens(source="session", input=10)
        run.cost = 0.5
        run.parent = "00000000000000aa"
        run.body("manifest", b"{}")
        run.outcome(1, "changes", findings=2)
    record = only_record(clone)
    assert record.id == run.id
    assert (record.verb, record.session, record.parent) == ("review plan", "session-1", "00000000000000aa")
    assert record.change is not None
    assert record.change.id == "c0ffee"
    assert record.route is not None
    assert record.route.model == "opus"
    assert (record.tokens.source, record.tokens.input, record.cost) == ("session", 10, 0.5)
    assert (record.outcome.exit, record.outcome.verdict) == (1, "changes")
    assert record.outcome.counts == {"findings": 2}
    assert ledger_of(clone).get(record.bodies["manifest"]) == b"{}"
    assert record.started <= record.ended
    assert record.versions.pack


@pytest.mark.parametrize(
    ("error", "code", "verdict"),
    [
        (EngineError("no answer"), 3, "error: EngineError"),
        (click.UsageError("no such option"), 2, "error: UsageError"),
        (KeyboardInterrupt(), 130, "error: KeyboardInterrupt"),
        (click.Abort(), 130, "error: Abort"),
        (ZeroDivisionError(), 70, "error: ZeroDivisionError"),
        (click.exceptions.Exit(1), 1, "changes"),
        (SystemExit(None), 0, "changes"),
        (SystemExit("a sentence"), 1, "changes"),
        (BrokenPipeError(), 0, "changes"),
    ],
    ids=repr,
)
def test_a_run_that_raises_is_recorded_and_raises_the_same(
    clone: Clone, error: BaseException, code: int, verdict: str
) -> None:
    def verb() -> None:
        with recorded("review plan", clone, Change()) as run:
            run.outcome(0, "changes", findings=2)
            raise error

    with pytest.raises(type(error)) as caught:
        verb()
    assert caught.value is error
    outcome = only_record(clone).outcome
    assert (outcome.exit, outcome.verdict, outcome.counts) == (code, verdict, {"findings": 2})


def test_the_error_of_a_change_that_cannot_be_read_is_not_masked(clone: Clone) -> None:
    with pytest.raises(ZeroDivisionError), recorded("review plan", clone, UnreadableChange()):
        raise ZeroDivisionError
    assert only_record(clone).change is None


def test_a_ledger_that_cannot_be_written_is_one_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with recorded("review plan", Clone(tmp_path / "file")) as run:
        run.body("manifest", b"{}")
        run.body("report", b"{}")
        run.outcome(0, "pass")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("warning: this run is not in the ledger") == 1


def test_a_ledger_that_cannot_be_written_masks_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ZeroDivisionError), recorded("review plan", Clone(tmp_path / "file")):
        raise ZeroDivisionError


def test_outside_of_a_repository_nothing_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    with recorded("review plan", None, Change()) as run:
        run.body("manifest", b"{}")
        run.outcome(0, "pass")
    assert capsys.readouterr() == ("", "")
