"""The fitted weights, frozen in ``weights.json`` by ``python -m evals.routing fit``, and what they add up to.

The odds of a change are the sum of two models. One sees which classes of the lexicon stand in which zone; none of
its weights is negative. The other sees each file's vocabulary, sub-words weighted by how rare they are and divided
by their length as a vector, so that it speaks of what the file is about and not of its size; the file with the
highest odds counts. So a change never scores lower because something was added beside it in another file.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from importlib import resources

import msgspec

_MOST_ODDS = 30.0  # e^30 is enough of a certainty, and no overflow


class Word(msgspec.Struct, frozen=True, array_like=True):
    """The weight of one word in one zone, and how rare it is (its inverse document frequency)."""

    weight: float
    rarity: float


class Weights(msgspec.Struct, frozen=True):
    """Features to weights; ``threshold`` is the fitted one, ``fitted_on`` names the repositories."""

    schema: int
    bias: float
    threshold: float
    fitted_on: tuple[str, ...]
    classes: dict[str, float]
    words: dict[str, Word]

    def __contains__(self, feature: object) -> bool:
        """Tell whether the feature is worth counting."""
        return feature in self.classes or feature in self.words

    def vocabulary(self, counts: Mapping[str, int]) -> dict[str, float]:
        """Return what each word adds to the odds of one file with these counts."""
        values = {
            feature: math.log1p(number) * word.rarity
            for feature, number in counts.items()
            if (word := self.words.get(feature))
        }
        length = math.sqrt(sum(value * value for value in values.values())) or 1.0
        return {feature: self.words[feature].weight * value / length for feature, value in values.items()}

    def score(self, odds: float) -> float:
        """Return log-odds, the bias not yet added, as a score between 0 and 1."""
        return 1 / (1 + math.exp(-max(-_MOST_ODDS, min(_MOST_ODDS, odds + self.bias))))


@functools.cache
def frozen() -> Weights:
    """Return the weights that the package ships."""
    raw = resources.files(__package__).joinpath("weights.json").read_bytes()
    return msgspec.json.decode(raw, type=Weights)
