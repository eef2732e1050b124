"""Rounds between machines are counted in code; the last one calls a human."""

from __future__ import annotations

import msgspec
import pytest

from hunkworks.errors import UsageError
from hunkworks.review.cycles import begin, end, refuse_if_paged
from hunkworks.review.finding import FindingStatus
from hunkworks.review.manifest import ChangeRef, Coverage
from hunkworks.review.memory import Loop, Memory, Remembered
from tests.review.sections import manifest
from tests.review.test_fate import FINDING


def rounds(*sizes: int, most: int = 3, memory: Memory | None = None) -> Memory:
    """Plan one round per size, each another version of the change."""
    memory = memory or Memory()
    for number, size in enumerate(sizes):
        plan = msgspec.structs.replace(
            manifest(),
            change=ChangeRef(f"version {number}", "base", "worktree", ""),
            coverage=Coverage(1, size, size),
        )
        numbered, memory = begin(plan, memory, most)
        if not memory.loop.paged:
            assert numbered.cycle == len(memory.loop.rounds)
    return memory


def test_the_last_round_that_does_not_pass_calls_a_human() -> None:
    memory = end(rounds(10, 10), 3, passed=False)
    assert memory.loop.paged == ""
    memory = end(rounds(10, 10, 10), 3, passed=False)
    assert "3 rounds did not settle it" in memory.loop.paged


def test_after_the_call_no_round_begins_until_a_human_decided() -> None:
    memory = end(rounds(10, most=1), 1, passed=False)
    with pytest.raises(UsageError, match="hunkworks review resume"):
        refuse_if_paged(memory)


def test_leaving_out_the_report_does_not_buy_a_round() -> None:
    assert "the most that are allowed" in rounds(10, 10, 10, 10).loop.paged


def test_the_same_version_planned_again_is_the_same_round() -> None:
    memory = rounds(10)
    again, after = begin(
        msgspec.structs.replace(manifest(), change=ChangeRef("version 0", "", "", "")), memory, 3
    )
    assert (again.cycle, after.loop) == (1, memory.loop)


def test_a_version_planned_again_after_its_report_is_another_round() -> None:
    """A model that fixes nothing, or goes back and forth between two versions, comes to an end too."""
    memory = end(rounds(10), 3, passed=False)
    assert len(rounds(10, memory=memory).loop.rounds) == 2
    assert "3 rounds" in end(rounds(10, 10, memory=memory), 3, passed=False).loop.paged


def test_a_round_that_passes_counts_anew() -> None:
    assert end(rounds(10, 10, 10), 3, passed=True).loop == Loop()


def test_a_change_that_keeps_growing_calls_a_human() -> None:
    assert end(rounds(100, 150), 3, passed=False).loop.paged == ""
    assert "100 → 151 changed lines" in end(rounds(100, 151), 3, passed=False).loop.paged


def test_a_finding_that_came_back_twice_calls_a_human() -> None:
    back = Remembered(finding=msgspec.structs.replace(FINDING, status=FindingStatus.REOPENED), reopened=2)
    memory = msgspec.structs.replace(rounds(10), findings=(back,))
    assert FINDING.fingerprint in end(memory, 3, passed=False).loop.paged
