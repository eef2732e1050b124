"""A seeded sample of the long measurements; `make acceptance` runs all of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from evals import engine_budget, engine_chaos, engine_kill, engine_vendors
from evals.scripted_api import Asked, Fault, Says, ScriptedAPI


def test_chaos() -> None:
    tally = engine_chaos.storms(8, seed=2)
    assert tally.faults
    assert not tally.breaches


def test_ceilings() -> None:
    assert not engine_budget.runs(12, seed=2).breaches
    assert not engine_budget.prices().breaches


@pytest.mark.parametrize(("fault", "falls_back"), [(Fault("status", 529), True), (Fault("cut"), False)])
def test_vendors(fault: Fault, falls_back: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in engine_vendors.LEAKS.items():
        monkeypatch.setenv(name, value)
    assert not engine_vendors.fail(fault, falls_back=falls_back).wrong


def test_kill(tmp_path: Path) -> None:
    """The process is killed in the middle of its run; the next one pays for nothing that was on record."""
    running: list[subprocess.Popen[bytes]] = []

    def deadly(asked: Asked) -> Says:
        if asked.number == 20:
            running[0].kill()
        return engine_kill.says(asked)

    with ScriptedAPI(deadly) as api:
        running.append(engine_kill.start(api, tmp_path / "ledger"))
        running[0].communicate()
        known = engine_kill.on_record(tmp_path / "ledger")
        assert 0 < len(known) < 21
        before = len(api.asked)
        output, _ = engine_kill.start(api, tmp_path / "ledger").communicate()
        again = {engine_kill.question(asked) for asked in api.asked[before:]}
    assert not again & known
    assert len(json.loads(output)["handed"]) == engine_kill.TASKS
