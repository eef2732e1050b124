"""The checks alone, over catalogs as they stand: what a person or a tool wrote, held to the same promises."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

import msgspec

from hunkworks.catalogs import Catalog, State, Unit, detect
from hunkworks.catalogs import open as read
from hunkworks.change.model import Change, Side
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.config import Localizing
from hunkworks.errors import HunkworksError
from hunkworks.localize.changes import Name, said, source_of, sources
from hunkworks.localize.checks import Context, Severity, Subject, run
from hunkworks.localize.families import Family, Found, discover
from hunkworks.localize.needs import Target, locales_of, texts_of
from hunkworks.localize.reading import Reading
from hunkworks.localize.units import as_text


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong with a translation, and where it stands; ``check`` "readable" is about the file."""

    path: str
    line: int
    locale: str
    key: tuple[str, ...]
    check: str
    severity: Severity
    message: str


class Checker:
    """Checks catalogs of one repository.

    Args:
        repository: Where they lie.
        settings: ``[localize]``.
        revision: From which version sources are read: a commit, or a word as in ``Repository.show``.
    """

    def __init__(self, repository: Repository, settings: Localizing, revision: str = WORKTREE) -> None:
        self._settings = settings
        self._revision = revision
        self._head = repository.head
        self._reading = Reading(repository)
        self._found: Found = discover(repository.ls(revision), settings)
        self.checked = 0

    def change(self, change: Change) -> Iterator[Flaw]:
        """Yield what is wrong with the units that ``change`` touched."""
        for file in change.files():
            data = change.content(file, Side.NEW)
            if data is not None and detect(file.path, data):
                before = change.content(file, Side.OLD)
                old = self._reading.parse(file.old_path or file.path, before)
                yield from self._changed(file.path, old, data)

    def edited(self, path: str, before: bytes | None, after: bytes) -> Iterator[Flaw]:
        """Yield what is wrong with the units that one edit of a file touched; of a file that was broken, since HEAD."""
        old = self._reading.parse(path, before)
        if old is None and self._head:
            old = self._reading.at(self._head, path)
        yield from self._changed(path, old, after)

    def paths(self, paths: Iterable[str]) -> Iterator[Flaw]:
        """Yield what is wrong with all units of these files; of every catalog where none is named."""
        wanted = list(paths) or [path for family in self._found.families for path in family.paths]
        for path in dict.fromkeys(wanted):
            catalog = self._reading.at(self._revision, path)
            if path in self._reading.refused:
                yield _unreadable(path, self._reading.refused[path])
            elif catalog is not None:
                yield from self._catalog(catalog, None, changed_only=False)

    def _changed(self, path: str, old: Catalog | None, data: bytes) -> Iterator[Flaw]:
        try:
            catalog = read(path, data)
        except HunkworksError as error:
            yield _unreadable(path, str(error))
            return
        yield from self._catalog(catalog, old, changed_only=True)

    def _catalog(self, catalog: Catalog, old: Catalog | None, *, changed_only: bool) -> Iterator[Flaw]:
        yield from _twice(catalog, old)
        family = self._found.of(catalog.path)
        if family is None:
            return
        source = (
            catalog if family.shared or not family.source else self._reading.at(self._revision, family.source)
        )
        if source is None:
            return
        for target in _targets(family, catalog, old):
            before = target.units(old)
            names = [
                name
                for name, unit in target.units(catalog).items()
                if not changed_only or name not in before or texts_of(before[name]) != texts_of(unit)
            ]
            yield from self._units(target, source, names)

    def _units(self, target: Target, source: Catalog, names: Collection[Name]) -> Iterator[Flaw]:
        originals = sources(source)
        units = target.units(target.now)
        for name in names:
            unit, original = units[name], originals.get(name)
            if original is None or unit.state is State.NEW or not any(texts_of(unit).values()):
                continue
            self.checked += 1
            subject = _subject(unit, original, target.now.format)
            context = Context(
                source_locale=source.source_locale or self._settings.source, forms=target.now.forms
            )
            for problem in run(subject, as_text(texts_of(unit)), target.locale, context):
                yield Flaw(
                    target.now.path, target.now.line(unit), target.locale, (*unit.key, *unit.part), *problem
                )


def _twice(catalog: Catalog, old: Catalog | None) -> Iterator[Flaw]:
    """Yield keys that stand more often than they did: of two texts one is never shown, or the build fails."""
    standing: dict[object, list[Unit]] = defaultdict(list)
    for unit in catalog.units:
        if unit.state is not State.OBSOLETE:
            standing[unit.key, unit.part, unit.locale].append(unit)
    more = [units for units in standing.values() if len(units) > 1]
    if not more:
        return
    before = (
        Counter((unit.key, unit.part, unit.locale) for unit in old.units) if old is not None else Counter()
    )
    told: set[tuple[str, ...]] = set()
    for units in more:
        first, last = units[0], units[-1]
        if len(units) > max(before[last.key, last.part, last.locale], 1) and last.key not in told:
            told.add(last.key)
            why = f"expected this key once, found it on line {catalog.line(first)}, too"
            yield Flaw(catalog.path, catalog.line(last), last.locale, last.key, "duplicate", "blocking", why)


def _targets(family: Family, catalog: Catalog, old: Catalog | None) -> Iterator[Target]:
    if family.shared:
        for locale in locales_of(catalog, ()):
            yield Target(locale, catalog, old, shared=True)
        return
    for locale, path in family.targets.items():
        if path == catalog.path:
            yield Target(locale, catalog, old)


def _subject(unit: Unit, original: Unit, format_name: str) -> Subject:
    """Return what a translation is held against: the source text that its own file holds, else the source's."""
    spoken = dict(source_of(unit) or said(original))
    single = spoken.get("", spoken.get("other", next(reversed(spoken.values()), "")))
    forms = {} if "" in spoken else spoken
    return Subject(single, forms, original.syntax or unit.syntax, format_name, original.markup)


def _unreadable(path: str, why: str) -> Flaw:
    return Flaw(path, 0, "", (), "readable", "blocking", why)
