"""What commands that judge without a session share: their ceiling, and what they paid."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hunkworks.cli.run import Run
from hunkworks.config import Config
from hunkworks.engine.port import Judged, Usage
from hunkworks.ledger.record import Tokens

_PLACES = 6  # of a dollar


def capped(config: Config, max_usd: float | None) -> Config:
    """Return ``config`` with the ceiling of the command line, where one was given."""
    if max_usd is None:
        return config
    return msgspec.structs.replace(config, engine=msgspec.structs.replace(config.engine, max_usd=max_usd))


def paid_now(judged: Sequence[Judged]) -> Usage:
    """Return what was paid by this run: without what an earlier one had paid."""
    costs = [(item.usage, item.unpaid) for item in judged]
    known = all(paid.usd is not None for pair in costs for paid in pair)
    return Usage(
        sum(used.input - old.input for used, old in costs),
        sum(used.output - old.output for used, old in costs),
        sum(used.cache_read - old.cache_read for used, old in costs),
        sum(used.cache_write - old.cache_write for used, old in costs),
        round(sum((used.usd or 0.0) - (old.usd or 0.0) for used, old in costs), _PLACES) if known else None,
    )


def count(run: Run, paid: Usage) -> None:
    """Put into the ledger's record what was paid."""
    run.tokens = Tokens(
        source="api",
        input=paid.input,
        output=paid.output,
        cache_read=paid.cache_read,
        cache_write=paid.cache_write,
    )
    run.cost = paid.usd


def in_dollars(usage: Usage) -> str:
    """Return a price as people read it."""
    return "an unknown price" if usage.usd is None else f"{usage.usd:.4f} USD"
