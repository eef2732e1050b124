"""From an answer to edits of a catalog: set, add, move, remove."""

from __future__ import annotations

from collections.abc import Sequence

from hunkworks.catalogs import Add, Catalog, CatalogEdit, Remove, Set, State, Unit
from hunkworks.localize.changes import Name, name_of, source_of, sources
from hunkworks.localize.needs import Target, texts_of
from hunkworks.localize.places import SHARED
from hunkworks.localize.units import Planned, Text, as_forms, as_text

#: Formats that can say how far a translation is.
STATEFUL = ("xcstrings", "po", "xliff")


class Writer:
    """Makes edits of one catalog for one locale.

    Args:
        catalog: As it stands in the work tree.
        locale: Of the translations.
        source: The catalog that they are translated from.
        review: New translations await a human.
    """

    def __init__(self, catalog: Catalog, locale: str, source: Catalog, *, review: bool) -> None:
        self._catalog = catalog
        self._target = Target(locale, catalog, None, shared=catalog.format in SHARED)
        self.units = self._target.units(catalog)
        self.sources = sources(source)
        self._order = list(self.sources)
        self._places = {name: index for index, name in enumerate(self._order)}
        self._removed: set[tuple[tuple[str, ...], int]] = set()
        stateful = catalog.format in STATEFUL
        self._state = State.NEEDS_REVIEW if review and stateful else State.TRANSLATED

    def edits(self, unit: Planned, answer: Text) -> list[CatalogEdit]:
        """Return the edits that write ``answer``; none where it stands there already."""
        standing = self.units.get(unit.name)
        state = self._state
        edits: list[CatalogEdit] = []
        if unit.origin == "moved":
            old = self.units.get((unit.moved_from, unit.nth, unit.part))
            if old is not None and name_of(old) not in self.sources:
                edits = self._remove(old)
                state = old.state or state
        if standing is None:
            return [*edits, self._add(unit, answer, state)]
        if self._reads(standing, answer) and not self._outdated(unit, standing):
            return edits
        if self._reshaped(standing, answer) or self._remarked(unit, standing):
            return [*edits, *self._remove(standing), self._add(unit, answer, state, after=standing)]
        source = as_text(self._original(unit)) if self._outdated(unit, standing) else ""
        return [*edits, Set(standing, answer, state, source)]

    def _remove(self, unit: Unit) -> list[CatalogEdit]:
        """Return the removal of a unit; where files are per locale its entry goes with all its parts, once."""
        if self._target.shared:
            return [Remove(unit)]
        entry = unit.key, unit.nth
        if entry in self._removed:
            return []
        self._removed.add(entry)
        return [Remove(unit, whole=True)]

    def _reshaped(self, standing: Unit, answer: Text) -> bool:
        """Whether a single text became plural forms or the reverse: in most formats that is another entry."""
        return not self._target.shared and standing.plural == isinstance(answer, str)

    def _remarked(self, unit: Planned, standing: Unit) -> bool:
        """Whether a source text became markup or the reverse: then the standing entry says it in another way."""
        return self._outdated(unit, standing) and unit.markup != standing.markup

    def _reads(self, standing: Unit, answer: Text) -> bool:
        finished = standing.state not in (State.NEW, State.OBSOLETE)
        reviewed = standing.state is not State.NEEDS_REVIEW or self._state is State.NEEDS_REVIEW
        return texts_of(standing) == as_forms(answer) and finished and reviewed

    def _outdated(self, unit: Planned, standing: Unit) -> bool:
        """Whether a bilingual file still holds another source text under this key."""
        return bool(standing.source) and dict(source_of(standing)) != self._original(unit)

    def _original(self, unit: Planned) -> dict[str, str]:
        """Return what a bilingual file holds as the source: a key, where the source file translates that itself."""
        like = self.sources.get(unit.name)
        return dict(source_of(like)) if like is not None and like.source else as_forms(unit.source)

    def _add(self, unit: Planned, answer: Text, state: State, after: Unit | None = None) -> Add:
        like = self.sources.get(unit.name)
        return Add(
            unit.key,
            answer,
            locale=self._target.locale if self._target.shared else "",
            part=unit.part,
            after=after or self._before(unit.name),
            like=like,
            comment=unit.comment if like is not None and self._catalog.format in STATEFUL else "",
            state=state,
        )

    def _before(self, name: Name) -> Unit | None:
        """Return the nearest unit before ``name`` in the source that the target has, too."""
        if self._target.shared:
            return None
        for index in range(self._places.get(name, 0) - 1, -1, -1):
            found = self.units.get(self._order[index])
            if found is not None:
                return found
        return None


def removals(catalog: Catalog, locale: str, names: Sequence[Name]) -> list[CatalogEdit]:
    """Return the edits that prune translations whose source is gone."""
    target = Target(locale, catalog, None, shared=catalog.format in SHARED)
    units = target.units(catalog)
    going = {name for name in names if name in units}
    if target.shared:
        return [Remove(units[name]) for name in going]
    edits: dict[object, CatalogEdit] = {}
    for name in going:
        rest = any(other[:2] == name[:2] and other not in going for other in units)
        edits[name if rest else name[:2]] = Remove(units[name], whole=not rest)
    return list(edits.values())
