"""An environment whose ground moved is built again; one that merely might have moved is looked at once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.launcher.machine import PYTHON, Machine, copy_python, make_wheel


def test_a_removed_interpreter_heals(bare: Machine) -> None:
    bare.give_uv()
    own = bare.folder / "own python"
    bare.give("python3", copy_python(own))
    before = bare.build()
    shutil.rmtree(own)
    bare.give("python3", PYTHON)
    after = bare.build()
    assert after != before
    assert not before.exists(), "an environment without its interpreter is of no use to anybody"


def test_a_moved_interpreter_heals(bare: Machine) -> None:
    bare.give_uv()
    own = bare.folder / "own python"
    program = copy_python(own)
    bare.give("python3", program)
    before = bare.build()
    moved = own.rename(bare.folder / "moved python")
    bare.give("python3", moved / program.relative_to(own))
    assert bare.build() != before


def test_an_interpreter_replaced_in_place_is_looked_at_and_kept_if_it_is_the_same(bare: Machine) -> None:
    bare.give_uv()
    program = copy_python(bare.folder / "own python")
    bare.give("python3", program)
    before = bare.build()
    later = (before / "used").stat().st_mtime + 60
    os.utime(program, (later, later))
    looked = bare.run("environment", "build")
    assert looked.returncode == 0
    assert "first use" not in looked.stderr
    os.utime(before / "used", (later + 1, later + 1))
    assert bare.run("environment", "build", "--quiet").returncode == 0
    assert bare.environments() == [before.name]


def test_a_damaged_environment_is_mended_by_the_command_that_met_the_damage(real: Machine) -> None:
    real.give_uv()
    assert real.run("--version").returncode == 0
    environment = Path(real.run("environment", "path").stdout.strip())
    for package in environment.glob("lib/python*/site-packages/click"):
        shutil.rmtree(package)
    mended = real.run("--version")
    assert mended.stdout == "hunkworks 0.1.0\n", mended.stderr
    assert "mending the environment" in mended.stderr
    assert real.run("--version").stderr == ""


def test_a_lock_that_changed_is_another_environment_and_the_old_one_stays_while_in_use(
    machine: Machine,
) -> None:
    """Two versions of the plugin may be in use at once: an update must not pull the floor from a session."""
    old = machine.build()
    wheels = machine.folder.parent / "wheels"
    machine.lock([make_wheel(wheels, version="2.0")])
    new = machine.build()
    assert new != old
    assert old.exists()
    machine.lock([make_wheel(wheels)])
    assert machine.run("environment", "path").stdout == f"{old}\n", "the old version's pointer still stands"


def test_environments_that_nobody_used_for_two_weeks_are_pruned(machine: Machine) -> None:
    old = machine.build()
    wheels = machine.folder.parent / "wheels"
    machine.lock([make_wheel(wheels, version="2.0")])
    unused = (old / "used").stat().st_mtime - 15 * 86_400
    os.utime(old / "used", (unused, unused))
    new = machine.build()
    assert machine.environments() == [new.name]
    assert len(list((machine.home / "current").iterdir())) == 1


def test_a_warm_start_counts_as_use(machine: Machine) -> None:
    environment = machine.build()
    # Just young enough: one older than the interpreter means that the interpreter was replaced since.
    old = PYTHON.stat().st_mtime + 1
    os.utime(environment / "used", (old, old))
    machine.run("environment", "path")
    assert (environment / "used").stat().st_mtime > old


def test_an_extra_is_installed_on_demand_and_kept_by_later_builds(machine: Machine) -> None:
    wheels = machine.folder.parent / "wheels"
    core, more = make_wheel(wheels), make_wheel(wheels, name="more")
    machine.lock([core], api=[core, more])
    without = machine.build()
    asked = machine.run("environment", "build", "--extra", "api")
    assert asked.returncode == 0, asked.stderr
    with_api = Path(machine.run("environment", "path").stdout.strip())
    assert with_api != without
    assert list(with_api.glob("lib/python*/site-packages/more"))
    newer = make_wheel(wheels, version="2.0")
    machine.lock([newer], api=[newer, more])
    updated = machine.build()
    assert list(updated.glob("lib/python*/site-packages/more")), "an update forgot the extra"


def test_an_extra_that_is_none_is_refused(machine: Machine) -> None:
    done = machine.run("environment", "build", "--extra", "nothing")
    assert done.returncode == 2
    assert "there is no extra nothing" in done.stderr
    assert machine.environments() == []
