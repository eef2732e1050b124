"""Which documents do real commits make untrue? `python -m evals.scaffold_docs --repository DIR [--commits N]`.

Runs `scaffold docs` over the newest commits of bare repositories and prints how many fail, and every failing line with
the text of the document, to be judged by eye: nothing else knows whether a document is untrue. Beside it, what would
have failed had nobody touched a document in those commits ("before"), and how many of those lines the commits took away
or changed ("mended"): their authors found them untrue too.

`python -m evals.scaffold_docs --trial DIR` runs the cases of evals/scaffold/docs-trial.jsonl on bare repositories
DIR/OWNER+NAME/repo instead: for each commit the documents as they were before it against the code as it is after it,
and the lines that it made untrue (`lines`, read by eye: what its authors mended, and what they missed).
Found: those that are listed. Reached: those in a section with a listed line, which whoever mends reads whole.
Missed: neither. False: `untrue` lines that are none of them. Needless: `look at` lines that are none of them.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.errors import RepositoryError
from hunkworks.scaffold.documents import Stale, look

_CASES = Path(__file__).parent / "scaffold" / "docs-trial.jsonl"


def commits_of(mirror: Path, most: int, message: str) -> list[str]:
    """Return the newest commits with one parent but the very last, which in a bare repository has no work tree."""
    log = ["git", "--git-dir", str(mirror), "log", "--no-merges", "--skip=1", f"-{most}", "--format=%H %P"]
    log += ["-i", "-E", f"--grep={message}"] if message else []
    lines = subprocess.run(log, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[0] for line in lines if len(line.split()) == 2]


def line_of(repository: Repository, commit: str, stale: Stale) -> str:
    content = repository.blob(repository.blob_at(commit, stale.path)) or b""
    lines = content.decode("utf-8", "replace").split("\n")
    return lines[stale.line - 1].strip()[:120]


def removed_lines(repository: Repository, commit: str) -> set[tuple[str, int]]:
    """Return the lines, by old path and old number, that a commit took away or changed."""
    change = select(repository, Selector(range=f"{commit}^..{commit}"))
    return {
        (file.old_path, line.old)
        for file in change.files()
        for hunk in file.hunks
        for line in hunk.lines
        if line.new is None and line.old is not None
    }


def section_of(repository: Repository, revision: str, place: str) -> str:
    """Return the section that a place ``path:line`` stands in, as its path and the line it begins with."""
    path, _, line = place.rpartition(":")
    lines = (
        (repository.blob(repository.blob_at(revision, path)) or b"").decode("utf-8", "replace").split("\n")
    )
    start = 0
    for number, text in enumerate(lines[: int(line)], 1):
        if re.match(r"#{1,6} \S", text):
            start = number
        elif re.fullmatch(r"([=~^*+-])\1{2,}\s*", text) and number > 1 and lines[number - 2].strip():
            start = number - 1
    return f"{path}:{start}"


def trial(mirrors: Path) -> None:
    """Print what is found of the cases, and every line that is listed for nothing or missed."""
    names = ("truth", "found", "reached", "missed", "false", "needless", "untrue", "look at")
    table = Table("case", *names)
    sums = dict.fromkeys(names, 0)
    shown: list[str] = []
    for row in (json.loads(line) for line in _CASES.read_text(encoding="utf-8").splitlines()):
        owner, _, name = row["repository"].partition("/")
        mirror, commit = mirrors / f"{owner}+{name}" / "repo", row["commit"]
        repository = Repository(mirror, mirror, mirror)
        change = select(repository, Selector(range=f"{commit}^..{commit}"))
        found = look(repository, change, at=f"{commit}^")
        truth = set(row["lines"])
        untrue = {f"{each.path}:{each.line}" for each in found.failures}
        hints = {f"{each.path}:{each.line}" for each in found.hints} - untrue
        listed = untrue | hints
        sections = {section_of(repository, f"{commit}^", place) for place in listed}
        missed = {
            each for each in truth - listed if section_of(repository, f"{commit}^", each) not in sections
        }
        counts = dict(
            zip(
                names,
                map(
                    len,
                    (
                        truth, truth & listed, truth - listed - missed, missed, untrue - truth, hints - truth,
                        untrue, hints,
                    ),
                ),
                strict=True,
            )
        )  # fmt: skip
        table.add_row(f"{row['repository']} {commit[:8]}", *map(str, counts.values()))
        sums = {each: sums[each] + counts[each] for each in names}
        for entries, title in ((found.failures, "false"), (found.hints, "needless")):
            shown += [
                f"{title} {name} {commit[:8]} {each.path}:{each.line} {each.symbol} {each.what} ({each.why})\n"
                f"    {line_of(repository, f'{commit}^', each)}"
                for each in entries
                if f"{each.path}:{each.line}" not in truth
            ]
        shown += [f"missed {name} {commit[:8]} {each}" for each in sorted(missed)]
    table.add_section()
    table.add_row("all", *map(str, sums.values()))
    Console(width=110).print(table)
    for each in shown:
        print(each)


@click.command()
@click.option("--repository", "mirrors", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--commits", "most", default=150, show_default=True, help="Of each repository.")
@click.option("--message", default="", help="Only commits whose message matches: ^(remove|rename|drop)")
@click.option("--trial", "trial_of", type=click.Path(exists=True, path_type=Path), help="Run the cases.")
def main(mirrors: Sequence[Path], most: int, message: str, trial_of: Path | None) -> None:
    """Print a table and every failure."""
    if trial_of is not None:
        trial(trial_of)
        return
    table = Table("repository", "commits", "unreadable", "failing", "failures", "hints", "before", "mended")
    shown: list[str] = []
    for mirror in mirrors:
        repository = Repository(mirror, mirror, mirror)
        commits = commits_of(mirror, most, message)
        failing = failures = hints = unreadable = before = mended = 0
        for commit in commits:
            try:
                found = look(repository, select(repository, Selector(range=f"{commit}^..{commit}")))
            except RepositoryError:  # a partial clone has not every blob
                unreadable += 1
                continue
            early = look(
                repository, select(repository, Selector(range=f"{commit}^..{commit}")), at=f"{commit}^"
            )
            gone = removed_lines(repository, commit)
            before += len(early.failures)
            mended += sum((each.path, each.line) in gone for each in early.failures)
            failing += bool(found.failures)
            failures += len(found.failures)
            hints += len(found.hints)
            shown += [
                f"{mirror.parent.name} {commit[:9]} {each.path}:{each.line} {each.symbol} {each.what}"
                f"{', now ' + each.now if each.now else ''}\n    {line_of(repository, commit, each)}"
                for each in found.failures
            ]
        counts = (len(commits), unreadable, failing, failures, hints, before, mended)
        table.add_row(mirror.parent.name, *map(str, counts))
    Console(width=110).print(table)
    for each in shown:
        print(each)


if __name__ == "__main__":
    main()
