"""kill -9 at random moments of `review run`, then the same command again: the same report, and nothing paid twice.

    python -m evals.review_kill [--kills 100] [--seed 1]

A repository with a change of several packets and votes, and a scripted API that answers by rule and keeps the books.
Each round starts the run, kills it after a random number of calls or at a random time (up to three times), and lets it
end. A call whose answer was on record at a kill must never be asked again. An answer that was on its way when the
process died is lost to anybody's books; how many there were is printed. Exit code 1 if a report differs from the
unkilled one or a call was paid twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from evals.scripted_api import Asked, Says, ScriptedAPI
from evals.scripted_reviewer import review
from hunkworks.cli.replaying import differences

FILES = ("orders", "prices", "stock", "users")
SETTINGS = "[engine]\nrequests_per_minute = 0\nconcurrency = 3\n[review]\npacket_bytes = 4000\n"
COMMAND = [sys.executable, "-m", "hunkworks", "review", "run", "--json"]
_CALL = re.compile(rb"toolu_([0-9a-f]{16})_")


@dataclass
class Outcome:
    """What the rounds showed."""

    rounds: int = 0
    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    on_record: int = 0
    in_flight: int = 0
    paid_twice: int = 0
    differing: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether every report was the unkilled one, and nothing on record was asked again."""
        return bool(self.kills and self.on_record) and not (self.paid_twice or self.differing)


class Bench:
    """The repository, the API and the environment of one measurement."""

    def __init__(self, folder: Path, api: ScriptedAPI) -> None:
        self.root = folder / "project"
        self.api = api
        self.seconds = 1.0  # that a whole run takes
        self.environment = {
            **os.environ,
            "ANTHROPIC_BASE_URL": api.url,
            "ANTHROPIC_API_KEY": "scripted",
            "HUNKWORKS_STATE_DIR": str(folder / "state"),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        make(self.root)

    @property
    def state(self) -> Path:
        """What the runs left."""
        return self.root / ".git" / "hunkworks"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the run."""
        out, err = subprocess.PIPE, subprocess.DEVNULL
        return subprocess.Popen(COMMAND, cwd=self.root, env=self.environment, stdout=out, stderr=err)

    def whole(self) -> bytes:
        """Let the run end, and return its report."""
        out, _ = self.start().communicate()
        return out

    def on_record(self) -> set[str]:
        """Return the digests of the requests whose answers are on record."""
        found: set[str] = set()
        for name in self.state.glob("ledger/calls/*/*"):
            if "." in name.suffix and len(name.name.split(".")) == 2:
                digest = name.read_text().strip()
                body = (self.state / "ledger" / "bodies" / digest[:2] / digest[2:]).read_bytes()
                content = json.dumps(json.loads(body)["content"]).encode()
                found |= {match.decode() for match in _CALL.findall(content)}
        return found

    def killed_round(self, rng: random.Random, calls: int, outcome: Outcome) -> bytes:
        """Begin anew, kill the run once to three times, and return the report that it ends with."""
        shutil.rmtree(self.state, ignore_errors=True)
        recorded: set[str] = set()
        for _ in range(rng.choice((1, 1, 2, 3))):
            begun = len(self.api.books.asked)
            process = self.start()
            if rng.random() < 0.25:
                time.sleep(rng.uniform(0, 1.1 * self.seconds))
            else:
                self._wait(process, begun + rng.randint(0, max(1, calls - len(recorded))))
                time.sleep(rng.uniform(0, 0.15))
            process.kill()
            process.communicate()
            if process.returncode >= 0:
                outcome.at["after it had ended"] += 1
                break
            time.sleep(0.1)  # what is on its way to a dead process is still being written
            asked, answered = self.api.books.asked[begun:], self.api.books.answered
            outcome.paid_twice += sum(one.digest[:16] in recorded for one in asked)
            outcome.at["judging" if asked else "before it asked"] += 1
            recorded = self.on_record()
            outcome.kills += 1
            outcome.on_record += len(recorded)
            mine = {one.digest[:16] for one in asked}
            sent = {one.digest[:16] for one, _ in answered if one.digest[:16] in mine}
            outcome.in_flight += len(sent - recorded)
        begun = len(self.api.books.asked)
        report = self.whole()
        outcome.paid_twice += sum(one.digest[:16] in recorded for one in self.api.books.asked[begun:])
        return report

    def _wait(self, process: subprocess.Popen[bytes], until: int) -> None:
        """Wait until so many calls have arrived, or the run has ended."""
        while len(self.api.books.asked) < until and process.poll() is None:
            time.sleep(0.002)


def make(root: Path) -> None:
    """Make a repository whose working tree rewrites four files."""
    root.mkdir()
    (root / "hunkworks.toml").write_text(SETTINGS)
    for name in FILES:
        text = "".join(f"def {name}_{n}():\n    return {n}\n\n\n" for n in range(20))
        (root / f"{name}.py").write_text(text)
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "before"]):
        subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)
    for name in FILES:
        text = "".join(f"def {name}_{n}(factor):\n    return {n} * factor + 1\n\n\n" for n in range(20))
        (root / f"{name}.py").write_text(text)


def measure(kills: int, seed: int, tell: bool = False) -> tuple[Outcome, int]:
    """Return what killing ``kills`` times showed, and the calls of a whole run."""
    rng = random.Random(seed)

    def slowly(asked: Asked) -> Says:
        time.sleep(int(asked.digest[:4], 16) / 0xFFFF * 0.06)
        return review(asked)

    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder, ScriptedAPI(slowly) as api:
        bench = Bench(Path(folder), api)
        began = time.monotonic()
        unkilled = bench.whole()
        bench.seconds = time.monotonic() - began
        calls = len(api.books.asked)
        if json.loads(unkilled)["verdict"] not in ("pass", "changes"):
            raise SystemExit("the unkilled run did not end")
        while outcome.kills < kills:
            report = bench.killed_round(rng, calls, outcome)
            if report != unkilled:
                outcome.differing.append(_difference(unkilled, report))
            outcome.rounds += 1
            if tell and sys.stderr.isatty():
                print(f"\r{outcome.kills}/{kills}", end="", file=sys.stderr)
    return outcome, calls


def _difference(unkilled: bytes, report: bytes) -> str:
    if not report:
        return "no report at all"
    first = next(differences(json.loads(unkilled), json.loads(report)), ("white space", "", ""))
    return f"{first[0]}: {first[1]!r:.80} unkilled, {first[2]!r:.80} resumed"


def main() -> int:
    """Print what the rounds showed, and return 1 if one promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    outcome, calls = measure(options.kills, options.seed, tell=True)
    print(f"a whole run makes {calls} calls; {outcome.rounds} rounds in {time.monotonic() - began:.0f} s")
    print(f"killed                              {outcome.kills:6}")
    for place, count in sorted(outcome.at.items()):
        print(f"  {place:<33} {count:6}")
    print(f"calls on record when killed         {outcome.on_record:6}")
    print(f"  of them asked again               {outcome.paid_twice:6}   expected 0")
    print(f"answers on their way when killed    {outcome.in_flight:6}   paid, and lost with the process")
    print(f"reports that differ from the unkilled {len(outcome.differing):4}   expected 0")
    for difference in outcome.differing[:10]:
        print(f"  {difference}")
    return 0 if outcome.held else 1


if __name__ == "__main__":
    sys.exit(main())
