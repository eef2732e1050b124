"""The first use builds the environment once, and says so; every later one says nothing and is the program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from tests.launcher.machine import PYTHON, Machine, copy_python

SHELLS = [["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"]]


def test_first_use_with_uv_builds_once_with_visible_progress(real: Machine) -> None:
    real.give_uv()
    first = real.run("--version")
    assert (first.returncode, first.stdout) == (0, "hunkworks 0.1.0\n"), first.stderr
    steps = first.stderr.splitlines()
    assert steps[0].startswith("hunkworks: first use: building the environment in ")
    assert [step.split()[1] for step in steps[1:4]] == ["1/3", "2/3", "3/3"]
    assert "with uv" in steps[2]
    assert steps[4].startswith("hunkworks: ready after ")
    second = real.run("--version")
    assert (second.returncode, second.stdout, second.stderr) == (0, "hunkworks 0.1.0\n", "")
    assert len(real.environments()) == 1


def test_first_use_without_uv_takes_venv_and_pip(real: Machine) -> None:
    """Shims that answer for nothing, as pyenv puts them on PATH for every version, are passed over."""
    real.write("python3.13", "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    real.write("uv", "#!/bin/sh\necho 'uv: command not found' >&2\nexit 127\n")
    first = real.run("--version")
    assert (first.returncode, first.stdout) == (0, "hunkworks 0.1.0\n"), first.stderr
    assert "packages with pip" in first.stderr
    assert "click==" in first.stderr or "click-" in first.stderr, (
        "pip's slow work is shown package by package"
    )
    doctor = real.run("doctor", "--json")
    states = {check["name"]: check["state"] for check in json.loads(doctor.stdout)["checks"]}
    assert doctor.returncode == 0, doctor.stdout
    assert states["environment"] == "found"


def test_the_callers_python_settings_reach_neither_us_nor_our_children(real: Machine) -> None:
    real.give_uv()
    poison = real.work / "poison"
    poison.mkdir()
    (poison / "click.py").write_text(
        "raise SystemExit('the caller’s module was imported')\n", encoding="utf-8"
    )
    (real.work / "hunkworks.py").write_text(
        "raise SystemExit('the working folder was imported')\n", encoding="utf-8"
    )
    git = (real.tools / "git").readlink()
    seen = real.work / "seen by git"
    real.write("git", f'#!/bin/sh\nexport -p >"{seen}"\nexec {git} "$@"\n')
    environ = {"PYTHONPATH": os.fspath(poison), "VIRTUAL_ENV": "/nowhere", "PYTHONHOME": "/nowhere"}
    assert real.run("--version", **environ).stdout == "hunkworks 0.1.0\n"
    assert real.run("doctor").returncode == 0
    ours = [line for line in seen.read_text(encoding="utf-8").splitlines() if "PYTHON" in line]
    assert ours == [f"export UV_PYTHON_DOWNLOADS='{real.environ['UV_PYTHON_DOWNLOADS']}'"]


def test_uv_alone_brings_its_own_python(bare: Machine) -> None:
    """Without any Python on PATH, one that uv manages is found."""
    bare.give_uv()
    version = PYTHON.name.removeprefix("python")
    managed = bare.folder / "uv pythons"
    bare.environ |= {"UV_PYTHON_INSTALL_DIR": os.fspath(managed)}
    key = f"cpython-{version}.0-{_platform()}"
    copy_python(managed / key)
    done = bare.run("environment", "build")
    assert done.returncode == 0, done.stderr
    assert "with uv" in done.stderr


def _platform() -> str:
    import platform
    import sys

    system = {"linux": "linux", "darwin": "macos"}[sys.platform]
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    libc = "none" if system == "macos" else "gnu" if platform.libc_ver()[0] == "glibc" else "musl"
    return f"{system}-{machine}-{libc}"


def test_a_warm_start_needs_no_python_on_path_and_no_probe(machine: Machine) -> None:
    environment = machine.build()
    for name in ("python3", "uv", "git", "uname"):
        (machine.tools / name).unlink()
    assert machine.run("environment", "path").stdout == f"{environment}\n"
    quiet = machine.run("environment", "build", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_the_launcher_finds_itself_however_it_is_called(machine: Machine) -> None:
    """Relative, by bare name, through links to links in other folders, by every shell there is here."""
    environment = machine.build()
    folder = machine.folder / "another bïn"
    folder.mkdir()
    (folder / "one").symlink_to(machine.launcher)
    (folder / "hunkworks").symlink_to("one")
    shells = [shell for shell in SHELLS if shutil.which(shell[0])]
    assert shells
    for shell in shells:
        for call in ("./hunkworks", "hunkworks"):
            done = subprocess.run(
                [shutil.which(shell[0]) or "", *shell[1:], call, "environment", "path"],
                cwd=folder,
                env=machine.environ,
                capture_output=True,
                text=True,
            )
            assert (done.returncode, done.stdout, done.stderr) == (0, f"{environment}\n", ""), (shell, call)


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"HUNKWORKS_HOME": "", "XDG_DATA_HOME": "{folder}/dätä"}, "dätä/hunkworks"),
        ({"HUNKWORKS_HOME": "", "XDG_DATA_HOME": "relative"}, None),
        ({"HUNKWORKS_HOME": ""}, None),
        ({"HUNKWORKS_HOME": "{folder}/mine", "XDG_DATA_HOME": "/unused"}, "mine"),
    ],
)
def test_sh_and_python_agree_where_home_is(
    machine: Machine, variables: dict[str, str], place: str | None
) -> None:
    machine.environ |= {name: value.format(folder=machine.folder) for name, value in variables.items()}
    built = machine.build()
    assert place is None or built.is_relative_to(machine.folder / place)
    assert built.is_relative_to(machine.folder)
    # Without a Python on PATH only sh's own look-up can find it.
    (machine.tools / "python3").unlink()
    assert machine.run("environment", "path").stdout == f"{built}\n"
