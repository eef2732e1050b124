"""The program, for tests of its commands."""

from __future__ import annotations

import pytest

from tests.cli.invoke import Hunkworks
from tests.cli.reviewed import CACHE
from tests.repo import Repo


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
