"""The fitted weights, frozen in ``weights.json`` by ``python -m evals.routing fit``, and the score they give.

Two linear models are added. One sees which classes of the lexicon stand in which zone, and the size of the
change; the other sees the change's vocabulary: sub-words per zone, weighted by how rare they are and divided by
their length as a vector, so that it speaks of what the change is about rather than of how long it is.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from importlib import resources
from typing import NamedTuple

import msgspec


class Weights(msgspec.Struct, frozen=True):
    """``classes`` and ``words`` map features to weights; ``rarity`` holds the inverse document frequency of words.

    ``lines`` and ``files`` weigh the logarithm of the change's size. ``threshold`` is the fitted one.
    """

    schema: int
    bias: float
    lines: float
    files: float
    threshold: float
    classes: dict[str, float]
    words: dict[str, float]
    rarity: dict[str, float]
    fitted_on: tuple[str, ...] = ()

    def __contains__(self, feature: object) -> bool:
        return feature in self.classes or feature in self.words


class Scored(NamedTuple):
    """The score between 0 and 1, and what each feature added to its log-odds."""

    score: float
    shares: dict[str, float]


@functools.cache
def frozen() -> Weights:
    """Return the weights that the package ships."""
    raw = resources.files(__package__).joinpath("weights.json").read_bytes()
    return msgspec.json.decode(raw, type=Weights)


def score(weights: Weights, counts: Mapping[str, int], *, lines: int, files: int) -> Scored:
    """Return how much the counted features speak for the deep tier.

    Args:
        counts: Features of one change, as ``Observation`` counts them.
        lines: Changed lines of code.
        files: Changed code files.
    """
    shares = {feature: weights.classes[feature] for feature in counts if feature in weights.classes}
    values = {
        feature: math.log1p(number) * weights.rarity[feature]
        for feature, number in counts.items()
        if feature in weights.words
    }
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    shares |= {feature: weights.words[feature] * value / length for feature, value in values.items()}
    odds = weights.bias + sum(shares.values())
    odds += weights.lines * math.log1p(lines) + weights.files * math.log1p(files)
    return Scored(1 / (1 + math.exp(-max(-50.0, min(50.0, odds)))), shares)
