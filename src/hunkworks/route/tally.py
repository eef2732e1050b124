"""A change's score, grown file by file."""

from __future__ import annotations

from hunkworks.route.observation import Observation, Place
from hunkworks.route.weights import Weights


class Tally:
    """What the files so far add up to; the memory of one file, whatever the size of the change."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._places: dict[str, Place] = {}
        self._words: dict[str, float] = {}
        self._word_places: dict[str, Place] = {}
        self.lines = 0

    def add(self, seen: Observation) -> None:
        """Add one code file; a file without a changed line adds nothing."""
        if not seen.lines:
            return
        for feature, place in seen.features.items():
            if feature in self._weights.classes:
                self._places.setdefault(feature, place)
        words = self._weights.vocabulary(seen.features)
        if not self.lines or sum(words.values()) > sum(self._words.values()):
            self._words = words
            self._word_places = {feature: seen.features[feature] for feature in words}
        self.lines += seen.lines

    @property
    def score(self) -> float:
        """Between 0 and 1; 0 where no line of code changed."""
        if not self.lines:
            return 0.0
        return self._weights.score(sum(self.classes().values()) + sum(self._words.values()))

    def classes(self) -> dict[str, float]:
        """Return what each class in its zone adds to the odds."""
        return {feature: self._weights.classes[feature] for feature in self._places}

    def words(self) -> dict[str, float]:
        """Return what each word of the file with the highest odds adds to them."""
        return self._words

    def place(self, feature: str) -> Place:
        """Return where a feature was first seen."""
        return self._places.get(feature) or self._word_places[feature]
