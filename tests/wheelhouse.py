"""The locked wheels in a folder, so that tests install the real thing without asking the registry each time."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def wheelhouse() -> Path:
    """Return a folder with the core lock's wheels: fetched once for each lock, kept in the ignored `.work`."""
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
