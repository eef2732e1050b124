"""Where environments stand on this machine, and which one a lock file's digest points to.

    <home>/current/<digest>             one line: the interpreter, relative to environments/
    <home>/environments/<name>/         a virtual environment; its file `used` is touched by every start
    <home>/extras                       the extras somebody asked for, one a line; every later build has them
    <home>/builder.lock                 held by the one that builds

`bin/hunkworks` reads the first two in sh; tests/launcher/ proves that both agree.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from pathlib import Path

from hunkworks.errors import HunkworksError

LAUNCHER = Path(__file__).resolve().parents[4] / "bin" / "hunkworks"
MAC_LANDMARK = Path("/System/Library/CoreServices")


def home() -> Path:
    """Return the folder that holds the environments; it need not exist.

    Raises:
        HunkworksError: No variable says where the user's files are.
    """
    override = os.environ.get("HUNKWORKS_HOME", "")
    if override:
        return Path(override).absolute()
    data = os.environ.get("XDG_DATA_HOME", "")
    if Path(data).is_absolute():
        return Path(data, "hunkworks")
    user = os.environ.get("HOME") or (os.environ.get("USERPROFILE", "") if os.name == "nt" else "")
    if not user:
        raise HunkworksError(
            "no place for the environment",
            expected="HOME or HUNKWORKS_HOME",
            fix="export HUNKWORKS_HOME=/some/folder",
        )
    if MAC_LANDMARK.is_dir():
        return Path(user, "Library", "Application Support", "hunkworks")
    return Path(user, ".local", "share", "hunkworks")


def command(*arguments: str) -> str:
    """Return a command of ours that can be pasted: the client puts the launcher on PATH in its sessions only."""
    program = "hunkworks" if shutil.which("hunkworks") or not LAUNCHER.exists() else os.fspath(LAUNCHER)
    return shlex.join([program, *arguments])


def environments(base: Path) -> Path:
    """Return the folder with one folder for each environment."""
    return base / "environments"


def python_of(environment: Path) -> Path:
    """Return the interpreter inside a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def current(base: Path, digest: str) -> Path | None:
    """Return the environment that the lock file's digest points to, if its interpreter is still there."""
    try:
        line = (base / "current" / digest).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    environment = environments(base) / line.split("/")[0]
    return environment if line and python_of(environment).exists() else None


def point(base: Path, digest: str, environment: Path) -> None:
    """Make ``digest`` point to ``environment``: one rename, so that no reader meets half a line."""
    pointer = base / "current" / digest
    pointer.parent.mkdir(parents=True, exist_ok=True)
    temporary = pointer.with_name(f".{digest}.{os.getpid()}")
    temporary.write_text(
        python_of(environment).relative_to(environments(base)).as_posix() + "\n", encoding="utf-8"
    )
    temporary.replace(pointer)


def extras(base: Path) -> list[str]:
    """Return the extras that somebody asked for on this machine, sorted."""
    try:
        return sorted(set((base / "extras").read_text(encoding="utf-8").split()))
    except OSError:
        return []


def used(environment: Path) -> None:
    """Note that the environment is in use now; a home that cannot be written loses only the note."""
    try:
        (environment / "used").touch()
    except OSError:
        return


def days_unused(environment: Path) -> float:
    """Return how long ago the environment was last started."""
    try:
        return (time.time() - (environment / "used").stat().st_mtime) / 86_400
    except OSError:
        return sys.float_info.max
