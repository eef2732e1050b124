"""The lock files: which exact files an environment is made of, and the digest that names them.

The first line of each carries the digest of all of them together, so that the launcher reads one line and
hashes nothing. `make lock` writes it; a lock edited by hand is refused.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from hunkworks.errors import HunkworksError

HEADER = "# hunkworks-lock "
CORE = "core.lock"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(;?)", re.MULTILINE)


class Pin(NamedTuple):
    """One distribution at one version; ``conditional`` when a marker may leave it out on this machine."""

    name: str
    version: str
    conditional: bool


def digest_of(bodies: dict[str, str]) -> str:
    """Return the digest of lock files by name, without their first lines."""
    hasher = hashlib.sha256()
    for name, body in sorted(bodies.items()):
        hasher.update(f"{name}\n{body}\0".encode())
    return hasher.hexdigest()[:16]


def read_digest(folder: Path) -> str:
    """Return the digest that the locks in ``folder`` carry, after checking that they are what it says.

    Raises:
        HunkworksError: A lock was edited by hand, or is not there.
    """
    bodies: dict[str, str] = {}
    carried: set[str] = set()
    for path in sorted(folder.glob("*.lock")):
        first, _, body = path.read_text(encoding="utf-8").partition("\n")
        carried.add(first.removeprefix(HEADER).strip())
        bodies[path.name] = body
    digest = digest_of(bodies)
    if CORE not in bodies or carried != {digest}:
        raise HunkworksError(
            f"the lock files in {folder} are not what their first line says",
            expected=digest if CORE in bodies else CORE,
            found=", ".join(sorted(carried)) or "nothing",
            fix="make lock in a checkout; claude plugin update hunkworks for an installed plugin",
        )
    return digest


def lock_for(folder: Path, extras: list[str]) -> Path:
    """Return the one lock file that holds the core and the extras asked for.

    Raises:
        HunkworksError: There is no lock for these extras.
    """
    path = folder / (f"{'-'.join(sorted(extras))}.lock" if extras else CORE)
    if not path.is_file() or (extras and path.name == CORE):
        known = sorted(other.stem for other in folder.glob("*.lock") if other.name != CORE)
        raise HunkworksError(f"there is no extra {'-'.join(extras)}", expected=" or ".join(known) or "none")
    return path


def pins(lock: Path) -> list[Pin]:
    """Return what a lock file pins."""
    return [
        Pin(name, version, conditional=bool(marker))
        for name, version, marker in _PIN.findall(lock.read_text("utf-8"))
    ]
