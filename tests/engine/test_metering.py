"""What a call is charged never passes what was reserved for it, whatever an endpoint claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.engine.metering import bound, measure

CLAIM = st.one_of(st.integers(-10, 10**12), st.floats(), st.text(max_size=3), st.none(), st.booleans())
NAMES = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


@given(
    st.dictionaries(st.sampled_from(NAMES), CLAIM),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(256, 64_000),
)
def test_no_claim_passes_the_reservation(
    usage: dict[str, object], sent: int, received: int, longest: int
) -> None:
    tokens, _ = measure(usage, sent, received, longest)
    assert 0 <= tokens.prompt <= bound(sent)
    assert 0 < tokens.output <= longest
    assert min(tokens.input, tokens.cache_read, tokens.cache_write) >= 0


@pytest.mark.parametrize(
    "usage",
    [
        {},
        {"input_tokens": 0, "output_tokens": 5},
        {"input_tokens": 100, "output_tokens": 0},
        {"input_tokens": -1, "output_tokens": 5},
        {"input_tokens": 10**9, "output_tokens": 5},
        {"input_tokens": 100, "output_tokens": 1001},
        {"input_tokens": "100", "output_tokens": 5},
        {"input_tokens": True, "output_tokens": True},
    ],
    ids=str,
)
def test_what_cannot_be_true_is_counted_here(usage: dict[str, object]) -> None:
    tokens, counted = measure(usage, 1_000, 90, 1_000)
    assert not counted
    assert (tokens.input, tokens.output) == (500, 45)


def test_what_can_be_true_is_taken() -> None:
    usage = {"input_tokens": 3, "output_tokens": 5, "cache_read_input_tokens": 200, "server_tool_use": None}
    tokens, counted = measure(usage, 1_000, 90, 1_000)
    assert counted
    assert (tokens.input, tokens.output, tokens.cache_read, tokens.cache_write) == (3, 5, 200, 0)
