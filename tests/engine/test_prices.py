"""What a call costs, against prices typed a second time by hand: nobody else may change them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.config import Price, Tier
from hunkworks.engine.endpoints import MODELS
from hunkworks.engine.prices import Prices, Tokens
from hunkworks.errors import ConfigError

TODAY = date(2026, 11, 22)
# model, then US dollars for a million tokens of prompt, answer, cache read, cache write (5 minutes)
EXPECTED = """
claude-fable-5-2              8     40    0.20  10
claude-fable-5-1              10    50    0.25  12.5
claude-fable-5                10    50    1     12.5
claude-opus-5-5               4     20    0.20  5
claude-opus-5                 5     25    0.50  6.25
claude-opus-4-8               5     25    0.50  6.25
claude-opus-4-7               5     25    0.50  6.25
claude-opus-4-6               5     25    0.50  6.25
claude-sonnet-5-5             2     10    0.10  2.5
claude-sonnet-5               2     10    0.20  2.5
claude-sonnet-4-6             3     15    0.30  3.75
claude-haiku-5-5              0.10  0.50  0.01  0.125
claude-haiku-4-5              1     5     0.10  1.25
claude-haiku-4-5-20251001     1     5     0.10  1.25
kimi-k2.5                     0.60  3     0.10  0.60
kimi-k2.6                     0.95  4     0.16  0.95
kimi-k2.7-code                0.95  4     0.19  0.95
kimi-k2.7-code-highspeed      1.90  8     0.38  1.90
kimi-k3                       3     15    0.30  3
kimi-k3.1-pro                 2     10    0.20  2
"""
ROWS = [line.split() for line in EXPECTED.strip().splitlines()]
# What Claude Code 2.1.330 reports for 100 in, 12 out, 50 read from and 20 written to the cache.
OF_THE_CLIENT = {
    "claude-sonnet-4-6": "0.00057",
    "claude-opus-4-6": "0.00095",
    "claude-haiku-4-5": "0.00019",
    "claude-sonnet-5-5": "0.000375",
    "claude-haiku-5-5": "0.000019",
    "claude-fable-5-2": "0.00149",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_model_costs_what_its_vendor_says(row: list[str]) -> None:
    model, *dollars = row
    prices = Prices(today=TODAY)
    ways = (Tokens(50_000), Tokens(0, 50_000), Tokens(0, 0, 50_000), Tokens(0, 0, 0, 50_000))
    assert [prices.usd(model, way) * 20 for way in ways] == [Decimal(dollar) for dollar in dollars]


def test_no_model_is_left_out_here() -> None:
    assert {row[0] for row in ROWS} == set(Prices(today=TODAY).models)


@pytest.mark.parametrize(("model", "usd"), OF_THE_CLIENT.items())
def test_the_client_reports_the_same(model: str, usd: str) -> None:
    assert Prices(today=TODAY).usd(model, Tokens(100, 12, 50, 20)) == Decimal(usd)


@pytest.mark.parametrize(
    ("tokens", "usd"),
    [
        (Tokens(100_000, 1_000), "0.0105"),  # 0.10 and 0.50 up to here
        (Tokens(100_001, 1_000), "0.0525005"),  # five times as much, for every token
        (Tokens(1, 0, 100_000), "0.0050005"),  # what comes from the cache counts for the length
        (Tokens(1, 0, 50_000, 50_000), "0.0337505"),
    ],
)
def test_a_long_prompt_makes_every_token_dearer(tokens: Tokens, usd: str) -> None:
    assert Prices(today=TODAY).usd("claude-haiku-5-5", tokens) == Decimal(usd)


def test_a_price_holds_from_its_day() -> None:
    cached = Tokens(cache_read=1_000_000)
    assert Prices(today=date(2026, 10, 6)).usd("claude-sonnet-5-5", cached) == Decimal("0.20")
    assert Prices(today=date(2026, 10, 7)).usd("claude-sonnet-5-5", cached) == Decimal("0.10")


@pytest.mark.parametrize(
    "model", ["claude-opus-9", "gpt-5", "", "claude-opus-5-5-20260101", "CLAUDE-OPUS-5-5"]
)
def test_an_unknown_model_is_never_guessed(model: str) -> None:
    with pytest.raises(ConfigError, match="no ceiling could hold"):
        Prices().usd(model, Tokens(1))
    with pytest.raises(ConfigError, match="give its prices"):
        Prices().check([model])


def test_a_private_model_is_priced_by_the_configuration() -> None:
    prices = Prices([Price(model="house-llm", input=0.3, output=1.1, cache_write=0.4)])
    assert prices.usd("house-llm", Tokens(10, 10, 10, 10)) == Decimal("0.000021")  # 3 + 11 + 3 + 4 millionths
    with pytest.raises(ConfigError, match="whose price the pack knows"):
        Prices([Price(model="claude-opus-5-5", input=0, output=0)])


def test_the_models_of_the_tiers_have_prices() -> None:
    Prices().check(MODELS[tier] for tier in Tier)


COUNTS = st.integers(0, 400_000)


@given(st.sampled_from([row[0] for row in ROWS]), COUNTS, COUNTS, COUNTS, COUNTS, st.integers(0, 5_000))
def test_what_is_reserved_is_never_less_than_what_it_costs(
    model: str, fresh: int, read: int, written: int, output: int, spare: int
) -> None:
    """The ceiling holds because of this, however the prompt turns out to be cached."""
    prices = Prices(today=TODAY)
    tokens = Tokens(fresh, output, read, written)
    assert prices.usd(model, tokens) <= prices.most(model, tokens.prompt + spare, output + spare)
