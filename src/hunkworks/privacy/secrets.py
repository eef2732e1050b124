"""Secrets in any text: found in the process, without a network, a file or a setting."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hunkworks.privacy import vendors
from hunkworks.privacy.rules import Keywords, rules
from hunkworks.privacy.shapes import SHAPES

MASK = "*"
_LEAST_REPEATED = 10  # characters: a shorter value may be a word elsewhere
_MASKED = re.compile(r"[*\s]*([a-z0-9-]*)[*\s]*")
_Finder = Callable[[str, int, int], Iterator[tuple[int, int]]]


@dataclass(frozen=True, slots=True, order=True)
class Secret:
    """``text[start:end]`` (characters, half open) is a secret of ``kind``, a stable name in kebab-case."""

    start: int
    end: int
    kind: str


def find_secrets(text: str) -> list[Secret]:
    """Return the secrets in ``text``, in order and not overlapping; of two rules that overlap, one names both."""
    finders, keywords, wordless = _finders()
    found: list[tuple[int, int, int]] = []
    everywhere = {number: [(0, len(text))] for number in wordless}
    for number, windows in (keywords.windows(text) | everywhere).items():
        find = finders[number][1]
        for start, end in windows:
            found.extend((low, high, number) for low, high in find(text, start, end))
    secrets = [
        Secret(start, end, finders[number][0])
        for start, end, number in _merged([*found, *_again(text, found)])
    ]
    return [secret for secret in secrets if not is_masked(text[secret.start : secret.end])]


def _again(text: str, found: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield where else a value stands that was found somewhere: there its name may be missing."""
    plain = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    values = {plain[start:end]: number for start, end, number in found}
    sought = [
        value
        for value in values
        if len(value) >= _LEAST_REPEATED and "\n" not in value and not is_masked(value)
    ]
    if sought:
        from ahocorasick_rs import AhoCorasick

        for index, start, end in AhoCorasick(sought).find_matches_as_indexes(plain, overlapping=True):
            yield start, end, values[sought[index]]


def is_masked(value: str) -> bool:
    """Return whether the value is a placeholder that ``redact`` left: ``***``, or ``*kind**``."""
    found = _MASKED.fullmatch(value)
    return found is not None and MASK in value and (not found[1] or found[1] in kinds())


@functools.cache
def kinds() -> frozenset[str]:
    """Return every kind that ``find_secrets`` can name."""
    return frozenset(kind for kind, _ in _finders()[0])


def _merged(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    merged: list[tuple[int, int, int]] = []
    for start, end, number in sorted(found):
        if merged and start < merged[-1][1]:
            low, high, first = merged[-1]
            merged[-1] = (low, max(high, end), min(first, number))
        else:
            merged.append((start, end, number))
    return merged


@functools.cache
def _finders() -> tuple[list[tuple[str, _Finder]], Keywords, list[int]]:
    """Return all finders, the most specific first, the automaton that says where to try each, and the wordless."""
    finders: list[tuple[str, _Finder]] = []
    listeners: dict[str, list[int]] = {}
    for kind, words, find in [
        SHAPES[0],
        *((rule.kind, rule.keywords, rule.matches) for rule in rules()),
        *vendors.finders(),
        *SHAPES[1:],
    ]:
        for word in words:
            listeners.setdefault(word, []).append(len(finders))
        finders.append((kind, find))
    wordless = sorted(set(range(len(finders))) - {number for heard in listeners.values() for number in heard})
    return finders, Keywords(listeners), wordless
