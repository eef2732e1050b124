"""A suggestion is shown only when it applies and the file still parses."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hunkworks.change.model import Side
from hunkworks.change.repository import Repository
from hunkworks.review.finding import Finding
from hunkworks.review.suggestions import Repair, Unfit, prove
from tests.repo import Repo
from tests.review.test_fingerprints import FINDING as PLAIN

SOURCE = "def add(price):\n    total = 0\n    total += price\n    return total\n"
FINDING = msgspec.structs.replace(PLAIN, line=3, end_line=3, suggestion="    total = total + price")


@pytest.fixture
def repository(repo: Repo) -> Repository:
    repo.write("a.py", SOURCE)
    repo.commit()
    return Repository.discover(repo.root)


def with_(**changes: Any) -> Finding:
    return msgspec.structs.replace(FINDING, **changes)


@pytest.mark.parametrize("head", ["worktree", "index", "HEAD"])
def test_it_replaces_the_anchored_lines_wherever_the_change_ends(repository: Repository, head: str) -> None:
    head = repository.resolve("HEAD") if head == "HEAD" else head
    repair = prove(repository, head, FINDING)
    assert isinstance(repair, Repair)
    assert repair.after.decode() == SOURCE.replace("total += price", "total = total + price")


def test_the_files_own_line_ends_are_kept(repo: Repo, repository: Repository) -> None:
    repo.write("a.py", SOURCE.replace("\n", "\r\n"))
    repair = prove(repository, "worktree", with_(suggestion="    if price:\n        total += price"))
    assert isinstance(repair, Repair)
    assert b"    if price:\r\n        total += price\r\n" in repair.after
    assert repair.after.count(b"\n") == repair.after.count(b"\r\n")


def test_an_empty_suggestion_deletes_the_lines(repository: Repository) -> None:
    repair = prove(repository, "worktree", with_(suggestion=""))
    assert isinstance(repair, Repair)
    assert repair.after.decode() == SOURCE.replace("    total += price\n", "")


def test_a_last_line_without_newline_stays_without(repo: Repo, repository: Repository) -> None:
    repo.write("a.py", SOURCE.removesuffix("    return total\n").removesuffix("\n"))
    repair = prove(repository, "worktree", FINDING)
    assert isinstance(repair, Repair)
    assert repair.after.endswith(b"total = total + price")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"suggestion": "    total = (total"}, "would not parse"),
        ({"suggestion": "    total += price"}, "changes nothing"),
        ({"line": 2, "end_line": 2}, "have changed"),
        ({"quote": "    total += ██price██"}, "masked"),
        ({"path": "gone.py"}, "not there any more"),
        ({"side": Side.OLD}, "no line of the new code"),
        ({"suggestion": None}, "no line of the new code"),
    ],
)
def test_what_does_not_fit_is_not_shown_and_says_why(
    repository: Repository, change: dict[str, Any], why: str
) -> None:
    unfit = prove(repository, "worktree", with_(**change))
    assert isinstance(unfit, Unfit)
    assert why in unfit.why
