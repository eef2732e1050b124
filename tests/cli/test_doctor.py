"""The doctor names what is found and what is missing, and the command that mends it."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hunkworks.cli.main import run
from tests.repo import Repo

START = Path(__file__).resolve().parents[2] / "src" / "hunkworks" / "cli" / "start.py"


@pytest.fixture
def home(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has an interpreter of their own for the plugin, and a place for state."""
    monkeypatch.setenv("HUNKWORKS_PYTHON", sys.executable)
    monkeypatch.setenv("HUNKWORKS_HOME", os.fspath(tmp_path / "höme"))
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", os.fspath(tmp_path / "stäte"))
    return tmp_path


def doctor(capsys: pytest.CaptureFixture[str], expected: int) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    code = run(["doctor", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (code, answer["healthy"]) == (expected, expected == 0), answer
    assert answer["schema"] == 1
    return {check["name"]: check for check in answer["checks"]}


def test_a_healthy_machine(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checks = doctor(capsys, 0)
    assert checks["git"]["detail"].startswith("git version ")
    assert checks["Python"]["detail"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert checks["environment"]["detail"] == f"HUNKWORKS_PYTHON={sys.executable}, used as it is"
    assert checks["repository's state"]["state"] == "found"
    assert checks["configuration"] == {
        "name": "configuration",
        "state": "missing",
        "detail": "no hunkworks.toml; every key has a default",
        "fix": "",
        "needed": False,
    }


def test_looking_changes_nothing(home: Path, repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(home.rglob("*"))
    doctor(capsys, 0)
    assert sorted(home.rglob("*")) == before


def test_an_environment_that_is_not_there_is_built_by_the_command_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HUNKWORKS_PYTHON")
    checks = doctor(capsys, 1)
    assert checks["environment"]["state"] == "missing"
    assert checks["environment"]["fix"].endswith("hunkworks environment build")
    assert checks["environment's home"]["detail"] == f"{home / 'höme'} can be written"


def test_a_machine_without_git(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", os.fspath(home))
    checks = doctor(capsys, 1)
    assert (checks["git"]["state"], checks["git"]["needed"]) == ("missing", True)
    assert "install" in checks["git"]["fix"]


def test_a_configuration_that_does_not_parse_is_named_with_its_key(
    home: Path, repo: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder below the root too."""
    (repo.root / "hunkworks.toml").write_text("[review]\nfail_onn = 'major'\n", encoding="utf-8")
    (repo.root / "below").mkdir()
    monkeypatch.chdir(repo.root / "below")
    checks = doctor(capsys, 1)
    assert checks["configuration"]["state"] == "broken"
    assert "fail_onn" in checks["configuration"]["detail"]
    (repo.root / "hunkworks.toml").write_text("[review]\nfail_on = 'major'\n", encoding="utf-8")
    assert doctor(capsys, 0)["configuration"]["state"] == "found"


def test_state_that_cannot_be_written_names_the_variable(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "a file").touch()
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", os.fspath(home / "a file" / "state"))
    check = doctor(capsys, 1)["user's state"]
    assert check["state"] == "missing"
    assert check["fix"] == "export HUNKWORKS_STATE_DIR=/a/folder/you/may/write"


def test_outside_a_repository_is_said_and_no_fault(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(home.parent))
    checks = doctor(capsys, 0)
    assert checks["repository"]["detail"] == f"{home} is in no git repository"
    assert "pre-commit hook" not in checks


def test_the_pre_commit_hook_is_found_only_where_git_runs_it(
    home: Path, repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "then: pre-commit install" in doctor(capsys, 0)["pre-commit hook"]["fix"]
    (repo.root / ".pre-commit-config.yaml").write_text("id: hunkworks-review\n", encoding="utf-8")
    check = doctor(capsys, 0)["pre-commit hook"]
    assert (check["state"], check["fix"]) == ("missing", "pre-commit install")
    hook = repo.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec pre-commit hook-impl\n", encoding="utf-8")
    assert doctor(capsys, 0)["pre-commit hook"]["state"] == "found"


def test_the_clients_version_is_shown_where_there_is_a_client(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git = shutil.which("git")
    assert git
    (home / "git").symlink_to(git)
    monkeypatch.setenv("PATH", os.fspath(home))
    assert doctor(capsys, 0)["Claude Code"]["state"] == "missing"
    (home / "claude").write_text("#!/bin/sh\necho '2.1.330 (Claude Code)'\n", encoding="utf-8")
    (home / "claude").chmod(0o755)
    assert doctor(capsys, 0)["Claude Code"]["detail"] == "2.1.330 (Claude Code)"


def test_without_a_terminal_each_thing_is_a_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "✓ git " in out
    assert "– configuration " in out
    assert "\x1b[" not in out


def test_on_a_terminal_it_is_a_table(home: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-I", START, "doctor"],
        env=os.environ | {"COLUMNS": "80", "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:
            pass  # Linux ends a terminal's reader with EIO
    os.close(ours)
    assert process.returncode == 0
    text = shown.decode()
    assert "what mends it" in text
    assert "✓" in text
    assert "…" not in text, "a path that lost its end is of no use"
    assert "\x1b[" in text
