"""The pinned Claude Code client: ``package.json`` names the version, ``.client/`` (ignored by git) holds it.

``python -m tests.client.binary`` (that is ``make client``) installs it and prints where it lies.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / ".client"


class ClientMissingError(Exception):
    """The client is not there and cannot be installed."""


def pinned_version() -> str:
    """Return the version of the client that the tests drive."""
    manifest = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    return str(manifest["devDependencies"]["@anthropic-ai/claude-code"])


def install(folder: Path = FOLDER) -> Path:
    """Return the pinned client's program, installed into ``folder`` if it is not there already.

    One process installs at a time. The packages' own install scripts do not run: the program is taken from
    the platform's package directly.

    Raises:
        ClientMissingError: There is no npm, or it failed.
    """
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _installed(folder)
        if found is None:
            _install(folder)
            found = _installed(folder)
    if found is None:
        raise ClientMissingError(f"npm installed no client for this platform into {folder}")
    return found


def _installed(folder: Path) -> Path | None:
    scope = folder / "node_modules" / "@anthropic-ai"
    try:
        manifest = json.loads((scope / "claude-code" / "package.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if manifest["version"] != pinned_version():
        return None
    return next(iter(sorted(scope.glob("claude-code-*/claude"))), None)


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ClientMissingError("the client tests need npm, and it is not on PATH")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    command = [npm, "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClientMissingError(f"npm ci failed ({done.returncode}): {done.stderr[-2000:]}")


if __name__ == "__main__":
    print(install())
