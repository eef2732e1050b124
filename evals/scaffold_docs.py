"""Which documents do real commits make untrue? `python -m evals.scaffold_docs --repository DIR [--commits N]`.

Runs `scaffold docs` over the newest commits of bare repositories and prints how many fail, and every failing line with
the text of the document, to be judged by eye: nothing else knows whether a document is untrue. Beside it, what would
have failed had nobody touched a document in those commits ("before"), and how many of those lines the commits took away
or changed ("mended"): their authors found them untrue too.
"""

from __future__ import annotations

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


def commits_of(mirror: Path, most: int) -> list[str]:
    """Return the newest commits with one parent but the very last, which in a bare repository has no work tree."""
    log = ["git", "--git-dir", str(mirror), "log", "--no-merges", "--skip=1", f"-{most}", "--format=%H %P"]
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


@click.command()
@click.option(
    "--repository", "mirrors", multiple=True, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--commits", "most", default=150, show_default=True, help="Of each repository.")
def main(mirrors: Sequence[Path], most: int) -> None:
    """Print a table and every failure."""
    table = Table("repository", "commits", "unreadable", "failing", "failures", "hints", "before", "mended")
    shown: list[str] = []
    for mirror in mirrors:
        repository = Repository(mirror, mirror, mirror)
        commits = commits_of(mirror, most)
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
