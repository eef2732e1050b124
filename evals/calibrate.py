"""`hunkworks route calibrate` on real outcomes: half of the commits set the threshold, the other half shows it.

    python -m evals.calibrate --data DATA --diffs DIR [--min-share 0.8]

Every commit becomes a report in a ledger: its score is that of weights which never saw its repository; it has a
confirmed finding where its message says that it fixes a race, a deadlock or the like (about 15 % of these labels are
wrong). The command reads that ledger as it reads a team's, and what it suggests is then tried on commits it did not
see. DATA and DIR: see evals/routing. Needs the dependency group `fit`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from hunkworks.config import Config
from hunkworks.ledger.record import Outcome, Record, Versions
from hunkworks.ledger.store import Ledger
from hunkworks.route.calibrate import history, suggest

os.environ.setdefault("OMP_NUM_THREADS", "1")


def report(ledger: Ledger, name: str, score: float, *, useful: bool) -> None:
    """Append one review as the program does."""
    finding = {"fingerprint": name, "stamp": "confirmed", "status": "open"}
    tier = "deep" if score >= Config().route.threshold else "default"
    body = {
        "change": {"id": name},
        "route": {"score": score, "tier": tier},
        "engine": "session",
        "findings": [finding] if useful else [],
    }
    now = datetime.now(UTC)
    kept = {"report": ledger.put(msgspec.json.encode(body))}
    ran = Versions(pack="0", python="3")
    ledger.append(
        Record(
            verb="review report", started=now, ended=now, versions=ran, outcome=Outcome(exit=0), bodies=kept
        )
    )


def outcome(scores: Any, positive: Any, natural: Any, threshold: float) -> str:
    """Return what a threshold does on commits."""
    deep = scores >= threshold
    return f"recall {deep[positive].mean():.3f}, share of natural commits {deep[natural].mean():.3f}"


def main() -> int:
    """Print what is suggested and what it does; return 1 where nothing is."""
    parser = argparse.ArgumentParser(description="Calibrate on real outcomes.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--diffs", type=Path, required=True)
    parser.add_argument("--min-share", type=float, nargs="+", default=[0.95, 0.9, 0.8, 0.7])
    options = parser.parse_args()
    try:
        import numpy as np

        from evals.routing.data import load
        from evals.routing.fitting import fit
        from evals.routing.measure import Table, leave_one_out
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed. fix: pip install -e . --group fit")
    table = Table(load(options.data, options.diffs))
    scores = leave_one_out(table, fit, lambda _: None, inner=False).scores
    first = np.arange(len(scores)) % 2 == 0
    scores = _at_one_half(scores, table, first)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger")
        for index in np.flatnonzero(first):
            sample = table.samples[index]
            name = f"{sample.repo} {sample.sha} {sample.kind}"
            report(ledger, name, round(float(scores[index]), 4), useful=sample.positive)
        known = history(ledger)
    print(
        f"{len(known.outcomes)} reviews in the ledger, {known.unread} unreadable, {known.missing} more needed"
    )
    positive, natural = table.positive & ~first, table.natural & ~first
    default = Config().route.threshold
    print(f"{positive.sum()} positives and {natural.sum()} natural commits that it did not see:")
    print(f"  threshold {default:.4f} (the default): {outcome(scores, positive, natural, default)}")
    return _suggestions(options.min_share, known, lambda at: outcome(scores, positive, natural, at))


def _suggestions(shares: Sequence[float], known: Any, tried: Any) -> int:
    for share in shares:
        point = suggest(known, share)
        if point is None:
            print("nothing is suggested")
            return 1
        print(f"  threshold {point.threshold:.4f} (min_share {share}): {tried(point.threshold)}")
    return 0


def _at_one_half(scores: Any, table: Any, first: Any) -> Any:
    """Return the scores with the fitted threshold at ½, as the frozen weights have it, found on the first half."""
    import numpy as np

    from evals.routing.measure import threshold_for

    middle = threshold_for(scores, first & table.positive, table.naive[first & table.positive].mean())
    odds = np.log(np.clip(scores, 1e-9, 1 - 1e-9) / (1 - np.clip(scores, 1e-9, 1 - 1e-9)))
    return 1 / (1 + np.exp(-(odds - np.log(middle / (1 - middle)))))


if __name__ == "__main__":
    sys.exit(main())
