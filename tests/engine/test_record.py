"""What was paid for is on record: resumed without paying again, replayed without a network, damaged by name."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from hunkworks.config import Tier
from hunkworks.engine.engine import open_replay
from hunkworks.engine.journal import prune
from hunkworks.engine.port import Judged
from hunkworks.errors import EngineError, IntegrityError, UsageError
from hunkworks.ledger import retention
from hunkworks.ledger.record import Outcome, Record, versions
from hunkworks.ledger.store import Ledger
from tests.engine.judging import Room, answer, engine

NAMES = [f"p{number:03}" for number in range(5)]


def record(ledger: Ledger, bodies: dict[str, str]) -> Record:
    """The record that a verb would leave."""
    now = datetime.now(UTC)
    return ledger.append(
        Record(
            verb="judge", started=now, ended=now, versions=versions(), outcome=Outcome(exit=0), bodies=bodies
        )
    )


def judged_once(
    tmp_path: Path, script: object = answer, **task: object
) -> tuple[list[Judged], Record, Ledger]:
    with ScriptedAPI(script) as api, engine(api, "", tmp_path / "ledger") as made:  # type: ignore[arg-type]
        judged = made.judge([Room().task(name, **task) for name in NAMES])  # type: ignore[arg-type]
        ledger = Ledger(tmp_path / "ledger")
        return judged, record(ledger, dict(made.bodies)), ledger


def test_a_second_run_pays_for_nothing_and_hands_in_the_same(tmp_path: Path) -> None:
    first, second = Room(), Room()
    with ScriptedAPI(answer) as api:
        for room in (first, second):
            with engine(api, "", tmp_path / "ledger") as made:
                judged = made.judge([room.task(name) for name in NAMES])
        assert len(api.asked) == 2 * len(NAMES)
    assert first.handed == second.handed
    assert all(one.recorded == one.calls == 2 and one.unpaid == one.usage for one in judged)


def test_a_run_goes_on_in_the_middle_of_a_conversation(tmp_path: Path) -> None:
    def stops(asked: Asked) -> Says | Fault:
        return answer(asked) if asked.turn == 0 else Fault("status", 400)

    with ScriptedAPI(stops) as api:
        with engine(api, "", tmp_path / "ledger") as made:
            assert not made.judge([Room().task()])[0].answered
        api.script = answer
        with engine(api, "", tmp_path / "ledger") as made:
            (judged,) = made.judge([Room().task()])
        assert (judged.answered, judged.calls, judged.recorded) == (True, 2, 1)
        assert len(api.asked) == 3


def test_answers_go_when_they_are_old_and_nobody_takes_them_up(tmp_path: Path) -> None:
    """Those that a run under way has found again stay, although no record names them yet."""
    ledger, before = Ledger(tmp_path / "ledger"), datetime.now(UTC) - timedelta(days=90)
    with ScriptedAPI(answer) as api:
        with engine(api, "", ledger.root) as made:
            made.judge([Room().task(name) for name in NAMES])
        for path in ledger.root.rglob("*"):
            os.utime(path, (0, 0))
        with engine(api, "", ledger.root) as made:
            made.judge([Room().task(NAMES[0])])
        removed = retention.prune(ledger, before)
        assert prune(ledger, removed, before)[0] == len(removed.bodies) == 2 * (len(NAMES) - 1)
        open_replay(ledger, record(ledger, dict(made.bodies))).judge([Room().task(NAMES[0])])
        with engine(api, "", ledger.root) as made:
            judged = made.judge([Room().task(name) for name in NAMES[:2]])
        assert [one.recorded for one in judged] == [2, 0]


@pytest.mark.parametrize(
    "change",
    [
        "tiers.default.id = 'claude-opus-5-5'",
        "[engine]\nanswer_tokens = 2000",
        "[[tiers.default.fallback]]\nid = 'claude-sonnet-5'",
    ],
)
def test_another_configuration_asks_anew(tmp_path: Path, change: str) -> None:
    with ScriptedAPI(answer) as api:
        for config in ("", change):
            with engine(api, config, tmp_path / "ledger") as made:
                assert made.judge([Room().task()])[0].recorded == 0
        assert len(api.asked) == 4


def test_equal_tasks_are_judged_each_and_resumed_each(tmp_path: Path) -> None:
    """Three skeptics with one ballot are three votes."""

    def counting(asked: Asked) -> Says:
        return Says((Call("hand_in", {"text": f"vote {asked.number}"}),))

    votes = []
    with ScriptedAPI(counting) as api:
        for _ in range(2):
            room = Room()
            with engine(api, "[engine]\nconcurrency = 1", tmp_path / "ledger") as made:
                made.judge([room.task(f"v{number}", text="the ballot") for number in range(2)])
                made.judge([room.task("v2", text="the ballot")])
            votes.append(room.handed)
        assert len(api.asked) == 3
    assert votes[0] == votes[1] == {"v0": ["vote 0"], "v1": ["vote 1"], "v2": ["vote 2"]}


def test_a_damaged_answer_is_asked_anew(tmp_path: Path) -> None:
    with ScriptedAPI(answer) as api:
        with engine(api, "", tmp_path / "ledger") as made:
            made.judge([Room().task()])
        for body in (tmp_path / "ledger" / "bodies").rglob("*"):
            if body.is_file():
                body.write_bytes(b"{}")
        with engine(api, "", tmp_path / "ledger") as made:
            assert made.judge([Room().task()])[0].answered
        assert len(api.asked) == 4


def test_a_ledger_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("a file, not a folder")
    with ScriptedAPI(answer) as api, engine(api, "", tmp_path / "ledger") as made:
        (judged,) = made.judge([Room().task()])
    assert judged.answered
    assert any("not on record" in step for step in judged.steps)


def test_nothing_secret_is_on_record(tmp_path: Path) -> None:
    judged_once(tmp_path)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"judged packet p001" in kept
    assert b"key-of-the-first" not in kept
    assert b"authorization" not in kept.lower()


def test_a_replay_answers_the_same_without_network_and_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, run, ledger = judged_once(tmp_path)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    room = Room()
    again = open_replay(ledger, run).judge([room.task(name) for name in NAMES])
    assert room.handed == {name: [f"judged packet {name}"] for name in NAMES}
    assert [(a.task, a.why, a.model, a.tier, a.calls, a.usage, a.steps) for a in again] == [
        (b.task, b.why, b.model, b.tier, b.calls, b.usage, b.steps) for b in judged
    ]


def test_what_stayed_unanswered_stays_so_for_the_same_reason_and_price(tmp_path: Path) -> None:
    def half(asked: Asked) -> Says | Fault:
        return Fault("cut") if asked.turn and "p003" in asked.said else answer(asked)

    judged, run, ledger = judged_once(tmp_path, half)
    assert [one.answered for one in judged] == [True, True, True, False, True]
    again = open_replay(ledger, run).judge([Room().task(name) for name in NAMES])
    assert [(a.why, a.usage, a.steps) for a in again] == [(b.why, b.usage, b.steps) for b in judged]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"instructions": "You judge.\nAnd doubt."}, r"instructions, line 1: .*recorded 'You judge.'"),
        ({"shared": "no tests"}, "shared, line 1"),
        ({"text": "packet p001 and more"}, r"messages\[0\]\.content\[0\]\.text, line 1"),
        ({"tier": Tier.DEEP}, "tier, line 1: 'deep', recorded 'default'"),
    ],
)
def test_a_miss_names_the_first_field_that_differs(
    tmp_path: Path, changed: dict[str, object], field: str
) -> None:
    _, run, ledger = judged_once(tmp_path)
    with pytest.raises(EngineError, match=field):
        open_replay(ledger, run).judge([Room().task("p001", **changed)])  # type: ignore[arg-type]


def test_a_tool_that_answers_otherwise_is_named(tmp_path: Path) -> None:
    _, run, ledger = judged_once(tmp_path)
    task = Room().task("p001")
    object.__setattr__(task.tools[1], "call", lambda _: type(task.tools[0].call({}))("other lines"))
    with pytest.raises(EngineError, match=r"messages\[1\]\.content\[0\]\.content"):
        open_replay(ledger, run).judge([task])


def test_a_tampered_answer_is_named_and_not_used(tmp_path: Path) -> None:
    _, run, ledger = judged_once(tmp_path)
    digest = run.bodies["call/p002/01"]
    path = ledger.root / "bodies" / digest[:2] / digest[2:]
    path.write_bytes(path.read_bytes().replace(b"judged packet", b"forged packet"))
    with pytest.raises(IntegrityError, match=digest):
        open_replay(ledger, run)


def test_a_run_of_another_version_says_so(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    run = record(ledger, {"call/p001/00": ledger.put(b'{"schema": 2}')})
    with pytest.raises(EngineError, match=f"with version {run.versions.pack} of the pack"):
        open_replay(ledger, run)


def test_a_run_that_judged_nothing_cannot_be_replayed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    with pytest.raises(UsageError, match="recorded no judging"):
        open_replay(ledger, record(ledger, {}))


def test_an_estimate_asks_nobody_and_stays_below_the_ceiling() -> None:
    with ScriptedAPI(answer) as api, engine(api, "[engine]\nmax_usd = 1.5") as made:
        tasks = [Room().task(name, Tier.DEEP) for name in NAMES]
        estimate = made.estimate(tasks)
        assert not api.asked
        assert estimate.calls == len(NAMES)
        assert 0 < (estimate.low.usd or 0) < (estimate.high.usd or 0) == 1.5
        cost = sum(one.usage.usd or 0 for one in made.judge(tasks))
        assert cost <= (estimate.high.usd or 0)
