"""The hooks in `.pre-commit-hooks.yaml`, installed by the real pre-commit from a clone and run by git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.packaging.conftest import BIN, tool
from tests.repo import ENVIRONMENT, Repo
from tests.wheelhouse import wheelhouse


@pytest.fixture
def guarded(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository whose commits both hooks guard; they come from a git clone of this checkout."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRE_COMMIT_HOME", os.fspath(tmp_path / "pre-commit’s cache"))
    monkeypatch.setenv("PIP_FIND_LINKS", wheelhouse().as_uri())
    monkeypatch.delenv("CLAUDE_CODE_SESSION_ID", raising=False)
    source = Repo(tmp_path / "hunkworks")
    subprocess.run(["cp", "-R", f"{checkout}/.", source.root], check=True)
    source.git("add", "-A", "-f")
    source.git("commit", "-q", "-m", "release")
    repo = Repo(tmp_path / "the user’s repository")
    config = f"repos:\n- repo: '{source.root}'\n  rev: {source.git('rev-parse', 'HEAD').strip()}\n"
    (repo.root / ".pre-commit-config.yaml").write_text(
        f"{config}  hooks: [{{id: hunkworks-review}}, {{id: hunkworks-catalogs}}]\n", "utf-8"
    )
    repo.git("add", ".pre-commit-config.yaml")
    repo.git("commit", "-q", "-m", "start")
    subprocess.run(
        [tool("pre-commit"), "install", "--install-hooks"], cwd=repo.root, check=True, capture_output=True
    )
    return repo


def commit(repo: Repo) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "commit", "-m", "work"], cwd=repo.root, capture_output=True, text=True)


def test_a_commit_with_a_finding_or_a_broken_catalog_is_stopped_and_one_without_passes(guarded: Repo) -> None:
    file = guarded.root / "app.py"
    file.write_text("def total(rows):\n<<<<<<< ours\n    return sum(rows)\n", encoding="utf-8")
    guarded.git("add", "app.py")
    stopped = commit(guarded)
    assert stopped.returncode == 1
    assert "hunkworks review (staged change)" in stopped.stderr
    assert "app.py" in stopped.stderr
    assert guarded.git("log", "--oneline").count("\n") == 1

    file.write_text("def total(rows):\n    return sum(rows)\n", encoding="utf-8")
    guarded.git("add", "app.py")
    # What is in the work tree and not staged is not what this commit holds.
    file.write_text("<<<<<<< ours\n", encoding="utf-8")
    passed = commit(guarded)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert file.read_text(encoding="utf-8") == "<<<<<<< ours\n"

    guarded.git("checkout", "-q", "--", "app.py")
    guarded.git("rm", "-q", "app.py")
    deleted = commit(guarded)
    assert deleted.returncode == 0, deleted.stdout + deleted.stderr

    for locale, text in (("en", "Hi %@"), ("de", "Hallo")):
        catalog = guarded.root / f"{locale}.lproj" / "L.strings"
        catalog.parent.mkdir()
        catalog.write_text(f'"hi" = "{text}";\n', encoding="utf-8")
    guarded.git("add", "-A")
    broken = commit(guarded)
    assert broken.returncode == 1
    assert "hunkworks translate check (staged catalogs)" in broken.stderr
    assert "de.lproj/L.strings:1: blocking: hi placeholders: expected %@" in broken.stderr

    catalog.write_text('"hi" = "Hallo %@";\n', encoding="utf-8")
    guarded.git("add", "-A")
    assert commit(guarded).returncode == 0
