"""Recipes on whole real projects: what matches, what becomes of it, and rewrites to be read.

    python -m evals.recipes_tried --recipes FOLDER… [--only ID…] [--read 30] GIT_DIR[@REVISION]…

Each project is taken at its HEAD, or at an older revision. Recipes that leave matches to a judge are run as if code
decided, so that their proposals are proven too; what an asked parameter would be answered is ``--set name=value``. Per
recipe and project: the files of its language, matches, applied, left to a judge and refused with the commonest reason;
then, counted anew and not by the engine: files with more parse errors than before, and matches that a second run would
still apply.
``--parser "Swift=sh -c 'cat > /tmp/a.swift; swiftc -frontend -parse /tmp/a.swift'"`` has a real compiler read each
rewritten file, too, from its standard input; a file in which it finds more errors than before is broken.

``--read N`` prints N random rewrites of each recipe, seeded, as they stand in the file before and after.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import difflib
import random
import re
import shlex
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from hunkworks.change.repository import Repository
from hunkworks.errors import HunkworksError
from hunkworks.refactor.outcome import Bucket, Rewritten
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.planning import Planner
from hunkworks.refactor.proposing import Job
from hunkworks.rules import tree
from hunkworks.rules.languages import language_of
from hunkworks.rules.load import load
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Safety

_PROJECT_FILES = re.compile(
    r"(^|/)(go\.mod|package\.json|pyproject\.toml|tsconfig\.json|[\w-]+\.gradle(\.kts)?)$"
)
_CATALOGS = re.compile(
    r"\.(xcstrings|strings)$|/res/values/[^/]+\.xml$|/composeResources/values/[^/]+\.xml$"
    r"|(^|/)(locales?|i18n|lang|languages|translations)/.*\.json$"
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", nargs="+")
    parser.add_argument("--recipes", type=Path, nargs="+", required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE")
    parser.add_argument("--parser", nargs="*", default=[], metavar="LANGUAGE=COMMAND")
    parser.add_argument("--read", type=int, default=0)
    options = parser.parse_args()
    rules = [
        rule
        for rule in load(options.recipes).rules
        if rule.config and (not options.only or rule.id in options.only)
    ]
    rules = [rule for rule in rules if options.only or rule.recipe.safety is not Safety.DETECT]
    values = dict(pair.split("=", 1) for pair in options.set)
    parsers = {name: shlex.split(command) for name, command in (one.split("=", 1) for one in options.parser)}
    rewrites: dict[str, list[str]] = collections.defaultdict(list)
    print(
        f"{'recipe':32}{'project':30}{'files':>6}{'matches':>8}{'applied':>8}{'judge':>6}{'refused':>8}{'broken':>7}{'again':>6}"
    )
    for given in options.repository:
        place, _, revision = given.partition("@")
        folder = Path(place)
        with tempfile.TemporaryDirectory() as work:
            unpack(folder, Path(work), {language for rule in rules for language in rule.languages}, revision)
            for rule in rules:
                _try(rule, values, folder, Path(work), rewrites, parsers)
    for rule_id, found in sorted(rewrites.items()) if options.read else ():
        print(f"\n## {rule_id}: {min(options.read, len(found))} of {len(found)}")
        for shown in random.Random(0).sample(found, min(options.read, len(found))):
            print(shown)


def _try(
    rule: Rule,
    values: dict[str, str],
    folder: Path,
    work: Path,
    rewrites: dict[str, list[str]],
    parsers: dict[str, list[str]],
) -> None:
    name = folder.resolve().parent.name.replace("+", "/")
    own = {one.name: values[one.name] for one in rule.recipe.parameters if one.name in values}
    decided = rule
    if rule.recipe.steps:
        decided = dataclasses.replace(rule, recipe=dataclasses.replace(rule.recipe, safety=Safety.MECHANICAL))
    planner = Planner(Repository.discover(work))
    try:
        plan = planner.whole(Job(decided, chosen(decided.recipe, own, asked=True)))
    except HunkworksError as error:
        print(f"{rule.id:32}{name:30}  {error}")
        return
    if not plan.looked_at:
        return
    count = {bucket: len(plan.of(bucket)) for bucket in Bucket}
    why = collections.Counter(
        one.why for one in plan.outcomes if one.bucket is not Bucket.APPLIED and one.why
    )
    broken = again = 0
    for file in plan.files:
        if file.before == file.after:
            continue
        language = language_of(file.path) or ""
        errors = [len(tree.broken(tree.parse(data.decode(), language))) for data in (file.before, file.after)]
        if language in parsers:
            compiled = [_errors(parsers[language], data) for data in (file.before, file.after)]
            print(f"  {file.path}: {compiled[0]} → {compiled[1]}" * (compiled[1] > compiled[0]), end="")
            errors[1] += max(compiled[1] - compiled[0], 0)
        broken += errors[1] > errors[0]
        (work / file.path).write_bytes(file.after)
        second = planner.whole(plan.job, [file.path])
        again += len(second.of(Bucket.APPLIED))
        (work / file.path).write_bytes(file.before)
        rewrites[rule.id] += list(_shown(name, file))
    if not rule.recipe.steps:
        rewrites[rule.id] += [f"{name} {one.path}:{one.line} {one.text[:160]!r}" for one in plan.outcomes]
    print(
        f"{rule.id:32}{name:30}{plan.looked_at:6}{sum(count.values()):8}{count[Bucket.APPLIED]:8}"
        f"{count[Bucket.RESIDUE]:6}{count[Bucket.REFUSED]:8}{broken:7}{again:6}"
        + "".join(f"  {number} {reason}" for reason, number in why.most_common(2))
    )


def _errors(command: list[str], source: bytes) -> int:
    done = subprocess.run(command, input=source, capture_output=True, check=False)
    found = done.stderr.count(b": error: ")
    if done.returncode and not found:
        raise RuntimeError(f"{shlex.join(command)}: {done.stderr.decode(errors='replace')[-500:]}")
    return found


def _shown(name: str, file: Rewritten) -> Iterator[str]:
    """Yield each group of changed lines of a file."""
    before, after = (data.decode().splitlines() for data in (file.before, file.after))
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        changed = [*before[start:end], *after[new_start:new_end]]
        if tag == "equal" or all(re.match(r"\s*(import|from)\b|\s*$", line) for line in changed):
            continue
        lines = [f"   -{line.strip()[:150]}" for line in before[start:end]]
        lines += [f"   +{line.strip()[:150]}" for line in after[new_start:new_end]]
        yield "\n".join([f"{name} {file.path}:{start + 1}", *lines[:12]])


def unpack(folder: Path, work: Path, languages: Collection[str], revision: str = "") -> None:
    """Put the files of a revision that recipes may look at below ``work``; some snapshots lack their largest files."""
    git = ["git", "-C", str(folder)]
    listed = subprocess.run(
        [*git, "ls-tree", "-rz", revision or "HEAD"], capture_output=True, check=True
    ).stdout
    wanted = []
    for row in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, path = row.split("\t", 1)
        mode, kind, sha = about.split()
        if (
            kind == "blob"
            and mode != "120000"
            and (language_of(path) in languages or _PROJECT_FILES.search(path) or _CATALOGS.search(path))
        ):
            wanted.append((sha, path))
    with subprocess.Popen(
        [*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        if reader.stdin is None or reader.stdout is None:
            raise RuntimeError("git has no pipes")
        for sha, path in wanted:
            reader.stdin.write(sha.encode() + b"\n")
            reader.stdin.flush()
            _sha, *rest = reader.stdout.readline().split()
            if rest == [b"missing"]:
                continue
            data = reader.stdout.read(int(rest[1]))
            reader.stdout.read(1)
            target = work / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        reader.stdin.close()
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    subprocess.run(["git", "-C", str(work), "add", "-A"], check=True, capture_output=True)


if __name__ == "__main__":
    main()
