"""How many tokens a call took: what the endpoint says where that can be true, else what we count ourselves.

A token is never shorter than one byte of UTF-8, so bytes bound what may be charged before a call is made. Measured on
code and prose it is three to four; what is counted here for an endpoint that counts nothing takes two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hunkworks.engine.prices import Tokens

OVERHEAD = 2_000  # tokens that an API adds of its own: how tools are called, roles, and so on
_COUNTED = 2  # bytes of a token where nobody else counted: rather too many tokens than too few
_USUAL = 3.5  # bytes of a token, for estimates


def bound(sent: int) -> int:
    """Return the most tokens that ``sent`` bytes of a request can be."""
    return sent + OVERHEAD


def usual(size: int) -> int:
    """Return about how many tokens ``size`` bytes are."""
    return round(size / _USUAL)


def measure(usage: Mapping[str, Any], sent: int, received: int, longest: int) -> tuple[Tokens, bool]:
    """Return the tokens of an answered call, and whether the endpoint counted them.

    Args:
        usage: What the endpoint wrote.
        sent: Bytes of the request.
        received: Bytes of the answer's texts and arguments.
        longest: The most tokens that the answer could have.
    """
    claimed = [usage.get(name) or 0 for name in _NAMES]
    if all(type(number) is int and number >= 0 for number in claimed):
        tokens = Tokens(*claimed)
        if 0 < tokens.prompt <= bound(sent) and 0 < tokens.output <= longest:
            return tokens, True
    return Tokens(-(-sent // _COUNTED), min(longest, max(1, -(-received // _COUNTED)))), False


_NAMES = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
