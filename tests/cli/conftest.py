"""The program, for tests of its commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.invoke import Hunkworks
from tests.cli.recipes import ADDED, BASE, GUARD, write
from tests.cli.reviewed import CACHE
from tests.repo import ENVIRONMENT, Repo


@pytest.fixture
def hunkworks(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Hunkworks:
    """Run ``hunkworks`` in this process."""
    return Hunkworks(monkeypatch, capfd)


@pytest.fixture
def change(repo: Repo) -> Repo:
    """A repository with a lock taken away, a merge left over and a lock file."""
    repo.write("cache.py", CACHE)
    repo.commit()
    repo.write("cache.py", CACHE.replace("with lock:", "if key not in items:"))
    repo.write("notes.ts", "<<<<<<< HEAD\nlet a = 1\n=======\nlet a = 2\n>>>>>>> other\n")
    repo.write("package-lock.json", '{"lockfileVersion": 3}\n')
    return repo


@pytest.fixture(scope="session")
def recipe_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One user's state for all: the pack's recipes are parsed once."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def project(tmp_path: Path, recipe_state: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A committed line, and a change that adds three matches: plain, guarded, over several lines."""
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(recipe_state))
    monkeypatch.delenv("CLAUDE_CODE_SESSION_ID", raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    repo = Repo(tmp_path / "repo")
    write(repo, "use-log", GUARD)
    repo.write("app.py", BASE)
    repo.commit()
    repo.write("app.py", BASE + ADDED)
    monkeypatch.chdir(repo.root)
    return repo
