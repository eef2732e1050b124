"""Every recipe over the recent commits of real repositories: do the engine's promises hold?

    python -m evals.recipes_real --repository GIT_DIR… [--commits 100] [--recipes DIR…] [--speed 1000]

Each recipe that rewrites runs over each commit twice: over the lines that the commit changed, and over the whole files
that it touched, judgments taken as if code decided so that their proposals are proven too. Counted independently of the
engine: matches (ast-grep alone), parse errors before and after, a second pass over the result, and bytes outside of the
rewritten places. ``--speed`` measures a diff-limited run of the command on a clone with as many files, warm.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import difflib
import functools
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ast_grep_py import Config, SgNode, SgRoot

from evals.rules import _bare, _git
from hunkworks.change.compare import Comparison
from hunkworks.change.model import Change, FileChange, Side, Status
from hunkworks.change.repository import EMPTY
from hunkworks.errors import HunkworksError, UsageError
from hunkworks.refactor.finding import config_of
from hunkworks.refactor.outcome import Bucket, Rewritten
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.rewriting import rewrite
from hunkworks.refactor.scope import EVERYTHING, Scope
from hunkworks.refactor.source import Source
from hunkworks.rules.languages import language_of
from hunkworks.rules.lines import new_side
from hunkworks.rules.literals import may_match, needed
from hunkworks.rules.match import applies
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Safety, Step
from hunkworks.rules.sources import gather
from hunkworks.rules.tree import LARGEST_SOURCE

SCOPES = ("change", "files")


@dataclass
class Tally:
    """What is counted for one repository and one of ``SCOPES``."""

    files: int = 0
    buckets: collections.Counter[str] = field(default_factory=collections.Counter)
    refused: collections.Counter[str] = field(default_factory=collections.Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cut: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repository", type=Path, nargs="+", required=True)
    parser.add_argument("--recipes", type=Path, nargs="*", default=[])
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--speed", type=int, default=1_000, help="files of the speed run; 0 leaves it out")
    options = parser.parse_args()
    found = gather(None, [folder.resolve() for folder in options.recipes])
    rules = [one.rule for one in found if one.rule.recipe.safety is not Safety.DETECT]
    jobs = [Job(rule, values) for rule in rules if (values := _values(rule)) is not None]
    print(f"{len(rules)} recipes that rewrite, {len(jobs)} of them run with their default values")
    heads = ("repository", "lines of", "files", *(b.value for b in Bucket), "matches", "wrong", "seconds")
    print("".join(f"{head:>{width}}" for head, width in zip(heads, _WIDTHS, strict=True)))
    wrong: list[str] = []
    for folder in options.repository:
        tallies = _repository(folder, jobs, options.commits)
        for scope in SCOPES:
            _print(folder, scope, tallies[scope])
            wrong += tallies[scope].wrong
        if tallies["change"].cut:
            print(
                f"    {tallies['change'].cut} commits were read only in part: the mirror lacks objects of theirs"
            )
        for why, count in (tallies["change"].refused + tallies["files"].refused).most_common(6):
            print(f"    refused {count:5}: {why}")
    for line in wrong[:40]:
        print(f"WRONG {line}")
    print(f"{len(wrong)} broken promises")
    if options.speed:
        _speed(options.repository, options.speed, [folder.resolve() for folder in options.recipes])
    sys.exit(1 if wrong else 0)


_WIDTHS = (28, 10, 8, 9, 9, 9, 9, 9, 7, 9)


def _values(rule: Rule) -> dict[str, str] | None:
    try:
        return chosen(rule.recipe, {})
    except UsageError:
        return None


def _print(folder: Path, scope: str, tally: Tally) -> None:
    cells = (
        folder.resolve().parent.name[:27],
        scope,
        tally.files,
        *(tally.buckets[bucket] for bucket in Bucket),
        sum(tally.buckets.values()),
        len(tally.wrong),
        f"{tally.seconds:.1f}",
    )
    print("".join(f"{cell!s:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)), flush=True)


def _repository(folder: Path, jobs: list[Job], commits: int) -> dict[str, Tally]:
    repository = _bare(folder)
    if repository is None:
        raise SystemExit(f"{folder} is no repository")
    tallies = {scope: Tally() for scope in SCOPES}
    seen: set[tuple[str, str]] = set()
    listed = _git(folder, "rev-list", "--no-merges", "--parents", f"-n{commits}", "HEAD")
    for line in listed.splitlines():
        commit, *parents = line.split()
        change = Comparison(repository, parents[0] if parents else EMPTY, commit)
        project = Overlay(functools.partial(repository.show, commit), lambda: ())
        for file in _files(change, tallies):
            if file.binary or file.status in (Status.DELETED, Status.UNMERGED):
                continue
            data = change.content(file, Side.NEW)
            if data is None or len(data) > LARGEST_SOURCE:
                continue
            for job in jobs:
                is_new = (file.new_blob, job.rule.id) not in seen
                seen.add((file.new_blob, job.rule.id))
                _file(job, file, data, project, tallies, whole=is_new)
    return tallies


def _files(change: Change, tallies: dict[str, Tally]) -> Iterator[FileChange]:
    try:
        yield from change.files()
    except HunkworksError:  # a mirror lacks large objects: what came before them was looked at
        for tally in tallies.values():
            tally.cut += 1


def _file(
    job: Job,
    file: FileChange,
    data: bytes,
    project: Overlay,
    tallies: dict[str, Tally],
    *,
    whole: bool,
) -> None:
    language = language_of(file.path)
    if language is None or not applies(job.rule, file, language):
        return
    if not may_match(needed(job.rule.config or {}), data):
        return
    try:
        source = Source(file.path, data, language)
    except UnicodeDecodeError:
        return
    if job.rule.unless is not None and job.rule.unless.search(source.text):
        return
    matches = len(_matches(job, _root(source.text, language)))
    if not matches:
        for scope in SCOPES[: 1 + whole]:
            tallies[scope].files += 1
        return
    _prove(job, source, Scope.of(new_side(file).added), project, tallies["change"], matches)
    if whole:
        decided = dataclasses.replace(job.rule.recipe, safety=Safety.MECHANICAL)
        if not decided.steps:
            decided = job.rule.recipe
        _prove(
            Job(dataclasses.replace(job.rule, recipe=decided), job.values),
            source,
            EVERYTHING,
            project,
            tallies["files"],
            matches,
        )


def _prove(job: Job, source: Source, scope: Scope, project: Overlay, tally: Tally, matches: int) -> None:
    began = time.perf_counter()
    result = rewrite(job, source, scope, project)
    tally.seconds += time.perf_counter() - began
    tally.files += 1
    name = f"{job.rule.id} {source.path}"
    for outcome in result.outcomes:
        tally.buckets[outcome.bucket] += 1
        if outcome.bucket is Bucket.REFUSED:
            tally.refused[f"{job.rule.id}: {outcome.why}"] += 1
    if matches != len(result.outcomes):
        tally.wrong.append(f"{name}: {matches} matches, {len(result.outcomes)} in buckets")
    if result.after == source.data:
        return
    after = Source(source.path, result.after, source.language)
    if _errors(after) > _errors(source):
        tally.wrong.append(f"{name}: {_errors(source)} parse errors became {_errors(after)}")
    again = rewrite(
        job, after, _moved(source, after, scope), Overlay(project.read, lambda: (), result.others)
    )
    if again.after != result.after:
        tally.wrong.append(f"{name}: a second pass changed it")
    if stray := _stray(job, source, scope, project, result):
        tally.wrong.append(f"{name}: {stray}")


@functools.lru_cache(maxsize=2)
def _root(text: str, language: str) -> SgNode:
    return SgRoot(text, language).root()


def _matches(job: Job, root: SgNode) -> set[tuple[int, int]]:
    """Return what ast-grep itself finds."""
    nodes = root.find_all(cast("Config", dict(config_of(job.rule, job.values))))
    return {(node.range().start.index, node.range().end.index) for node in nodes}


def _errors(source: Source) -> int:
    return len(SgRoot(source.text, source.language).root().find_all(kind="ERROR"))


def _moved(before: Source, after: Source, scope: Scope) -> Scope:
    """Return the scope's lines in the rewritten file: those that stand where they stood, and every new one."""
    if scope.lines is None:
        return EVERYTHING
    old, new = before.text.split("\n"), after.text.split("\n")
    lines: set[int] = set()
    for tag, a, _, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for offset in range(d - c):
            if tag != "equal" or a + offset + 1 in scope.lines:
                lines.add(c + offset + 1)
    return Scope.of(lines)


def _stray(job: Job, source: Source, scope: Scope, project: Overlay, result: Rewritten) -> str:
    """Return what changed outside of the matches and of imports, told without the engine's own account of its edits."""
    bare = dataclasses.replace(job.rule.recipe, imports_add=(), imports_drop=())
    plain = rewrite(Job(dataclasses.replace(job.rule, recipe=bare), job.values), source, scope, project)
    spans: list[list[int]] = []
    for one in sorted(plain.outcomes, key=lambda one: one.start):
        if one.bucket is not Bucket.APPLIED:
            continue
        start, end = one.start, one.end
        if any(_takes_lines(step) for step in bare.steps):
            start, end = source.line_start(start), min(len(source.text), source.line_end(end) + 2)
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    fixed = _outside(source.text, spans)
    if not _in_order(fixed, plain.after.decode()):
        return "bytes outside of the matches changed"
    if plain.after == result.after:
        return ""
    told = difflib.SequenceMatcher(
        None, plain.after.decode().split("\n"), result.after.decode().split("\n"), autojunk=False
    )
    for tag, a, b, c, d in told.get_opcodes():
        lines = [*plain.after.decode().split("\n")[a:b], *result.after.decode().split("\n")[c:d]]
        strange = [
            line
            for line in lines
            if line.strip() and not re.search(r"\bimport\b|^\s*[\"\w][\w\"./ ,]*\)?,?\s*$", line)
        ]
        if tag != "equal" and strange:
            return f"a line that is no import changed with the imports: {strange[0]!r}"
    return ""


def _in_order(fixed: list[str], text: str) -> bool:
    """Whether ``text`` is the fixed pieces in their order, with anything between two of them."""
    if not text.startswith(fixed[0]) or not text.endswith(fixed[-1]):
        return False
    position = len(fixed[0])
    for piece in fixed[1:-1]:
        position = text.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return len(fixed) == 1 or position <= len(text) - len(fixed[-1])


def _takes_lines(step: Step) -> bool:
    """Whether an edit may reach beyond its match: an insertion, an expansion, or a fix of nothing."""
    return step.edit != "fix" or len(step.options) > 1 or not str(step.options["template"]).strip()


def _outside(text: str, spans: list[list[int]]) -> list[str]:
    pieces, position = [], 0
    for start, end in spans:
        pieces.append(text[position:start])
        position = end
    return [*pieces, text[position:]]


def _speed(folders: list[Path], files: int, recipes: list[Path]) -> None:
    """Print how long the command takes, warm, on a change in a clone of about as many files."""
    for folder in folders:
        count = len(_git(folder, "ls-tree", "-r", "--name-only", "HEAD").splitlines())
        if count < files:
            continue
        with tempfile.TemporaryDirectory() as place:
            cloned = ["git", "clone", "--quiet", "--no-hardlinks", str(folder), f"{place}/clone"]
            if subprocess.run(cloned, capture_output=True, check=False).returncode:
                continue  # a mirror that lacks objects
            for ident, took in _timed(Path(place) / "clone", recipes):
                middle, worst = statistics.median(one[0] for one in took), max(one[0] for one in took)
                used = statistics.median(one[1] for one in took)
                name = folder.resolve().parent.name
                print(f"{name}: {count:,} files, {ident}, a change of up to 20 files, warm:")
                print(f"    {middle:.2f} s, worst of {len(took)}: {worst:.2f} s; processor time {used:.2f} s")
        return
    print(f"no repository has {files:,} files: no speed measured")


def _timed(clone: Path, recipes: list[Path]) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    environment = {**os.environ, "HUNKWORKS_STATE_DIR": str(clone.parent / "state")}
    environment["HUNKWORKS_RECIPES"] = os.pathsep.join(map(str, recipes))
    tracked = _git(clone, "ls-files").splitlines()
    languages = collections.Counter(language for path in tracked if (language := language_of(path)))
    for one in gather(None, recipes):
        rule = one.rule
        if rule.recipe.safety is Safety.DETECT or languages.most_common(1)[0][0] not in rule.languages:
            continue
        touched = [path for path in tracked if language_of(path) in rule.languages][:20]
        for path in touched:
            with (clone / path).open("a", encoding="utf-8") as file:
                file.write("\n")
        command = [sys.executable, "-m", "hunkworks", "recipe", "run", rule.id, "--plan", "--json"]
        took: list[tuple[float, float]] = []
        for _ in range(6):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, cwd=clone, env=environment, capture_output=True, check=False)
            wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            took.append((wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
        yield rule.id, took[1:]
        return


if __name__ == "__main__":
    main()
