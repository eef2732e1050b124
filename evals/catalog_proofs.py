"""Is a proof in part as good as a proof by the whole file? Right writes and sabotaged ones, judged both ways.

    python -m evals.catalog_proofs --data LAB [--format android] [--units 2] [--sabotages 6]

Every edit of evals.catalogs is planned; then its replacements are spoiled (cut, doubled, moved, widened, a quote or a
tag too much, a second entry, something in another entry). "in part" is the share of right writes that did not need
the whole file; "missed" counts spoiled writes that a part proved and the whole file refutes: it must be 0. So must
"differ", the right writes that a part proved and the whole refutes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from evals.catalogs import cases
from hunkworks import catalogs
from hunkworks.catalogs import Catalog, CatalogEdit, proof, proof_in_part, registry
from hunkworks.catalogs.protocol import Replacement
from hunkworks.errors import HunkworksError, InputError, IntegrityError
from hunkworks.splice import splice

TOO_MUCH = (
    '"',
    "'",
    "<",
    ">",
    "}",
    "{",
    "]",
    ",",
    ";",
    "\\",
    "\n",
    "\n\n",
    "/*",
    "*/",
    "//",
    "#",
    "-->",
    "<!--",
    "&",
    "x",
)
BETWEEN = {"json_catalog": ", ", "chrome": ", ", "arb": ", ", "xcstrings": ", "}


def verdicts(
    catalog: Catalog, edits: list[CatalogEdit], replacements: list[Replacement]
) -> tuple[bool, bool] | None:
    """Return whether the part proves it and whether the whole does; None where it cannot be spliced."""
    try:
        spliced = catalog.source.edits(replacements)
        data = splice(catalog.source.data, spliced)
    except (InputError, IntegrityError):
        return None
    part = proof_in_part.holds(catalog, edits, replacements, spliced, data)
    try:
        proof.prove(catalog, edits, data)
    except IntegrityError:
        return part, False
    return part, True


def spoiled(
    catalog: Catalog, planned: list[Replacement], count: int, chance: random.Random
) -> Iterator[list[Replacement]]:
    """Yield the replacements, each time with one thing wrong."""
    text = catalog.source.text
    for _ in range(count):
        place = chance.randrange(len(planned))
        start, end, new = planned[place]
        other = chance.choice(catalog.units)
        copied = BETWEEN.get(catalog.format, "") + text[other.entry.start : other.entry.end]
        bad = chance.choice(
            [
                Replacement(start, end, new[: chance.randrange(len(new))] if new else "x"),
                Replacement(start, end, new + chance.choice(TOO_MUCH)),
                Replacement(start, end, chance.choice(TOO_MUCH) + new),
                Replacement(start, end, new + new),
                Replacement(start, end + chance.randint(1, 4), new),
                Replacement(max(start - chance.randint(1, 4), 0), end, new),
                Replacement(start + 1, end + 1, new),
                Replacement(start, end, new + copied),
                Replacement(start, end, new + BETWEEN.get(catalog.format, "") + copied[len(copied) // 2 :]),
                Replacement(start, end, ""),
                None,
            ]
        )
        result = [one for at, one in enumerate(planned) if at != place]
        if bad is None:  # all as planned, and something in another entry
            result, at = list(planned), chance.randrange(other.entry.start, other.entry.end + 1)
            bad = Replacement(at, at, chance.choice(TOO_MUCH))
        yield [*result, bad]


def judge(
    catalog: Catalog, units: int, sabotages: int, chance: random.Random, score: Counter[str]
) -> Iterator[str]:
    """Count what both proofs say of some edits of a catalog; yield where a part is wrong."""
    module = registry.load(catalog.format)
    editable = [unit for unit in catalog.units if unit.values]
    for unit in chance.sample(editable, min(units, len(editable))):
        for case in cases(catalog, unit):
            try:
                planned = module.plan(catalog, case.edits)
            except InputError:
                continue
            if not planned or (said := verdicts(catalog, case.edits, planned)) is None:
                continue
            score["writes"] += 1
            score["in part"] += said[0]
            score["differ"] += said == (True, False)
            if said == (True, False):
                yield f"{case.kind} {case.key!r} in {catalog.path}: {planned}"
            for bad in spoiled(catalog, planned, sabotages, chance):
                if (said := verdicts(catalog, case.edits, bad)) is None:
                    continue
                score["spoiled"] += 1
                score["refuted"] += not said[1]
                score["missed"] += said == (True, False)
                if said == (True, False):
                    yield f"spoiled {case.kind} {case.key!r} in {catalog.path}: {bad}"


def main() -> None:
    """Print the table; exit 1 where a part proved what the whole file refutes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with catalogs/<format>/*")
    parser.add_argument("--format", help="only files of this format")
    parser.add_argument("--units", type=int, default=2, help="units to edit in each file")
    parser.add_argument("--sabotages", type=int, default=6, help="of each edit")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    scores: dict[str, Counter[str]] = {}
    faults: list[str] = []
    files = sorted(path for path in (options.data / "catalogs").rglob("*") if path.is_file())
    for number, file in enumerate(files):
        if sys.stderr.isatty():
            print(f"\r{number}/{len(files)}", end="", file=sys.stderr)
        path = file.name.partition("__")[2].replace("__", "/") or file.name
        data = file.read_bytes()
        if options.format and catalogs.detect(path, data) != options.format:
            continue
        try:
            catalog = catalogs.open(path, data)
        except HunkworksError:
            continue
        score = scores.setdefault(catalog.format, Counter())
        faults += judge(catalog, options.units, options.sabotages, chance, score)
    columns = ("writes", "in part", "differ", "spoiled", "refuted", "missed")
    print(f"{'format':<14}" + "".join(f"{column:>9}" for column in columns))
    for name, score in sorted(scores.items()):
        print(f"{name:<14}" + "".join(f"{score[column]:>9}" for column in columns))
    total = sum(scores.values(), Counter[str]())
    print(f"{'all':<14}" + "".join(f"{total[column]:>9}" for column in columns))
    for fault in faults[:20]:
        print(fault[:500])
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
