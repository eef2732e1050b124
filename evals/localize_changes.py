"""Units found changed in real commits, beside those a quick script counted; every disagreement is told.

    python -m evals.localize_changes --data LAB --index changes.jsonl

The counts of the index come from a quick script: changed = added + edited, and removed. Where the two disagree, both
versions are counted once more in the ways in which a script may count, and the row says which of them explains its
number, and who is right.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hunkworks.catalogs import Catalog, State, Unit, registry
from hunkworks.errors import InputError
from hunkworks.localize.changes import Kind, UnitChange, compare, name_of, said
from hunkworks.localize.places import format_of


def changes_of(data: Path, row: dict[str, Any]) -> list[UnitChange]:
    """Return what changed in one case.

    Raises:
        InputError: One side cannot be read.
    """
    folder = data / row["dir"]
    name = Path(row["path"]).name
    sides = []
    for side in ("old", "new"):
        file = folder / side / name
        sides.append(registry.read(row["path"], file.read_bytes()) if file.exists() else None)
    return compare(*sides)


Counted = tuple[int, int, int]  # changed, added, removed


def explained(data: Path, row: dict[str, Any], counted: Counted) -> str:
    """Return why the script counted otherwise, and who is right; "" where nothing explains it."""
    name = Path(row["path"]).name
    old, new = (
        registry.read(row["path"], (data / row["dir"] / side / name).read_bytes()) for side in ("old", "new")
    )
    ways: list[tuple[str, Callable[[Unit], Iterator[tuple[object, str]]]]] = [
        ("we are: it counts a plural form as a unit", _forms),
        ("we are: it counts the texts of strings that the catalog marks stale as work", _every),
        ("we are: it counts a key that stands several times once", _keys),
        ("we are: it counts an entry with several variants once", _keys),
    ]
    for why, way in ways:
        before, after = (
            dict(pair for unit in catalog.units if _is_source(unit, catalog) for pair in way(unit))
            for catalog in (old, new)
        )
        added = len(after.keys() - before.keys())
        edited = sum(before[key] != after[key] for key in after.keys() & before.keys())
        if (added + edited, added, len(before.keys() - after.keys())) == counted:
            return why
    return ""


def _is_source(unit: Unit, catalog: Catalog) -> bool:
    return unit.locale in ("", catalog.source_locale)


def _forms(unit: Unit) -> Iterator[tuple[object, str]]:
    if unit.state is not State.OBSOLETE:
        yield from (((name_of(unit), value.form), value.text) for value in unit.values)


def _every(unit: Unit) -> Iterator[tuple[object, str]]:
    yield name_of(unit), str(said(unit))


def _keys(unit: Unit) -> Iterator[tuple[object, str]]:
    if unit.state is not State.OBSOLETE:
        yield unit.key, str(said(unit))


def rows(index: Path) -> Iterator[dict[str, Any]]:
    """Yield the index's rows."""
    for line in index.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    agreed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows(arguments.index):
        total[row["format"]] += 1
        try:
            changes = changes_of(arguments.data, row)
        except InputError as error:
            name = "" if format_of(row["path"]) else "no format of ours yet"
            refused[f"{row['format']}: {name or error.what.rpartition(': ')[2][:70]}"] += 1
            continue
        kinds = Counter(change.kind for change in changes)
        added, edited, renamed = kinds[Kind.ADDED], kinds[Kind.EDITED], kinds[Kind.RENAMED]
        found = (added + edited + renamed, added + renamed, kinds[Kind.REMOVED] + renamed)
        counted = (row["n_units_changed"], row["n_added"], row["n_removed"])
        if found == counted:
            agreed[row["format"]] += 1
            continue
        why = explained(arguments.data, row, counted) or "not explained"
        reasons[why] += 1
        print(f"{row['dir']} {row['format']:12} found {found} counted {counted}: {why}")
        if arguments.verbose:
            for change in changes:
                if change.kind is not Kind.COMMENT:
                    print("   ", change.kind, change.unit.key, change.unit.part, repr(change.unit.text[:60]))
    for name in total:
        print(f"{name:12} {agreed[name]:3} of {total[name]:3} agree")
    for why, count in reasons.most_common():
        print(f"{count:3} {why}")
    for why, count in refused.items():
        print(f"refused {count:3}: {why}")


if __name__ == "__main__":
    main()
