"""Catalogs as they stand in the work tree and at a commit; one that cannot be read exactly is named, not guessed."""

from __future__ import annotations

from pathlib import Path

from hunkworks.catalogs import Catalog
from hunkworks.catalogs import open as read
from hunkworks.change.repository import EMPTY, WORKTREE, Repository
from hunkworks.errors import HunkworksError


class Reading:
    """Reads catalogs of one repository; ``refused`` says which could not be read, and why."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._read: dict[tuple[str, str], Catalog | None] = {}
        self.refused: dict[str, str] = {}

    def parse(self, path: str, data: bytes | None) -> Catalog | None:
        """Return the catalog that ``data`` spells, or None where it spells none."""
        if data is None:
            return None
        try:
            return read(path, data)
        except HunkworksError as error:
            self.refused[path] = str(error)
            return None

    def at(self, revision: str, path: str) -> Catalog | None:
        """Return the catalog at a revision (as in ``Repository.show``), None where there is none."""
        if (revision, path) not in self._read:
            self._read[revision, path] = self.parse(path, self._data(revision, path))
        return self._read[revision, path]

    def _data(self, revision: str, path: str) -> bytes | None:
        if revision == EMPTY:
            return None
        if revision == WORKTREE:
            if not inside(self._repository.root, path):
                self.refused[path] = (
                    "a symbolic link leads out of the repository; what lies there is not touched"
                )
            return worktree_bytes(self._repository.root, path)
        if len(revision) in (40, 64):
            name = self._repository.blob_at(revision, path)
            return self._repository.blob(name) if name else None
        return self._repository.show(revision, path)


def worktree_bytes(root: Path, path: str) -> bytes | None:
    """Return a file of the work tree; None for none, and for what a symbolic link leads out of it."""
    try:
        return (root / path).read_bytes() if inside(root, path) else None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def inside(root: Path, path: str) -> bool:
    """Whether a path stays in the work tree, wherever symbolic links lead."""
    try:
        return (root / path).resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False
