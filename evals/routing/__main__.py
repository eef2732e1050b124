"""Measure the router on real commits, each repository judged by weights that never saw it; or freeze the weights.

    python -m evals.routing --data DATA --diffs DIR             leave one repository out; every repository reported
    python -m evals.routing frozen --data DATA --diffs DIR      the shipped weights as they are, on any repositories
    python -m evals.routing variants --data DATA --diffs DIR    the models that were compared
    python -m evals.routing fit --data DATA --diffs DIR         fit on all repositories and freeze into the package

DATA holds commits.jsonl; its rows name patches below DIR. Needs the dependency group `fit`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# The matrices are small: more threads only disturb the neighbours.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m evals.routing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what", nargs="?", default="measure", choices=["measure", "frozen", "variants", "fit"]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--diffs", type=Path, required=True)
    parser.add_argument("--resamples", type=int, default=5_000)
    arguments = parser.parse_args()
    try:
        from evals.routing import report
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed. fix: pip install -e . --group fit")
    return getattr(report, arguments.what)(arguments.data, arguments.diffs, arguments.resamples)


if __name__ == "__main__":
    sys.exit(main())
