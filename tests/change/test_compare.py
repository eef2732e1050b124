"""What changed in a real repository: every kind of file, and the same answer through every selector."""

from __future__ import annotations

import io
import os

import pytest

from hunkworks.change.content import apply
from hunkworks.change.model import Change, FileChange, Role, Side, Status
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.errors import RepositoryError
from tests.repo import Repo


def change(repo: Repo, selector: Selector | None = None) -> Change:
    return select(Repository.discover(repo.root), selector or Selector())


def files(repo: Repo, selector: Selector | None = None) -> dict[str, FileChange]:
    return {file.path: file for file in change(repo, selector).files()}


def rebuild(made: Change) -> None:
    """Old content + hunks = new content, for every file with lines."""
    for file in made.files():
        if not file.binary and file.status is not Status.UNMERGED:
            old, new = made.content(file, Side.OLD), made.content(file, Side.NEW)
            assert apply(old or b"", file.hunks) == (new or b""), file.path


HOSTILE = [
    "with space",
    "tab\there",
    "line\nbreak",
    'quo"te',
    "back\\slash",
    "ünïcode",
    "日本語/ファイル",
    "-dash",
    "[id]",
]


def edit(repo: Repo) -> None:
    """A change of every kind, not yet staged."""
    for name in ("modified", "deleted", "type", "mode", *HOSTILE):
        repo.write(name, f"{name}\none\ntwo\nthree\n")
    repo.write("renamed/before.txt", "".join(f"line {n}\n" for n in range(30)))
    repo.write("crlf.txt", b"one\r\ntwo\r\n")
    repo.write("latin1.txt", b"caf\xe9\none\n")
    repo.write("odd.txt", b"a\x0bb\x0cc\x85d\x1ce\rf\ng\n")
    repo.write("no-newline", "a\nb")
    repo.write("picture.png", b"\x89PNG\0\1")
    (repo.root / "link").symlink_to("modified")
    repo.commit()
    for name in ("modified", *HOSTILE):
        repo.write(name, f"{name}\none\nTWO\nthree\n")
    (repo.root / "deleted").unlink()
    (repo.root / "type").unlink()
    (repo.root / "type").symlink_to("modified")
    (repo.root / "mode").chmod(0o755)
    (repo.root / "renamed/before.txt").rename(repo.root / "renamed/after.txt")
    with (repo.root / "renamed/after.txt").open("a") as file:
        file.write("one more\n")
    repo.write("crlf.txt", b"one\r\nTWO\r\nthree\n")
    repo.write("latin1.txt", b"caf\xe8\none\n")
    repo.write("odd.txt", b"a\x0bB\x0cc\x85d\x1ce\rf\ng\n")
    repo.write("no-newline", "a\nB")
    repo.write("picture.png", b"\x89PNG\0\2")
    repo.write("added/new", "")
    (repo.root / "link").unlink()
    (repo.root / "link").symlink_to("mode")


def test_every_kind_of_change_is_told(repo: Repo) -> None:
    edit(repo)
    found = files(repo)
    assert {path: file.status for path, file in found.items() if file.status is not Status.MODIFIED} == {
        "deleted": Status.DELETED,
        "type": Status.TYPE_CHANGED,
        "renamed/after.txt": Status.RENAMED,
        "added/new": Status.ADDED,
    }
    assert found["renamed/after.txt"].old_path == "renamed/before.txt"
    assert (found["mode"].old_mode, found["mode"].new_mode, found["mode"].hunks) == (0o100644, 0o100755, ())
    assert (found["type"].old_mode, found["type"].new_mode) == (0o100644, 0o120000)
    assert [line.text for line in found["no-newline"].hunks[0].lines] == [b"a\n", b"b", b"B"]
    assert found["picture.png"].binary
    assert set(HOSTILE) <= set(found)


def test_the_same_change_has_the_same_id_and_files_through_every_selector(repo: Repo) -> None:
    edit(repo)
    start = repo.git("rev-parse", "HEAD").strip()
    repo.git("branch", "start")
    worktree = change(repo)
    rebuild(worktree)
    told = list(worktree.files())
    repo.git("add", "-A")
    staged = change(repo, Selector(staged=True))
    rebuild(staged)
    patch = os.fsencode(repo.git("diff", "--cached", "-C"))
    repo.commit()
    ranged = change(repo, Selector(range=f"{start}..HEAD"))
    rebuild(ranged)
    based = change(repo, Selector(base="start"))
    piped = select(None, Selector(stdin=io.BytesIO(patch)))
    assert {made.id for made in (worktree, staged, ranged, based, piped)} == {worktree.id}
    for made in (staged, ranged, based):
        assert list(made.files()) == told
    assert [file.path for file in piped.files()] == [file.path for file in told]
    assert [(made.base, made.head) for made in (worktree, staged, ranged, piped)] == [
        (start, "worktree"),
        (start, "index"),
        (start, repo.git("rev-parse", "HEAD").strip()),
        ("stdin", "stdin"),
    ]


def test_id_differs_when_one_line_does(repo: Repo) -> None:
    repo.write("f", "one\n")
    before = change(repo).id
    repo.write("f", "two\n")
    assert change(repo).id != before


def test_before_the_first_commit_everything_is_new(repo: Repo) -> None:
    assert list(change(repo).files()) == []
    repo.write("f", "one\n")
    made = change(repo)
    assert [(file.path, file.status) for file in made.files()] == [("f", Status.ADDED)]
    assert (made.base, made.head) == ("empty", "worktree")
    repo.git("add", "f")
    assert change(repo, Selector(staged=True)).id == made.id
    rebuild(made)


def test_a_conflict_is_told_in_the_work_tree_and_in_the_index(repo: Repo) -> None:
    repo.write("f.py", "one\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.write("f.py", "side\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("f.py", "main\n")
    repo.commit()
    with pytest.raises(AssertionError):  # git merge exits 1
        repo.git("merge", "side")
    repo.write("new.py", "x\n")
    found = files(repo)
    assert (found["f.py"].status, found["f.py"].note) == (
        Status.UNMERGED,
        "unmerged: the file holds a conflict",
    )
    assert b"=======\n" in [line.text for line in found["f.py"].hunks[0].lines]
    assert found["new.py"].status is Status.ADDED
    staged = files(repo, Selector(staged=True))
    assert (staged["f.py"].status, staged["f.py"].hunks) == (Status.UNMERGED, ())
    assert "new.py" not in staged


def test_a_submodule_is_its_commits_whatever_lies_in_it(repo: Repo) -> None:
    lib = Repo(repo.root.parent / "lib")
    first = lib.commit()
    repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", lib.root.as_uri(), "lib")
    repo.commit()
    inner = Repo(repo.root / "lib")
    inner.write("dirty", "x\n")
    repo.git("config", "-f", ".gitmodules", "submodule.lib.ignore", "all")
    repo.commit()
    assert files(repo) == {}
    second = inner.commit()
    made = change(repo)
    (file,) = made.files()
    assert (file.path, file.role, file.note) == (
        "lib",
        Role.VENDORED,
        "a submodule: the lines are the names of its commits",
    )
    assert made.content(file, Side.OLD) == f"Subproject commit {first}\n".encode()
    rebuild(made)
    repo.git("add", "lib")
    assert change(repo, Selector(staged=True)).id == made.id
    assert second in str(file.hunks)


def test_a_git_lfs_pointer_is_told(repo: Repo) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12\n"
    repo.write("data.json", pointer.format("1" * 64))
    repo.commit()
    repo.write("data.json", pointer.format("2" * 64))
    repo.write("new.json", pointer.format("3" * 64))
    for file in files(repo).values():
        assert (file.role, file.note) == (Role.BINARY, "a Git LFS pointer: the content is stored elsewhere")


def test_a_copy_names_where_it_came_from(repo: Repo) -> None:
    text = "".join(f"line {n}\n" for n in range(30))
    repo.write("one", text)
    repo.commit()
    repo.write("one", text + "more\n")
    repo.write("two", text + "other\n")
    made = change(repo)
    rebuild(made)
    assert {(file.path, file.old_path, file.status) for file in made.files()} == {
        ("one", "one", Status.MODIFIED),
        ("two", "one", Status.COPIED),
    }


def test_a_change_cannot_hide_its_lines_by_calling_them_binary(repo: Repo) -> None:
    repo.write("evil.py", "one\n")
    repo.write("real.dat2", b"\0\1\2")
    repo.commit()
    repo.write(".gitattributes", "*.py -diff\nnew.js binary\n")
    repo.write("evil.py", "import os\n")
    repo.write("new.js", "eval(x)\n")
    repo.write("real.dat2", b"\0\1\3")
    made = change(repo)
    rebuild(made)
    found = {file.path: file for file in made.files()}
    assert [(found[path].added, found[path].role) for path in ("evil.py", "new.js")] == [(1, Role.CODE)] * 2
    assert found["evil.py"].note == "called binary by .gitattributes"
    assert (found["real.dat2"].binary, found["real.dat2"].role) == (True, Role.BINARY)


def test_a_change_cannot_take_its_files_out_of_review(repo: Repo) -> None:
    repo.write("old.py", "one\n")
    repo.write("made.py", "one\n")
    repo.write("sub/.gitattributes", "*.py linguist-generated\n")
    repo.write("sub/f.py", "one\n")
    repo.commit()
    repo.write(".gitattributes", "*.py linguist-generated=true\n")
    repo.write("old.py", "# @generated\ntwo\n")
    repo.write("sub/f.py", "two\n")
    repo.write("new.py", "# @generated\ntwo\n")
    roles = {path: (file.role, file.why) for path, file in files(repo).items()}
    assert roles["old.py"] == (Role.CODE, "source code by its name")
    assert roles["sub/f.py"] == (Role.GENERATED, ".gitattributes says linguist-generated")
    assert roles["new.py"] == (Role.GENERATED, "line 1 says '@generated'")


def test_what_git_reports_is_told_in_its_words(repo: Repo) -> None:
    repo.write("f", "one\n")
    repo.commit()
    repo.write(".gitattributes", "f filter=broken\n")
    repo.git("config", "filter.broken.clean", "false")
    repo.git("config", "filter.broken.required", "true")
    repo.write("f", "two\n")
    with pytest.raises(RepositoryError, match=r"git \S+: .*clean filter 'broken' failed"):
        list(change(repo).files())
