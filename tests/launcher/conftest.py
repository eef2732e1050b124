"""Machines for the launcher, and the wheels that they install from."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.launcher.machine import PYTHON, ROOT, Machine, make_wheel


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine with git and a shell, without Python and uv, whose lock is one small wheel."""
    machine = Machine(tmp_path / "mächine")
    wheel = make_wheel(tmp_path / "wheels")
    machine.lock([wheel])
    machine.packages_from(wheel.parent)
    return machine


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """A machine with Python and uv, whose lock is one small wheel."""
    bare.give("python3", PYTHON)
    bare.give_uv()
    return bare


@pytest.fixture(scope="session")
def wheelhouse() -> Path:
    """The real lock's wheels, fetched once for each lock and kept in the ignored folder `.work`."""
    lock = ROOT / "requirements" / "core.lock"
    digest = lock.read_text(encoding="utf-8").split("\n")[0].split()[-1]
    folder = ROOT / ".work" / f"wheels-{digest}-{sys.implementation.cache_tag}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (folder / ".complete").exists():
            command = [
                sys.executable,
                "-m",
                "pip",
                "--disable-pip-version-check",
                "download",
                "--quiet",
                "--no-deps",
            ]
            command += [
                "--require-hashes",
                "--only-binary",
                ":all:",
                "-r",
                os.fspath(lock),
                "-d",
                os.fspath(folder),
            ]
            subprocess.run(command, check=True)
            (folder / ".complete").touch()
    return folder


@pytest.fixture
def real(tmp_path: Path, wheelhouse: Path) -> Machine:
    """A machine with Python and the real lock, whose wheels come from a folder."""
    machine = Machine(tmp_path / "mächine")
    machine.give("python3", PYTHON)
    machine.packages_from(wheelhouse)
    return machine
