"""A change's score, grown file by file."""

from __future__ import annotations

from hunkworks.route.observation import Observation, Place
from hunkworks.route.weights import Weights


class Tally:
    """What the files so far add up to; the memory of one file, whatever the size of the change."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._classes: dict[str, Place] = {}
        self._words: dict[str, float] | None = None
        self._word_places: dict[str, Place] = {}
        self.lines = 0

    def add(self, seen: Observation) -> None:
        """Add one code file; a file without a changed line adds nothing."""
        if not seen.lines:
            return
        self.lines += seen.lines
        for feature in seen.counts:
            if feature in self._weights.classes:
                self._classes.setdefault(feature, seen.places[feature])
        words = self._weights.vocabulary(seen.counts)
        if self._words is None or sum(words.values()) > sum(self._words.values()):
            self._words = words
            self._word_places = {feature: seen.places[feature] for feature in words if feature in seen.places}

    @property
    def score(self) -> float:
        """Between 0 and 1; 0 where no line of code changed."""
        if not self.lines:
            return 0.0
        return self._weights.score(sum(self.classes().values()) + sum((self._words or {}).values()))

    def classes(self) -> dict[str, float]:
        """Return what each class in its zone adds to the odds."""
        return {feature: self._weights.classes[feature] for feature in self._classes}

    def words(self) -> dict[str, float]:
        """Return what each word of the file with the highest odds adds to them."""
        return self._words or {}

    def place(self, feature: str) -> Place:
        """Return where a feature was first seen."""
        return self._classes.get(feature) or self._word_places[feature]
