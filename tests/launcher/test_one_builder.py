"""One builder at a time, and whatever happens to it nothing half-built is left where anybody looks."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.launcher.machine import Gate, Machine


@pytest.fixture
def gate(machine: Machine) -> Iterator[Gate]:
    with Gate(machine) as gate:
        yield gate


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """Read the process's stderr up to the line with ``word``."""
    assert process.stderr
    lines = []
    for line in process.stderr:
        lines.append(line)
        if word in line:
            return line
    raise AssertionError(f"{word!r} was never said: {lines}")


def test_two_first_uses_at_once_build_once(machine: Machine, gate: Gate) -> None:
    first = machine.start("environment", "build")
    held = gate.reached()
    second = machine.start("environment", "build")
    assert "another process is building the environment; waiting for it" in read_until(second, "waiting")
    held.close()
    _, said = first.communicate(timeout=240)
    _, also_said = second.communicate(timeout=240)
    assert (first.returncode, second.returncode) == (0, 0), said + also_said
    assert "ready after" in said
    assert "ready after" not in also_said, "the second built again"
    assert len(machine.environments()) == 1


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name
)
def test_a_builder_ended_in_the_middle_leaves_nothing_half_built(
    machine: Machine, gate: Gate, number: signal.Signals
) -> None:
    launcher = machine.start("environment", "build")
    held = gate.reached()
    os.kill(launcher.pid, number)  # the builder itself: `environment` is one exec
    with contextlib.suppress(BrokenPipeError):
        launcher.communicate(timeout=240)
    assert launcher.returncode != 0
    path = machine.run("environment", "path")
    assert (path.returncode, path.stdout) == (2, "")
    assert "there is no environment yet" in path.stderr
    left = machine.environments()
    assert all(name.startswith(".aside-") for name in left)
    assert number == signal.SIGKILL or not left, "a builder that could clean up did not"
    held.close()

    machine.give_uv()
    again = machine.run("environment", "build")
    assert again.returncode == 0, again.stderr
    assert "waiting" not in again.stderr, "a dead builder's lock held up the next"
    assert [name for name in machine.environments() if name.startswith(".")] == []


def test_a_failing_installer_leaves_nothing_and_its_words_are_shown(machine: Machine) -> None:
    machine.write("uv", "#!/bin/sh\n[ $1 = pip ] || exit 0\necho 'the disk is on fire' >&2\nexit 7\n")
    done = machine.run("environment", "build")
    assert done.returncode == 2
    assert "uv could not make the environment (exit 7)" in done.stderr
    assert "the disk is on fire" in done.stderr
    assert machine.environments() == []


def test_the_environment_is_built_in_the_background_and_used_by_the_next(machine: Machine) -> None:
    """What SessionStart calls says nothing at all, the first time and every time."""
    for _ in range(2):
        done = machine.run("environment", "build", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    # Asked from inside the environment, the interpreter below it is the same one.
    assert machine.environments() == [machine.build().name]


def test_an_installation_outlived_by_its_killed_builder_touches_no_later_one(
    machine: Machine, gate: Gate
) -> None:
    """uv goes on for a moment after its parent was killed: into its own folder, which is nobody's."""
    launcher = machine.start("environment", "build")
    held = gate.reached()
    launcher.kill()
    # The orphan holds our pipes, so wait for the process alone.
    launcher.wait(timeout=240)
    machine.give_uv()
    environment = machine.build()
    held.close()
    launcher.communicate(timeout=240)
    assert machine.run("environment", "path").stdout == f"{environment}\n"
    assert Path(environment, "used").exists()
