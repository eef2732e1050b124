"""What changed, as values: Change, FileChange, Hunk, Line.

Content is bytes as git has it; paths are text decoded like ``os.fsdecode`` (undecodable bytes survive as
surrogates). Line numbers count from 1, as in git's hunk headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol


class Side(StrEnum):
    """Which version of a file: before or after the change."""

    OLD = "old"
    NEW = "new"


class Status(StrEnum):
    """What happened to a file, in git's own terms."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"
    COPIED = "copied"
    TYPE_CHANGED = "type-changed"
    UNMERGED = "unmerged"


class Role(StrEnum):
    """What a file is for; every file has exactly one."""

    CODE = "code"
    TEST = "test"
    DOCS = "docs"
    CATALOG = "catalog"
    CONFIG = "config"
    LOCK = "lock"
    GENERATED = "generated"
    VENDORED = "vendored"
    BINARY = "binary"


class LineKind(StrEnum):
    """The first column of a unified diff's line."""

    CONTEXT = " "
    ADDED = "+"
    REMOVED = "-"


class Line(NamedTuple):
    """One line of a hunk.

    ``text`` holds the line's bytes with their terminator; the last line of a file without a final newline has none.
    ``old`` is None for added lines, ``new`` for removed ones.
    """

    kind: LineKind
    text: bytes
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk. ``section`` is what git printed behind the second ``@@``, usually the enclosing function."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: bytes
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a change.

    ``old_path`` differs from ``path`` for renames and copies only. Modes are git's (0o100644, 0o120000 for a
    symbolic link, 0o160000 for a submodule) or None where that side does not exist. ``note`` says what a reader
    of the hunks could not see: a submodule, a Git LFS pointer, an unmerged path, a binary file. The blobs are git's
    names of the two contents, "" where there is none or it is unknown; a patch from outside may abbreviate them.
    """

    path: str
    old_path: str
    status: Status
    old_mode: int | None
    new_mode: int | None
    role: Role
    why: str
    hunks: tuple[Hunk, ...] = ()
    binary: bool = False
    note: str = ""
    old_blob: str = ""
    new_blob: str = ""

    @property
    def added(self) -> int:
        """Number of added lines."""
        return sum(line.kind is LineKind.ADDED for hunk in self.hunks for line in hunk.lines)

    @property
    def removed(self) -> int:
        """Number of removed lines."""
        return sum(line.kind is LineKind.REMOVED for hunk in self.hunks for line in hunk.lines)


class Change(Protocol):
    """A change: where from, where to, and its files, read as a stream.

    ``id`` names the content: the same change has the same id on every machine, in every selector.
    ``base`` and ``head`` are object names, or a word where there is none ("empty", "worktree", "index", "stdin").
    """

    @property
    def id(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def head(self) -> str: ...

    def files(self) -> Iterator[FileChange]:
        """Yield every file once, one in memory at a time; each call reads again."""
        ...

    def content(self, file: FileChange, side: Side) -> bytes | None:
        """Return the whole file on that side, or None where it does not exist or is not at hand (``--stdin``)."""
        ...
