"""The fitted weights, frozen in ``weights.json`` by ``python -m evals.routing fit``, and what they add up to.

The odds of a change are the sum of two models. One sees which classes of the lexicon stand in which zone; none of
its weights is negative. The other sees each file's vocabulary: the mean of its words' weights times the root of their
number, so that it speaks of what the file is about more than of its size; the file with the highest odds counts. So a
change never scores lower because something was added in another file.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from importlib import resources

import msgspec

_MOST_ODDS = 30.0  # e^30 is enough of a certainty, and no overflow


class Weights(msgspec.Struct, frozen=True):
    """Features to weights. ``bias`` puts the fitted threshold at a score of ½; ``fitted_on`` names repositories."""

    schema: int
    bias: float
    fitted_on: tuple[str, ...]
    classes: dict[str, float]
    words: dict[str, float]

    def __contains__(self, feature: object) -> bool:
        """Tell whether the feature has a weight."""
        return feature in self.classes or feature in self.words

    def vocabulary(self, features: Iterable[str]) -> dict[str, float]:
        """Return what each word adds to the odds of one file with these features."""
        known = [feature for feature in features if feature in self.words]
        length = math.sqrt(len(known))
        return {feature: self.words[feature] / length for feature in known}

    def score(self, odds: float) -> float:
        """Return log-odds, the bias not yet added, as a score between 0 and 1."""
        return 1 / (1 + math.exp(-max(-_MOST_ODDS, min(_MOST_ODDS, odds + self.bias))))


@functools.cache
def frozen() -> Weights:
    """Return the weights that the package ships."""
    raw = resources.files(__package__).joinpath("weights.json").read_bytes()
    return msgspec.json.decode(raw, type=Weights)
