"""What agents may read beside their packet: masked as it stands in its file, whatever part of it is asked for."""

from __future__ import annotations

import random

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.review.manifest import ChangeRef
from hunkworks.review.reading import grep, show
from tests.privacy.planting import private_key
from tests.repo import Repo


def test_the_middle_of_a_key_is_masked_though_only_it_was_asked_for(repo: Repo) -> None:
    key = private_key(random.Random(4), lines=40)
    repo.write("id.txt", f"before\n{key}\nafter\n")
    base = repo.commit()
    change = ChangeRef("c", base, WORKTREE, "")
    line = key.splitlines()[20]
    repository = Repository.discover(repo.root)
    assert line not in show(repository, change, "id.txt", 22, 22)
    assert line[:20] not in grep(repository, change, line[:8])


def test_an_empty_file_can_be_shown(repo: Repo) -> None:
    repo.write("empty.py", "")
    change = ChangeRef("c", repo.commit(), WORKTREE, "")
    assert "of 0; data" in show(Repository.discover(repo.root), change, "empty.py")


def test_a_line_too_long_is_masked_before_it_is_cut(repo: Repo) -> None:
    secret = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    repo.write("long.js", "x" * 470 + f' "{secret}"\n')
    change = ChangeRef("c", repo.commit(), WORKTREE, "")
    assert secret[:10] not in show(Repository.discover(repo.root), change, "long.js")
