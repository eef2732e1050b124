"""What judging through an engine took: calls, tokens, cost, and every departure from the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    usages = [one.usage for one in judged]
    steps = [(what, one.task) for one in judged for what in one.steps]
    steps += [(f"stayed refused: {why}", task) for task, reasons in refused.items() for why in reasons]
    return Judging(
        calls=sum(one.calls for one in judged),
        input=sum(usage.input for usage in usages),
        output=sum(usage.output for usage in usages),
        cache_read=sum(usage.cache_read for usage in usages),
        cache_write=sum(usage.cache_write for usage in usages),
        usd=_cost(usages),
        models=tuple(dict.fromkeys(one.model for one in judged if one.model)),
        steps=_grouped(steps),
        unanswered=_grouped([(one.why, one.task) for one in judged if not one.answered]),
    )


def _cost(usages: Sequence[Usage]) -> float | None:
    prices = [usage.usd for usage in usages]
    known = [price for price in prices if price is not None]
    return round(sum(known), _PLACES) if len(known) == len(prices) else None


def _grouped(said: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    tasks: dict[str, list[str]] = {}
    for what, task in said:
        tasks.setdefault(what, []).append(task)
    return tuple(Step(what, tuple(dict.fromkeys(names))) for what, names in tasks.items())
