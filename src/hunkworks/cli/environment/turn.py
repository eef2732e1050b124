"""One builder at a time: a lock that the system releases when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str], *, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                # LK_LOCK itself gives up after ten seconds.
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def _take(file: IO[str], *, wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def turn(base: Path, say: Callable[[str], None]) -> Iterator[bool]:
    """Hold the builder's lock; yield whether somebody else had it first.

    The files of a build are made aside and renamed, so a file system without locks costs a second
    build, never a broken one.
    """
    with (base / "builder.lock").open("a", encoding="utf-8") as file:
        waited = False
        try:
            if not _take(file, wait=False):
                waited = True
                say("another process is building the environment; waiting for it …")
                _take(file, wait=True)
        except OSError as error:
            say(f"no lock on this file system ({os.strerror(error.errno or 0)}); building without")
        yield waited
