"""Rounds of fixing and reviewing between machines are counted in code, and end with a human.

A round begins with a plan for fixing and ends with its report. Planning the same version again before the report, after
a crash, is the same round; after it, a round in which nothing was fixed. The count is kept when the round begins, so
that nothing an agent leaves out can undo it.
"""

from __future__ import annotations

import msgspec

from hunkworks.errors import UsageError
from hunkworks.review.manifest import Manifest
from hunkworks.review.memory import Loop, Memory, Round

_GROWTH = 1.5  # a change that grew by half over its first round is not converging
_REOPENED = 2


def refuse_if_paged(memory: Memory) -> None:
    """Refuse another round while a human has not decided.

    Raises:
        UsageError: A human was called.
    """
    if memory.loop.paged:
        raise UsageError(
            f"a human was called and has not decided yet: {memory.loop.paged}",
            fix="look at `hunkworks review report`, then: hunkworks review resume",
        )


def begin(manifest: Manifest, memory: Memory, most: int) -> tuple[Manifest, Memory]:
    """Return the plan with its round's number, and the memory in which that round counts.

    Where the round would be one too many the memory says so under ``loop.paged``.
    """
    rounds = memory.loop.rounds
    if not (rounds and rounds[-1].change == manifest.change.id and not rounds[-1].reported):
        if len(rounds) >= most:
            return manifest, _paged(memory, f"{most} rounds did not settle it, the most that are allowed")
        rounds = (*rounds, Round(manifest.change.id, manifest.coverage.changed_lines))
    numbered = msgspec.structs.replace(manifest, fixing=True, cycle=len(rounds))
    return numbered, msgspec.structs.replace(memory, loop=Loop(rounds))


def end(memory: Memory, most: int, *, passed: bool) -> Memory:
    """Return the memory after the round's report: with a reason for paging, or counting anew when it passed."""
    if passed:
        return msgspec.structs.replace(memory, loop=Loop())
    memory = _reported(memory)
    why = _why(memory, most)
    return _paged(memory, why) if why and not memory.loop.paged else memory


def _why(memory: Memory, most: int) -> str:
    twice = [item.finding for item in memory.findings if item.open and item.reopened >= _REOPENED]
    if twice:
        return f"finding {twice[0].fingerprint} was fixed and came back {_REOPENED} times"
    sizes = [known.changed_lines for known in memory.loop.rounds]
    if len(sizes) > 1 and sizes[-1] > sizes[-2] and sizes[-1] > _GROWTH * max(sizes[0], 1):
        return f"the change keeps growing: {' → '.join(map(str, sizes))} changed lines"
    if len(sizes) >= most:
        return f"{len(sizes)} rounds did not settle it, the most that are allowed"
    return ""


def _reported(memory: Memory) -> Memory:
    *earlier, last = memory.loop.rounds
    rounds = (*earlier, msgspec.structs.replace(last, reported=True))
    return msgspec.structs.replace(memory, loop=msgspec.structs.replace(memory.loop, rounds=rounds))


def _paged(memory: Memory, why: str) -> Memory:
    return msgspec.structs.replace(memory, loop=msgspec.structs.replace(memory.loop, paged=why))
