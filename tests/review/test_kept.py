"""The memory of a pull request in a git ref: kept by compare-and-swap, read again on another machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hunkworks.change.github import GitHub, RefusedError
from hunkworks.cli.output import json_bytes
from hunkworks.errors import InputError, IntegrityError
from hunkworks.review.kept import Kept, Pruned, load, prune, read, save
from hunkworks.review.memory import Memory, Remembered
from tests.forge.fake import READ, WRITE, Pull
from tests.forge.project import NUMBER, Project, finding

FIRST = Memory(findings=(Remembered(finding=finding()),), read={"0123456789abcdef": "default"})
SECOND = Memory(read={"0123456789abcdef": "default", "fedcba9876543210": "deep"})


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    yield made
    made.github.close()
    assert made.github.breaches == []


@pytest.fixture
def github(project: Project) -> GitHub:
    return GitHub(project.github.url, project.github.slug, WRITE, pause=lambda _: None)


def test_what_one_machine_kept_another_reads(project: Project, github: GitHub) -> None:
    assert load(github, NUMBER) == Kept()
    assert save(github, NUMBER, Kept(memory=FIRST))
    kept = load(github, NUMBER)
    assert kept.memory == FIRST
    assert save(github, NUMBER, Kept(parent=kept.parent, memory=SECOND))
    assert load(github, NUMBER).memory == SECOND
    assert len(project.github.git("rev-list", "refs/hunkworks/pr-7").splitlines()) == 2


def test_of_two_at_once_the_second_learns_that_it_was_late(project: Project, github: GitHub) -> None:
    save(github, NUMBER, Kept(memory=FIRST))
    both = load(github, NUMBER)
    assert save(github, NUMBER, Kept(parent=both.parent, memory=SECOND))
    assert not save(github, NUMBER, Kept(parent=both.parent, memory=FIRST))
    assert load(github, NUMBER).memory == SECOND


@pytest.mark.parametrize("begun", [False, True])
def test_a_ref_that_moves_between_look_and_write_is_not_overwritten(
    project: Project, github: GitHub, begun: bool
) -> None:
    if begun:
        save(github, NUMBER, Kept(memory=Memory()))
    mine = load(github, NUMBER)
    moved = iter([True])

    def somebody_else(method: str, path: str) -> None:
        if path.endswith("/git/commits") and method == "POST" and next(moved, False):
            parents = ["-p", mine.parent] if mine.parent else []
            tree = project.github.git("mktree").decode().strip()
            other = project.github.git("commit-tree", tree, *parents, "-m", "x").decode().strip()
            project.github.git("update-ref", "refs/hunkworks/pr-7", other)

    project.github.faults = [somebody_else]
    assert not save(github, NUMBER, Kept(parent=mine.parent, memory=SECOND))


def test_keeping_the_same_twice_is_once(project: Project, github: GitHub) -> None:
    assert save(github, NUMBER, Kept(memory=FIRST))
    project.github.written.clear()
    assert save(github, NUMBER, Kept(memory=FIRST))
    assert project.github.written == []


def test_a_ref_that_holds_something_else_is_told(project: Project, github: GitHub) -> None:
    project.github.git("update-ref", "refs/hunkworks/pr-7", project.base)
    with pytest.raises(IntegrityError, match="git push origin --delete refs/hunkworks/pr-7"):
        load(github, NUMBER)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"memory": 3}', b'{"parent": "--force"}', b" " * (17 << 20)])
def test_what_is_no_memory_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data, origin="memory.json")


def test_what_export_writes_is_read() -> None:
    assert read(json_bytes({"schema": 1, "parent": "", "memory": FIRST}), origin="m").memory == FIRST


def remembered(project: Project, *numbers: int) -> None:
    """Keep a memory for each of these pull requests."""
    for number in numbers:
        project.github.git("update-ref", f"refs/hunkworks/pr-{number}", project.base)


def refs(project: Project) -> list[str]:
    listed = project.github.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/hunkworks")
    return listed.decode().splitlines()


def pulls(project: Project, state: str, *numbers: int) -> None:
    for number in numbers:
        project.github.pulls[number] = Pull(number, project.base, project.base, state=state)


def test_the_memory_of_closed_pull_requests_goes_and_no_other_ref(project: Project, github: GitHub) -> None:
    pulls(project, "closed", 1, 12, 3)
    pulls(project, "open", 10, 70)
    remembered(project, 1, 7, 10, 12, 70, 404)
    project.github.git("update-ref", "refs/hunkworks/pr-1a", project.base)
    project.github.page = 2
    told = prune(github, dry_run=True)
    assert len(refs(project)) == 7
    assert prune(github) == told == Pruned((1, 12), open=4, waiting=0)
    assert refs(project) == ["pr-10", "pr-1a", "pr-404", "pr-7", "pr-70"]
    assert prune(github) == Pruned((), open=4, waiting=0)


def test_where_nothing_is_remembered_one_question_is_enough(project: Project, github: GitHub) -> None:
    assert prune(github) == Pruned((), open=0, waiting=0)
    assert len(project.github.asked) == 1


def test_many_go_some_at_a_time(project: Project, github: GitHub) -> None:
    numbers = range(100, 160)
    pulls(project, "closed", *numbers)
    remembered(project, *numbers)
    assert prune(github) == Pruned(tuple(numbers[:50]), open=0, waiting=10)
    assert prune(github).closed == tuple(numbers[50:])
    assert refs(project) == []


def test_a_pull_request_that_a_shifting_list_left_out_keeps_its_memory(
    project: Project, github: GitHub
) -> None:
    remembered(project, NUMBER)
    project.pull.listed = False
    assert prune(github).closed == ()
    assert refs(project) == ["pr-7"]


def test_a_token_that_may_not_write_deletes_nothing_and_is_told(project: Project) -> None:
    project.pull.state = "closed"
    remembered(project, NUMBER)
    reader = GitHub(project.github.url, project.github.slug, READ, pause=lambda _: None)
    assert prune(reader, dry_run=True).closed == (NUMBER,)
    with pytest.raises(RefusedError, match="not accessible"):
        prune(reader)
    assert refs(project) == ["pr-7"]
