"""A change that came as a unified diff on standard input: no repository is needed, or asked."""

from __future__ import annotations

import fnmatch
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hunkworks.change.content import from_hunks
from hunkworks.change.diff import parse_patch
from hunkworks.change.identity import file_digest, name_change
from hunkworks.change.model import FileChange, Side
from hunkworks.change.repository import STDIN
from hunkworks.errors import InputError


class Patch:
    """A change read from a stream. The stream is copied to disk once, so that a big one can be read again."""

    base = STDIN
    head = STDIN

    def __init__(self, stream: BinaryIO, paths: tuple[str, ...] = ()) -> None:
        handle, name = tempfile.mkstemp(prefix="hunkworks-", suffix=".diff")
        weakref.finalize(self, _remove, name)
        with os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
        self._file = Path(name)
        self._paths = paths
        self._id = ""

    @property
    def id(self) -> str:
        if not self._id:
            for _ in self.files():
                pass
        return self._id

    def files(self) -> Iterator[FileChange]:
        digests: dict[str, bytes] = {}
        with self._file.open("rb") as lines:
            for file in parse_patch(lines):
                if file.path in digests:
                    raise InputError(
                        f"the patch names {file.path} twice: a series of commits is not one change",
                        fix="git diff A..B | hunkworks … --stdin",
                    )
                if self._wanted(file):
                    digests[file.path] = file_digest(file)
                    yield file
        if not digests and self._file.stat().st_size and not self._paths:
            raise InputError("standard input is not a unified diff", fix="git diff | hunkworks … --stdin")
        self._id = name_change(digests.values())

    def content(self, file: FileChange, side: Side) -> bytes | None:
        return from_hunks(file, side)

    def _wanted(self, file: FileChange) -> bool:
        return not self._paths or any(
            file.path == path
            or file.path.startswith(path.rstrip("/") + "/")
            or fnmatch.fnmatchcase(file.path, path)
            for path in self._paths
        )


def _remove(name: str) -> None:
    Path(name).unlink(missing_ok=True)
