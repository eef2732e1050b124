"""What tokens cost, from a dated table that ships with the pack; a model that it does not know is refused.

Amounts are exact decimals: a sum of ten thousand calls is their sum.
"""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from hunkworks.config import Price
from hunkworks.engine.port import Usage
from hunkworks.errors import ConfigError

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """Prices of one model per million tokens, from ``since`` on, for prompts longer than ``over`` tokens."""

    model: str
    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    over: int = 0
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of a call by how they are charged; the four do not overlap."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def prompt(self) -> int:
        """What was sent, cached or not: the length that price tiers go by."""
        return self.input + self.cache_read + self.cache_write

    @property
    def total(self) -> int:
        return self.prompt + self.output

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
        )

    def usage(self, usd: Decimal | None) -> Usage:
        """Return these tokens and their price as the port shows them."""
        cost = None if usd is None else float(usd)
        return Usage(self.input, self.output, self.cache_read, self.cache_write, cost)


class Prices:
    """The table, and the rows that the configuration adds for models that it does not know.

    Raises:
        ConfigError: A row for a model whose price the pack knows.
    """

    def __init__(self, added: Sequence[Price] = (), today: date | None = None) -> None:
        known, self.dated = _table()
        today = today or datetime.now(UTC).date()
        self._rows: dict[str, list[Row]] = {}
        for row in known:
            if row.since <= today:
                self._rows.setdefault(row.model, []).append(row)
        for price in added:
            if any(row.model == price.model for row in known):
                raise ConfigError(
                    f"engine.prices has a row for {price.model}, whose price the pack knows",
                    fix="remove the row; a price that changed comes with an update of the pack",
                )
            self._rows[price.model] = [_added(price)]

    @property
    def models(self) -> list[str]:
        """Every model that has a price."""
        return list(self._rows)

    def check(self, models: Iterable[str]) -> None:
        """Refuse models without a price.

        Raises:
            ConfigError: Naming the first of them.
        """
        for model in models:
            self._of(model)

    def usd(self, model: str, tokens: Tokens) -> Decimal:
        """Return what ``tokens`` of one call cost in US dollars.

        Raises:
            ConfigError: The table does not know ``model``.
        """
        rows = [row for row in self._of(model) if tokens.prompt > row.over or row.over == 0]
        row = max(rows, key=lambda row: (row.since, row.over))
        return (
            tokens.input * row.input
            + tokens.output * row.output
            + tokens.cache_read * row.cache_read
            + tokens.cache_write * row.cache_write
        ) / MILLION

    def most(self, model: str, prompt: int, output: int) -> Decimal:
        """Return the most that a call may cost: all of its prompt charged at the dearest of the three ways."""
        ways = (Tokens(prompt, output), Tokens(0, output, prompt), Tokens(0, output, 0, prompt))
        return max(self.usd(model, way) for way in ways)

    def _of(self, model: str) -> list[Row]:
        rows = self._rows.get(model)
        if rows is None:
            near = difflib.get_close_matches(model, self._rows, n=1)
            raise ConfigError(
                f"the price of {model!r} is not known, so no ceiling could hold",
                expected=near[0] if near else "a model of the pack's price table",
                found=model,
                fix="give its prices in [[engine.prices]] of hunkworks.toml",
            )
        return rows


@functools.cache
def _table() -> tuple[list[Row], date]:
    text = Path(__file__).with_name("prices.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text, parse_float=Decimal)
    rows = []
    for entry in document["row"]:
        numbers = {name: Decimal(entry[name]) for name in ("input", "output", "cache_read")}
        write = Decimal(entry.get("cache_write", entry["input"]))
        since, over = entry.get("since", date.min), entry.get("over", 0)
        rows += [
            Row(model, **numbers, cache_write=write, over=over, since=since) for model in entry["models"]
        ]
    return rows, document["dated"]


def _added(price: Price) -> Row:
    def exact(dollars: float | None) -> Decimal:
        return Decimal(str(price.input if dollars is None else dollars))

    return Row(
        price.model,
        exact(price.input),
        exact(price.output),
        exact(price.cache_read),
        exact(price.cache_write),
    )
