"""The interpreter an environment stands on: the one running this, freed from any virtual environment."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path
from typing import NamedTuple

from hunkworks.errors import HunkworksError

OLDEST = (3, 11)


class Interpreter(NamedTuple):
    """A real interpreter: no shim, no symbolic link, no virtual environment."""

    path: Path
    version: str

    def key(self) -> str:
        """Return a short digest of path and version: another interpreter is another environment."""
        return hashlib.sha256(
            f"{os.fspath(self.path)}\0{self.version}".encode("utf-8", "surrogateescape")
        ).hexdigest()[:8]


def here() -> Interpreter:
    """Return the interpreter that runs this.

    Raises:
        HunkworksError: It is too old to hold the environment.
    """
    base = getattr(sys, "_base_executable", None) or sys.executable
    version = f"{platform.python_implementation().lower()}-{platform.python_version()}"
    if sys.version_info[:2] < OLDEST:
        raise HunkworksError(
            "Python is too old for the environment",
            expected="Python 3.11 or newer",
            found=f"{platform.python_version()} at {base}",
            fix=install_python(),
        )
    return Interpreter(Path(os.path.realpath(base)), version)


def install_python() -> str:
    """Return the sentence that says how a Python that can hold the environment gets onto this machine."""
    if sys.platform == "darwin":
        return "brew install python@3.13 (or: brew install uv)"
    if sys.platform == "win32":
        return "winget install Python.Python.3.13 (or: winget install astral-sh.uv)"
    if Path("/etc/debian_version").exists():
        return "sudo apt install python3 python3-venv (or install uv)"
    return "install Python 3.11 or newer with your system's package manager (or install uv)"
