"""All files of a run or none: what stood before is kept until the last file is written, and for one undo after.

``<git dir>/hunkworks/recipes/journal.json``  the last run's files, before and after, and how far it came
``<git dir>/hunkworks/recipes/bodies/<sha256>``  what they held before
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from hunkworks import paths
from hunkworks.errors import InputError, IntegrityError, UsageError
from hunkworks.ledger.lock import locked
from hunkworks.splice import sweep, write_atomically


class Entry(msgspec.Struct, frozen=True):
    """One file of a run: digests of its content, "" where there is no file."""

    path: str
    before: str
    after: str


class Journal(msgspec.Struct, frozen=True):
    """The last run that wrote: one that was cut off is ``writing``, ``done`` can be undone, ``undone`` was.

    ``entries`` are the files of the last write, ``undo`` those of all writes that belong to the run.
    """

    state: Literal["writing", "done", "undone"]
    what: str
    entries: tuple[Entry, ...]
    undo: tuple[Entry, ...]


class Writer:
    """Writes the files of one work tree.

    Args:
        root: The work tree.
        git_dir: This work tree's own git folder.
    """

    def __init__(self, root: Path, git_dir: Path) -> None:
        self._root = root
        self._folder = paths.repository_state(git_dir) / "recipes"
        self._file = self._folder / "journal.json"

    @contextmanager
    def alone(self) -> Iterator[list[str]]:
        """Hold the lock of writers; a run that was cut off is taken back first, and its paths are given.

        Raises:
            IntegrityError: Another process holds it, or somebody edited a file that a cut-off run had begun to write.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with locked(self._folder / "lock"):
                yield self._recover()
        except TimeoutError as error:
            raise IntegrityError(
                f"another recipe is being applied: {error}", fix="run the same command again"
            ) from None

    @contextmanager
    def written(
        self,
        what: str,
        before: Mapping[str, bytes | None],
        after: Mapping[str, bytes],
        *,
        continues: bool = False,
    ) -> Iterator[None]:
        """Write every file of ``after`` for good once the block ends; if it raises, or a file cannot be written, none.

        The caller holds ``alone``.

        Args:
            what: What the run is called, for ``undo``.
            before: The content that the plan was made from; None for a file that is not there yet.
            after: The new content by path from the top.
            continues: It belongs to the last run: one undo takes back both.

        Raises:
            IntegrityError: A file is no longer what the plan was made from; nothing is written.
            OSError: A file could not be written; those before it are as they were.
        """
        for path in after:
            _refuse_outside(self._root, path)
            if self._read(path) != before[path]:
                raise IntegrityError(
                    f"{path} changed while the plan was being made", fix="run the same command again"
                )
        last = self.last()
        entries = tuple(Entry(path, self._keep(before[path]), _digest(after[path])) for path in sorted(after))
        first = {entry.path: entry.before for entry in last.undo} if continues and last is not None else {}
        merged = {
            entry.path: Entry(entry.path, first.get(entry.path, entry.before), entry.after)
            for entry in entries
        }
        if continues and last is not None:
            merged = {entry.path: entry for entry in last.undo} | merged
        journal = Journal("writing", what, entries, tuple(merged[path] for path in sorted(merged)))
        self._say(journal)
        try:
            for path, data in sorted(after.items()):
                self._put(path, data)
            yield
        except BaseException:
            self._restore(entries)
            self._say(last if last is not None else msgspec.structs.replace(journal, state="undone"))
            raise
        self._say(msgspec.structs.replace(journal, state="done"))
        self._prune(journal)

    def undo(self) -> Journal:
        """Take back the last run that wrote, as a whole. The caller holds ``alone``.

        Raises:
            UsageError: There is nothing to take back.
            InputError: A file was edited since; nothing is changed.
        """
        journal = self.last()
        if journal is None or journal.state != "done":
            raise UsageError("there is no run of a recipe to take back here")
        edited = [entry.path for entry in journal.undo if _digest(self._read(entry.path)) != entry.after]
        if edited:
            raise InputError(
                f"{', '.join(edited)} changed since {journal.what}",
                expected="the files as that run left them",
                fix="take it back by hand: git diff shows both",
            )
        self._say(msgspec.structs.replace(journal, state="writing", entries=journal.undo))
        self._restore(journal.undo)
        self._say(msgspec.structs.replace(journal, state="undone"))
        return journal

    def last(self) -> Journal | None:
        """Return the last run that wrote, or None."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Journal)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            raise InputError(f"{self._file} cannot be read: {error}", fix=f"rm {self._file}") from None

    def _recover(self) -> list[str]:
        journal = self.last()
        if journal is None or journal.state != "writing":
            return []
        strange = [
            entry.path
            for entry in journal.entries
            if _digest(self._read(entry.path)) not in (entry.before, entry.after)
        ]
        if strange:
            raise IntegrityError(
                f"{', '.join(strange)} changed after {journal.what} was cut off",
                expected="the file as it was before that run, or as the run wrote it",
                fix=f"git diff, mend it by hand, then: rm {self._file}",
            )
        self._restore(journal.entries)
        self._say(msgspec.structs.replace(journal, state="undone"))
        return [entry.path for entry in journal.entries]

    def _restore(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            sweep(self._root / entry.path)
            if _digest(self._read(entry.path)) == entry.before:
                continue
            if entry.before:
                self._put(entry.path, self._body(entry.before))
            else:
                (self._root / entry.path).unlink(missing_ok=True)

    def _put(self, path: str, data: bytes) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, data)

    def _read(self, path: str) -> bytes | None:
        file = self._root / path
        return file.read_bytes() if file.is_file() else None

    def _keep(self, data: bytes | None) -> str:
        digest = _digest(data)
        body = self._folder / "bodies" / digest
        if data is not None and not body.exists():
            body.parent.mkdir(exist_ok=True)
            write_atomically(body, data)
        return digest

    def _body(self, digest: str) -> bytes:
        data = (self._folder / "bodies" / digest).read_bytes()
        if _digest(data) != digest:
            raise IntegrityError(
                f"what {digest[:12]} held is damaged", fix="git diff, and mend the file by hand"
            )
        return data

    def _say(self, journal: Journal) -> None:
        write_atomically(self._file, msgspec.json.encode(journal))

    def _prune(self, journal: Journal) -> None:
        """Forget what older runs replaced: only the last one can be undone."""
        kept = {entry.before for entry in journal.undo}
        for body in (self._folder / "bodies").iterdir() if (self._folder / "bodies").is_dir() else ():
            if body.name not in kept:
                body.unlink(missing_ok=True)


def _digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _refuse_outside(root: Path, path: str) -> None:
    parts = PurePosixPath(path).parts
    inside = (root / path).parent.resolve().is_relative_to(root.resolve())
    if not parts or path.startswith("/") or ".." in parts or parts[0].lower() == ".git" or not inside:
        raise InputError(f"{path} is no file of this repository: a recipe must not write it")
