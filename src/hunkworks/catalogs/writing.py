"""Edits in, bytes out, and the proof: what was planned reads back, and all else reads as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from hunkworks.catalogs import registry
from hunkworks.catalogs.protocol import Add, Catalog, CatalogEdit, Remove, Set, SetState, State, Text, Unit
from hunkworks.errors import InputError, IntegrityError
from hunkworks.splice import splice


def write(catalog: Catalog, edits: Sequence[CatalogEdit]) -> bytes:
    """Return the catalog's bytes with ``edits`` made, proven.

    Raises:
        InputError: An edit cannot be expressed in this file; nothing is to be written.
        IntegrityError: The result does not read as planned, which is a defect of the format's module.
    """
    with registry.uncollected():
        _refuse_contradictions(catalog, edits)
        replacements = registry.load(catalog.format).plan(catalog, edits)
        if not replacements:
            return catalog.source.data
        data = splice(catalog.source.data, catalog.source.edits(replacements))
        _prove(catalog, edits, data)
    return data


def _refuse_contradictions(catalog: Catalog, edits: Sequence[CatalogEdit]) -> None:
    """Refuse two edits of one unit, and units of another catalog."""
    keys = {edit.unit.key for edit in edits if not isinstance(edit, Add)}
    known = {unit.identity: unit for unit in catalog.units if unit.key in keys}
    seen: set[tuple[type, Hashable]] = set()
    for edit in edits:
        if isinstance(edit, Add):
            continue
        if known.get(edit.unit.identity) != edit.unit:
            raise InputError(f"{_name(edit.unit)} is not a unit of {catalog.path} as it was read")
        mark = (SetState if isinstance(edit, SetState) else Set, edit.unit.identity)
        if mark in seen:
            raise InputError(f"two edits of {_name(edit.unit)} contradict each other")
        seen.add(mark)


def _prove(catalog: Catalog, edits: Sequence[CatalogEdit], data: bytes) -> None:
    try:
        after = registry.read(catalog.path, data, catalog.format)
    except InputError as error:
        raise IntegrityError(f"what was planned for {catalog.path} does not parse: {error.what}") from None
    changes: dict[Hashable, CatalogEdit] = {}
    entries: set[Hashable] = set()
    added: Counter[Hashable] = Counter()
    states: dict[Hashable, State] = {}
    for edit in edits:
        if isinstance(edit, Add):
            added[_addition(edit.key, edit.part, edit.locale, edit.text)] += 1
        elif isinstance(edit, SetState):
            states[edit.unit.identity] = edit.state
        else:
            changes[edit.unit.identity] = edit
            if isinstance(edit, Remove) and edit.whole:
                entries.add((edit.unit.key, edit.unit.nth))
    keys = {edit.unit.key for edit in edits if not isinstance(edit, Add)}
    expected = [
        (unit, None, None)
        if unit.key not in keys
        else (unit, changes.get(unit.identity), states.get(unit.identity))
        for unit in catalog.units
        if unit.key not in keys
        or ((unit.key, unit.nth) not in entries and not isinstance(changes.get(unit.identity), Remove))
    ]
    _compare(catalog, expected, after, added)


def _compare(
    catalog: Catalog,
    expected: list[tuple[Unit, CatalogEdit | None, State | None]],
    after: Catalog,
    added: Counter[Hashable],
) -> None:
    """Walk both in order: what stands in ``after`` is what is expected, or was added."""
    position = 0
    for unit in after.units:
        if position < len(expected) and _matches(*expected[position], unit):
            position += 1
            continue
        addition = _addition(unit.key, unit.part, unit.locale, unit.forms or unit.text)
        if not added[addition]:
            raise IntegrityError(f"{_name(unit)} in {catalog.path} does not read as planned")
        added[addition] -= 1
    if position < len(expected):
        raise IntegrityError(f"{_name(expected[position][0])} in {catalog.path} would be lost")
    if missing := +added:
        raise IntegrityError(f"{next(iter(missing))!r} was added to {catalog.path} and does not read back")


def _matches(before: Unit, change: CatalogEdit | None, state: State | None, after: Unit) -> bool:
    """Whether ``after`` is what becomes of ``before``; field by field, because most catalogs have thousands."""
    if change is None and state is None and before == after:
        return True  # in front of the first edit even the spans are the same
    if (
        before.key != after.key
        or before.part != after.part
        or before.locale != after.locale
        or before.comment != after.comment
        or before.translatable != after.translatable
    ):
        return False
    if (after.source, after.source_plural) != _source(before, change):
        return False
    if isinstance(change, Set):
        same_text = _hashable(change.text) == _hashable(after.forms if after.plural else after.text)
        return same_text and (state is None or state is after.state)
    if (before.state if state is None else state) is not after.state:
        return False
    old, new = before.values, after.values
    return len(old) == len(new) and all(
        value.text == other.text and value.form == other.form for value, other in zip(old, new, strict=True)
    )


def _source(before: Unit, change: CatalogEdit | None) -> tuple[str, str]:
    if not isinstance(change, Set) or not change.source:
        return before.source, before.source_plural
    return (
        (change.source, "")
        if isinstance(change.source, str)
        else (change.source["one"], change.source["other"])
    )


def _addition(key: tuple[str, ...], part: tuple[str, ...], locale: str, text: Text) -> Hashable:
    return key, part, locale, _hashable(text)


def _hashable(text: Text) -> Hashable:
    return text if isinstance(text, str) else tuple(sorted(text.items()))


def _name(unit: Unit) -> str:
    return "/".join((*unit.key, *unit.part, *filter(None, [unit.locale])))
