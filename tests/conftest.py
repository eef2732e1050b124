"""What every part's tests may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.repo import ENVIRONMENT, Repo

# CI looks at the same examples every time, so that a red run is about the change; local runs look at new ones.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def user_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's state folder of this run, so that no test meets the developer's own."""
    return tmp_path_factory.mktemp("user-state")


@pytest.fixture(autouse=True)
def _own_state(user_state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(user_state))


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """An empty git repository; the test stands in it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLAUDE_CODE_SESSION_ID", raising=False)
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.root)
    return made
