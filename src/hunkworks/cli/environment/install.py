"""Fill an empty folder with an environment: `uv` where there is one, else `venv` and `pip`, hashes required.

Only wheels are taken: building a source distribution would run code that no hash in the lock covers.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from hunkworks.cli.environment.home import command as ours
from hunkworks.cli.environment.home import python_of
from hunkworks.cli.environment.interpreter import Interpreter, install_python
from hunkworks.cli.environment.pins import pins
from hunkworks.errors import HunkworksError

Say = Callable[[str], None]

# What would send packages elsewhere, or run another interpreter; where packages come from stays the user's choice.
_FOREIGN = re.compile(
    r"^(PYTHON.*|VIRTUAL_ENV|CONDA_PREFIX|__PYVENV_LAUNCHER__"
    r"|(PIP|UV)_(TARGET|PREFIX|ROOT|USER|PYTHON|SYSTEM_PYTHON|NO_BINARY|REQUIRE_VIRTUALENV|CONSTRAINT|OVERRIDE"
    r"|REQUIREMENT|EXTRA|QUIET|NO_DEPS|DRY_RUN|BREAK_SYSTEM_PACKAGES|IGNORE_INSTALLED))$"
)
_UNREACHABLE = re.compile(
    r"name resolution|Name or service not known|nodename nor servname|getaddrinfo|dns error|failed to lookup address"
    r"|Network is unreachable|No route to host|Connection refused|Failed to establish a new connection"
    r"|error sending request|timed out|Cannot connect to proxy|network connectivity is disabled|tcp connect error",
    re.IGNORECASE,
)
_TAIL = 12


def install(folder: Path, interpreter: Interpreter, lock: Path, say: Say) -> None:
    """Make a virtual environment of ``interpreter`` in ``folder`` and install ``lock`` into it.

    Raises:
        HunkworksError: There is no installer, no network, or the installer refused.
    """
    count = len(pins(lock))
    uv = find_uv()
    python = os.fspath(python_of(folder))
    common = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", os.fspath(lock)]
    if uv:
        say(f"1/3 a virtual environment of {interpreter.version.replace('-', ' ')} with uv")
        _run(
            [
                uv,
                "venv",
                "--quiet",
                "--no-project",
                "--python",
                os.fspath(interpreter.path),
                os.fspath(folder),
            ],
            folder,
        )
        say(f"2/3 {count} packages with uv")
        _run([uv, "pip", "install", "--compile-bytecode", "--python", python, *common], folder)
        return
    pip = [os.fspath(interpreter.path), "-I", "-m", "pip", "--python", python]
    has_venv = importlib.util.find_spec("venv") is not None
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    if not has_venv or not (has_ensurepip or _works(pip[:4])):
        raise HunkworksError(
            "this Python cannot make environments",
            expected="its venv and ensurepip modules, or uv",
            found=f"{interpreter.path} without",
            fix=_install_venv(interpreter),
        )
    say(f"1/3 a virtual environment of {interpreter.version.replace('-', ' ')}")
    _run([os.fspath(interpreter.path), "-I", "-m", "venv", "--without-pip", os.fspath(folder)], folder)
    if has_ensurepip:
        _run([python, "-I", "-m", "ensurepip"], folder)
        pip = [python, "-I", "-m", "pip"]
    say(f"2/3 {count} packages with pip")
    # pip names the reason only when it tries again; five times, its default, is a long silence offline.
    options = ["--no-input", "--disable-pip-version-check", "--retries", "2"]
    taken = itertools.count(1)
    _run([*pip, *options, "install", *common], folder, lambda name: say(f"    {next(taken)}/{count} {name}"))


def faults(environment: Path, lock: Path) -> str:
    """Return what is wrong with an environment, empty when every pinned distribution is there and imports."""
    wanted = [f"{pin.name}=={pin.version}{'?' if pin.conditional else ''}" for pin in pins(lock)]
    check = Path(__file__).with_name("check.py")
    try:
        done = subprocess.run(
            [os.fspath(python_of(environment)), "-I", os.fspath(check), *wanted],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_clean_environment(),
            check=False,
        )
    except OSError as error:
        return str(error)
    output = done.stdout.decode("utf-8", "replace").strip()
    return output or (f"its interpreter ended with {done.returncode}" if done.returncode else "")


def find_uv() -> str | None:
    """Return a `uv` that answers, not a shim of one that is not installed."""
    uv = shutil.which("uv")
    return uv if uv and _works([uv]) else None


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            [*command, "--version"], capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _install_venv(interpreter: Interpreter) -> str:
    if Path("/etc/debian_version").exists() and interpreter.path.parent == Path("/usr/bin"):
        return f"sudo apt install {interpreter.path.name}-venv (or install uv)"
    return install_python()


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not _FOREIGN.match(name)}


def _run(command: list[str], folder: Path, progress: Say | None = None) -> None:
    """Run an installer away from the user's project, whose own uv or pip settings are not for this."""
    tail: list[str] = []
    with subprocess.Popen(
        command,
        cwd=folder.parent,
        env=_clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            for raw in process.stdout or ():
                line = raw.decode("utf-8", "replace").rstrip()
                tail = [*tail[-200:], line]
                if progress and line.startswith(("Collecting ", "Processing ")):
                    # "Collecting name==version (from …)", or the path of a wheel: name-version-tags.whl
                    name = Path(line.split()[1]).name
                    progress(name if "==" in name else "==".join(name.split("-")[:2]))
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        _refuse(command, "\n".join(tail), process.returncode)


def _refuse(command: list[str], output: str, code: int) -> None:
    if _UNREACHABLE.search(output) and "certificate" not in output.lower():
        raise HunkworksError(
            "no network: the package registry cannot be reached, so the environment cannot be built; "
            "until it is, the hooks and `hunkworks doctor` work and the other commands wait",
            fix=f"{ours('environment', 'build')}, once with network",
        )
    program = Path(command[0]).stem
    raise HunkworksError(
        f"{program} could not make the environment (exit {code})",
        found="\n  " + "\n  ".join(output.splitlines()[-_TAIL:]) + "\n ",
        fix=ours("doctor"),
    )
