"""What cannot be built is refused in one sentence that names the way out, as JSON to whoever asked for JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.launcher.machine import PYTHON, Machine, copy_python, make_wheel

CLOSED = "http://127.0.0.1:9/simple"


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_without_network_one_sentence_says_so_and_what_still_works(bare: Machine, installer: str) -> None:
    bare.give("python3", PYTHON)
    if installer == "uv":
        bare.give_uv()
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS", "UV_NO_INDEX", "UV_OFFLINE", "UV_FIND_LINKS"):
        del bare.environ[name]
    bare.environ |= {"PIP_INDEX_URL": CLOSED, "UV_INDEX_URL": CLOSED, "UV_HTTP_RETRIES": "0"}
    done = bare.run("review", "--json")
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("hunkworks: no network: the package registry cannot be reached")
    assert "the hooks and `hunkworks doctor` work" in last
    assert last.endswith("/bin/hunkworks' environment build, once with network"), (
        "a command that can be pasted"
    )
    assert "Traceback" not in done.stderr
    error = json.loads(done.stdout)
    assert (error["schema"], error["exit"]) == (1, 2)
    assert last == f"hunkworks: {error['error']}"
    assert bare.environments() == []
    # What was promised: the doctor answers without an environment.
    doctor = json.loads(bare.run("doctor", "--json").stdout)
    assert "environment" in {check["name"] for check in doctor["checks"] if check["state"] == "missing"}


@pytest.mark.parametrize("kind", ["a file system of the kernel's", "under a file"])
def test_a_home_that_cannot_be_written_names_the_variable(machine: Machine, kind: str) -> None:
    """Refused to root as well, as a sandbox does."""
    home = Path("/System" if sys.platform == "darwin" else "/sys", "hunkworks")
    if kind == "under a file":
        home = machine.folder / "a file" / "home"
        home.parent.write_text("where the home should be", encoding="utf-8")
    done = machine.run("--version", HUNKWORKS_HOME=os.fspath(home))
    assert done.returncode == 2
    assert "its home is read-only, sandboxed or full" in done.stderr
    assert "export HUNKWORKS_HOME=" in done.stderr


def test_a_home_that_became_read_only_after_the_build_still_starts(machine: Machine) -> None:
    environment = machine.build()
    (environment / "used").chmod(0o444)
    machine.home.chmod(0o555)
    try:
        assert machine.run("environment", "path").stderr == ""
    finally:
        machine.home.chmod(0o755)


def test_no_home_at_all_is_said(machine: Machine) -> None:
    done = machine.run("--version", HUNKWORKS_HOME="", HOME="")
    assert done.returncode == 2
    assert "expected HOME or HUNKWORKS_HOME" in done.stderr


@pytest.mark.parametrize("found", ["3.9.6", None])
def test_python_too_old_says_what_to_install(bare: Machine, found: str | None) -> None:
    """A stand-in for an old interpreter: it refuses the probe and answers with its version, as one would."""
    if found:
        bare.write("python3", f"#!/bin/sh\ncase $* in *-I*) exit 1 ;; esac\necho Python {found}\n")
    done = bare.run("review", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert "expected Python 3.11 or newer, or uv" in error
    assert f"found {f'Python {found}' if found else 'none'}" in error
    assert "install" in error
    assert done.stderr == f"hunkworks: {error}\n"


def test_python_without_ensurepip_says_what_to_install(bare: Machine) -> None:
    """Debian and Ubuntu ship Python without it; uv would do as well."""
    bare.give("python3", copy_python(bare.folder / "python", without=("ensurepip",)))
    done = bare.run("--version")
    assert done.returncode == 2
    assert "expected its venv and ensurepip modules, or uv" in done.stderr
    assert "fix: " in done.stderr
    assert bare.environments() == []
    bare.give_uv()
    assert bare.run("environment", "build").returncode == 0


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_package_whose_hash_differs_is_never_installed(bare: Machine, installer: str) -> None:
    bare.give("python3", PYTHON)
    if installer == "uv":
        bare.give_uv()
    make_wheel(bare.folder.parent / "wheels", module="raise SystemExit('tampered')\n")
    done = bare.run("environment", "build")
    assert done.returncode == 2
    assert "hash" in done.stderr.lower()
    assert bare.environments() == []


def test_a_package_that_does_not_import_fails_the_check_before_anybody_uses_it(machine: Machine) -> None:
    wheel = make_wheel(machine.folder.parent / "wheels", version="3.0", module="import not_there\n")
    machine.lock([wheel])
    done = machine.run("environment", "build")
    assert done.returncode == 2
    assert "import tiny: ModuleNotFoundError" in done.stderr
    assert machine.environments() == []


def test_a_lock_edited_by_hand_is_refused(machine: Machine) -> None:
    lock = machine.plugin / "requirements" / "core.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "more==1.0\n", encoding="utf-8")
    done = machine.run("environment", "build")
    assert done.returncode == 2
    assert "are not what their first line says" in done.stderr


def test_an_interpreter_of_the_users_is_used_as_it_is(machine: Machine) -> None:
    """HUNKWORKS_PYTHON: nothing is built, and what it lacks is said with the command that installs it."""
    ours = machine.run("--version", HUNKWORKS_PYTHON=sys.executable)
    assert (ours.returncode, ours.stdout, ours.stderr) == (0, "hunkworks 0.1.0\n", "")
    lacking = machine.run("--version", HUNKWORKS_PYTHON=os.fspath(copy_python(machine.folder / "python")))
    assert lacking.returncode == 2
    assert "has no module" in lacking.stderr
    assert "--require-hashes -r" in lacking.stderr
    nothing = machine.run("--version", HUNKWORKS_PYTHON="/nowhere/python")
    assert nothing.returncode == 2
    assert "HUNKWORKS_PYTHON names no program" in nothing.stderr
    build = machine.run("environment", "build", HUNKWORKS_PYTHON=sys.executable)
    assert (build.returncode, "there is no environment to build" in build.stderr) == (2, True)
    assert machine.environments() == []


def test_the_servers_door_opens_without_an_environment(bare: Machine) -> None:
    """`mcp` is up on any Python from 3.9 and builds nothing; a tool that is called does."""
    bare.give("python3", PYTHON)
    ping = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    done = bare.run("mcp", given=f"{ping}\n")
    assert json.loads(done.stdout) == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert not Path(bare.home).exists()
