"""What judging through an engine took: calls, tokens, cost, and every departure from the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from hunkworks.engine.port import Judged, Usage

_PLACES = 6  # decimals of a dollar: more than any price has


class Step(msgspec.Struct, frozen=True):
    """Something that did not go as planned, and for which tasks."""

    what: str
    tasks: tuple[str, ...]


class Judging(msgspec.Struct, frozen=True, kw_only=True):
    """The sums over all tasks of a headless run, calls of a run that it resumed included.

    ``usd`` is None where a price is not known. ``steps`` are departures that did not keep a task from being answered
    (a fallback, a lower tier, a finding that stayed refused); ``unanswered`` says why the others were not.
    """

    calls: int
    input: int
    output: int
    cache_read: int
    cache_write: int
    usd: float | None
    models: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    unanswered: tuple[Step, ...] = ()


def summed(judged: Sequence[Judged], refused: Mapping[str, Sequence[str]]) -> Judging:
    """Return the sums over what became of each task.

    Args:
        judged: In the order of the tasks.
        refused: What stayed refused of answers that count, by task.
    """
    usage = total(one.usage for one in judged)
    steps = [(what, one.task) for one in judged for what in one.steps]
    steps += [(f"stayed refused: {why}", task) for task, reasons in refused.items() for why in reasons]
    return Judging(
        calls=sum(one.calls for one in judged),
        input=usage.input,
        output=usage.output,
        cache_read=usage.cache_read,
        cache_write=usage.cache_write,
        usd=usage.usd,
        models=tuple(dict.fromkeys(one.model for one in judged if one.model)),
        steps=_grouped(steps),
        unanswered=_grouped([(one.why, one.task) for one in judged if not one.answered]),
    )


def total(usages: Iterable[Usage]) -> Usage:
    """Return the sum; the price is None where one of them is not known."""
    known = list(usages)
    prices = [usage.usd for usage in known if usage.usd is not None]
    return Usage(
        sum(usage.input for usage in known),
        sum(usage.output for usage in known),
        sum(usage.cache_read for usage in known),
        sum(usage.cache_write for usage in known),
        round(sum(prices), _PLACES) if len(prices) == len(known) else None,
    )


def uncounted(judged: Sequence[Judged], counted: Usage) -> Usage:
    """Return what was paid and no ledger has counted yet: by this run, or by one that was killed before its end.

    Args:
        judged: What became of each task.
        counted: What the record of an earlier run has counted for the same judgment.
    """
    used, unpaid = total(one.usage for one in judged), total(one.unpaid for one in judged)

    def left(name: str) -> Any:
        now, before, told = (getattr(usage, name) for usage in (used, unpaid, counted))
        return now - before + max(0, before - told)

    priced = None not in (used.usd, unpaid.usd, counted.usd)
    return Usage(
        left("input"),
        left("output"),
        left("cache_read"),
        left("cache_write"),
        round(left("usd"), _PLACES) if priced else None,
    )


def _grouped(said: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    tasks: dict[str, list[str]] = {}
    for what, task in said:
        tasks.setdefault(what, []).append(task)
    return tuple(Step(what, tuple(dict.fromkeys(names))) for what, names in tasks.items())
