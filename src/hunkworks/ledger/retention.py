"""How long a ledger keeps things: a run that is old goes, and then what no other run names and nobody used since.

Records go first, each month's file in one step, then bodies: whoever is killed between leaves bodies of no record,
which the next time takes. What a run under way has put or found again is new by its file's time, long before a record
names it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_ISREG

from hunkworks.ledger.lock import held
from hunkworks.ledger.record import decode
from hunkworks.ledger.store import Ledger
from hunkworks.splice import sweep, write_atomically

LEAST = 7  # days: a week later a run still replays, and nobody works that long on one
_ASIDE = ".pruned-"
_DAY = 86_400.0  # seconds
_AT_ONCE = 200  # files: others who append must not wait for long


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, or would go: runs, the digests of bodies, and bytes of both."""

    runs: int
    bodies: frozenset[str]
    size: int


def due(ledger: Ledger) -> bool:
    """Return whether nobody has asked this for a day; asking counts.

    Raises:
        OSError: The ledger cannot be written.
    """
    marker = ledger.root / "pruned"
    with suppress(FileNotFoundError):
        if abs(time.time() - marker.stat().st_mtime) < _DAY:
            return False
    ledger.root.mkdir(parents=True, exist_ok=True)
    marker.touch()
    return True


def prune(ledger: Ledger, before: datetime, *, dry_run: bool = False) -> Removed:
    """Remove the runs that ended before, and bodies as old that no run left in the ledger names.

    Args:
        ledger: Others may append to it meanwhile.
        before: At least ``LEAST`` days ago.
        dry_run: Remove nothing.

    Raises:
        OSError: The ledger cannot be written.
    """
    runs = size = 0
    named: set[str] = set()
    for month in ledger.months():
        gone, lost, kept = _prune_month(ledger, month, before, dry_run=dry_run)
        runs, size = runs + gone, size + lost
        named |= kept
    old = [path for path in ledger.bodies() if path.parent.name + path.name not in named]
    removed, freed = remove_old(ledger, old, before, dry_run=dry_run)
    return Removed(runs, frozenset(path.parent.name + path.name for path in removed), size + freed)


def remove_old(
    ledger: Ledger, paths: Iterable[Path], before: datetime, *, dry_run: bool = False
) -> tuple[list[Path], int]:
    """Remove those of these files of a ledger that nobody touched since; return them, and their bytes."""
    limit = before.timestamp()
    old = [path for path in paths if _size_if_old(path, limit) is not None]
    removed, freed = [], 0
    for start in range(0, len(old), _AT_ONCE):
        with nullcontext() if dry_run else ledger.alone():
            for path in old[start : start + _AT_ONCE]:
                size = _size_if_old(path, limit)  # it may have been renewed since
                if size is None:
                    continue
                with suppress(PermissionError):  # Windows keeps what somebody reads: the next time takes it
                    if not dry_run:
                        path.unlink()
                    removed.append(path)
                    freed += size
    return removed, freed


def prune_folders(parent: Path, before: datetime, *, dry_run: bool = False) -> tuple[int, int]:
    """Remove the folders below ``parent`` in which nothing was written since, and whose ``lock`` nobody holds.

    Each leaves its name in one step: whoever comes back to it begins anew. Return how many went, and their bytes.
    """
    if not dry_run:
        for left in parent.glob(f"{_ASIDE}*"):  # by a process that was killed
            shutil.rmtree(left, ignore_errors=True)
    count = freed = 0
    for folder in sorted(parent.glob("[!.]*")):
        size = _size_if_idle(folder, before.timestamp())
        if size is not None and (dry_run or _remove_folder(folder)):
            count, freed = count + 1, freed + size
    return count, freed


def _remove_folder(folder: Path) -> bool:
    aside = folder.with_name(f"{_ASIDE}{folder.name}")
    try:
        folder.rename(aside)
    except OSError:  # somebody reads it on Windows, or another process is at it: the next time takes it
        return False
    shutil.rmtree(aside, ignore_errors=True)
    return True


def _size_if_idle(folder: Path, limit: float) -> int | None:
    """Return a folder's bytes, or None where something in it was written since ``limit``, or is under way."""
    size = 0
    try:
        for path in [folder, *folder.rglob("*")]:
            status = path.lstat()
            if status.st_mtime >= limit:
                return None
            size += status.st_size if S_ISREG(status.st_mode) else 0
        if folder.is_symlink() or not folder.is_dir() or held(folder / "lock"):
            return None
    except OSError:  # gone since, or not ours to read
        return None
    return size


def _prune_month(
    ledger: Ledger, month: Path, before: datetime, *, dry_run: bool
) -> tuple[int, int, set[str]]:
    """Return how many runs went, with how many bytes, and what those that stay name."""
    written, last = month.stem, f"{before:%Y-%m}"
    with nullcontext() if dry_run or written > last else ledger.alone():
        try:
            lines = month.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:  # another process prunes too
            return 0, 0, set()
        kept: list[bytes] = []
        named: set[str] = set()
        for line in lines:
            try:
                record = decode(line.removesuffix(b"\n"))
            except ValueError:  # damage has no date of its own: it goes when its month has passed
                if written >= last:
                    kept.append(line)
                continue
            if record.ended >= before or written > last:
                kept.append(line)
                named.update(record.bodies.values())
        if len(kept) == len(lines):
            return 0, 0, named
        if not dry_run:
            sweep(month)
            if kept:
                write_atomically(month, b"".join(kept))
            else:
                month.unlink()
    return len(lines) - len(kept), sum(map(len, lines)) - sum(map(len, kept)), named


def _size_if_old(path: Path, limit: float) -> int | None:
    """Return a file's size, or None where it was touched since ``limit``, or is gone."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size if status.st_mtime < limit else None
