"""Where a headless run stands: it goes on from its own plan, alone, and its cost is counted once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hunkworks.config import Tier
from hunkworks.engine.port import Judged, Usage
from hunkworks.errors import UsageError
from hunkworks.ledger import lock
from hunkworks.review.headless_run import HeadlessRun
from hunkworks.review.judging import summed, uncounted
from hunkworks.review.memory import Memory
from hunkworks.review.session import Session
from tests.review.sections import plan

BEFORE, AFTER, SINCE = Memory(), Memory(read={"a": "deep"}), Memory(read={"b": "deep"})


@pytest.fixture
def run(tmp_path: Path) -> HeadlessRun:
    made = HeadlessRun(Session(tmp_path, "run-0123456789abcdef"))
    plan(made.session)
    made.planned(BEFORE)
    return made


def test_a_run_goes_on_while_the_branch_remembers_what_it_did(run: HeadlessRun) -> None:
    assert run.resumes(BEFORE), "killed on its way"
    assert not run.resumes(AFTER), "a session reviewed the branch meanwhile"
    run.ended(AFTER, Usage())
    assert run.resumes(BEFORE), "killed before the memory was kept"
    assert run.resumes(AFTER), "finished, and asked for again"
    assert not run.resumes(SINCE), "a finding was dismissed since"
    run.forget()
    assert not run.resumes(AFTER)


def test_a_plan_that_is_gone_is_made_anew(run: HeadlessRun) -> None:
    (run.session.folder / "review" / "manifest.json").unlink()
    assert not run.resumes(BEFORE)


def test_two_runs_of_one_review_do_not_pay_for_everything_twice(
    run: HeadlessRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.01)
    other = HeadlessRun(run.session)
    with run.alone(), pytest.raises(UsageError, match="running already"), other.alone():
        raise AssertionError("both are at it")
    with other.alone():
        pass


def test_old_runs_are_cleared_away(run: HeadlessRun) -> None:
    for number in range(30):
        folder = run.session.folder.with_name(f"run-{number:016}")
        folder.mkdir()
        os.utime(folder, (number, number))
    terminal = run.session.folder.with_name("terminal-1")
    terminal.mkdir()
    run.forget()
    left = sorted(path.name for path in run.session.folder.parent.glob("run-0000*"))
    assert left == [f"run-{number:016}" for number in range(11, 30)]
    assert run.session.folder.is_dir()
    assert terminal.is_dir()


def judged(task: str, usd: float | None, unpaid: float = 0.0, **more: object) -> Judged:
    usage, before = Usage(100, 10, 0, 0, usd), Usage(0, 0, 0, 0, unpaid)
    return Judged(task=task, tier=Tier.DEEP, usage=usage, unpaid=before, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("usd", "unpaid", "counted", "left"),
    [
        (0.5, 0.0, 0.0, 0.5),  # paid now
        (0.5, 0.5, 0.5, 0.0),  # all on record, counted then
        (0.5, 0.2, 0.0, 0.5),  # a killed run had paid a part, and no ledger counted it
        (0.5, 0.2, 0.2, 0.3),  # an incomplete run had
        (0.5, 0.0, 0.5, 0.5),  # paid again: the record was lost
    ],
)
def test_the_ledger_counts_each_call_once(usd: float, unpaid: float, counted: float, left: float) -> None:
    assert uncounted([judged("p001", usd, unpaid)], Usage(usd=counted)).usd == left


def test_an_unknown_price_is_unknown_in_the_sum() -> None:
    tasks = [judged("p001", 0.5), judged("p002", None)]
    assert summed(tasks, {}).usd is None
    assert uncounted(tasks, Usage()).usd is None


def test_what_several_tasks_met_is_said_once() -> None:
    tasks = [judged(f"p{n:03}", 0.1, steps=("slow",), why="" if n else "no answer") for n in range(3)]
    judging = summed(tasks, {"p001": ["quoted nowhere"]})
    assert [(step.what, step.tasks) for step in judging.steps] == [
        ("slow", ("p000", "p001", "p002")),
        ("stayed refused: quoted nowhere", ("p001",)),
    ]
    assert [(step.what, step.tasks) for step in judging.unanswered] == [("no answer", ("p000",))]
    assert judging.usd == 0.3
