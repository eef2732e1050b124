"""A change between two versions in a repository: commits, the index, or the working tree with untracked files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from hunkworks.change.attributes import read_attributes
from hunkworks.change.content import apply
from hunkworks.change.diff import LFS_POINTER, SUBMODULE, is_lfs, parse_patch
from hunkworks.change.identity import file_digest, name_change
from hunkworks.change.model import FileChange, Role, Side, Status
from hunkworks.change.repository import EMPTY, INDEX, WORKTREE, Repository
from hunkworks.change.role_names import by_name
from hunkworks.change.roles import classify, settled
from hunkworks.change.worktree import index_with, survey
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
    *("--ws-error-highlight=none", "--full-index", "--no-abbrev", "--patch"),
)
_BOTH = ("--raw", "-z")
_SNIFFED = 8_000  # as many bytes as git looks at
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
        path = self.repository.root / file.path
        try:
            return path.read_bytes() if path.is_file() and not path.is_symlink() else None
        except OSError:
            return None

    def _files(self) -> Iterator[FileChange]:
        if self.head != WORKTREE:
            revisions = ("--cached",) if self.head == INDEX else ()
            index = self.repository.hook_index if self.head == INDEX else None
            yield from self._compare((*revisions, self._base_tree, *self._head_tree), self._paths, index)
            return
        found = survey(self.repository, self._paths)
        with index_with(self.repository, found.records) as index:
            for file in self._compare((self._base_tree,), found.pathspecs(self._paths), index):
                if file.path in found.unmerged:
                    yield replace(file, status=Status.UNMERGED, note="unmerged: the file holds a conflict")
                else:
                    yield file
        yield from found.unread

    def _compare(
        self, revisions: tuple[str, ...], paths: tuple[str, ...], index: Path | None
    ) -> Iterator[FileChange]:
        with self.repository.stream(
            "diff", *_OPTIONS, *_BOTH, *revisions, "--", *paths, index=index
        ) as output:
            entries, first = read_raw(output)
            attributes = read_attributes(self.repository, [entry.path for entry in entries], self.base)
            patch = parse_patch(chain([first], output) if first else output)
            for entry in entries:
                file = _announced(entry, patch)
                if file.binary and by_name(file.path) is None:
                    file = self._text_behind(file, revisions, index)
                yield self._judge(file, attributes.get(entry.path, {}))
            for extra in patch:
                raise IntegrityError(f"git printed a patch for {extra.path} that it had not announced")

    def _text_behind(self, file: FileChange, revisions: tuple[str, ...], index: Path | None) -> FileChange:
        """Read a file as text that is binary by attribute only: a change must not hide its lines that way."""
        for side in Side:
            if b"\0" in (self.content(file, side) or b"")[:_SNIFFED]:
                return file
        paths = [f":(top,literal){path}" for path in {file.path, file.old_path}]
        with self.repository.stream(
            "diff", *_OPTIONS, "--text", *revisions, "--", *paths, index=index
        ) as output:
            for text in parse_patch(output):
                if text.path == file.path:
                    return replace(
                        file, hunks=text.hunks, binary=False, note="called binary by .gitattributes"
                    )
        return file

    def _judge(self, file: FileChange, attributes: dict[str, str]) -> FileChange:
        mode = file.new_mode if file.new_mode is not None else file.old_mode
        head = b""
        if is_lfs(file.hunks):
            head = LFS_POINTER
        elif not settled(file.path, attributes=attributes, mode=mode, binary=file.binary):
            # A change must not take a file out of review by a marker of its own: what stood before decides.
            side = Side.NEW if file.status is Status.ADDED else Side.OLD
            head = self.content(file, side) or b""
        role, why = classify(file.path, attributes=attributes, head=head, mode=mode, binary=file.binary)
        return replace(file, role=role, why=why)

    @property
    def _base_tree(self) -> str:
        return self.repository.empty_tree if self.base == EMPTY else self.base

    @property
    def _head_tree(self) -> tuple[str, ...]:
        return () if self.head == INDEX else (self.head,)


def _announced(entry: Entry, patch: Iterator[FileChange]) -> FileChange:
    """Return the next file of the patch, which must be the one that git announced."""
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
            old_blob=entry.old_blob if entry.old_blob.strip("0") else "",
        )
    file = next(patch, None)
    if file is None or (file.path, file.old_path, file.status) != (entry.path, entry.old_path, entry.status):
        raise IntegrityError(
            f"the patch of {entry.path} is not the one that git announced",
            expected=f"{entry.status} {entry.path!r}",
            found=f"{file.status} {file.path!r}" if file else "nothing",
        )
    old_blob = file.old_blob or (entry.old_blob if entry.old_blob.strip("0") else "")
    # A new mode or name alone has no line that names the blobs: both sides are one.
    new_blob = file.new_blob or (old_blob if not file.hunks and file.status is not Status.DELETED else "")
    old_mode, new_mode = entry.old_mode or None, entry.new_mode or None
    return replace(file, old_mode=old_mode, new_mode=new_mode, old_blob=old_blob, new_blob=new_blob)


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
