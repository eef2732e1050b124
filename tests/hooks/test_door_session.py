"""The session-start hook: it starts the launcher apart from the session, and says nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.hooks.asking import ROOT, ask, interpreters


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with the hooks and a launcher that tells a pipe what it was asked, then waits to be let go."""
    folder = tmp_path / "pack with ü"
    (folder / "bin").mkdir(parents=True)
    shutil.copytree(ROOT / "hooks", folder / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    launcher = folder / "bin" / "hunkworks"
    launcher.write_text(
        '#!/bin/sh\ncd "$(dirname "$0")/.." || exit\n'
        "session=$(ps -o sid= -p $$)\nstreams=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)\n"
        'printf "%s\\n" "$*" "$session" "$streams" >told\nread _ <go\n'
    )
    launcher.chmod(0o755)
    os.mkfifo(folder / "told")
    os.mkfifo(folder / "go")
    return folder


@pytest.mark.parametrize("python", interpreters())
def test_the_build_starts_in_a_session_of_its_own_and_holds_nothing_of_ours(pack: Path, python: str) -> None:
    """The hook is over, its pipes closed, while the launcher still waits."""
    answer = ask("session-start", {"cwd": str(pack), "source": "startup"}, python=python, root=pack)
    assert answer.silent
    asked, session, *streams = (pack / "told").read_text().split("\n")
    assert asked == "environment build --quiet"
    assert int(session) != os.getsid(0)
    if Path("/proc/self/fd").exists():
        assert streams[:3] == [os.devnull] * 3
    (pack / "go").write_text("go\n")


@pytest.mark.parametrize("cwd", ["/", "C:\\Users\\ann", '/with "quotes" and ü', None])
def test_where_the_session_is_does_not_matter(pack: Path, cwd: object) -> None:
    assert ask("session-start", {"transcript_path": 'x"cwd":"y', "cwd": cwd}, root=pack).silent
    assert (pack / "told").read_text().startswith("environment build")
    (pack / "go").write_text("go\n")


def test_a_pack_without_its_launcher_says_so(pack: Path) -> None:
    (pack / "bin" / "hunkworks").unlink()
    answer = ask("session-start", {"cwd": "/"}, root=pack)
    assert answer.undecided
    assert "the environment is not being built" in answer.stderr


def test_nothing_is_built_where_an_interpreter_is_given(pack: Path) -> None:
    """The launcher is gone, so that trying to start it would be noticed."""
    (pack / "bin" / "hunkworks").unlink()
    assert ask("session-start", {"cwd": "/"}, root=pack, HUNKWORKS_PYTHON="/usr/bin/python3").silent


def test_it_can_be_switched_off(pack: Path, repository: Path) -> None:
    (pack / "bin" / "hunkworks").unlink()
    (repository / "hunkworks.toml").write_text("[hooks]\nsession_start = false\n")
    assert ask("session-start", {"cwd": str(repository)}, root=pack).silent
    assert ask("session-start", {"cwd": str(repository.parent)}, root=pack).undecided
