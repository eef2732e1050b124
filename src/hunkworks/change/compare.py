"""A change between two versions in a repository: commits, the index, or the working tree with untracked files."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from hunkworks.change.attributes import read_attributes
from hunkworks.change.content import apply
from hunkworks.change.diff import SUBMODULE, parse_patch
from hunkworks.change.identity import file_digest, name_change
from hunkworks.change.model import FileChange, Role, Side, Status
from hunkworks.change.repository import EMPTY, INDEX, WORKTREE, Repository
from hunkworks.change.roles import classify, settled
from hunkworks.errors import InputError, IntegrityError

# Every option that a user's configuration could set otherwise is set to git's default: the patch is the same
# as a plain `git diff` prints, so that --stdin and the selectors agree about a change's id.
_OPTIONS = (
    *(
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        "--no-relative",
        "-O/dev/null",
    ),
    *("--find-renames=50%", "--find-copies=50%", "-l1000", "--diff-algorithm=myers", "--indent-heuristic"),
    *("--unified=3", "--inter-hunk-context=0", "--submodule=short", "--ignore-submodules=dirty"),
    *("--ws-error-highlight=none", "--full-index", "--no-abbrev", "--raw", "-z", "--patch"),
)
_STATUS = {
    b"A": Status.ADDED,
    b"C": Status.COPIED,
    b"D": Status.DELETED,
    b"M": Status.MODIFIED,
    b"R": Status.RENAMED,
    b"T": Status.TYPE_CHANGED,
    b"U": Status.UNMERGED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of ``git diff --raw``: what git says changed, before any line of patch."""

    old_mode: int
    new_mode: int
    old_blob: str
    status: Status
    old_path: str
    path: str


class Comparison:
    """The change from ``base`` (a commit, or "empty") to ``head`` (a commit, "index" or "worktree")."""

    def __init__(self, repository: Repository, base: str, head: str, paths: tuple[str, ...] = ()) -> None:
        self.repository = repository
        self.base = base
        self.head = head
        self._paths = paths
        self._id = ""

    @property
    def id(self) -> str:
        if not self._id:
            for _ in self.files():
                pass
        return self._id

    def files(self) -> Iterator[FileChange]:
        digests: list[bytes] = []
        for file in self._files():
            digests.append(file_digest(file))
            yield file
        self._id = name_change(digests)

    def content(self, file: FileChange, side: Side) -> bytes | None:
        missing = Status.ADDED if side is Side.OLD else Status.DELETED
        mode, blob = (file.old_mode, file.old_blob) if side is Side.OLD else (file.new_mode, file.new_blob)
        if file.status is missing or mode is None:
            return None
        if mode == SUBMODULE:
            return b"Subproject commit %s\n" % blob.encode() if blob else None
        if side is Side.OLD or self.head != WORKTREE:
            return self.repository.blob(blob) if blob else None
        if file.binary or not blob:
            return self._on_disk(file)
        old = self.content(file, Side.OLD)
        # What the hunks were made from, filters applied, even if somebody has edited the file since.
        return apply(old or b"", file.hunks)

    def _on_disk(self, file: FileChange) -> bytes | None:
        try:
            return (self.repository.root / file.path).read_bytes()
        except OSError:
            return None

    def _files(self) -> Iterator[FileChange]:
        with self._index() as (index, beside):
            revisions = [self.repository.empty_tree if self.base == EMPTY else self.base]
            if self.head == INDEX:
                revisions.insert(0, "--cached")
            elif self.head != WORKTREE:
                revisions.append(self.head)
            unmerged = self._unmerged() if self.head == WORKTREE else frozenset()
            with self.repository.stream(
                "diff", *_OPTIONS, *revisions, "--", *self._paths, index=index
            ) as output:
                entries, first = read_raw(output)
                attributes = read_attributes(self.repository, [entry.path for entry in entries], self.base)
                patch = parse_patch(chain([first], output) if first else output)
                for entry in entries:
                    yield self._judge(self._file(entry, patch, unmerged), attributes.get(entry.path, {}))
                for extra in patch:
                    raise IntegrityError(f"git printed a patch for {extra.path} that it had not announced")
            yield from beside

    def _file(self, entry: Entry, patch: Iterator[FileChange], unmerged: frozenset[str]) -> FileChange:
        if entry.status is Status.UNMERGED:
            return FileChange(
                path=entry.path,
                old_path=entry.path,
                status=Status.UNMERGED,
                old_mode=entry.old_mode or None,
                new_mode=entry.new_mode or None,
                role=Role.CODE,
                why="",
                note="unmerged: the index holds a conflict",
                old_blob=entry.old_blob.strip("0") and entry.old_blob,
            )
        file = next(patch, None)
        if file is None or (file.path, file.old_path, file.status) != (
            entry.path,
            entry.old_path,
            entry.status,
        ):
            raise IntegrityError(
                f"the patch of {entry.path} is not the one that git announced",
                expected=f"{entry.status} {entry.path!r}",
                found=f"{file.status} {file.path!r}" if file else "nothing",
            )
        file = replace(file, old_mode=entry.old_mode or None, new_mode=entry.new_mode or None)
        if entry.path in unmerged:
            file = replace(file, status=Status.UNMERGED, note="unmerged: the file holds a conflict")
        return file

    def _judge(self, file: FileChange, attributes: dict[str, str]) -> FileChange:
        mode = file.new_mode if file.new_mode is not None else file.old_mode
        head = b""
        if not settled(file.path, attributes=attributes, mode=mode, binary=file.binary):
            # A change must not take a file out of review by a marker of its own: what stood before decides.
            side = Side.NEW if file.status is Status.ADDED else Side.OLD
            head = self.content(file, side) or b""
        role, why = classify(file.path, attributes=attributes, head=head, mode=mode, binary=file.binary)
        return replace(file, role=role, why=why)

    def _unmerged(self) -> frozenset[str]:
        listed = self.repository.git("ls-files", "-z", "--unmerged").split(b"\0")
        return frozenset(os.fsdecode(record.partition(b"\t")[2]) for record in listed if record)

    @contextmanager
    def _index(self) -> Iterator[tuple[Path | None, list[FileChange]]]:
        """Give the index to compare with, and the files that git cannot compare but a reader must know of."""
        if self.head == INDEX:
            yield self.repository.hook_index, []
            return
        listed = b""
        if self.head == WORKTREE:
            listed = self.repository.git(
                "ls-files", "-z", "--others", "--exclude-standard", "--", *self._paths
            )
        if not listed:
            yield None, []
            return
        records, beside = self._untracked([os.fsdecode(path) for path in listed.split(b"\0") if path])
        with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
            index = Path(folder) / "index"
            own = self.repository.git_dir / "index"
            if own.exists():
                shutil.copyfile(own, index)
            self.repository.git(
                *(
                    "-c",
                    "core.splitIndex=false",
                    "-c",
                    "core.fsmonitor=false",
                    "update-index",
                    "-z",
                    "--index-info",
                ),
                stdin=records,
                index=index,
            )
            yield index, beside

    def _untracked(self, paths: list[str]) -> tuple[bytes, list[FileChange]]:
        """Return index records under which git itself compares untracked files with nothing, filters applied."""
        records: list[bytes] = []
        beside: list[FileChange] = []
        for path in paths:
            file = self.repository.root / path
            if path.endswith("/"):
                beside.append(
                    _unread(path.rstrip("/"), SUBMODULE, Role.VENDORED, "a repository of its own, not added")
                )
                continue
            mode = file.lstat().st_mode if os.path.lexists(file) else 0
            if stat.S_ISREG(mode) and not os.access(file, os.R_OK):
                beside.append(_unread(path, 0o100644, Role.BINARY, "it cannot be read: permission denied"))
            elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                kind = "120000" if stat.S_ISLNK(mode) else "100755" if mode & stat.S_IXUSR else "100644"
                records.append(os.fsencode(f"{kind} {self.repository.empty_blob} 0\t{path}\0"))
        return b"".join(records), beside


def _unread(path: str, mode: int, role: Role, why: str) -> FileChange:
    return FileChange(path, path, Status.ADDED, None, mode, role, why, note=f"not read: {why}")


def read_raw(output: BinaryIO) -> tuple[list[Entry], bytes]:
    """Read the NUL-terminated records before the patch; return them and the patch's first line."""
    data = b""
    for line in output:
        data += line
        parsed = _parse_raw(data)
        if parsed is not None:
            return parsed
    parsed = _parse_raw(data + b"\0") if data else ([], b"")
    if parsed is None:
        raise InputError("git diff --raw ended within a record")
    return parsed


def _parse_raw(data: bytes) -> tuple[list[Entry], bytes] | None:
    entries: list[Entry] = []
    position = 0
    while data[position : position + 1] == b":":
        fields = data[position:].split(b"\0", 3)
        head = fields[0][1:].split(b" ")
        two = head[-1][:1] in (b"R", b"C")
        if len(fields) < (4 if two else 3):
            return None
        names = [os.fsdecode(name) for name in (fields[1:3] if two else [fields[1], fields[1]])]
        entries.append(
            Entry(
                int(head[0], 8), int(head[1], 8), head[2].decode(), _STATUS[head[4][:1]], names[0], names[1]
            )
        )
        position += len(fields[0]) + 1 + sum(len(name) + 1 for name in (fields[1:3] if two else fields[1:2]))
    if data[position : position + 1] != b"\0":
        return None
    return entries, data[position + 1 :]
