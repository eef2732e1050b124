"""The working tree as git is to see it: untracked files included, and nothing in it that git would stumble over."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hunkworks.change.model import FileChange, Role, Status
from hunkworks.change.repository import Repository

_SUBMODULE = 0o160000


@dataclass(slots=True)
class Survey:
    """What a working tree holds beside unchanged files.

    Attributes:
        records: Index records under which git compares each untracked file with nothing.
        unmerged: Paths in conflict.
        unread: Changed files whose content nobody can read; git would refuse the whole diff for one of them.
        devices: Untracked device files, pipes and sockets. A sandbox lays such over files that it hides; they are no
            files of the project, and are told once, under the first one's name.
    """

    records: list[bytes] = field(default_factory=list)
    unmerged: set[str] = field(default_factory=set)
    unread: list[FileChange] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)

    def pathspecs(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``paths`` without the files that cannot be read."""
        return (*paths, *(f":(top,exclude,literal){file.path}" for file in self.unread))


def survey(repository: Repository, paths: tuple[str, ...]) -> Survey:
    """Look at every untracked, modified or unmerged file once, with one git process."""
    found = Survey()
    listed = repository.git("ls-files", "-z", "-t", *_KINDS, "--exclude-standard", "--", *paths)
    for record in listed.split(b"\0")[:-1]:
        tag, _, rest = record.partition(b" ")
        if tag == b"?":
            _untracked(found, repository, os.fsdecode(rest))
            continue
        head, _, name = rest.partition(b"\t")
        path = os.fsdecode(name)
        if tag == b"M":
            found.unmerged.add(path)
        elif problem := _unreadable(repository.root / path, tracked=True):
            mode = int(head.split(b" ")[0], 8)
            if all(file.path != path for file in found.unread):
                found.unread.append(_unread(path, Status.MODIFIED, mode, mode, problem))
    if found.devices:
        first, *others = found.devices
        more = f", as are {len(others)} others" if others else ""
        found.unread.append(
            _unread(first, Status.ADDED, None, 0o100644, f"a device file{more}, no file of the project")
        )
    return found


_KINDS = ("--others", "--modified", "--unmerged")


def _untracked(found: Survey, repository: Repository, path: str) -> None:
    if path.endswith("/"):
        problem = "a repository of its own"
        found.unread.append(_unread(path.rstrip("/"), Status.ADDED, None, _SUBMODULE, problem))
        return
    file = repository.root / path
    if _is_device(file):
        found.devices.append(path)
        return
    if problem := _unreadable(file, tracked=False):
        found.unread.append(_unread(path, Status.ADDED, None, 0o100644, problem))
        return
    mode = file.lstat().st_mode if os.path.lexists(file) else stat.S_IFREG
    kind = "120000" if stat.S_ISLNK(mode) else "100755" if mode & stat.S_IXUSR else "100644"
    # An empty blob that no stat data vouches for: git reads the file itself, as if by `git add --intent-to-add`,
    # but without stumbling over files that vanish meanwhile.
    found.records.append(os.fsencode(f"{kind} {repository.empty_blob} 0\t{path}\0"))


def _is_device(file: Path) -> bool:
    try:
        mode = file.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _unreadable(file: Path, *, tracked: bool) -> str:
    try:
        mode = file.lstat().st_mode
    except OSError:
        return ""  # deleted, which git tells best
    if stat.S_ISREG(mode):
        return "" if os.access(file, os.R_OK) else "permission denied"
    if stat.S_ISLNK(mode) or (tracked and stat.S_ISDIR(mode)):
        return ""
    return "neither a file nor a symbolic link"


def _unread(path: str, status: Status, old_mode: int | None, new_mode: int, problem: str) -> FileChange:
    role = Role.VENDORED if new_mode == _SUBMODULE else Role.BINARY
    return FileChange(path, path, status, old_mode, new_mode, role, problem, note=f"not read: {problem}")


@contextmanager
def index_with(repository: Repository, records: list[bytes]) -> Iterator[Path | None]:
    """Give a copy of the index that also holds ``records``; None, git's own index, where there are none."""
    if not records:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
        index = Path(folder) / "index"
        _copy(repository.git_dir / "index", index)
        # A split or watched index would write beside the original.
        settings = [f"{name}=false" for name in ("core.splitIndex", "core.fsmonitor", "core.untrackedCache")]
        options = [option for setting in settings for option in ("-c", setting)]
        repository.git(*options, "update-index", "-z", "--index-info", stdin=b"".join(records), index=index)
        yield index


def _copy(own: Path, index: Path) -> None:
    """Copy the index with its time, by which git tells edits of the same second (git's racy-git.txt)."""
    with suppress(FileNotFoundError), own.open("rb") as source:
        index.write_bytes(source.read())
        time = os.fstat(source.fileno())
        os.utime(index, ns=(time.st_atime_ns, time.st_mtime_ns))
