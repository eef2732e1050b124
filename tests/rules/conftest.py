"""What tests of rules share: no test reads or writes the developer's own cache."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's state, where the cache lies."""
    folder = tmp_path / "state"
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(folder))
    return folder
