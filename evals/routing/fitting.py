"""From samples to weights: a model over lexicon classes that never counts against, and one over the vocabulary."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from evals.routing.data import Sample
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from hunkworks.route.tally import Tally
from hunkworks.route.weights import Weights, Word

# Of the bait, 40 % is mislabelled (README of the data).
_IMPORTANCE = {"pos": 1.0, "neg": 1.0, "neg_bait": 0.5, "natural": 1.0}


@dataclass(frozen=True)
class Recipe:
    """How weights are fitted. The defaults are what is frozen; the rest are the variants that were compared.

    ``least_repositories``: a feature seen in fewer of them is somebody's name for something.
    ``most_words`` keeps those that move scores most, fitted once more on their own.
    """

    classes: bool = True
    words: bool = True
    never_against: bool = True
    classes_c: float = 0.3
    words_c: float = 3.0
    least_repositories: int = 3
    most_words: int | None = 2_000


def fit(samples: Sequence[Sample], recipe: Recipe = Recipe()) -> Weights:
    """Fit on all of ``samples``; the threshold is the caller's to set."""
    counts = [_sum(sample) for sample in samples]
    wanted = np.array([sample.positive for sample in samples])
    importance = np.array([_IMPORTANCE[sample.kind] for sample in samples])
    repositories = defaultdict(set)
    for sample, count in zip(samples, counts, strict=True):
        for feature in count:
            repositories[feature].add(sample.repo)
    common = sorted(f for f, seen in repositories.items() if len(seen) >= recipe.least_repositories)
    bias = 0.0
    classes: dict[str, float] = {}
    words: dict[str, Word] = {}
    if recipe.classes:
        names = [feature for feature in common if is_class(feature)]
        matrix = _matrix(counts, names, lambda _: 1.0)
        regression = _never_against if recipe.never_against else _regression
        weights, intercept = regression(matrix, wanted, importance, recipe.classes_c)
        classes, bias = _rounded(names, weights), bias + intercept
    if recipe.words:
        names = [feature for feature in common if not is_class(feature)]
        matrix = _matrix(counts, names, math.log1p)
        if recipe.most_words is not None and len(names) > recipe.most_words:
            values, _ = _rare(matrix)
            weights, _ = _regression(values, wanted, importance, recipe.words_c)
            moved = np.abs(weights) * np.sqrt(np.asarray(values.multiply(values).mean(axis=0)).ravel())
            kept = np.sort(np.argsort(-moved)[: recipe.most_words])
            names, matrix = [names[index] for index in kept], matrix[:, kept]
        values, rarity = _rare(matrix)
        weights, intercept = _regression(values, wanted, importance, recipe.words_c)
        rounded = _rounded(names, weights)
        words = {
            name: Word(rounded[name], round(float(rare), 3)) for name, rare in zip(names, rarity, strict=True)
        }
        bias += intercept
    return Weights(
        schema=1,
        bias=round(bias, 4),
        threshold=0.5,
        fitted_on=tuple(sorted({sample.repo for sample in samples})),
        classes={name: weight for name, weight in classes.items() if weight},
        words=words,
    )


def score(weights: Weights, sample: Sample) -> float:
    """Return what the product gives this commit."""
    tally = Tally(weights)
    for file in sample.files:
        tally.add(file)
    return tally.score


def is_class(feature: str) -> bool:
    return "#" in feature or ":" not in feature


def _sum(sample: Sample) -> Counter[str]:
    total: Counter[str] = Counter()
    for file in sample.files:
        total.update(file.counts)
    return total


def _rare(counts: Any) -> tuple[Any, Any]:
    """Weigh words by rarity and divide each row by its length."""
    documents = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + counts.shape[0]) / (1 + documents)) + 1
    return normalize(counts @ sparse.diags(rarity)).tocsr(), rarity


def _regression(matrix: Any, wanted: Any, importance: Any, c: float) -> tuple[Any, float]:
    model = LogisticRegression(C=c, solver="liblinear", max_iter=500)
    model.fit(matrix, wanted, sample_weight=importance)
    return model.coef_[0], float(model.intercept_[0])


def _never_against(matrix: Any, wanted: Any, importance: Any, c: float) -> tuple[Any, float]:
    """Logistic regression with an L2 penalty and no weight below zero."""
    side = wanted * 2.0 - 1

    def loss(parameters: Any) -> tuple[float, Any]:
        weights, intercept = parameters[:-1], parameters[-1]
        margin = side * (matrix @ weights + intercept)
        pull = -c * importance * side / (1 + np.exp(margin))
        value = c * (importance * np.logaddexp(0, -margin)).sum() + 0.5 * (weights @ weights)
        return value, np.append(matrix.T @ pull + weights, pull.sum())

    bounds = [(0, None)] * matrix.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:-1], float(found.x[-1])


def _matrix(counts: Iterable[Counter[str]], names: Sequence[str], value: Callable[[int], float]) -> Any:
    index = {name: column for column, name in enumerate(names)}
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for count in counts:
        for feature, number in count.items():
            if feature in index:
                columns.append(index[feature])
                data.append(value(number))
        ends.append(len(columns))
    return sparse.csr_matrix((data, columns, ends), shape=(len(ends) - 1, len(names)))


def _rounded(names: Sequence[str], weights: Any) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
