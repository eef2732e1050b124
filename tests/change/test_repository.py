"""A repository is found from anywhere inside it, and answers about names, files and text."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks.change.repository import Repository
from hunkworks.errors import RepositoryError, UsageError
from tests.repo import Repo


def test_found_from_a_folder_below(repo: Repo) -> None:
    repo.write("a b/ü/f", "x\n")
    found = Repository.discover(repo.root / "a b/ü")
    assert (found.root, found.prefix, found.common_dir) == (repo.root, "a b/ü/", repo.root / ".git")


def test_found_through_a_symbolic_link_and_from_the_current_folder(repo: Repo) -> None:
    link = repo.root.parent / "link"
    link.symlink_to(repo.root)
    assert Repository.discover(link).root == Repository.discover().root == repo.root


def test_linked_work_trees_share_the_common_folder(repo: Repo) -> None:
    repo.commit()
    repo.git("worktree", "add", "-q", "-b", "side", "../linked")
    linked = Repository.discover(repo.root.parent / "linked")
    assert (linked.root, linked.branch) == (repo.root.parent / "linked", "side")
    assert linked.common_dir == Repository.discover(repo.root).common_dir == repo.root / ".git"
    assert linked.git_dir == repo.root / ".git/worktrees/linked"


def test_no_repository_is_told_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="no git repository") as caught:
        Repository.discover(tmp_path)
    assert caught.value.fix == "git init"


@pytest.mark.parametrize("inside", ["", ".git"])
def test_without_a_work_tree_it_is_refused(repo: Repo, inside: str) -> None:
    if not inside:
        repo.git("config", "core.bare", "true")
    with pytest.raises(RepositoryError, match="bare repository or a git folder"):
        Repository.discover(repo.root / inside)


def test_git_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git is not installed"):
        Repository.discover(tmp_path)


def test_a_folder_that_is_gone_is_told_in_gits_words(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="No such file or directory"):
        Repository.discover(tmp_path / "gone")


def test_head_and_branch_before_the_first_commit(repo: Repo) -> None:
    found = Repository.discover()
    assert (found.head, found.branch) == (None, "main")


def test_head_and_branch_when_detached(repo: Repo) -> None:
    commit = repo.commit()
    repo.git("checkout", "-q", "--detach")
    found = Repository.discover()
    assert (found.head, found.branch) == (commit, f"detached-{commit[:7]}")


def test_a_branch_called_like_a_tag_keeps_its_name(repo: Repo) -> None:
    repo.commit()
    repo.git("checkout", "-q", "-b", "feature/ü")
    repo.git("tag", "feature/ü")
    assert Repository.discover().branch == "feature/ü"


def test_git_refusing_is_told_in_its_own_words_without_passwords(repo: Repo) -> None:
    with pytest.raises(RepositoryError) as caught:
        Repository.discover().git("fetch", "--quiet", "https://me:hunter2@localhost:1/x.git", "main")
    assert str(caught.value).startswith("git fetch: unable to access 'https://localhost:1/x.git/'")
    assert "hunter2" not in str(caught.value)


def test_a_stream_that_ends_badly_is_noticed_and_one_left_early_is_not(repo: Repo) -> None:
    repo.write("f", "x\n" * 100_000)
    repo.commit()
    found = Repository.discover()
    broken = found.stream("cat-file", "blob", "HEAD:nothing")
    with (
        pytest.raises(RepositoryError, match="git cat-file: path 'nothing' does not exist in 'HEAD'"),
        broken as output,
    ):
        output.read()
    with found.stream("cat-file", "blob", "HEAD:f") as output:
        assert output.readline() == b"x\n"


def test_a_current_folder_that_was_removed_is_told(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = repo.root / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(RepositoryError, match="the current folder is gone"):
        Repository.discover()


def test_many_objects_are_named_at_once(repo: Repo) -> None:
    paths = [f"{'folder' * 20}/{number}" for number in range(60)]
    for path in [*paths, "line\nbreak"]:
        repo.write(path, path * 3_000)
    repo.commit()
    found = Repository.discover()
    named = found.blobs_at("HEAD", [*paths, "none", "line\nbreak"])
    assert named == {path: found.blob_at("HEAD", path) for path in [*paths, "line\nbreak"]}


def test_git_killed_between_two_reads_is_told(repo: Repo) -> None:
    repo.write("f", "x\n")
    repo.commit()
    found = Repository.discover()
    blob = found.blob_at("HEAD", "f")
    assert found.blob(blob) == b"x\n"
    assert found._blobs is not None
    found._blobs.kill()
    found._blobs.wait()
    with pytest.raises(RepositoryError, match="git ended while reading"):
        found.blob(blob)


def test_show_at_every_version(repo: Repo) -> None:
    for path in ("f", "line\nbreak", "[id]", "-dash", "a/f"):
        repo.write(path, "committed\n")
    repo.write(".gitignore", ".env\n")
    commit = repo.commit()
    repo.write("f", "staged\n")
    repo.git("add", "f")
    repo.write("f", "changed\n")
    repo.write("new", "untracked\n")
    repo.write(".env", "PASSWORD=hunter2\n")
    (repo.root / "out").symlink_to("/etc")
    (repo.root / "link").symlink_to("f")
    found = Repository.discover()
    assert [found.show(where, "f") for where in (commit, "index", "worktree", "empty")] == [
        b"committed\n",
        b"staged\n",
        b"changed\n",
        None,
    ]
    for path in ("line\nbreak", "[id]", "-dash", "a/f"):
        assert [found.show(where, path) for where in ("HEAD", "index", "worktree")] == [b"committed\n"] * 3
    assert found.show("worktree", "new") == b"untracked\n"
    assert found.show("worktree", "link") == b"f"
    for path in (
        ".env",
        "out/hostname",
        "../repo/f",
        "/etc/hostname",
        ".git/config",
        "a",
        "a/",
        "",
        "gone",
        "f/x",
    ):
        assert [found.show(where, path) for where in ("HEAD", "index", "worktree")] == [None] * 3, path


def test_ls_and_grep_at_every_version(repo: Repo) -> None:
    repo.write("ü.txt", "one\n(.*) two\n")
    repo.write("b.bin", b"(.*)\0")
    repo.write(".gitignore", "ignored\n")
    commit = repo.commit()
    repo.write("ignored", "(.*)\n")
    repo.write("new:1:x", "first\n\x0b(.*)\r\n")
    found = Repository.discover()
    assert found.ls("worktree") == [".gitignore", "b.bin", "new:1:x", "ü.txt"]
    assert found.ls(commit) == found.ls("index") == [".gitignore", "b.bin", "ü.txt"]
    assert list(found.grep("(.*)", commit)) == [("ü.txt", 2, b"(.*) two\n")]
    assert list(found.grep("(.*)", "worktree")) == [
        ("new:1:x", 2, b"\x0b(.*)\r\n"),
        ("ü.txt", 2, b"(.*) two\n"),
    ]
    assert list(found.grep("-e", "index")) == []
    assert found.ls("empty") == []
    assert list(found.grep("x", "stdin")) == []
    with pytest.raises(UsageError):
        list(found.grep("two\nlines", "HEAD"))


@pytest.mark.parametrize("revision", ["nothing", "HEAD:f", "--help", "", "@{upstream}"])
def test_a_revision_that_is_none_is_refused(repo: Repo, revision: str) -> None:
    repo.write("f", "x\n")
    repo.commit()
    with pytest.raises((RepositoryError, UsageError)) as caught:
        Repository.discover().resolve(revision)
    assert "\n" not in str(caught.value)


def test_a_sha256_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repo: Repo) -> None:
    repo.git("init", "-q", "--object-format=sha256", "../sha256")
    found = Repository.discover(tmp_path / "sha256")
    assert len(found.empty_tree) == len(found.empty_blob) == 64
