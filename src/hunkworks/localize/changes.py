"""What changed between two versions of a source catalog, unit by unit: from the two texts alone, no state kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from hunkworks.catalogs import Catalog, State, Unit

#: What a unit is in every version and locale of its family: key, which of equal keys, part.
Name: TypeAlias = tuple[tuple[str, ...], int, tuple[str, ...]]


class Kind(StrEnum):
    """What happened to a unit of the source."""

    ADDED = "added"
    EDITED = "edited"
    RENAMED = "renamed"  # the same text under a new key: the translations move
    REMOVED = "removed"
    COMMENT = "comment"  # only what is said about it
    BACKLOG = "backlog"  # nothing happened: its translation was missing before


class UnitChange(NamedTuple):
    """One unit as it stands, or stood when it is gone, and as it was; ``old`` is None where it is new."""

    kind: Kind
    unit: Unit
    old: Unit | None


def name_of(unit: Unit) -> Name:
    """Return the name that a unit has in every locale."""
    return unit.key, unit.nth, unit.part


def said(unit: Unit) -> Mapping[str, str]:
    """Return what a source unit says, by plural form ("" for a single text).

    In a bilingual file that is the source text, unless the file gives its own locale another one for a key that is
    no text.
    """
    if unit.source and not unit.text:
        return {"one": unit.source, "other": unit.source_plural} if unit.source_plural else {"": unit.source}
    return unit.forms or {"": unit.text}


def source_of(unit: Unit) -> Mapping[str, str]:
    """Return the source text that a unit of a bilingual target holds, by form; nothing in other formats."""
    if not unit.source:
        return {}
    return {"one": unit.source, "other": unit.source_plural} if unit.source_plural else {"": unit.source}


def sources(catalog: Catalog | None) -> dict[Name, Unit]:
    """Return the units of the source locale that are to be translated, in the file's order."""
    if catalog is None:
        return {}
    return {
        name_of(unit): unit
        for unit in catalog.units
        if unit.locale in ("", catalog.source_locale)
        and unit.translatable
        and unit.state is not State.OBSOLETE
        and any(text.strip() for text in said(unit).values())
    }


def compare(old: Catalog | None, new: Catalog | None, *, inside_target: bool = False) -> list[UnitChange]:
    """Return what changed, in the order of the new file, what was removed last.

    Args:
        old: The source before; None where there was none.
        new: The source after; None where it is gone.
        inside_target: The catalogs are translations that hold their own source texts: those are compared.
    """
    text = source_of if inside_target else said
    before, after = sources(old), sources(new)
    gone = {name: unit for name, unit in before.items() if name not in after}
    renamed = _renamed(gone, {name: unit for name, unit in after.items() if name not in before})
    changes: list[UnitChange] = []
    for name, unit in after.items():
        earlier = before.get(name)
        if earlier is None:
            origin = renamed.get(name)
            kind = Kind.ADDED if origin is None else Kind.RENAMED
            changes.append(UnitChange(kind, unit, None if origin is None else gone.pop(origin)))
        elif text(earlier) != text(unit):
            changes.append(UnitChange(Kind.EDITED, unit, earlier))
        elif earlier.comment != unit.comment:
            changes.append(UnitChange(Kind.COMMENT, unit, earlier))
    return changes + [UnitChange(Kind.REMOVED, unit, unit) for unit in gone.values()]


def _renamed(gone: Mapping[Name, Unit], new: Mapping[Name, Unit]) -> dict[Name, Name]:
    """Return new name → old name where one text disappeared under a key and appeared under another.

    Where a text is there several times, the keys that end alike belong together; what is left is new.
    """
    by_text: dict[object, list[Name]] = defaultdict(list)
    for name, unit in gone.items():
        by_text[_print(unit)].append(name)
    found: dict[Name, Name] = {}
    for name, unit in new.items():
        candidates = by_text.get(_print(unit), [])
        if candidates:
            best = min(candidates, key=lambda other: (other[0][-1:] != name[0][-1:], other[2] != name[2]))
            candidates.remove(best)
            found[name] = best
    return _whole(found, gone, new)


def _whole(found: Mapping[Name, Name], gone: Collection[Name], new: Collection[Name]) -> dict[Name, Name]:
    """Return the renames of entries all of whose parts went together: one moves as a whole, or not at all."""
    parts: dict[object, set[Name]] = defaultdict(set)
    for side, names in (("old", gone), ("new", new)):
        for name in names:
            parts[side, name[:2]].add(name)
    return {
        name: origin
        for name, origin in found.items()
        if {found.get(other) for other in parts["new", name[:2]]} == parts["old", origin[:2]]
        and all(found[other][2] == other[2] for other in parts["new", name[:2]])
    }


def _print(unit: Unit) -> object:
    return tuple(sorted(said(unit).items())), unit.syntax, unit.markup
