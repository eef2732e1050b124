"""Units found changed in real commits, beside those a quick script counted; every disagreement is told.

    python -m evals.localize_changes --data LAB --index changes.jsonl

The counts of the index come from a script of regular expressions over keys and texts: changed = added + edited, and
removed. Where the two disagree, the row says which units only one of them sees, so that a reader can judge.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hunkworks.catalogs import registry
from hunkworks.errors import InputError
from hunkworks.localize.changes import Kind, UnitChange, compare


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
    for row in rows(arguments.index):
        total[row["format"]] += 1
        try:
            changes = changes_of(arguments.data, row)
        except InputError as error:
            refused[f"{row['format']}: {error.what.rpartition(': ')[2][:70]}"] += 1
            continue
        kinds = Counter(change.kind for change in changes)
        added, edited, renamed = kinds[Kind.ADDED], kinds[Kind.EDITED], kinds[Kind.RENAMED]
        found = (added + edited + renamed, added + renamed, kinds[Kind.REMOVED] + renamed)
        counted = (row["n_units_changed"], row["n_added"], row["n_removed"])
        if found == counted:
            agreed[row["format"]] += 1
            continue
        print(f"{row['dir']} {row['format']} {row['repo']} found {found} counted {counted} {dict(kinds)}")
        if arguments.verbose:
            for change in changes:
                if change.kind is not Kind.COMMENT:
                    print("   ", change.kind, change.unit.key, change.unit.part, repr(change.unit.text[:60]))
    for name in total:
        print(f"{name:12} {agreed[name]:3} of {total[name]:3} agree")
    for why, count in refused.items():
        print(f"refused {count:3}: {why}")


if __name__ == "__main__":
    main()
