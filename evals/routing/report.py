"""The tables that ``python -m evals.routing`` prints."""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from evals.routing.data import load, patches, read
from evals.routing.fitting import Recipe
from evals.routing.fitting import fit as fit_weights
from evals.routing.measure import (
    Held,
    Table,
    at_inner_thresholds,
    at_one_threshold,
    differences,
    interval,
    leave_one_out,
    recall_at,
    share_at,
    threshold_for,
)
from hunkworks.config import Config
from hunkworks.route import weights as shipped
from hunkworks.route.router import route

WEIGHTS = Path(shipped.__file__).with_name("weights.json")

# While the model was being chosen, only the held-out scores of these were looked at: every other repository of the
# sorted list. Those of the rest were computed once, when nothing was left to choose.
_RECIPES = {
    "frozen recipe": Recipe(),
    "classes only": Recipe(words=False),
    "classes only, weights of either sign": Recipe(words=False, never_against=False, classes_c=0.1),
    "vocabulary only": Recipe(classes=False),
    "both, weights of either sign": Recipe(never_against=False, classes_c=0.1),
    "both, all words": Recipe(most_words=None),
    "both, 1,000 words": Recipe(most_words=1_000),
    "both, 4,000 words": Recipe(most_words=4_000),
    "both, words in 4 repositories": Recipe(least_repositories=4),
    "both, words C=1": Recipe(words_c=1.0),
    "both, words C=10": Recipe(words_c=10.0),
    "both, words C=30": Recipe(words_c=30.0),
    "both, words without ratios, C=3": Recipe(ratios=False, words_c=3.0),
    "both, guarded as fitted": Recipe(guarded=0.0),
    "both, guarded at least 0.7": Recipe(guarded=0.7),
}


_MOST_MS = 10


def _tell(text: str) -> None:
    print(
        f"\r\033[K{text}" if sys.stderr.isatty() else text,
        end="" if sys.stderr.isatty() else "\n",
        file=sys.stderr,
    )


def measure(data: Path, diffs: Path, resamples: int) -> int:
    """Leave one repository out at a time."""
    table = Table(load(data, diffs))
    held = leave_one_out(table, fit_weights, _tell)
    _tell("")
    print("# Leave one repository out\n")
    _per_repository(table, held)
    _per_language(table, held)
    _curve(table, held.scores)
    development = table.repos[::2]
    _compare("all repositories", table, held, table.repos, resamples)
    _compare("looked at while choosing the model", table, held, development, resamples)
    _compare("not looked at before", table, held, table.repos[1::2], resamples)
    _without_versions(table, held, resamples)
    _speed(data, diffs)
    return 0


def frozen(data: Path, diffs: Path, resamples: int) -> int:
    """Take the shipped weights and threshold as they are."""
    table = Table(load(data, diffs))
    weights = shipped.frozen()
    everything = np.ones(len(table.samples), dtype=bool)
    scores = table.scores(weights, everything)
    held = Held(scores, np.full(len(scores), Config().route.threshold))
    seen = sorted(set(table.repos) & set(weights.fitted_on))
    print("# The shipped weights\n")
    if seen:
        print(
            f"IN SAMPLE: the weights were fitted on {len(seen)} of these {len(table.repos)} repositories.\n"
        )
    _per_repository(table, held)
    _per_language(table, held)
    _compare("all repositories", table, held, table.repos, resamples)
    new = [repo for repo in table.repos if repo not in seen]
    if seen and new:
        _compare("repositories the weights never saw", table, held, new, resamples)
    _without_versions(table, held, resamples)
    _speed(data, diffs)
    return 0


def variants(data: Path, diffs: Path, resamples: int) -> int:
    """Compare the recipes, each with one repository left out at a time."""
    table = Table(load(data, diffs))
    masks = [table.of(table.repos[::2]), table.of(table.repos[1::2]), table.of(table.repos)]
    print("share of natural commits routed deep at naive grep's recall | development half | other half | all")
    naive = [table.naive[mask & table.natural].mean() for mask in masks]
    print(f"{'naive grep':40}" + "".join(f"{share:10.3f}" for share in naive))
    for name, recipe in _RECIPES.items():
        held = leave_one_out(table, partial(fit_weights, recipe=recipe), lambda _: None, inner=False)
        shares = [
            share_at(held.scores, table, mask, table.naive[mask & table.positive].mean()) for mask in masks
        ]
        low, high = interval(differences(table, held.scores, table.naive, table.repos, resamples))
        print(
            f"{name:40}" + "".join(f"{share:10.3f}" for share in shares) + f"   {low:+.3f} … {high:+.3f}",
            flush=True,
        )
    return 0


def fit(data: Path, diffs: Path, resamples: int) -> int:  # noqa: ARG001
    """Fit on every repository; the threshold is where held-out scores find as many positives as naive grep, at ½."""
    table = Table(load(data, diffs))
    held = leave_one_out(table, fit_weights, _tell, inner=False)
    threshold = threshold_for(held.scores, table.positive, table.naive[table.positive].mean())
    weights = fit_weights(table.samples)
    weights = msgspec.structs.replace(
        weights, bias=round(weights.bias - math.log(threshold / (1 - threshold)), 4)
    )
    WEIGHTS.write_bytes(_lines(weights))
    print(
        f"{WEIGHTS}: {WEIGHTS.stat().st_size:,} bytes, {len(weights.classes)} classes, {len(weights.words)} words, "
        f"from {len(table.samples)} commits of {len(table.repos)} repositories"
    )
    return 0


def _lines(weights: shipped.Weights) -> bytes:
    """One feature a line, so that a refit reads as a diff."""
    document = msgspec.to_builtins(weights)
    words = ",\n".join(
        f"  {msgspec.json.encode(name).decode()}: {msgspec.json.encode(word).decode()}"
        for name, word in sorted(document.pop("words").items())
    )
    head = msgspec.json.format(msgspec.json.encode(document), indent=1).decode().removesuffix("\n}")
    return f'{head},\n "words": {{\n{words}\n }}\n}}\n'.encode()


def _heading(first: str) -> str:
    return f"{first:34} {'pos':>4} {'recall naive':>13} {'router':>7}   {'nat':>4} {'share naive':>12} {'router':>7}"


def _row(name: str, table: Table, held: Held, mask: Any) -> str:
    deep = held.scores >= held.thresholds
    positive, natural = mask & table.positive, mask & table.natural
    return (
        f"{name:34} {positive.sum():4} {_mean(table.naive, positive):>13} {_mean(deep, positive):>7}   "
        f"{natural.sum():4} {_mean(table.naive, natural):>12} {_mean(deep, natural):>7}"
    )


def _per_repository(table: Table, held: Held) -> None:
    print(_heading("repository"))
    for repo in table.repos:
        print(_row(repo, table, held, table.of([repo])))
    print(_row("all", table, held, table.of(table.repos)) + "\n")


def _per_language(table: Table, held: Held) -> None:
    print(_heading("language of most changed lines"))
    languages = np.array([sample.language for sample in table.samples])
    for name in sorted(set(languages)):
        mask = languages == name
        few = "  (too few to judge)" if (mask & table.positive).sum() < 20 else ""
        print(_row(name or "(no code, or unknown)", table, held, mask) + few)
    print()


def _curve(table: Table, scores: Any) -> None:
    everything = table.of(table.repos)
    recalls = (0.5, 0.6, 0.7, 0.739, 0.75, 0.8, 0.85, 0.9)
    print("recall             " + "".join(f"{recall:8.3f}" for recall in recalls))
    print(
        "share routed deep  "
        + "".join(f"{share_at(scores, table, everything, r):8.3f}" for r in recalls)
        + "\n"
    )


def _compare(title: str, table: Table, held: Held, repos: Sequence[str], resamples: int) -> None:
    mask = table.of(repos)
    positive, natural = mask & table.positive, mask & table.natural
    print(
        f"## {title}: {len(repos)} repositories, {positive.sum()} positives, {natural.sum()} natural commits"
    )
    for name, baseline in (("naive grep", table.naive), ("naive grep in code", table.naive_code)):
        recall, share = baseline[positive].mean(), baseline[natural].mean()
        fixed = interval(at_one_threshold(table, held.scores, baseline, repos, resamples))
        again = interval(differences(table, held.scores, baseline, repos, resamples))
        print(
            f"{name}: recall {recall:.3f} at share {share:.3f}; router: share "
            f"{share_at(held.scores, table, mask, recall):.3f} at that recall, "
            f"recall {recall_at(held.scores, table, mask, share):.3f} at that share\n"
            f"  difference in share, 95 % of {resamples} resamples of repositories: {_span(fixed)} at one threshold, "
            f"{_span(again)} with the threshold found again in each"
        )
    deep = held.scores >= held.thresholds
    recalls, shares = zip(*at_inner_thresholds(table, held, repos, resamples), strict=True)
    print(
        f"router at thresholds set without these repositories: recall {deep[positive].mean():.3f} at share "
        f"{deep[natural].mean():.3f}\n"
        f"  difference from naive grep: recall {_span(interval(recalls))}, share {_span(interval(shares))}\n"
    )


def _without_versions(table: Table, held: Held, resamples: int) -> None:
    """Compare once more without what changes nothing but numbers in code: its label can only come from other files."""
    left_out = [sample for sample in table.samples if sample.version]
    if not left_out:
        return
    counts = Counter(sample.kind for sample in left_out)
    print(
        "Left out below, whatever their label: commits whose code changes in numbers and quoted text alone, as a "
        f"release's version does ({', '.join(f'{number} {kind}' for kind, number in sorted(counts.items()))}). "
        "Positives among them: "
        + ", ".join(f"{sample.repo} {sample.sha[:10]}" for sample in left_out if sample.positive)
    )
    kept = np.array([not sample.version for sample in table.samples])
    fewer = Table([sample for sample in table.samples if not sample.version])
    _compare("without them", fewer, Held(held.scores[kept], held.thresholds[kept]), fewer.repos, resamples)


def _span(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:+.3f} … {bounds[1]:+.3f}"


def _speed(data: Path, diffs: Path) -> None:
    config = Config()
    route([], config)
    took = []
    for _, path in patches(data, diffs):
        files = read(path)
        began = time.process_time()
        route(files, config)
        took.append((time.process_time() - began) * 1_000)
    median, ninety, most = np.percentile(took, [50, 90, 100])
    print(
        f"CPU ms a diff (parsed): median {median:.2f}, 90 % under {ninety:.1f}, slowest {most:.0f}, "
        f"over 10 ms {sum(one > _MOST_MS for one in took)}, n={len(took)}"
    )


def _mean(values: Any, mask: Any) -> str:
    return f"{values[mask].mean():.2f}" if mask.any() else "-"
