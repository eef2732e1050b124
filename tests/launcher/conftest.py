"""Machines for the launcher, and the wheels that they install from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.launcher.machine import PYTHON, Machine, make_wheel
from tests.wheelhouse import wheelhouse


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


@pytest.fixture
def real(tmp_path: Path) -> Machine:
    """A machine with Python and the real lock, whose wheels come from a folder."""
    machine = Machine(tmp_path / "mächine")
    machine.give("python3", PYTHON)
    machine.packages_from(wheelhouse())
    return machine
