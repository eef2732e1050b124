"""Scores of repositories left out, recall beside share, and intervals over repositories."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evals.routing.data import Sample
from evals.routing.fitting import score
from hunkworks.route.weights import Weights

Fit = Callable[[Sequence[Sample]], Weights]


class Table:
    """The samples as columns, and masks over them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self.samples = list(samples)
        self.repo = np.array([sample.repo for sample in samples])
        self.positive = np.array([sample.positive for sample in samples])
        self.natural = np.array([sample.natural for sample in samples])
        self.naive = np.array([sample.naive for sample in samples])
        self.naive_code = np.array([sample.naive_code for sample in samples])
        self.repos = sorted(set(self.repo))

    def of(self, repos: Sequence[str]) -> Any:
        return np.isin(self.repo, repos)

    def without(self, *repos: str) -> list[Sample]:
        return [sample for sample in self.samples if sample.repo not in repos]

    def scores(self, weights: Weights, mask: Any) -> Any:
        return np.array([score(weights, self.samples[index]) for index in np.flatnonzero(mask)])


@dataclass(frozen=True)
class Held:
    """Every commit's score by a model that never saw its repository, and that model's threshold."""

    scores: Any
    thresholds: Any


def leave_one_out(table: Table, fit: Fit, tell: Callable[[str], None], *, inner: bool = True) -> Held:
    """Score each repository by weights fitted on all others.

    The threshold of each comes from inner folds: each of the other repositories is scored by weights fitted without
    it and without the one left out, and the threshold is where those scores find as many positives as naive grep does.
    """
    scores = np.full(len(table.samples), np.nan)
    thresholds = np.full(len(table.samples), np.nan)
    nested: dict[tuple[str, str], Any] = {}
    for number, repo in enumerate(table.repos, 1):
        tell(f"{number}/{len(table.repos)} {repo}")
        out = table.repo == repo
        scores[out] = table.scores(fit(table.without(repo)), out)
        if not inner:
            continue
        within = np.full(len(table.samples), np.nan)
        for other in table.repos:
            if other == repo:
                continue
            pair = (min(repo, other), max(repo, other))
            if pair not in nested:
                both = table.of(pair)
                nested[pair] = np.full(len(table.samples), np.nan)
                nested[pair][both] = table.scores(fit(table.without(*pair)), both)
            within[table.repo == other] = nested[pair][table.repo == other]
        thresholds[out] = threshold_for(
            within, ~out & table.positive, table.naive[~out & table.positive].mean()
        )
    return Held(scores, thresholds)


def threshold_for(scores: Any, positives: Any, recall: float) -> float:
    """Return the highest threshold at which at least ``recall`` of the positives score."""
    ordered = np.sort(scores[positives])[::-1]
    return float(ordered[max(1, int(np.ceil(recall * len(ordered) - 1e-9))) - 1])


def share_at(scores: Any, table: Table, mask: Any, recall: float) -> float:
    """Return the share of natural commits routed deep where ``recall`` of the positives are."""
    return float(
        (scores[mask & table.natural] >= threshold_for(scores, mask & table.positive, recall)).mean()
    )


def recall_at(scores: Any, table: Table, mask: Any, share: float) -> float:
    """Return the recall where at most ``share`` of the natural commits is routed deep."""
    ordered = np.sort(scores[mask & table.natural])[::-1]
    allowed = int(np.floor(share * len(ordered) + 1e-9))
    above = ordered[allowed] if allowed < len(ordered) else -np.inf
    return float((scores[mask & table.positive] > above).mean())


def resampled(table: Table, repos: Sequence[str], times: int, seed: int = 1) -> Iterator[Any]:
    """Yield the rows of as many repositories, drawn with replacement; draws without a positive are drawn again."""
    random = np.random.default_rng(seed)
    rows = {repo: np.flatnonzero(table.repo == repo) for repo in repos}
    while times:
        drawn = np.concatenate([rows[repo] for repo in random.choice(list(repos), len(repos))])
        if table.positive[drawn].any() and table.natural[drawn].any():
            times -= 1
            yield drawn


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the middle 95 %."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def differences(table: Table, scores: Any, baseline: Any, repos: Sequence[str], times: int) -> list[float]:
    """Return, per resample, the router's share minus the baseline's, at the recall that the baseline has there."""
    found = []
    for rows in resampled(table, repos, times):
        positive, natural = table.positive[rows], table.natural[rows]
        threshold = threshold_for(scores[rows], positive, baseline[rows][positive].mean())
        found.append(float((scores[rows][natural] >= threshold).mean() - baseline[rows][natural].mean()))
    return found


def at_one_threshold(
    table: Table, scores: Any, baseline: Any, repos: Sequence[str], times: int
) -> list[float]:
    """Return the same at the one threshold that has the baseline's recall on all of ``repos``."""
    mask = table.of(repos)
    threshold = threshold_for(scores, mask & table.positive, baseline[mask & table.positive].mean())
    gap = (scores >= threshold).astype(float) - baseline
    return [float(gap[rows][table.natural[rows]].mean()) for rows in resampled(table, repos, times)]


def at_inner_thresholds(
    table: Table, held: Held, repos: Sequence[str], times: int
) -> list[tuple[float, float]]:
    """Return, per resample, the differences in recall and in share at the thresholds of the inner folds."""
    deep = held.scores >= held.thresholds
    found = []
    for rows in resampled(table, repos, times):
        positive, natural = table.positive[rows], table.natural[rows]
        gap = deep[rows].astype(float) - table.naive[rows]
        found.append((float(gap[positive].mean()), float(gap[natural].mean())))
    return found
