"""How long `review plan` takes, and how it grows with the diff: `python -m evals.plan`.

Each run is a whole process as a user starts it. Sizes are multiples of a change of about 1 KB; the table prints
medians and the ratio to the smallest, beside the ratio of the sizes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
FUNCTION = '''
def step_{number}(value: int) -> int:
    """Return the next value of a long computation."""
    if value % {odd} == 0:
        return value // {odd}
    return value * 3 + 1
'''
PER_FILE = 40


@click.command()
@click.option("--runs", default=7, show_default=True, help="Counted runs of each size, after one warm-up.")
@click.option("--factor", "factors", multiple=True, type=int, default=(1, 10, 100), show_default=True)
def main(runs: int, factors: tuple[int, ...]) -> None:
    """Print the table."""
    rows = []
    for factor in factors:
        with tempfile.TemporaryDirectory() as folder:
            size = make_change(Path(folder), factor)
            times = [_time(Path(folder)) for _ in range(runs + 1)][1:]
            rows.append((factor, size, statistics.median(times), min(times), max(times)))
    table = Table(
        "change", "diff", "median", "min", "max", "× size", "× time", title="review plan, whole process"
    )
    for factor, size, median, least, most in rows:
        table.add_row(
            f"{factor}×",
            f"{size / 1000:,.1f} KB",
            f"{median:.3f} s",
            f"{least:.3f} s",
            f"{most:.3f} s",
            f"{size / rows[0][1]:.1f}",
            f"{median / rows[0][2]:.1f}",
        )
    Console().print(table)


def make_change(folder: Path, factor: int) -> int:
    """Make a repository whose working tree changed by about ``factor`` KB, and return the diff's bytes."""
    _git(folder, "init", "-q")
    _git(
        folder, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "empty"
    )
    functions = [FUNCTION.format(number=number, odd=2 * number + 3) for number in range(6 * factor)]
    for start in range(0, len(functions), PER_FILE):
        path = folder / "steps" / f"part_{start // PER_FILE}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(functions[start : start + PER_FILE]), encoding="utf-8")
    _git(folder, "add", "-A")
    return len(_git(folder, "diff", "--cached"))


def _git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True).stdout


def _time(folder: Path) -> float:
    environment = {**os.environ, "HUNKWORKS_PYTHON": sys.executable}
    began = time.perf_counter()
    subprocess.run(
        [ROOT / "bin" / "hunkworks", "review", "plan"],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
