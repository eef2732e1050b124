"""Measure what the ledger promises: many writers, kill -9, a record torn at any byte.

    python -m evals.ledger [--writers 16] [--appends 200] [--kills 200] [--seed 1]

Everything happens in a temporary folder; nothing is read from the repository.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hunkworks.ledger.record import ChangeName, Outcome, Record, Tokens, Versions, encode
from hunkworks.ledger.store import Damage, Ledger


@dataclass(frozen=True, slots=True)
class Count:
    """What was promised and what was found."""

    what: str
    expected: int
    found: int


def sample(writer: int, number: int, *, padding: int = 0) -> Record:
    """A record such as a verb writes; ``padding`` adds counts, to pass the size that pipes write at once."""
    now = datetime.now(UTC)
    return Record(
        verb="review plan",
        started=now,
        ended=now,
        change=ChangeName(id=f"{writer:04d}-{number:06d}", base="0" * 40, head="worktree"),
        versions=Versions(pack="0.0.0", python="3.11.0"),
        tokens=Tokens(),
        outcome=Outcome(exit=0, verdict="static-only", counts={f"count-{i}": i for i in range(padding)}),
    )


def append_many(root: Path, writer: int, appends: int) -> None:
    """Append records with a body each, every fourth longer than PIPE_BUF; print each id once it is in."""
    ledger = Ledger(root)
    for number in range(appends):
        ledger.put(f"body {writer} {number % 7}".encode())
        record = ledger.append(sample(writer, number, padding=400 if number % 4 == 3 else 0))
        os.write(1, record.id.encode("ascii") + b"\n")


def concurrency(root: Path, writers: int, appends: int) -> list[Count]:
    """Let ``writers`` processes append at once and count what stands in the ledger afterwards."""
    processes = [_start(root, writer, appends) for writer in range(writers)]
    acknowledged = {line for process in processes for line in process.communicate()[0].split()}
    ledger = Ledger(root)
    intact = list(ledger.records())
    return [
        Count("records acknowledged", writers * appends, len(acknowledged)),
        Count("records intact", writers * appends, len(intact)),
        Count("distinct ids", writers * appends, len({record.id for record in intact})),
        Count("damage", 0, len(ledger.verify().damage)),
    ]


def kills(root: Path, times: int, seed: int) -> list[Count]:
    """SIGKILL two writers at random moments, again and again; nothing acknowledged may be missing."""
    chance = random.Random(seed)
    ledger = Ledger(root)
    acknowledged: set[str] = set()
    survived = 0
    for number in range(0, times, 2):
        processes = [_start(root, number + i, 1_000_000) for i in range(2)]
        for process in processes:
            assert process.stdout
            acknowledged.add(process.stdout.read(17)[:16].decode("ascii"))  # it is up and writing
        time.sleep(chance.uniform(0, 0.02))
        for process in processes:
            process.send_signal(signal.SIGKILL)
            ids = process.communicate()[0].split(b"\n")[:-1]  # the last may be cut by the kill itself
            acknowledged.update(line.decode("ascii") for line in ids if len(line) == 16)
        survived += ledger.append(sample(0, number)).id in {record.id for record in ledger.records()}
    kept = {record.id for record in ledger.records()}
    torn = [line for line in ledger.lines() if isinstance(line, Damage)]
    return [
        Count("writers killed", times, len(range(0, times, 2)) * 2),
        Count("appends after a kill that stand", len(range(0, times, 2)), survived),
        Count(f"acknowledged records lost (of {len(acknowledged)})", 0, len(acknowledged - kept)),
        # The kernel may end a write between two pages: a killed writer leaves at most the beginning of one record.
        Count(f"lines torn beyond one a kill (of {len(torn)})", 0, max(0, len(torn) - times)),
    ]


def truncations(root: Path, *, step: int = 1) -> list[Count]:
    """Cut the last record after each byte: the others stay, the cut is told, the next append is whole."""
    line = encode(sample(0, 1)) + b"\n"
    others = [Ledger(root).append(sample(0, 0)) for _ in range(3)]
    month = next(root.glob("*.jsonl"))
    before = month.read_bytes()
    cuts = range(0, len(line), step)
    kept = told = whole = 0
    for cut in cuts:
        month.write_bytes(before + line[:cut])
        ledger = Ledger(root)
        damage = ledger.verify().damage
        told += (len(damage) == 1) == (0 < cut < len(line) - 1)
        added = ledger.append(sample(0, 2))
        now = [record.id for record in ledger.records()]
        kept += now[:3] == [record.id for record in others]
        whole += now[-1] == added.id and len(ledger.verify().damage) == len(damage)
    return [
        Count("cuts after which the others stand", len(cuts), kept),
        Count("cuts told by verify exactly", len(cuts), told),
        Count("cuts after which the next append is whole", len(cuts), whole),
    ]


def _start(root: Path, writer: int, appends: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "evals.ledger", "--append-to", str(root), str(writer), str(appends)]
    here = Path(__file__).parents[1]
    found_here = os.pathsep.join([str(here), *filter(None, sys.path)])
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=here, env={**os.environ, "PYTHONPATH": found_here}
    )


def main() -> int:
    """Run all three measurements and return 1 if a promise is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--appends", type=int, default=200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--append-to", nargs=3, metavar=("ROOT", "WRITER", "APPENDS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.append_to:
        root, writer, appends = options.append_to
        append_many(Path(root), int(writer), int(appends))
        return 0
    writers, appends, seed = options.writers, options.appends, options.seed
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        results = [
            show(f"{writers} writers × {appends}", lambda: concurrency(top / "a", writers, appends)),
            show(f"kill -9, seed {seed}", lambda: kills(top / "b", options.kills, seed)),
            show("the last record cut at every byte", lambda: truncations(top / "c")),
        ]
    return int(not all(results))


def show(title: str, measure: Callable[[], list[Count]]) -> bool:
    """Measure, print, and return whether everything was found as expected."""
    began = time.monotonic()
    counts = measure()
    print(f"{title} ({time.monotonic() - began:.1f} s)")
    for count in counts:
        mark = "ok " if count.expected == count.found else "BAD"
        print(f"  {mark} {count.found:>8,} {count.what} (expected {count.expected:,})")
    return all(count.expected == count.found for count in counts)


if __name__ == "__main__":
    sys.exit(main())
