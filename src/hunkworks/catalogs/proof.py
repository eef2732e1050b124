"""The proof of a write: what was planned reads back, and every other unit reads as it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from hunkworks.catalogs import registry
from hunkworks.catalogs.protocol import Add, Catalog, CatalogEdit, Remove, Set, SetState, State, Text, Unit
from hunkworks.errors import InputError, IntegrityError


def prove(catalog: Catalog, edits: Sequence[CatalogEdit], data: bytes) -> None:
    """Prove that ``data`` is ``catalog`` with ``edits`` and nothing else, by reading all of it.

    Raises:
        IntegrityError: It does not parse, or a unit does not read as planned.
    """
    try:
        after = registry.read(catalog.path, data, catalog.format)
    except InputError as error:
        raise IntegrityError(f"what was planned for {catalog.path} does not parse: {error.what}") from None
    compare(catalog.path, catalog.units, edits, after.units)


def compare(path: str, before: Sequence[Unit], edits: Sequence[CatalogEdit], after: Sequence[Unit]) -> None:
    """Walk both in order: what stands in ``after`` is what ``edits`` leave of ``before``, or was added.

    Raises:
        IntegrityError: It is not; the message names the first unit.
    """
    expected, added = _planned(before, edits)
    position = 0
    for unit in after:
        if position < len(expected) and matches(*expected[position], unit):
            position += 1
            continue
        addition = _addition(unit.key, unit.part, unit.locale, unit.forms or unit.text)
        if not added[addition]:
            raise IntegrityError(f"{name(unit)} in {path} does not read as planned")
        added[addition] -= 1
    if position < len(expected):
        raise IntegrityError(f"{name(expected[position][0])} in {path} would be lost")
    if missing := +added:
        raise IntegrityError(f"{next(iter(missing))!r} was added to {path} and does not read back")


def _planned(
    units: Sequence[Unit], edits: Sequence[CatalogEdit]
) -> tuple[list[tuple[Unit, CatalogEdit | None, State | None]], Counter[Hashable]]:
    """Return each unit that stays with its change and new state, and what is added."""
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
    stays = [
        (unit, None, None)
        if unit.key not in keys
        else (unit, changes.get(unit.identity), states.get(unit.identity))
        for unit in units
        if unit.key not in keys
        or ((unit.key, unit.nth) not in entries and not isinstance(changes.get(unit.identity), Remove))
    ]
    return stays, added


def matches(before: Unit, change: CatalogEdit | None, state: State | None, after: Unit) -> bool:
    """Whether ``after`` is what becomes of ``before``: field by field, because most catalogs have thousands."""
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


def name(unit: Unit) -> str:
    """Return what an error calls a unit."""
    return "/".join((*unit.key, *unit.part, *filter(None, [unit.locale])))
