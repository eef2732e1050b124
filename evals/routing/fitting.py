"""From samples to weights: a model over lexicon classes that never counts against, and one over the vocabulary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from evals.routing.data import Sample
from hunkworks.route.router import ALWAYS_DEEP
from hunkworks.route.tally import Tally
from hunkworks.route.weights import Weights

# Of the bait, 40 % is mislabelled (README of the data).
_IMPORTANCE = {"pos": 1.0, "neg": 1.0, "neg_bait": 0.5, "natural": 1.0}


@dataclass(frozen=True)
class Recipe:
    """How weights are fitted. The defaults are what is frozen; the rest are the variants that were compared.

    ``never_against``: no class has a negative weight. ``guarded`` is the least weight of that one feature: beside the
    classes of the same lines the fit gives it none, but it is the reason that a reader understands best, and this
    much changes nothing measurable. ``ratios`` scales words by their log-count ratio, as NB-SVM does (Wang and
    Manning, 2012). A feature seen in fewer than ``least_repositories`` is somebody's name for something.
    ``most_words`` keeps those that move scores most, and fits them again on their own.
    """

    classes: bool = True
    words: bool = True
    never_against: bool = True
    guarded: float = 0.2
    ratios: bool = True
    classes_c: float = 0.3
    words_c: float = 5.0
    least_repositories: int = 3
    most_words: int | None = 2_000


def fit(samples: Sequence[Sample], recipe: Recipe = Recipe()) -> Weights:
    """Fit on all of ``samples``; where between 0 and 1 the threshold lies is the caller's to find."""
    rows = [set().union(*(file.features for file in sample.files)) for sample in samples]
    wanted = np.array([sample.positive for sample in samples])
    importance = np.array([_IMPORTANCE[sample.kind] for sample in samples])
    repositories = defaultdict(set)
    for sample, features in zip(samples, rows, strict=True):
        for feature in features:
            repositories[feature].add(sample.repo)
    common = sorted(f for f, seen in repositories.items() if len(seen) >= recipe.least_repositories)
    bias = 0.0
    classes: dict[str, float] = {}
    words: dict[str, float] = {}
    if recipe.classes:
        names = [feature for feature in common if is_class(feature) and feature not in ALWAYS_DEEP]
        matrix = _matrix(rows, names)
        if recipe.never_against:
            least = [recipe.guarded if name == "guarded" else 0.0 for name in names]
            weights, intercept = _bounded(matrix, wanted, importance, recipe.classes_c, least)
        else:
            weights, intercept = _regression(matrix, wanted, importance, recipe.classes_c)
        classes, bias = _rounded(names, weights), bias + intercept
    if recipe.words:
        names = [feature for feature in common if not is_class(feature)]
        matrix = normalize(_matrix(rows, names))
        weights, intercept = _vocabulary(matrix, wanted, importance, recipe)
        if recipe.most_words is not None and len(names) > recipe.most_words:
            moved = np.abs(weights) * np.sqrt(np.asarray(matrix.power(2).mean(axis=0)).ravel())
            names = sorted(names[index] for index in np.argsort(-moved)[: recipe.most_words])
            weights, intercept = _vocabulary(normalize(_matrix(rows, names)), wanted, importance, recipe)
        words, bias = _rounded(names, weights), bias + intercept
    return Weights(
        schema=1,
        bias=round(bias, 4),
        fitted_on=tuple(sorted({sample.repo for sample in samples})),
        classes={name: weight for name, weight in classes.items() if weight},
        words=words,
    )


def score(weights: Weights, sample: Sample) -> float:
    """Return what the product gives this commit: 1 where it goes deep whatever its words."""
    if any(feature in file.features for file in sample.files for feature in ALWAYS_DEEP):
        return 1.0
    tally = Tally(weights)
    for file in sample.files:
        tally.add(file)
    return tally.score


def is_class(feature: str) -> bool:
    return "#" in feature or ":" not in feature


def _vocabulary(matrix: Any, wanted: Any, importance: Any, recipe: Recipe) -> tuple[Any, float]:
    if not recipe.ratios:
        return _regression(matrix, wanted, importance, recipe.words_c)
    present = (matrix > 0).astype(float)
    with_it = np.asarray(present[wanted].sum(axis=0)).ravel() + 1
    against = importance[~wanted]
    without = np.asarray(sparse.diags(against).dot(present[~wanted]).sum(axis=0)).ravel() + 1
    ratio = np.log((with_it / (wanted.sum() + 2)) / (without / (against.sum() + 2)))
    weights, intercept = _regression(
        (matrix @ sparse.diags(ratio)).tocsr(), wanted, importance, recipe.words_c
    )
    return weights * ratio, intercept


def _regression(matrix: Any, wanted: Any, importance: Any, c: float) -> tuple[Any, float]:
    model = LogisticRegression(C=c, solver="liblinear", max_iter=500)
    model.fit(matrix, wanted, sample_weight=importance)
    return model.coef_[0], float(model.intercept_[0])


def _bounded(matrix: Any, wanted: Any, importance: Any, c: float, least: list[float]) -> tuple[Any, float]:
    """Logistic regression with an L2 penalty and a least weight for each feature."""
    side = wanted * 2.0 - 1

    def loss(parameters: Any) -> tuple[float, Any]:
        weights, intercept = parameters[:-1], parameters[-1]
        margin = side * (matrix @ weights + intercept)
        pull = -c * importance * side / (1 + np.exp(margin))
        value = c * (importance * np.logaddexp(0, -margin)).sum() + 0.5 * (weights @ weights)
        return value, np.append(matrix.T @ pull + weights, pull.sum())

    bounds = [*((low, None) for low in least), (None, None)]
    found = minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x[:-1], float(found.x[-1])


def _matrix(rows: Iterable[set[str]], names: Sequence[str]) -> Any:
    index = {name: column for column, name in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    for features in rows:
        columns += sorted(index[feature] for feature in features if feature in index)
        ends.append(len(columns))
    return sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(names)))


def _rounded(names: Sequence[str], weights: Any) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
