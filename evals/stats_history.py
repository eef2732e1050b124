"""What `hunkworks stats` says of a repository's real history: its commits reviewed one after the other, then counted.

    python -m evals.stats_history --repository BARE --into DIR [--commits 200] [--seed 5] [--picture]

A clone is made in DIR. Real fixes are found in its history and, by git's blame, the commits whose lines they took out;
half of the reviewed commits are such, the other half is drawn at random. Each is reviewed as `review plan --range`
does, oldest first. The built-in rules find what they find. Where a later fix took a line of the commit out, a
reviewer's finding is recorded on that line, in the words of the fix, and confirmed by votes: nobody's opinion, but
what turned out. Then `hunkworks stats` counts what became of all of it in the files of the last commit.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

from evals.secret_leaks import Outgoing

FIX = re.compile(
    r"(?i)^(?:\[?\w+\]?[:( ]\s*)?fix(?:es|ed|ing)?\b(?!.*\b(?:typo|test|doc|lint|ci|spelling|flak)\w*)"
)
CODE = re.compile(r"\.(?:py|go|ts|js|kt|java|swift|rs|rb|cs|c|cc|cpp|h)$")
CLASSES = (
    ("concurrency", r"race|deadlock|thread|concurren|lock"),
    ("resource-leak", r"leak|not closed|unclosed|dispos"),
    ("null-dereference", r"none|null|nil|attributeerror|npe"),
    ("error-handling", r"exception|error|crash|panic|rais"),
    ("performance", r"slow|performance|speed"),
    ("api-contract", r"signature|compat|argument|param|return type"),
)
MOST_LINES = 12  # that a fix takes out: of a larger one nobody knows which line was wrong


class Known(NamedTuple):
    """A line that a later fix took out, and what the fix says."""

    path: str
    text: str
    fix: str

    @property
    def klass(self) -> str:
        """The class of finding that the fix speaks of."""
        return next((name for name, words in CLASSES if re.search(words, self.fix, re.IGNORECASE)), "logic")


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it printed; nothing where it failed."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def later_fixes(folder: Path, most: int, chance: random.Random) -> dict[str, list[Known]]:
    """Return, by commit, the lines of it that later fixes took out."""
    log = git(folder, "log", "--no-merges", "--format=%H %s", "-n", "6000").splitlines()
    fixes = [(line[:40], line[41:]) for line in log if FIX.match(line[41:])]
    chance.shuffle(fixes)
    found: dict[str, list[Known]] = defaultdict(list)
    for sha, subject in track(fixes, "Blaming fixes", console=Console(stderr=True), transient=True):
        if len(found) >= most:
            break
        diff = git(folder, "show", "-U0", "--format=", "--no-renames", sha)
        path, taken = "", []
        for line in diff.splitlines():
            if line.startswith("--- a/"):
                path = line[6:]
            hunk = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
            if hunk and CODE.search(path) and "test" not in path and hunk[2] != "0":
                taken.append((path, int(hunk[1]), int(hunk[2] or 1)))
        if not taken or sum(size for _, _, size in taken) > MOST_LINES:
            continue
        path, first, size = taken[0]
        blamed = git(
            folder, "blame", "--line-porcelain", "-w", "-L", f"{first},+{size}", f"{sha}^", "--", path
        )
        for part in re.findall(r"(?m)^([0-9a-f]{40}) \d+ \d+.*\n(?:.*\n)*?filename (.*)\n\t(.*)$", blamed):
            commit, name, text = part
            if len(text.strip()) > 8 and not re.match(r"\s*(?:#|//|\*)", text):
                found[commit].append(Known(name, text, subject[:160]))
                break
    return found


def review(outgoing: Outgoing, commit: str, known: list[Known]) -> int:
    """Review one commit as reviewers would have who knew what is known today; return how many findings were taken."""
    plan = json.loads(outgoing.run("review", "plan", "--range", f"{commit}^..{commit}", "--json") or "{}")
    if "packets" not in plan:
        print(f"{commit[:12]} could not be planned: {plan}", file=sys.stderr)
        return 0
    taken: list[dict[str, object]] = []
    for packet in plan.get("packets", []):
        findings = [
            {
                "class": item.klass,
                "severity": "major",
                "path": item.path,
                "quote": item.text,
                "message": f"Later: {item.fix}",
                "scenario": f"What happened is in the later commit: {item.fix}",
                "confidence": 80,
            }
            for item in known
            if item.path in packet["files"]
        ]
        answer = json.dumps({"packet": packet["id"], "findings": findings})
        recorded = json.loads(outgoing.run("review", "record", "--json", stdin=answer))
        taken += recorded["accepted"]
        if findings and not recorded["accepted"]:
            outgoing.run("review", "record", stdin=json.dumps({"packet": packet["id"], "findings": []}))
    for ballot in json.loads(outgoing.run("review", "verify", "--json"))["ballots"]:
        votes = [
            {
                "finding": item["fingerprint"],
                "true": True,
                "new": True,
                "reachable": True,
                "defended": False,
                "asked": 80,
                "places": [f"{item['path']}:{1 if item['line'] != 1 else 2}"],
                "why": "A later commit fixes it.",
            }
            for item in taken
        ]
        outgoing.run("review", "vote", stdin=json.dumps({"ballot": ballot, "votes": votes}))
    outgoing.run("review", "report", "--json")
    return len(taken)


def main() -> int:
    """Replay and print what `hunkworks stats` prints."""
    parser = argparse.ArgumentParser(description="Review a repository's history, then count.")
    parser.add_argument("--repository", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--picture", action="store_true", help="docs/reports/stats.svg and stats.txt")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    folder = options.into / "repository"
    options.into.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["git", "clone", "-q", "--shared", str(options.repository.resolve()), str(folder)], check=True
    )
    fixed = later_fixes(folder, options.commits // 2, chance)
    order = git(
        folder, "log", "--no-merges", "--reverse", "--format=%H", "--date-order", "--min-parents=1"
    ).split()
    oldest = min((order.index(commit) for commit in fixed if commit in order), default=0)
    others = [commit for commit in order[oldest:] if commit not in fixed]
    chosen = {*fixed, *chance.sample(others, min(len(others), options.commits - len(fixed)))}
    os.environ["HUNKWORKS_STATE_DIR"] = str(options.into / "state")
    os.chdir(folder)
    reviewed = [commit for commit in order if commit in chosen]
    outgoing, findings = Outgoing(), 0
    for commit in track(reviewed, "Reviewing", console=Console(stderr=True), transient=True):
        findings += review(outgoing, commit, fixed.get(commit, []))
        outgoing.texts.clear()
    first, last = (
        git(folder, "log", "-1", "--format=%cs", commit).strip() for commit in (reviewed[0], reviewed[-1])
    )
    print(
        f"{len(reviewed)} commits from {first} to {last}, {len(fixed)} of them with a line that a later fix took out;"
    )
    print(f"{findings} findings of what fixes took out recorded, the rest are the built-in rules'\n")
    told = outgoing.run("stats")
    print(told)
    if options.picture:
        from docs.demo import REPORTS
        from docs.terminal import picture, typed

        lines = [line.rstrip() for line in told.strip().splitlines()]
        (REPORTS / "stats.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        name = options.repository.resolve().parent.name.partition("+")[2] or folder.name
        picture([*typed(folder, "hunkworks stats")], REPORTS / "stats.svg", f"~/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
