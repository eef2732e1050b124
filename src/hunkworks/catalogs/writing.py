"""Edits in, bytes out, proven."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from hunkworks.catalogs import proof, proof_in_part, registry
from hunkworks.catalogs.protocol import Add, Catalog, CatalogEdit, Set, SetState
from hunkworks.errors import InputError
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
        spliced = catalog.source.edits(replacements)
        data = splice(catalog.source.data, spliced)
        if not proof_in_part.holds(catalog, edits, replacements, spliced, data):
            proof.prove(catalog, edits, data)
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
            raise InputError(f"{proof.name(edit.unit)} is not a unit of {catalog.path} as it was read")
        mark = (SetState if isinstance(edit, SetState) else Set, edit.unit.identity)
        if mark in seen:
            raise InputError(f"two edits of {proof.name(edit.unit)} contradict each other")
        seen.add(mark)
