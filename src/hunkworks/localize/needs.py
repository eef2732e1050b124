"""What each locale of a family needs after a change of its source: to translate, to move, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hunkworks.catalogs import Catalog, State, Unit
from hunkworks.catalogs.placeholders import placeholders
from hunkworks.catalogs.plurals import integer_forms
from hunkworks.localize.changes import Kind, Name, UnitChange, name_of, said, source_of, sources
from hunkworks.localize.units import Neighbour, Planned, as_text, print_of, unit_id

# CLDR has "many" for millions in these; files and platforms do without (localization.md §6.3).
OPTIONAL_MANY = frozenset({"ca", "es", "fr", "it", "pt"})
_LIMIT = re.compile(
    r"\bmax(?:imum|\.)?(?: length)?(?: of)?[ :=]*(\d{1,4})\s*(?:char|letter|glyph|$)", re.IGNORECASE
)
_LIMIT_BEHIND = re.compile(
    r"\b(\d{1,4}) (?:char(?:acter)?s?|letters?) (?:max|limit|or (?:less|fewer))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Target:
    """One locale of a family: its catalog as it stands, and as it was before the change (None: it was not there)."""

    locale: str
    now: Catalog
    base: Catalog | None
    shared: bool = False

    def units(self, catalog: Catalog | None) -> dict[Name, Unit]:
        """Return the locale's units, without those that are kept only as obsolete."""
        if catalog is None:
            return {}
        return {
            name_of(unit): unit
            for unit in catalog.units
            if unit.state is not State.OBSOLETE and (not self.shared or unit.locale == self.locale)
        }

    @property
    def forms(self) -> tuple[str, ...]:
        """The plural forms that a unit must have in this locale: the file's own, else CLDR's."""
        if self.now.forms:
            return self.now.forms
        optional = {"many"} if self.locale.partition("-")[0] in OPTIONAL_MANY else set()
        return tuple(form for form in integer_forms(self.locale) if form not in optional)


@dataclass(slots=True)
class Needs:
    """What one locale needs; ``present`` counts units that somebody has translated already."""

    planned: list[Planned] = field(default_factory=list)
    removed: list[Name] = field(default_factory=list)
    present: int = 0


def needs(
    changes: Sequence[UnitChange],
    source: Catalog,
    target: Target,
    *,
    confirmed: Callable[[str, Unit, Unit], bool],
    inside_target: bool = False,
    backlog: bool = False,
) -> Needs:
    """Return what ``target`` needs because of ``changes``, and with ``backlog`` what it lacked before.

    Args:
        changes: Of the source.
        source: The source as it is now.
        target: One locale.
        confirmed: Whether this source and this translation (id, source unit, target unit) were written by an earlier
            run: the translation of an edited text may well be the old one.
        inside_target: The target holds its own source texts.
        backlog: Also what is missing without having changed.
    """
    now, base = target.units(target.now), target.units(target.base)
    spoken = source_of if inside_target else said
    found = Needs()
    originals = sources(source)
    order = list(originals)
    places = {name: index for index, name in enumerate(order)}
    touched: set[Name] = set()

    def plan(kind: Kind, unit: Unit, old: Unit | None) -> Planned:
        name = name_of(unit)
        before = base.get(name_of(old)) if old is not None else None
        standing = now.get(name)
        previous = standing if standing is not None and _has_text(standing) else before
        plural = "" not in spoken(unit)
        index = places.get(name, 0)
        beside = [order[i] for i in (index - 1, index + 1) if 0 <= i < len(order)]
        return Planned(
            id=unit_id(target.now.path, target.locale, name),
            catalog=target.now.path,
            source_catalog=source.path,
            locale=target.locale,
            key=unit.key,
            part=unit.part,
            nth=unit.nth,
            kind=kind,
            source=as_text(spoken(unit)),
            previous_source=as_text(spoken(old)) if old is not None and kind is Kind.EDITED else None,
            previous_target=as_text(texts_of(previous))
            if previous is not None and _has_text(previous)
            else None,
            comment=unit.comment,
            syntax=unit.syntax,
            markup=unit.markup,
            placeholders=_placeholders(unit, spoken(unit).values()),
            forms=target.forms if plural else (),
            max_length=_limit(unit),
            standing=print_of(texts_of(standing)) if standing is not None else "",
            near=tuple(_neighbour(originals[other], now.get(other), spoken) for other in beside),
        )

    for kind, unit, old in changes:
        name = name_of(unit)
        touched.add(name)
        standing = now.get(name)
        if kind is Kind.REMOVED:
            if standing is not None and not inside_target and _has_text(standing):
                found.removed.append(name)
        elif kind is Kind.RENAMED and old is not None:
            origin = now.get(name_of(old)) or base.get(name_of(old))
            if _done(standing):
                found.present += 1
            elif origin is not None and _done(origin):
                moved = plan(kind, unit, old)
                found.planned.append(_moved(moved, as_text(texts_of(origin)), name_of(old)))
            else:
                touched.discard(name)
        elif kind in (Kind.ADDED, Kind.EDITED):
            if _is_answered(
                unit_id(target.now.path, target.locale, name), kind, unit, standing, base, confirmed
            ):
                found.present += 1
            else:
                found.planned.append(plan(kind, unit, old))
    if backlog:
        found.planned += [
            plan(Kind.BACKLOG, unit, None)
            for name, unit in originals.items()
            if name not in touched and (name not in now or not _has_text(now[name]))
        ]
    return found


def _is_answered(
    ident: str,
    kind: Kind,
    unit: Unit,
    standing: Unit | None,
    base: Mapping[Name, Unit],
    confirmed: Callable[[str, Unit, Unit], bool],
) -> bool:
    """Whether the change itself, or an earlier run, brought the translation."""
    if standing is None or not _has_text(standing):
        return False
    if confirmed(ident, unit, standing):
        return True
    if standing.state in (State.NEW, State.NEEDS_REVIEW):
        return False
    before = base.get(name_of(unit))
    return kind is Kind.ADDED or before is None or texts_of(before) != texts_of(standing)


def _moved(planned: Planned, answer: str | dict[str, str], origin: Name) -> Planned:
    import msgspec

    return msgspec.structs.replace(planned, answer=answer, origin="moved", moved_from=origin[0])


def texts_of(unit: Unit) -> Mapping[str, str]:
    """Return what a translation says, by plural form."""
    return unit.forms or {"": unit.text}


def _has_text(unit: Unit) -> bool:
    return (
        bool(unit.values) and all(value.text.strip() for value in unit.values) and unit.state is not State.NEW
    )


def _done(unit: Unit | None) -> bool:
    return unit is not None and _has_text(unit) and unit.state is not State.NEEDS_REVIEW


def _placeholders(unit: Unit, texts: Iterable[str]) -> tuple[str, ...]:
    found = (text[slice(*item.span)] for text in texts for item in placeholders(text, unit.syntax))
    return tuple(dict.fromkeys(found))


def _neighbour(source: Unit, target: Unit | None, spoken: Callable[[Unit], Mapping[str, str]]) -> Neighbour:
    return Neighbour(
        as_text(spoken(source)),
        as_text(texts_of(target)) if target is not None and _has_text(target) else None,
    )


def _limit(unit: Unit) -> int | None:
    """Return the most characters a translation may have, where file or comment say so."""
    width = unit.attributes.get("maxwidth", "")
    if width.isdecimal() and unit.attributes.get("size-unit", "char") == "char":
        return int(width)
    found = _LIMIT.search(unit.comment) or _LIMIT_BEHIND.search(unit.comment)
    return int(found.group(1)) or None if found else None


def locales_of(catalog: Catalog, wanted: Collection[str]) -> Iterator[str]:
    """Yield the target locales of a file that holds them all, in its order of first appearance, or those wanted."""
    found = dict.fromkeys(unit.locale for unit in catalog.units if unit.locale != catalog.source_locale)
    yield from (locale for locale in found if not wanted or locale in wanted)
    yield from (locale for locale in wanted if locale not in found and locale != catalog.source_locale)
