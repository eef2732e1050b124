"""A baseline of what a migration has left, file by file: committed, sorted, and only ever smaller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hunkworks.errors import InputError
from hunkworks.refactor.planning import Plan
from hunkworks.splice import write_atomically

FILE = ".hunkworks/ratchet.json"


class Baseline(msgspec.Struct, forbid_unknown_fields=True):
    """How many matches of each recipe each file may have."""

    schema: int
    recipes: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Growth:
    """A file with more matches of a recipe than its baseline allows."""

    recipe: str
    path: str
    allowed: int
    found: int


def read(root: Path) -> Baseline:
    """Return the baseline of a project, empty where there is none.

    Raises:
        InputError: The file is no baseline.
    """
    try:
        return msgspec.json.decode((root / FILE).read_bytes(), type=Baseline)
    except FileNotFoundError:
        return Baseline(1, {})
    except msgspec.DecodeError as error:
        raise InputError(f"{FILE} is no baseline: {error}", fix=f"git checkout -- {FILE}") from None


def write(root: Path, baseline: Baseline) -> None:
    """Write ``baseline``, sorted, so that two branches rarely meet in one line."""
    recipes = {
        ident: dict(sorted((path, count) for path, count in files.items() if count))
        for ident, files in sorted(baseline.recipes.items())
    }
    path = root / FILE
    path.parent.mkdir(exist_ok=True)
    data = msgspec.json.format(msgspec.json.encode(Baseline(1, recipes)), indent=2)
    write_atomically(path, data + b"\n")


def standing(plan: Plan) -> dict[str, int]:
    """Return how many matches each file has, those that a comment or a guard excuses left out."""
    from hunkworks.refactor.outcome import Bucket

    found = Counter(one.path for one in plan.outcomes if one.bucket is not Bucket.REFUSED)
    return dict(sorted(found.items()))


def growth(recipe: str, allowed: Mapping[str, int], found: Mapping[str, int]) -> list[Growth]:
    """Return the files that have grown. What files lost that are gone may stand in files that are new: they moved."""
    moved = sum(count for path, count in allowed.items() if path not in found)
    grown: list[Growth] = []
    for path, count in sorted(found.items()):
        if path not in allowed and count <= moved:
            moved -= count
        elif count > allowed.get(path, 0):
            grown.append(Growth(recipe, path, allowed.get(path, 0), count))
    return grown
