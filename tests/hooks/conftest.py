"""A real repository with one commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hooks.asking import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose one commit holds ``app.py``."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "app.py").write_text("one = 1\ntwo = 2\nthree = 3\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "start")
    return folder
