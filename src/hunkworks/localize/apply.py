"""Answers in, files out: each checked, written with the others of its file in one step, or named with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from hunkworks.catalogs import Catalog, CatalogEdit, Unit, write
from hunkworks.catalogs import open as read
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.errors import HunkworksError, IntegrityError
from hunkworks.localize.attempts import Attempts
from hunkworks.localize.changes import said, source_of
from hunkworks.localize.edits import Writer, removals
from hunkworks.localize.needs import Target, texts_of
from hunkworks.localize.places import SHARED
from hunkworks.localize.plan import Plan
from hunkworks.localize.proving import problems
from hunkworks.localize.reading import Reading, inside, worktree_bytes
from hunkworks.localize.session import Confirmed
from hunkworks.localize.units import Planned, Rejected, Text, as_forms, print_of
from hunkworks.splice import sweep, write_atomically


class Warned(msgspec.Struct, frozen=True):
    """What a check remarks about an answer that was written."""

    id: str
    check: str
    message: str


class Applied(msgspec.Struct, frozen=True):
    """What became of the answers, and of what needed none.

    ``written`` names the units whose text stands in its file now, those of earlier runs included unless only the given
    answers were to be written; so does ``rejected``. Of ``given_up`` so many answers were rejected that another is not
    looked at. ``files`` are those whose bytes changed, ``open`` counts the planned units that are neither written nor
    rejected.
    """

    written: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[Warned, ...]
    files: tuple[str, ...]
    open: int
    pruned: int = 0
    given_up: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One translation, as ``translate apply`` reads it: ``text``, or ``forms`` where the unit is plural."""

    id: str
    text: str | None = None
    forms: dict[str, str] | None = None

    @property
    def given(self) -> Text | None:
        """The answer, or None where it is none, or two."""
        if (self.text is None) == (self.forms is None):
            return None
        return self.text if self.text is not None else self.forms


class Applier:
    """Writes the answers to one plan.

    Args:
        repository: Whose work tree is written.
        plan: What was planned.
        confirmed: Where to remember what was written.
        attempts: Where to count what was rejected.
    """

    def __init__(
        self, repository: Repository, plan: Plan, confirmed: Confirmed, attempts: Attempts | None = None
    ) -> None:
        self._repository = repository
        self._plan = plan
        self._confirmed = confirmed
        self._attempts = attempts or Attempts(most=plan.attempts)
        self._units = {unit.id: unit for unit in plan.units}
        self._reading = Reading(repository)
        self._written: list[str] = []
        self._rejected: list[Rejected] = []
        self._warnings: list[Warned] = []
        self._files: list[str] = []
        self._pruned = 0

    def apply(
        self, answers: Iterable[Answer], *, prune: bool = False, answered_only: bool = False
    ) -> Applied:
        """Write what passes the checks, and with it what needs no model; nothing of a rejected answer is written.

        Args:
            answers: Of translators; an answer to a unit that needs none takes the place of memory's.
            prune: Also remove the translations whose source the change removed.
            answered_only: Leave moves and memory to another run: translators side by side need not repeat them.

        Raises:
            OSError: A file could not be written; those before it are.
        """
        units = self._units
        chosen: dict[str, Text] = {}
        if not answered_only:
            chosen = {unit.id: unit.answer for unit in units.values() if unit.answer is not None}
        chosen |= self._taken(answers)
        by_catalog: dict[str, list[Planned]] = defaultdict(list)
        for ident in chosen:
            by_catalog[units[ident].catalog].append(units[ident])
        if prune:
            for removed in self._plan.removed:
                by_catalog.setdefault(removed.catalog, [])
        for path, planned in by_catalog.items():
            self._file(path, planned, chosen, prune=prune)
        self._attempts.count(self._rejected, self._written)
        if not answered_only:
            self._written += self._earlier({*chosen, *(rejected.id for rejected in self._rejected)})
            named = {*self._written, *(rejected.id for rejected in self._rejected)}
            self._rejected += filter(None, map(self._attempts.last, units.keys() - named))
        rejected = dict.fromkeys(item.id for item in self._rejected)
        done = {*self._written, *rejected}
        return Applied(
            tuple(self._written),
            tuple(self._rejected),
            tuple(self._warnings),
            tuple(self._files),
            len(units.keys() - done),
            self._pruned,
            tuple(filter(self._attempts.spent, rejected)),
        )

    def _taken(self, answers: Iterable[Answer]) -> dict[str, Text]:
        """Return the answers that are some, one a unit."""
        taken: dict[str, Text] = {}
        for answer in answers:
            text = answer.given
            if answer.id not in self._units:
                self._reject(answer.id, "id", "no unit of the plan has this id")
            elif self._attempts.spent(answer.id) and (last := self._attempts.last(answer.id)):
                self._rejected.append(last)  # given up: not looked at
            elif text is None:
                self._reject(answer.id, "form", "expected either text or forms")
            elif answer.id in taken and taken[answer.id] != text:
                self._reject(answer.id, "id", "this unit was answered twice: the first answer is kept")
            else:
                taken[answer.id] = text
        return taken

    def _earlier(self, known: Collection[str]) -> list[str]:
        """Return the planned units that an earlier run has written, as their files still show."""
        places: dict[tuple[str, str], list[Planned]] = defaultdict(list)
        for unit in self._plan.units:
            if unit.id not in known:
                places[unit.catalog, unit.locale].append(unit)
        now = Reading(self._repository)
        found: list[str] = []
        for (path, locale), units in places.items():
            catalog = now.at(WORKTREE, path)
            if catalog is not None:
                standing = Target(locale, catalog, None, shared=catalog.format in SHARED).units(catalog)
                found += [unit.id for unit in units if self._stands(unit, standing.get(unit.name))]
        return found

    def _stands(self, unit: Planned, standing: Unit | None) -> bool:
        source = as_forms(unit.source)
        return standing is not None and self._confirmed.has(unit.id, source, texts_of(standing))

    def _file(
        self, path: str, planned: Sequence[Planned], chosen: Mapping[str, Text], *, prune: bool
    ) -> None:
        """Write one catalog: all that is good at once."""
        standing = worktree_bytes(self._repository.root, path)
        try:
            data = self._new(path) if standing is None else standing
            catalog = read(path, data)
        except HunkworksError as error:
            self._reject_all(planned, "catalog", str(error))
            return
        writers = self._writers(catalog, planned)
        edits = {
            unit.id: writers[unit.locale, unit.source_catalog].edits(unit, chosen[unit.id])
            for unit in planned
            if self._passes(unit, chosen[unit.id], catalog, writers.get((unit.locale, unit.source_catalog)))
        }
        pruning = self._pruning(catalog) if prune else []
        result = self._compose(catalog, edits, pruning)
        if result != data:
            file = self._repository.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            sweep(file)
            try:
                write_atomically(file, result, expected=standing or b"")
            except IntegrityError as error:
                self._reject_all([unit for unit in planned if unit.id in edits], "concurrent", str(error))
                return
            self._files.append(path)
        self._pruned += len(pruning)
        self._written += edits
        self._confirm([unit for unit in planned if unit.id in edits], chosen)

    def _new(self, path: str) -> bytes:
        """Return what a file begins with that its locale lacks."""
        from hunkworks.catalogs.blank import blank  # knows every format; most plans make no file

        new = self._plan.new_files.get(path)
        source = self._reading.at(self._plan.change.head, new.source) if new else None
        if (
            new is None
            or source is None
            or not inside(self._repository.root, path)
            or (self._repository.root / path).exists()
        ):
            raise IntegrityError(f"{path} is gone", fix="hunkworks translate plan")
        return blank(source, new.locale, new.spelled)

    def _writers(self, catalog: Catalog, planned: Sequence[Planned]) -> dict[tuple[str, str], Writer]:
        writers: dict[tuple[str, str], Writer] = {}
        for unit in planned:
            place = unit.locale, unit.source_catalog
            if place not in writers:
                source = (
                    catalog
                    if unit.source_catalog == unit.catalog
                    else self._reading.at(self._plan.change.head, unit.source_catalog)
                )
                if source is not None:
                    writers[place] = Writer(catalog, unit.locale, source, review=self._plan.review)
        return writers

    def _passes(self, unit: Planned, answer: Text, catalog: Catalog, writer: Writer | None) -> bool:
        """Whether an answer may be written; else it is rejected with the reason."""
        source = writer.sources.get(unit.name) if writer else None
        spoken = None if source is None else source_of(source) if _inside(unit, catalog) else said(source)
        if writer is None or spoken is None or dict(spoken) != as_forms(unit.source):
            self._reject(
                unit.id, "source", f"{unit.source_catalog} no longer says what was planned: plan again"
            )
            return False
        standing = writer.units.get(unit.name)
        found = print_of(texts_of(standing)) if standing is not None else ""
        if found not in (unit.standing, print_of(as_forms(answer))):
            self._reject(
                unit.id, "concurrent", f"somebody else changed this translation in {catalog.path}: plan again"
            )
            return False
        if unit.origin == "moved" and answer == unit.answer:
            return True  # somebody's own translation, under its new key
        said_of_it = problems(unit, answer, catalog.format, self._plan.source_locale, catalog.forms)
        blocking = [problem for problem in said_of_it if problem.severity == "blocking"]
        self._rejected += [Rejected(unit.id, problem.check, problem.message) for problem in blocking]
        if not blocking:
            self._warnings += [Warned(unit.id, problem.check, problem.message) for problem in said_of_it]
        return not blocking

    def _compose(
        self, catalog: Catalog, edits: dict[str, list[CatalogEdit]], pruning: list[CatalogEdit]
    ) -> bytes:
        """Return the catalog's new bytes, proven; an answer that its format cannot hold is taken out and rejected."""
        try:
            return write(catalog, [edit for some in edits.values() for edit in some] + pruning)
        except HunkworksError:
            pass
        good: list[CatalogEdit] = []
        data = catalog.source.data
        entries: dict[object, list[str]] = defaultdict(list)
        for ident in edits:
            unit = self._units[ident]
            entries[unit.locale, unit.key, unit.nth].append(ident)
        for idents in entries.values():  # parts of one entry stand and fall together
            some = [edit for ident in idents for edit in edits[ident]]
            try:
                data = write(catalog, good + some)
                good += some
            except HunkworksError as error:
                for ident in idents:
                    del edits[ident]
                    self._reject(ident, "writable", str(error))
        try:
            return write(catalog, good + pruning)
        except HunkworksError as error:
            pruning.clear()
            self._reject(catalog.path, "prune", str(error))
            return data

    def _pruning(self, catalog: Catalog) -> list[CatalogEdit]:
        found: list[CatalogEdit] = []
        locales: dict[str, list[tuple[tuple[str, ...], int, tuple[str, ...]]]] = defaultdict(list)
        for removed in self._plan.removed:
            if removed.catalog == catalog.path:
                locales[removed.locale].append((removed.key, removed.nth, removed.part))
        for locale, names in locales.items():
            found += removals(catalog, locale, names)
        return found

    def _confirm(self, planned: Sequence[Planned], chosen: Mapping[str, Text]) -> None:
        self._confirmed.add(
            [f"{unit.id}-{print_of(as_forms(unit.source), as_forms(chosen[unit.id]))}" for unit in planned]
        )

    def _reject(self, ident: str, check: str, message: str) -> None:
        self._rejected.append(Rejected(ident, check, message))

    def _reject_all(self, planned: Iterable[Planned], check: str, message: str) -> None:
        for unit in planned:
            self._reject(unit.id, check, message)


def _inside(unit: Planned, catalog: Catalog) -> bool:
    """Whether the target holds its own source texts."""
    return unit.source_catalog == catalog.path and any(other.source for other in catalog.units[:1])
