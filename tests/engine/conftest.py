"""Every test of the engine has a day of its own: budgets and rates are kept for the user."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "user-state"))
