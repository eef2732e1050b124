"""Hard-coded strings that real commits added: how many, and a sample to be read.

    python -m evals.hardcoded_strings GIT_DIR… [--commits 300] [--read 30] [--judged evals/hardcoded/judged.jsonl]

Every file of every commit is looked at as a change would be. ``--read`` prints a random sample, one JSON object a line,
to be judged by eye (``"good": true`` where a user reads the string and it should stand in a catalog). ``--judged``
prints the precision of such a file, by language; ``held_out`` marks projects that nobody had looked at before.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import subprocess
import time
from pathlib import Path

import msgspec

from hunkworks.change.compare import Comparison
from hunkworks.change.model import Side
from hunkworks.change.repository import EMPTY, Repository
from hunkworks.errors import HunkworksError
from hunkworks.rules import hardcoded


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path, nargs="*")
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--read", type=int, default=0)
    parser.add_argument("--judged", type=Path)
    options = parser.parse_args()
    if options.judged:
        _print_judged(options.judged)
    hits: list[dict[str, object]] = []
    for folder in options.repository:
        hits += _look(folder, options.commits)
    for hit in random.Random(0).sample(hits, min(options.read, len(hits))):
        print(json.dumps(hit, ensure_ascii=False))


def _look(folder: Path, commits: int) -> list[dict[str, object]]:
    """Return what the commits of one repository added."""
    repository = Repository(folder, folder, folder)
    name = folder.resolve().parent.name.replace("+", "/")
    revisions = subprocess.run(
        ["git", "-C", str(folder), "rev-list", "--no-merges", "--parents", f"-n{commits}", "HEAD"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    hits: list[dict[str, object]] = []
    looked = 0
    spent = 0.0
    skipped: collections.Counter[str] = collections.Counter()
    for line in revisions:
        commit, *parents = line.split()
        change = Comparison(repository, parents[0] if parents else EMPTY, commit)
        try:
            for file in change.files():
                source = change.content(file, Side.NEW)
                started = time.perf_counter()
                found = hardcoded.added(file, source)
                spent += time.perf_counter() - started
                looked += 1
                skipped.update([found.skipped] if found.skipped else [])
                hits += [
                    {"repository": name, "commit": commit[:9], **msgspec.to_builtins(candidate)}
                    for candidate in found.candidates
                ]
        except HunkworksError as error:
            skipped[str(error)[:60]] += 1
    places = collections.Counter(str(hit["place"]) for hit in hits).most_common(6)
    pace = 1000 * spent / max(looked, 1)
    print(f"{name}: {len(revisions)} commits, {looked} files, {len(hits)} strings, {pace:.2f} ms a file")
    print("   " + ", ".join(f"{place} {count}" for place, count in places))
    for why, count in skipped.most_common(3):
        print(f"   skipped {count}: {why}")
    return hits


def _print_judged(path: Path) -> None:
    by_language: dict[str, list[bool]] = collections.defaultdict(list)
    wrong = []
    for line in path.read_text(encoding="utf-8").splitlines():
        hit = json.loads(line)
        by_language[hit["path"].rpartition(".")[2]].append(hit["good"])
        if hit.get("held_out"):
            by_language["held out"].append(hit["good"])
        if not hit["good"]:
            wrong.append(hit)
    print(f"{'files':8}{'read':>6}{'right':>7}{'precision':>11}")
    everything = [good for name, judged in by_language.items() if name != "held out" for good in judged]
    for language, judged in [*sorted(by_language.items()), ("all", everything)]:
        print(f"{language:8}{len(judged):6}{sum(judged):7}{sum(judged) / max(len(judged), 1):11.1%}")
    for hit in wrong:
        where = f"{hit['repository']}@{hit['commit']} {hit['path']}:{hit['line']}"
        print(f"  wrong: {where} {hit['place']} {hit['text'][:60]!r}: {hit['why']}")


if __name__ == "__main__":
    main()
