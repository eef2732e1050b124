"""Which change: the five selectors, and the working tree where none is given."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from hunkworks.change.compare import Comparison
from hunkworks.change.model import Change
from hunkworks.change.patch import Patch
from hunkworks.change.repository import EMPTY, INDEX, WORKTREE, Repository
from hunkworks.errors import RepositoryError, UsageError


@dataclass(frozen=True, slots=True)
class Selector:
    """What the user asked for: at most one of the first five. ``paths`` narrow it, from where the user stands."""

    staged: bool = False
    base: str | None = None
    range: str | None = None
    pr: int | None = None
    stdin: BinaryIO | None = None
    paths: tuple[str, ...] = ()


def select(repository: Repository | None, selector: Selector) -> Change:
    """Return the change that ``selector`` names; without any of the five, the working tree against HEAD.

    Args:
        repository: May be None with ``stdin`` only.
        selector: What the user asked for.

    Raises:
        UsageError: Two selectors at once, or a range that is none.
        RepositoryError: No repository, no such commit, or history is cut where it is needed.
    """
    given = [
        name
        for name, is_given in (
            ("--staged", selector.staged),
            ("--base", selector.base is not None),
            ("--range", selector.range is not None),
            ("--pr", selector.pr is not None),
            ("--stdin", selector.stdin is not None),
        )
        if is_given
    ]
    if len(given) > 1:
        raise UsageError(
            f"{' and '.join(given)} name two changes", expected="one of them", fix=f"leave out {given[1]}"
        )
    if selector.stdin is not None:
        return Patch(selector.stdin, selector.paths)
    if repository is None:
        raise RepositoryError("this needs a git repository", fix="git init, or pass a patch with --stdin")
    paths = _pathspecs(repository, selector.paths)
    if selector.pr is not None:
        from hunkworks.change.pull_request import fetch

        return _range(repository, fetch(repository, selector.pr), paths)
    if selector.range is not None:
        return _range(repository, selector.range, paths)
    if selector.base is not None:
        base = merge_base(repository, repository.resolve(selector.base), repository.resolve("HEAD"))
        return Comparison(repository, base, WORKTREE, paths)
    return Comparison(repository, repository.head or EMPTY, INDEX if selector.staged else WORKTREE, paths)


def last_commit(repository: Repository) -> Selector:
    """Return the selector of what HEAD's commit changed, against its first parent.

    Raises:
        RepositoryError: There is no commit, or its parent was cut off by a shallow clone.
    """
    if repository.head is None:
        raise RepositoryError("there is no commit yet and nothing to review", fix="change or add a file")
    parent = (
        repository.git("rev-parse", "--verify", "--quiet", "HEAD^1^{commit}", statuses=(0, 1))
        .strip()
        .decode()
    )
    if (
        not parent
        and repository.shallow
        and b"\nparent " in repository.git("cat-file", "commit", repository.head)
    ):
        raise RepositoryError(
            "the last commit's parent is not in this shallow clone: it would look as if every file were new",
            fix="git fetch --deepen=1",
        )
    return Selector(range=f"{parent or repository.empty_tree}..{repository.head}")


def merge_base(repository: Repository, one: str, other: str) -> str:
    """Return the commit where two lines of history parted.

    Raises:
        RepositoryError: They share none, or a shallow clone has cut it off.
    """
    found = repository.git("merge-base", one, other, statuses=(0, 1)).split()
    if not found:
        raise RepositoryError(
            f"{one[:12]} and {other[:12]} have no common ancestor"
            + (" in this shallow clone" if repository.shallow else ""),
            fix="git fetch --unshallow"
            if repository.shallow
            else f"name both ends: --range {one[:12]}..{other[:12]}",
        )
    return found[0].decode("ascii")


def _range(repository: Repository, text: str, paths: tuple[str, ...]) -> Change:
    dots = "..." if "..." in text else ".."
    left, found, right = text.partition(dots)
    if not found or not (left or right):
        raise UsageError(
            f"{text!r} is not a range", expected="A..B or A...B", fix=f"--range {text or 'A'}..HEAD"
        )
    base, head = repository.resolve(left or "HEAD"), repository.resolve(right or "HEAD")
    if dots == "...":
        base = merge_base(repository, base, head)
    return Comparison(repository, EMPTY if base == repository.empty_tree else base, head, paths)


def _pathspecs(repository: Repository, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path if path.startswith(":") else _from_top(repository, path) for path in paths)


def _from_top(repository: Repository, path: str) -> str:
    absolute = os.path.normpath(repository.root / repository.prefix / path)
    relative = os.path.relpath(absolute, repository.root)
    if relative == os.pardir or relative.startswith(os.pardir + os.sep):
        raise UsageError(f"{path} is outside the repository {repository.root}")
    return ":(top)" + ("" if relative == os.curdir else relative.replace(os.sep, "/"))
