"""One writer at a time, among processes and threads, on every system; a killed holder frees it.

``filelock`` does this well and takes 58 ms to import, more than the rest of a fast command.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 10.0  # seconds: an append holds the lock for microseconds, so a longer wait is a stopped process

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _release(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # Windows frees it at close too, but not at once

else:
    import fcntl

    def _try(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path``, made if missing and never removed: that would make two locks of one.

    Raises:
        TimeoutError: Somebody held it for ten seconds.
        OSError: The file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        _wait(handle, path)
        try:
            yield
        finally:
            _release(handle)
    finally:
        os.close(handle)


def held(path: Path) -> bool:
    """Return whether somebody holds the lock file ``path`` now; nobody does where there is none."""
    try:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return False
    try:
        _try(handle)
        _release(handle)
    except (BlockingIOError, PermissionError):
        return True
    else:
        return False
    finally:
        os.close(handle)


def _wait(handle: int, path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    pause = 0.0005
    while True:
        try:
            return _try(handle)
        except (BlockingIOError, PermissionError):  # how POSIX and how Windows say "taken"
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} was held by another process for {PATIENCE:.0f} s") from None
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
