"""The files of a project as they stand where a change ends."""

from __future__ import annotations

from hunkworks.change.model import Change
from hunkworks.change.repository import INDEX, WORKTREE, Repository


class Files:
    """The files of one version.

    Args:
        repository: Whose files.
        change: They are read where it ends: in the work tree, if it ends there, in the index or at HEAD.
        at: A commit to read them from instead.
    """

    def __init__(self, repository: Repository, change: Change, at: str = "") -> None:
        here = change.head in (WORKTREE, INDEX) or change.head == repository.head
        self.repository = repository
        self.revision = at or (WORKTREE if here else change.head)

    @property
    def writable(self) -> bool:
        """Whether they are what is checked out."""
        return self.revision == WORKTREE

    def paths(self) -> list[str]:
        """Return the paths of all files."""
        return self.repository.ls(self.revision)

    def content(self, path: str) -> bytes | None:
        """Return a file, None where there is none; a symbolic link is none."""
        if not self.writable:
            return self.repository.blob(self.repository.blob_at(self.revision, path))
        file = self.repository.root / path
        inside = file.resolve().is_relative_to(self.repository.root.resolve())
        return file.read_bytes() if inside and file.is_file() and not file.is_symlink() else None
