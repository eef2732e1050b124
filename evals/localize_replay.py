"""Real commits replayed end to end with a scripted translator: what is sent, what is written, what else changed.

    python -m evals.localize_replay --data LAB --index changes.jsonl

Each case is a repository whose source is the file before the commit and whose German catalog is a copy of it (string
catalogs keep the locales they really have). The source becomes what the commit made of it; plan, pseudo-translation and
apply run as the commands do. evals.localize_needed, which shares no code with the pack, says unit by unit which of them
the commit made necessary, and which need no model because their text is known: sent must be needed, exactly. A changed
line counts as foreign where no written unit stands on it, before or after.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from evals.localize_changes import rows
from evals.localize_needed import Planned, Verdict, judge, judge_string_catalog
from hunkworks.catalogs import Catalog, registry
from hunkworks.catalogs.source import Span
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.config import Localizing
from hunkworks.errors import HunkworksError
from hunkworks.localize import pseudo
from hunkworks.localize.apply import Answer, Applied, Applier
from hunkworks.localize.changes import name_of
from hunkworks.localize.places import SHARED, SLOT, format_of, place
from hunkworks.localize.plan import Plan, Planner
from hunkworks.localize.session import Confirmed


class Case(NamedTuple):
    """One commit as a repository: where the source and the translations lie."""

    root: Path
    source: str
    target: str
    shared: bool


class Outcome(NamedTuple):
    """What one case came to; ``foreign`` are the changed lines of no written unit."""

    plan: Plan
    sent: int
    done: Applied
    lines: int
    foreign: list[str]
    again: int
    total: int


def build(folder: Path, data: Path, row: dict[str, Any]) -> Case:
    """Make the repository of one case, the commit's change uncommitted."""
    path = row["path"].replace(".xcloc/Source Contents/", "/")
    files = data / row["dir"]
    old = (files / "old" / Path(path).name).read_bytes()
    new = (files / "new" / Path(path).name).read_bytes()
    name = format_of(path)
    target = target_of(path, name)
    write(folder, path, old)
    if name not in SHARED:
        write(
            folder, target, old.replace(b"\nen:", b"\nde:", 1) if target.endswith((".yml", ".yaml")) else old
        )
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "before")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
    write(folder, path, new)
    return Case(folder, path, target, name in SHARED)


def write(root: Path, path: str, data: bytes) -> None:
    """Write a file below ``root``."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


def target_of(path: str, name: str) -> str:
    """Return where the German translation of a source lies by its platform's convention."""
    if name in SHARED:
        return path
    if "/values/" in path:
        return path.replace("/values/", "/values-de/")
    if path.endswith(".pot"):
        return f"translations/de/LC_MESSAGES/{Path(path).stem}.po"
    where = place(path, name)
    if where is None:
        raise SystemExit(f"no locale in {path}")
    return where.pattern.replace(SLOT, "de")


def planned(case: Case) -> tuple[Repository, Plan]:
    """Plan the case's change as the command does."""
    repository = Repository.discover(case.root)
    confirmed = Confirmed(repository.common_dir)
    change = select(repository, Selector())
    return repository, Planner(repository, Localizing(), confirmed.holds).plan(change, "the commit")


def replay(case: Case) -> Outcome:
    """Plan, translate, apply, and look at every line of the difference."""
    repository, plan = planned(case)
    before = (case.root / case.target).read_bytes()
    asked = [unit for unit in plan.units if unit.answer is None]
    answers = [
        Answer(unit.id, text) if isinstance(text, str) else Answer(unit.id, None, text)
        for unit, text in ((unit, pseudo.translate(unit)) for unit in asked)
    ]
    done = Applier(repository, plan, Confirmed(repository.common_dir)).apply(answers)
    after = (case.root / case.target).read_bytes()
    _, again = planned(case)
    old, new = (registry.read(case.target, data) for data in (before, after))
    names = {unit.name for unit in plan.units} | {
        (unit.moved_from, unit.nth, unit.part) for unit in plan.units if unit.moved_from
    }
    lines, foreign = difference(case, old, new, names)
    left = sum(unit.answer is None for unit in again.units) - len(done.rejected)
    return Outcome(plan, len(asked), done, lines, foreign, left, len(old.units))


def difference(case: Case, old: Catalog, new: Catalog, names: set[Any]) -> tuple[int, list[str]]:
    """Return how many lines git calls changed, and what differs once the lines of the units ``names`` are taken out.

    Blank lines are nobody's, and the comma behind the last entry of a JSON object belongs to the one that follows.
    """
    former = case.root / ".git" / "former"
    former.write_bytes(old.source.data)
    stat = subprocess.run(
        ["git", "diff", "--no-index", "--text", "--numstat", "--", former, case.root / case.target],
        cwd=case.root,
        check=False,
        capture_output=True,
        text=True,
    ).stdout.split()
    left = [_rest(catalog, names) for catalog in (old, new)]
    known = {step for unit in old.units for step in _parents(unit.key)}
    opened = {step[-1] for key, *_ in names for step in _parents(key) if step not in known}
    if opened:  # objects that hold nothing but written units: their own lines are theirs
        left = [[line for line in some if not _opens_or_closes(line, opened)] for some in left]
    foreign = [f"-{line}" for line in (Counter(left[0]) - Counter(left[1])).elements()]
    foreign += [f"+{line}" for line in (Counter(left[1]) - Counter(left[0])).elements()]
    if not foreign and left[0] != left[1]:
        foreign.append("the order of lines changed")
    return sum(int(number) for number in stat[:2] if number.isdecimal()), foreign


def _parents(key: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [key[:length] for length in range(1, len(key))]


def _opens_or_closes(line: str, opened: set[str]) -> bool:
    bare = line.strip().strip(",{ ").rstrip(":").strip("\"' ")
    return line.strip() in ("}", "{", "]") or bare.rstrip("[ ").rstrip(":").strip("\"' ") in opened


def _rest(catalog: Catalog, names: set[Any]) -> list[str]:
    taken = set(standing(catalog, names))
    lines = catalog.source.text.splitlines()
    return [
        line.rstrip().rstrip(",")
        for number, line in enumerate(lines, 1)
        if number not in taken and line.strip()
    ]


def standing(catalog: Catalog, names: set[Any]) -> Iterator[int]:
    """Yield the lines of the units of ``names`` with the comment above them; of entries that are all theirs, whole."""
    entries: dict[Any, list[Any]] = {}
    for unit in catalog.units:
        entries.setdefault((unit.key, unit.nth), []).append(unit)
    text = catalog.source.text
    lines = text.splitlines()
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    for units in entries.values():
        chosen = [unit for unit in units if name_of(unit) in names]
        spans = [unit.entry for unit in chosen]
        if len(chosen) == len(units) > 1:
            spans = [Span(min(span.start for span in spans), max(span.end for span in spans))]
        margin = 2 if catalog.format == "stringsdict" and len(chosen) == len(units) else 0
        for span in spans:
            above = units[0].comment and catalog.format not in ("arb", "po")
            comment = units[0].comment.count("\n") + 2 if above else 0
            first, last = (bisect_right(starts, offset) for offset in span)
            if catalog.format == "po":
                while first > 1 and lines[first - 2].lstrip().startswith("#"):
                    first -= 1
            if catalog.format == "arb":
                last = _metadata(lines, units[0].key[0], last)
            yield from range(first - comment - margin, last + 1 + bool(margin))


def _metadata(lines: list[str], key: str, last: int) -> int:
    """Return the last line of the ``@key`` that follows an entry, or of the entry where none does."""
    if last < len(lines) and lines[last].lstrip().startswith(f'"@{key}"'):
        indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
        for number in range(last, len(lines)):
            if lines[number].rstrip().rstrip(",") in (f"{indent}}}", f'{indent}"@{key}": {{}}'):
                return number + 1
    return last


def judged(data: Path, row: dict[str, Any], case: Case, plan: Plan) -> Verdict:
    """Return what an independent reader finds necessary, and where the plan says otherwise."""
    folder, name = data / row["dir"], Path(row["path"]).name
    old, new = ((folder / side / name).read_bytes() for side in ("old", "new"))
    units = [
        Planned(
            unit.key,
            unit.part,
            unit.locale,
            () if isinstance(unit.source, str) else tuple(unit.source),
            unit.answer is not None,
        )
        for unit in plan.units
    ]
    if case.shared:
        return judge_string_catalog(old, new, units)
    # Of a template nothing is translated; else the German file is a copy of the old source.
    return judge(row["format"], old, new, units, translated=row["format"] != "po")


def main() -> None:
    """Print a line per case that is not exact, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--only", default="", help="cases whose folder holds this")
    arguments = parser.parse_args()
    sums: dict[str, Counter[str]] = {}
    began = time.perf_counter()
    for row in rows(arguments.index):
        if arguments.only not in row["dir"]:
            continue
        total = sums.setdefault(row["format"], Counter())
        total["cases"] += 1
        with tempfile.TemporaryDirectory() as folder:
            try:
                case = build(Path(folder), arguments.data, row)
                outcome = replay(case)
                verdict = judged(arguments.data, row, case, outcome.plan)
            except HunkworksError as error:
                total["refused"] += 1
                if format_of(row["path"]):
                    print(f"{row['dir']} {row['format']}: refused: {error}")
                continue
        done = outcome.done
        pending = len(done.written) - (outcome.sent - len({item.id for item in done.rejected}))
        total.update(
            needed=verdict.needed,
            wrong=len(verdict.wrong),
            sent=outcome.sent,
            free=pending,
            written=len(done.written),
            rejected=len({item.id for item in done.rejected}),
            lines=outcome.lines,
            foreign=len(outcome.foreign),
            again=outcome.again,
            units=outcome.total,
        )
        if verdict.wrong or outcome.foreign or done.rejected or outcome.again:
            print(
                f"{row['dir']} {row['format']} {row['repo']}: needed {verdict.needed}, sent {outcome.sent}, "
                f"foreign {len(outcome.foreign)}, again {outcome.again}"
            )
            for line in verdict.wrong[:6]:
                print(f"      {line[:160]}")
            for line in outcome.foreign[:4]:
                print(f"      {line[:110]}")
            for item in done.rejected[:3]:
                print(f"      {item.check}: {item.message[:150]}")
    columns = (
        "cases",
        "refused",
        "units",
        "needed",
        "sent",
        "wrong",
        "free",
        "written",
        "rejected",
        "lines",
        "foreign",
        "again",
    )
    print("format      " + "".join(f"{name:>9}" for name in columns))
    for name, total in [*sums.items(), ("ALL", sum(sums.values(), Counter()))]:
        print(f"{name:12}" + "".join(f"{total[column]:9}" for column in columns))
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
