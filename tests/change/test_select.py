"""Which change a selector names, and the sentence when there is none."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, last_commit, select
from hunkworks.errors import RepositoryError, UsageError
from tests.repo import Repo


def paths(selector: Selector, cwd: Path | None = None) -> list[str]:
    return [file.path for file in select(Repository.discover(cwd), selector).files()]


def test_base_is_where_the_branch_left_it_up_to_the_work_tree(repo: Repo) -> None:
    repo.write("a", "1\n")
    left = repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.write("b", "1\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("a", "2\n")
    repo.commit()
    repo.git("checkout", "-q", "side")
    repo.write("c", "untracked\n")
    assert paths(Selector(base="main")) == ["b", "c"]
    assert select(Repository.discover(), Selector(base="main")).base == left


def test_two_dots_compare_ends_and_three_dots_one_side(repo: Repo) -> None:
    repo.write("a", "1\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.write("b", "1\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.write("a", "2\n")
    repo.commit()
    assert paths(Selector(range="main..side")) == ["a", "b"]
    assert paths(Selector(range="main...side")) == ["b"]
    assert paths(Selector(range="side..")) == ["a", "b"]
    assert paths(Selector(range="...side")) == ["b"]


def test_last_commit_is_compared_with_its_first_parent(repo: Repo) -> None:
    repo.write("a", "1\n")
    repo.commit()
    assert paths(last_commit(Repository.discover())) == ["a"]
    repo.write("b", "1\n")
    repo.commit()
    assert paths(last_commit(Repository.discover())) == ["b"]
    assert (
        select(Repository.discover(), last_commit(Repository.discover())).head == Repository.discover().head
    )


def test_last_commit_of_an_empty_repository_is_told(repo: Repo) -> None:
    with pytest.raises(RepositoryError, match="no commit yet"):
        last_commit(Repository.discover())


def test_a_shallow_clone_is_never_taken_for_the_beginning(repo: Repo) -> None:
    repo.write("a", "1\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.write("b", "1\n")
    repo.commit()
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", repo.root.as_uri(), "../shallow")
    shallow = Repository.discover(repo.root.parent / "shallow")
    with pytest.raises(RepositoryError, match="shallow clone") as caught:
        last_commit(shallow)
    assert caught.value.fix == "git fetch --deepen=1"
    with pytest.raises(RepositoryError, match="no common ancestor in this shallow clone") as caught:
        select(shallow, Selector(base="origin/main"))
    assert caught.value.fix == "git fetch --unshallow"
    (repo.root.parent / "shallow/b").write_text("2\n")
    assert [file.path for file in select(shallow, Selector()).files()] == ["b"]


def test_paths_are_meant_from_where_the_user_stands(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("top", "sub/a.py", "sub/b.js", "sub/[id].py", "other/c.py"):
        repo.write(path, "1\n")
    monkeypatch.chdir(repo.root / "sub")
    assert paths(Selector()) == ["other/c.py", "sub/[id].py", "sub/a.py", "sub/b.js", "top"]
    assert paths(Selector(paths=("*.py",))) == ["sub/[id].py", "sub/a.py"]
    assert paths(Selector(paths=("[id].py",))) == ["sub/[id].py"]
    assert paths(Selector(paths=(".", "../top"))) == ["sub/[id].py", "sub/a.py", "sub/b.js", "top"]
    assert paths(Selector(paths=("..",))) == paths(Selector())
    with pytest.raises(UsageError, match="outside the repository"):
        paths(Selector(paths=("../../elsewhere",)))


@pytest.mark.parametrize(
    ("selector", "says"),
    [
        (Selector(staged=True, base="main"), "--staged and --base name two changes"),
        (Selector(range="a..b", stdin=io.BytesIO()), "--range and --stdin name two changes"),
        (Selector(range="main"), "'main' is not a range"),
        (Selector(range=".."), "is not a range"),
        (Selector(range=""), "is not a range"),
        (Selector(range="--output=x..main"), "is not a revision"),
        (Selector(range="gone..HEAD"), "there is no commit 'gone' here"),
        (Selector(base="gone"), "there is no commit 'gone' here"),
        (Selector(base=""), "is not a revision"),
        (Selector(pr=0), "not the number of a pull request"),
    ],
)
def test_what_cannot_be_meant_is_refused(repo: Repo, selector: Selector, says: str) -> None:
    repo.commit()
    with pytest.raises((UsageError, RepositoryError), match=says) as caught:
        select(Repository.discover(), selector)
    assert caught.value.fix or caught.value.expected


def test_unrelated_histories_are_told(repo: Repo) -> None:
    repo.commit()
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit("other")
    with pytest.raises(RepositoryError, match="no common ancestor"):
        select(Repository.discover(), Selector(base="main"))


def test_only_stdin_works_without_a_repository() -> None:
    patch = b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
    assert [file.path for file in select(None, Selector(stdin=io.BytesIO(patch))).files()] == ["f"]
    with pytest.raises(RepositoryError, match="needs a git repository"):
        select(None, Selector())
