"""A recorded review comes back byte for byte: no network, another directory, the change never committed, no repository.

    python -m evals.review_replay --diffs DIR [--runs 100] [--seed 1]

For each sampled diff a repository is made that holds the change uncommitted; `review run` judges it through a scripted
API; the run is exported, the repository deleted and the API closed to it; `ledger replay` then has to print the report
that the run printed. Then one byte of one body after another is changed: each has to be named. Exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from evals.diff_repository import make
from evals.scripted_api import ScriptedAPI
from evals.scripted_reviewer import review
from hunkworks.cli.main import run as hunkworks
from hunkworks.ledger.export import unpack
from hunkworks.ledger.store import Ledger

SETTINGS = "[engine]\nrequests_per_minute = 0\nmax_usd = 1000\nmax_usd_per_day = 1000000\n"
LARGEST = 300_000  # bytes of a diff: a replay of more shows nothing else
WRONG = ("reports that differ", "changed bodies not named", "runs without a report")


def main() -> int:
    """Print what came back, and return 1 if anything did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diffs", type=Path, required=True, help="holds *.diff")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    paths = [path for path in sorted(options.diffs.glob("*.diff")) if path.stat().st_size <= LARGEST]
    rng.shuffle(paths)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            if counts["reviews replayed"] >= options.runs:
                break
            counts.update(measure(Path(folder) / "one", path.read_bytes(), rng))
            shutil.rmtree(Path(folder) / "one")
            if sys.stderr.isatty():
                print(f"\r{counts['reviews replayed']}/{options.runs}", end="", file=sys.stderr)
    for name, count in sorted(counts.items() - {(name, counts[name]) for name in WRONG}):
        print(f"{name:<58}{count:>9,}")
    for name in WRONG:
        print(f"{name:<58}{counts[name]:>9,}   expected 0")
    return 1 if not counts["reviews replayed"] or any(counts[name] for name in WRONG) else 0


def measure(folder: Path, diff: bytes, rng: random.Random) -> Counter[str]:
    """Return what one diff showed."""
    folder.mkdir()
    project, away = folder / "project", folder / "away"
    away.mkdir()
    why = make(project, diff, SETTINGS)
    if why:
        return Counter({f"left out: {why}": 1})
    counts: Counter[str] = Counter()
    home = Path.cwd()
    report, again, file = away / "report.json", away / "again.json", away / "run.json"
    with ScriptedAPI(review) as api:
        own = {
            "ANTHROPIC_BASE_URL": api.url,
            "ANTHROPIC_API_KEY": "scripted",
            "HUNKWORKS_STATE_DIR": str(folder / "state"),
        }
        before = {name: os.environ.get(name) for name in own}
        os.environ.update(own)
        try:
            os.chdir(project)
            if quietly("review", "run", "--format", "json", "--output", str(report)) not in (0, 1, 3):
                return Counter({"runs without a report": 1})
            counts["calls of the model"] = len(api.books.asked)
            record = list(Ledger(project / ".git/hunkworks/ledger").records())[-1]
            if not counts["calls of the model"]:
                return Counter({"left out: nothing for a reviewer": 1})
            quietly("ledger", "export", record.id, "--output", str(file))
            os.chdir(away)
            shutil.rmtree(project)
            code = quietly("ledger", "replay", str(file), "--format", "json", "--output", str(again))
            asked = len(api.books.asked) - counts["calls of the model"]
        finally:
            os.chdir(home)
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
    same = code == 0 and again.read_bytes() == report.read_bytes() and not asked
    document = json.loads(report.read_bytes())
    counts["reviews replayed"] = 1
    counts["findings in them"] = len(document["findings"]) + len(document["folded"])
    counts[f"verdict {document['verdict']}"] = 1
    counts["reports that differ"] = not same
    counts.update(_tampered(file, away, rng))
    return counts


def _tampered(file: Path, away: Path, rng: random.Random) -> Counter[str]:
    """Change one byte of each body in the ledger's own files, and see that the replay names it."""
    ledger, record = unpack(file.read_bytes(), str(file), away / "ledger")
    ledger.append(record)
    counts: Counter[str] = Counter()
    for name, digest in sorted(record.bodies.items()):
        path = ledger.root / "bodies" / digest[:2] / digest[2:]
        body = path.read_bytes()
        at = rng.randrange(len(body))
        path.write_bytes(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
        said: list[str] = []
        code = quietly("ledger", "replay", record.id, "--ledger", str(ledger.root), said=said)
        path.write_bytes(body)
        counts["bodies changed"] += 1
        counts["changed bodies not named"] += not (code == 1 and f"the body {name} " in said[0])
    return counts


def quietly(*arguments: str, said: list[str] | None = None) -> int:
    """Run the program; return its exit code, and what it wrote to stderr in ``said``."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = hunkworks(list(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
    if said is not None:
        said.append(err.getvalue())
    return code


if __name__ == "__main__":
    sys.exit(main())
