"""The memory of a pull request in a git ref: kept by compare-and-swap, read again on another machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hunkworks.change.github import GitHub
from hunkworks.cli.output import json_bytes
from hunkworks.errors import InputError, IntegrityError
from hunkworks.review.kept import Kept, load, read, save
from hunkworks.review.memory import Memory, Remembered
from tests.forge.fake import WRITE
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
