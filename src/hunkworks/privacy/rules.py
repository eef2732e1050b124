"""The rule set of betterleaks as data (MIT, LICENSE.betterleaks), and the search for its keywords in one pass.

betterleaks continues gitleaks' rules. ``python -m evals.secret_rules`` converts them; docs/decisions/0003-secrets.md
says why these rules and this engine.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

# A rule is tried around its keyword only. A match that reaches the end of this window is tried again without one.
# Windows that touch are one, up to a length that keeps a slow pattern on hostile text affordable.
BEFORE, AFTER, WIDEST = 160, 800, 4000


_SURROGATES = re.compile("[\ud800-\udfff]")


class Rule(msgspec.Struct, frozen=True):
    """One provider's secret: tried where a keyword stands, taken if random enough and not a known dummy."""

    kind: str
    keywords: tuple[str, ...]
    pattern: str
    entropy: float = 0.0
    group: int = 0
    allowed: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ()

    def matches(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the spans of secrets whose match begins within ``text[start:end]``."""
        pattern = _compiled(self.pattern)
        position = start
        while (found := pattern.search(text, position, end)) is not None:
            if found.end() == end < len(text):
                found = pattern.match(text, found.start()) or found
            span = self._secret(found)
            if self._holds(text[span[0] : span[1]]):
                yield span
            position = max(found.end(), found.start() + 1)

    def _secret(self, found: re.Match[str]) -> tuple[int, int]:
        if self.group:
            return found.span(self.group)
        spans = (found.span(number) for number in range(1, (found.re.groups or 0) + 1))
        return next((span for span in spans if span[0] < span[1]), found.span())

    def _holds(self, secret: str) -> bool:
        return (
            (not self.entropy or entropy(secret) > self.entropy)
            and not any(_compiled(pattern).search(secret) for pattern in self.allowed)
            and all(_compiled(pattern).search(secret) for pattern in self.demanded)
        )


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return the converted rules."""
    data = Path(__file__).with_name("betterleaks.json").read_bytes()
    return msgspec.json.decode(data, type=tuple[Rule, ...])


class Keywords:
    """Keywords in one automaton; each stands for whatever wants to be told where it occurs."""

    def __init__(self, listeners: dict[str, list[int]]) -> None:
        from ahocorasick_rs import AhoCorasick

        self._automaton = AhoCorasick(list(listeners))
        self._listeners = list(listeners.values())

    def windows(self, text: str) -> dict[int, list[tuple[int, int]]]:
        """Return for each listener the windows around its keywords, merged where they touch."""
        found: dict[int, list[tuple[int, int]]] = {}
        last = len(text)
        for keyword, start, _ in self._automaton.find_matches_as_indexes(lowered(text), overlapping=True):
            low, high = max(0, start - BEFORE), min(last, start + AFTER)
            for listener in self._listeners[keyword]:
                windows = found.setdefault(listener, [])
                if windows and low <= windows[-1][1] and high - windows[-1][0] <= WIDEST:
                    windows[-1] = (windows[-1][0], high)
                else:
                    windows.append((max(low, windows[-1][1] - BEFORE - AFTER) if windows else low, high))
        return found


def lowered(text: str) -> str:
    """Return ``text`` in lower case, every character at its place: ``İ`` stays, for it would become two.

    Undecodable bytes, which ``os.fsdecode`` keeps as lone surrogates, become question marks.
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lower if lower.isascii() else _SURROGATES.sub("?", lower)


def entropy(text: str) -> float:
    """Return Shannon's entropy of the characters, in bits per character."""
    size = len(text)
    return -sum(count / size * math.log2(count / size) for count in Counter(text).values()) if size else 0.0


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Go leaves [ unescaped in a class
        return re.compile(pattern, re.ASCII)
