"""How often do the built-in rules alarm on real changes?

    python -m evals.rules --diffs FOLDER --index COMMITS.jsonl [--mirror FOLDER]
    python -m evals.rules --repository GIT_DIR… [--commits 200]

Syntax rules need whole files: of a bare diff only added files are whole, unless ``--mirror`` holds the repository
(``owner+name/repo``). ``--show RULE`` prints a sample of its alarms, to be judged by eye. Rates are per 1,000 added
lines of the files that a rule looks at.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hunkworks import paths
from hunkworks.change.compare import Comparison
from hunkworks.change.model import Change, FileChange, Side
from hunkworks.change.patch import Patch
from hunkworks.change.repository import EMPTY, Repository
from hunkworks.errors import HunkworksError
from hunkworks.rules.languages import language_of
from hunkworks.rules.load import load
from hunkworks.rules.match import applies, scan
from hunkworks.rules.model import Match, RuleSet


@dataclass
class Tally:
    """What is counted over all changes."""

    changes: int = 0
    added: int = 0
    seconds: float = 0.0
    lines: collections.Counter[str] = field(default_factory=collections.Counter)
    alarmed: dict[str, set[str]] = field(default_factory=lambda: collections.defaultdict(set))
    alarms: dict[str, list[tuple[str, str, Match]]] = field(
        default_factory=lambda: collections.defaultdict(list)
    )
    suppressed: int = 0
    skipped: collections.Counter[str] = field(default_factory=collections.Counter)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--diffs", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--mirror", type=Path)
    parser.add_argument("--repository", type=Path, nargs="+", default=[])
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--show", metavar="RULE", action="append", default=[])
    parser.add_argument("--sample", type=int, default=25)
    options = parser.parse_args()
    rules = load([paths.pack("recipes")])
    tally = Tally()
    for name, change, repository, revision in _changes(options):
        tally.changes += 1
        try:
            for file in change.files():
                _look(rules, tally, name, file, _source(change, file, repository, revision))
        except HunkworksError as error:
            tally.skipped[f"a change that git cannot read: {str(error)[:60]}"] += 1
    _print(tally, [rule.id for rule in rules.rules])
    for rule_id in options.show:
        _show(tally, rule_id, options.sample)


def _look(rules: RuleSet, tally: Tally, name: str, file: FileChange, source: bytes | None) -> None:
    started = time.perf_counter()
    result = scan(rules, file, source)
    tally.seconds += time.perf_counter() - started
    tally.added += file.added
    language = language_of(file.path)
    for rule in rules.rules:
        if applies(rule, file, language) and (rule.config is None or source is not None):
            tally.lines[rule.id] += file.added
    for match in result.matches:
        tally.alarmed[match.rule.id].add(name)
        tally.alarms[match.rule.id].append((name, file.path, match))
    tally.suppressed += len(result.suppressed)
    for skip in result.skipped:
        tally.skipped[skip.why.split(" at line")[0].split(" (byte")[0]] += 1


def _changes(options: argparse.Namespace) -> Iterator[tuple[str, Change, Repository | None, str]]:
    if options.index:
        for line in options.index.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            repository = None
            if options.mirror:
                repository = _bare(options.mirror / row["repo"].replace("/", "+") / "repo")
            with (options.diffs.parent / row["diff"]).open("rb") as stream:
                yield f"{row['repo']}@{row['sha'][:9]}", Patch(stream), repository, row["sha"]
    for folder in options.repository:
        repository = _bare(folder)
        if repository is None:
            raise SystemExit(f"{folder} is no repository")
        listed = _git(folder, "rev-list", "--no-merges", "--parents", f"-n{options.commits}", "HEAD")
        for line in listed.splitlines():
            commit, *parents = line.split()
            change = Comparison(repository, parents[0] if parents else EMPTY, commit)
            yield f"{folder.parent.name}@{commit[:9]}", change, repository, commit


def _bare(folder: Path) -> Repository | None:
    return Repository(folder, folder, folder) if folder.is_dir() else None


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    ).stdout


def _source(change: Change, file: FileChange, repository: Repository | None, revision: str) -> bytes | None:
    source = change.content(file, Side.NEW)
    if source is None and repository is not None and repository.has(revision):
        return repository.show(revision, file.path)
    return source


def _print(tally: Tally, ids: list[str]) -> None:
    print(f"{tally.changes} changes, {tally.added:,} added lines, {tally.suppressed} suppressed,")
    print(f"{tally.seconds:.1f} s in scan ({1000 * tally.seconds / max(tally.changes, 1):.1f} ms a change)")
    print(f"{'rule':34}{'alarms':>8}{'changes':>9}{'share':>8}{'looked at':>12}{'per 1,000':>11}")
    for rule_id in sorted(ids, key=lambda name: (-len(tally.alarms[name]), name)):
        alarms, lines, changes = len(tally.alarms[rule_id]), tally.lines[rule_id], len(tally.alarmed[rule_id])
        rate = f"{1000 * alarms / lines:11.3f}" if lines else f"{'-':>11}"
        share = changes / max(tally.changes, 1)
        print(f"{rule_id:34}{alarms:8}{changes:9}{share:8.2%}{lines:12,}{rate}")
    for why, count in tally.skipped.most_common():
        print(f"skipped: {count:6} files: {why}")


def _show(tally: Tally, rule_id: str, size: int) -> None:
    alarms = tally.alarms[rule_id]
    for name, path, match in random.Random(0).sample(alarms, min(size, len(alarms))):
        quote = "(a secret)" if match.rule.klass == "secret" else match.quote.strip()[:110]
        print(
            f"{rule_id}  {name} {path}:{match.line}  {quote}  {match.message if not match.rule.config else ''}"
        )


if __name__ == "__main__":
    main()
