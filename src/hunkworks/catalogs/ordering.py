"""Where a new name belongs among the names there are: in the order they are found in, else at the end."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

# Punctuation and symbols as the Unicode collation, and with it Xcode, orders them before digits and letters.
_RANK = {character: rank for rank, character in enumerate("_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$")}
_CHUNK = re.compile(r"\d+|\D")
# From this share of neighbours in order on, the exceptions are taken for accidents.
_MOSTLY = 0.98

Key = Callable[[str], Any]


@cache
def _rank(character: str) -> tuple[int, int | str]:
    if character.isspace():
        return 0, character
    if character in _RANK:
        return 1, _RANK[character]
    if not character.isalnum():
        return (
            (1, len(_RANK) + ord(character)) if unicodedata.category(character)[0] in "PS" else (0, character)
        )
    return 3, unicodedata.normalize("NFD", character)[0].casefold()


@cache
def natural(name: str) -> Any:
    """Return what a Mac's ``localizedStandardCompare`` orders by: punctuation, numbers by value, letters."""
    ranks = [(2, int(chunk)) if chunk.isdecimal() else _rank(chunk) for chunk in _CHUNK.findall(name)]
    return ranks, name.swapcase()


def codepoint(name: str) -> Any:
    """Return the name itself: order by code point."""
    return name


def caseless(name: str) -> Any:
    """Return the name without case."""
    return name.casefold(), name


ORDERS: tuple[Key, ...] = (codepoint, caseless, natural)


class Places:
    """Places for new names among ``names``, which stay as they are."""

    def __init__(self, names: Sequence[str], orders: Sequence[Key] = ORDERS, mostly: float = _MOSTLY) -> None:
        self._last = len(names) - 1
        self._key = _order(names, orders, mostly)
        if self._key is not None:
            self._sorted = sorted((self._key(name), index) for index, name in enumerate(names))

    def after(self, name: str) -> int:
        """Return the index of the name to stand behind; -1 stands for the front."""
        if self._key is None:
            return self._last
        place = bisect_right(self._sorted, (self._key(name), self._last + 1))
        return self._sorted[place - 1][1] if place else -1

    def arranged(self, names: Sequence[str]) -> list[str]:
        """Return several new names in the order in which they are to be inserted."""
        return list(names) if self._key is None else sorted(names, key=self._key)


def _order(names: Sequence[str], orders: Sequence[Key], mostly: float) -> Key | None:
    if len(names) < 2:
        return orders[0] if names else None
    shares = []
    for key in orders:
        keys = [key(name) for name in names]
        shares.append(sum(a <= b for a, b in pairwise(keys)) / (len(keys) - 1))
    best = max(shares)
    return orders[shares.index(best)] if best >= mostly else None
