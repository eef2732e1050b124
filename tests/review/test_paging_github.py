"""A human is called on the pull request: one comment with both sides' arguments, and a label."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from hunkworks.config import Paging
from hunkworks.errors import EngineError
from hunkworks.review.paging import Page, deliver, page_of
from tests.review.gh import Gh
from tests.review.test_paging import CHANGE, STOPPED

CONFIG = Paging(github=True)


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gh:
    made = Gh(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{made.folder}{os.pathsep}{os.environ['PATH']}")
    return made


def page(branch: str) -> Page:
    return page_of(STOPPED, msgspec.structs.replace(CHANGE, branch=branch))


def call(branch: str) -> list[str]:
    return deliver(page(branch), CONFIG, lambda _: False)


@pytest.mark.parametrize("branch", ["pull request 7", "feature"])
def test_the_pull_request_gets_one_comment_and_the_label(gh: Gh, branch: str) -> None:
    gh.opened(7, "feature")
    assert call(branch) == ["github"]
    pull = gh.state["pulls"]["7"]
    assert pull["labels"] == [CONFIG.label]
    (comment,) = pull["comments"]
    assert "2 rounds did not settle it" in comment
    assert "the author's side: every caller holds the lock" in comment


def test_a_label_that_is_there_is_taken_as_it_is(gh: Gh) -> None:
    gh.opened(7, "feature")
    gh.set(labels=[CONFIG.label])
    assert call("pull request 7") == ["github"]
    assert gh.state["pulls"]["7"]["labels"] == [CONFIG.label]


def test_without_the_right_to_label_a_human_is_called_all_the_same_and_it_is_told(gh: Gh) -> None:
    gh.opened(7, "feature")
    gh.set(may_label=False)
    (way,) = call("pull request 7")
    assert way.startswith("github without its label (gh ended with 1: ")
    assert len(gh.state["pulls"]["7"]["comments"]) == 1


def test_a_branch_without_a_pull_request_is_told_here_only(gh: Gh) -> None:
    gh.opened(7, "another")
    assert call("feature") == []


def test_what_gh_refuses_is_no_page(gh: Gh) -> None:
    with pytest.raises(EngineError, match="the page was not sent: gh ended with 1"):
        call("pull request 8")
    assert gh.state["pulls"] == {}
