"""A seeded sample of the long measurements; `make acceptance` runs all of them."""

from __future__ import annotations

import pytest
from evals import engine_budget, engine_chaos, engine_vendors
from evals.scripted_api import Fault


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
