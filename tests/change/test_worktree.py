"""The working tree is read as it lies there, whatever lies there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hunkworks.change.model import Change, FileChange, Side, Status
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from tests.repo import Repo


def change(repo: Repo) -> Change:
    return select(Repository.discover(repo.root), Selector())


def files(repo: Repo) -> dict[str, FileChange]:
    return {file.path: file for file in change(repo).files()}


def test_untracked_files_that_nobody_can_read_are_told_and_break_nothing(repo: Repo) -> None:
    repo.write("tracked", "one\n")
    repo.commit()
    for name in ("nested", "nested-empty"):
        Repo(repo.root / name).write("inner", "x\n")
    Repo(repo.root / "nested").commit()
    os.mkfifo(repo.root / "pipe")
    repo.write("plain", "x\n")
    (repo.root / "tracked").unlink()
    os.mkfifo(repo.root / "tracked")
    found = files(repo)
    assert sorted(found) == ["nested", "nested-empty", "plain", "tracked"]
    assert found["nested"].note == "not read: a repository of its own"
    assert found["tracked"].note == "not read: neither a file nor a symbolic link"
    assert change(repo).content(found["tracked"], Side.NEW) is None


def test_files_without_permission_are_told_and_break_nothing(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write("tracked", "one\n")
    repo.write("fine", "one\n")
    repo.commit()
    for name in ("tracked", "untracked"):
        repo.write(name, "changed\n").chmod(0)
    repo.write("fine", "changed\n")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    told = without_privileges(
        repo.root, lambda: [f"{file.path}: {file.note or 'read'}" for file in change(repo).files()]
    )
    assert told == [
        "fine: read",
        "tracked: not read: permission denied",
        "untracked: not read: permission denied",
    ]


def without_privileges(folder: Path, answer: Callable[[], list[str]]) -> list[str]:
    """Ask in a process that file modes hold back, as they do not hold back root."""
    if os.geteuid() != 0:
        return sorted(answer())
    for parent in (folder, *list(folder.parents)[:-2]):
        parent.chmod(parent.stat().st_mode | 0o055)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            os.write(writer, "\n".join(sorted(answer())).encode())
        except BaseException as error:
            os.write(writer, repr(error).encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        return told.read().splitlines()


def test_untracked_files_are_compared_like_tracked_ones(repo: Repo) -> None:
    repo.write("before.txt", "".join(f"line {n}\n" for n in range(30)))
    repo.write(".gitattributes", "*.bat text eol=crlf\n")
    repo.commit()
    (repo.root / "before.txt").rename(repo.root / "after.txt")
    repo.write("run.bat", b"one\r\n")
    repo.write("tool", "#!/bin/sh\n").chmod(0o755)
    (repo.root / "link").symlink_to("nowhere")
    made = change(repo)
    found = {file.path: file for file in made.files()}
    assert found["after.txt"].status is Status.RENAMED
    assert made.content(found["run.bat"], Side.NEW) == b"one\n"
    assert (found["tool"].new_mode, found["link"].new_mode) == (0o100755, 0o120000)
    assert made.content(found["link"], Side.NEW) == b"nowhere"


def test_what_is_ignored_is_no_part_of_the_change(repo: Repo) -> None:
    repo.write(".gitignore", "*.log\n/build/\n")
    repo.write(".git/info/exclude", "mine\n")
    for path in ("a.log", "build/x", "mine", "sub/b.log", "sub/c.txt"):
        repo.write(path, "x\n")
    assert sorted(files(repo)) == [".gitignore", "sub/c.txt"]


def test_a_file_added_by_intention_only_is_whole(repo: Repo) -> None:
    repo.commit()
    repo.write("f", "one\ntwo\n")
    repo.git("add", "-N", "f")
    assert [(file.status, file.added) for file in files(repo).values()] == [(Status.ADDED, 2)]


def test_a_file_that_became_a_folder_and_the_reverse(repo: Repo) -> None:
    repo.write("file", "x\n")
    repo.write("folder/inner", "y\n")
    repo.commit()
    (repo.root / "file").unlink()
    repo.write("file/inner", "z\n")
    (repo.root / "folder/inner").unlink()
    (repo.root / "folder").rmdir()
    repo.write("folder", "w\n")
    assert {path: file.status for path, file in files(repo).items()} == {
        "file": Status.DELETED,
        "file/inner": Status.ADDED,
        "folder": Status.ADDED,
        "folder/inner": Status.DELETED,
    }


@pytest.mark.parametrize("setting", ["core.splitIndex", "core.untrackedCache"])
def test_an_index_of_a_special_kind_is_read_and_left_alone(repo: Repo, setting: str) -> None:
    repo.write("f", "x\n")
    repo.git("config", setting, "true")
    repo.commit()
    repo.git("status")
    repo.write("f", "y\n")
    repo.write("new", "z\n")
    before = {path: path.read_bytes() for path in (repo.root / ".git").glob("*ndex*")}
    assert sorted(files(repo)) == ["f", "new"]
    assert {path: path.read_bytes() for path in (repo.root / ".git").glob("*ndex*")} == before


def test_an_edit_within_the_same_second_as_the_commit_is_seen(repo: Repo) -> None:
    """git tells such an edit by the index file's own time; a copy of the index must keep it (git's racy-git.txt)."""
    repo.git("config", "core.trustctime", "false")
    then = (1_000_000_000_000_000_000,) * 2
    os.utime(repo.write("f", "one\n"), ns=then)
    repo.commit()
    os.utime(repo.root / ".git/index", ns=then)
    os.utime(repo.write("f", "two\n"), ns=then)
    repo.write("untracked", "x\n")
    assert sorted(files(repo)) == ["f", "untracked"]


def test_what_a_sandbox_lays_over_files_is_told_once(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox mounts a device over a path: its folder still lists a file there, so git does, too."""
    repo.write("a.py", "x = 1\n")
    repo.commit()
    repo.write("b.py", "y = 2\n")
    names = [".bashrc", ".gitconfig", ".mcp.json"]
    for name in names:
        os.mkfifo(repo.root / name)
    listed = Repository.git

    def git(repository: Repository, *arguments: str, **options: Any) -> bytes:
        seen = listed(repository, *arguments, **options)
        return seen + b"".join(f"? {name}\0".encode() for name in names) if "--others" in arguments else seen

    monkeypatch.setattr(Repository, "git", git)
    found = files(repo)
    assert sorted(found) == [".bashrc", "b.py"]
    assert found[".bashrc"].note == "not read: a device file, as are 2 others, no file of the project"
