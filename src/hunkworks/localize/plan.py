"""The plan of a translation: which units in which locales, what needs no model, and what a translator reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from hunkworks.catalogs import Catalog, Unit
from hunkworks.change.model import Change, FileChange, Side
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.config import Localizing
from hunkworks.localize import glossary as glossaries
from hunkworks.localize.batches import Batch, pack
from hunkworks.localize.candidates import Candidate, candidates
from hunkworks.localize.changes import Kind, compare
from hunkworks.localize.families import Family, discover, spelled_as_bcp47
from hunkworks.localize.needs import Needs, Target, locales_of, needs
from hunkworks.localize.proving import blocking
from hunkworks.localize.reading import Reading
from hunkworks.localize.recall import Recall
from hunkworks.localize.units import Match, Neighbour, Planned, Text, as_forms
from hunkworks.privacy.redact import redact

BYTES_PER_TOKEN = 3.5  # an estimate: no tokenizer is at hand


class ChangeName(msgspec.Struct, frozen=True):
    """Which change was planned."""

    id: str
    base: str
    head: str


class Removed(msgspec.Struct, frozen=True):
    """A translation whose source is gone."""

    catalog: str
    locale: str
    key: tuple[str, ...]
    part: tuple[str, ...] = ()
    nth: int = 0


class Refused(msgspec.Struct, frozen=True):
    """A catalog, or a unit of one, that is not translated, and why."""

    catalog: str
    why: str
    key: tuple[str, ...] = ()


class NewFile(msgspec.Struct, frozen=True):
    """A file that a configured locale lacks: it is made when its first translation is written."""

    source: str
    locale: str
    spelled: str


class Counts(msgspec.Struct, frozen=True):
    """Units of the source by what happened, units in locales by what becomes of them, and the estimate.

    ``units`` = ``to_translate`` + ``from_memory`` + ``moved``. Tokens are estimated from bytes, ``usd`` is their
    price through the API: None where the model has none that is known.
    """

    added: int = 0
    edited: int = 0
    renamed: int = 0
    removed: int = 0
    comment: int = 0
    locales: int = 0
    units: int = 0
    to_translate: int = 0
    from_memory: int = 0
    moved: int = 0
    present: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    candidates: int = 0
    usd: float | None = None


class Plan(msgspec.Struct, frozen=True):
    """Everything that ``apply`` needs to know again, and that ``plan`` prints."""

    change: ChangeName
    words: str
    source_locale: str
    units: tuple[Planned, ...]
    removed: tuple[Removed, ...]
    refused: tuple[Refused, ...]
    batches: tuple[Batch, ...]
    counts: Counts
    review: bool = False
    attempts: int = 3
    new_files: dict[str, NewFile] = {}
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: only these locales (all where empty), and with what was missing before the change."""

    locales: frozenset[str] = frozenset()
    backlog: bool = False


class Planner:
    """Plans one change.

    Args:
        repository: Where it lies; targets are read from, and later written to, the work tree.
        settings: ``[localize]`` as it stands at the change's base.
        confirmed: See ``needs.needs``.
        progress: Is told which catalog is being read.
    """

    def __init__(
        self,
        repository: Repository,
        settings: Localizing,
        confirmed: Callable[[str, Unit, Unit], bool],
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._repository = repository
        self._settings = msgspec.structs.replace(settings, locales=spelled_as_bcp47(settings.locales))
        self._confirmed = confirmed
        self._progress = progress
        self._reading = Reading(repository)
        self._kinds: Counter[Kind] = Counter()
        self._present = 0
        self._planned: list[Planned] = []
        self._removed: list[Removed] = []
        self._refused: list[Refused] = []
        self._new: dict[str, NewFile] = {}

    def plan(self, change: Change, words: str, wanted: Wanted = Wanted()) -> Plan:
        """Return the plan of ``change``.

        Raises:
            ConfigError: The glossary is wrong.
        """
        wanted = Wanted(frozenset(spelled_as_bcp47(wanted.locales)), wanted.backlog)
        families = discover(self._repository.ls(WORKTREE), self._settings).families
        files = {file.path: file for file in change.files()}
        recall = Recall(self._repository, families, change.base)
        for family in families:
            for source_path in [family.source] if family.source else family.targets.values():
                if source_path in files or wanted.backlog:
                    self._progress(source_path)
                    self._family(family, source_path, files.get(source_path), change, wanted, recall)
        units = self._finished(recall)
        batches = tuple(pack(units))
        hard_coded = tuple(candidates(change, files.values(), families, Reading(self._repository)))
        for path, why in self._reading.refused.items():
            self._refused.append(Refused(path, why))
        return Plan(
            ChangeName(change.id, change.base, change.head),
            words,
            self._settings.source,
            tuple(units),
            tuple(self._removed),
            tuple(self._refused),
            batches,
            self._counts(units, batches, len(hard_coded)),
            self._settings.review,
            self._settings.attempts,
            {path: new for path, new in self._new.items() if any(unit.catalog == path for unit in units)},
            hard_coded,
        )

    def _family(
        self,
        family: Family,
        path: str,
        file: FileChange | None,
        change: Change,
        wanted: Wanted,
        recall: Recall,
    ) -> None:
        """Plan what a change of one source needs in every locale."""
        inside = not family.source
        if file is None:
            old = new = self._reading.at(change.head, path)
        else:
            old = self._reading.parse(file.old_path or path, change.content(file, Side.OLD))
            new = self._reading.parse(path, change.content(file, Side.NEW))
        if path in self._reading.refused:
            return
        changes = compare(old, new, inside_target=inside)
        self._kinds.update(item.kind for item in changes)
        source = new or old
        if source is None or not (changes or wanted.backlog):
            return
        for target in self._targets(family, path, source, old, change.base, wanted):
            found = needs(
                changes,
                source,
                target,
                confirmed=self._confirmed,
                inside_target=inside,
                backlog=wanted.backlog,
            )
            self._take(found, target, recall)
            recall.learn_change(old, source, target, found.planned, inside_target=inside)

    def _targets(
        self, family: Family, path: str, source: Catalog, old: Catalog | None, base: str, wanted: Wanted
    ) -> Iterable[Target]:
        if family.shared:
            now = self._reading.at(WORKTREE, path)
            for locale in locales_of(source, self._settings.locales):
                if now is not None and (not wanted.locales or locale in wanted.locales):
                    yield Target(locale, now, old, shared=True)
            return
        for locale, target_path in family.targets.items():
            if wanted.locales and locale not in wanted.locales:
                continue
            if not family.source and target_path != path:
                continue  # each file with its own source texts
            now = self._reading.at(WORKTREE, target_path)
            if now is not None:
                yield Target(locale, now, self._reading.at(base, target_path))
        for locale, (target_path, spelled) in family.lacking(self._settings.locales).items():
            if not wanted.locales or locale in wanted.locales:
                from hunkworks.catalogs.blank import blank  # knows every format; most plans make no file

                new = NewFile(source.path, locale, spelled)
                made = self._reading.parse(target_path, blank(source, locale, spelled))
                if made is not None:
                    self._new[target_path] = new
                    yield Target(locale, made, None)

    def _take(self, found: Needs, target: Target, recall: Recall) -> None:
        self._present += found.present
        for key, nth, part in found.removed:
            self._removed.append(Removed(target.now.path, target.locale, key, part, nth))
        for unit in found.planned:
            if any(redact(text).redactions for text in as_forms(unit.source).values()):
                why = "its text holds what looks like a secret, and is not sent"
                self._refused.append(Refused(unit.source_catalog, why, unit.key))
                continue
            self._planned.append(unit)
            recall.note(unit, target.now)

    def _finished(self, recall: Recall) -> list[Planned]:
        """Return the units with glossary and memory, and without secrets."""
        data = self._repository.show(WORKTREE, self._settings.glossary)
        terms = glossaries.parse(data, self._settings.glossary) if data else glossaries.Glossary()
        finished = []
        for unit in self._planned:
            joined = "\n".join(as_forms(unit.source).values())
            unit = msgspec.structs.replace(
                unit, do_not_translate=terms.kept(joined), preferred=terms.preferred(joined, unit.locale)
            )
            if unit.answer is None:
                unit = self._remembered(unit, recall)
            finished.append(_masked(unit))
        return finished

    def _remembered(self, unit: Planned, recall: Recall) -> Planned:
        exact, similar = recall.matches(unit)
        if exact is not None and not blocking(
            unit, exact.target, recall.format_of(unit), self._settings.source
        ):
            return msgspec.structs.replace(unit, answer=exact.target, origin="memory", memory=(exact,))
        return msgspec.structs.replace(unit, memory=similar)

    def _counts(self, units: Sequence[Planned], batches: Sequence[Batch], hard_coded: int) -> Counts:
        origins = Counter(unit.origin for unit in units)
        asked = [unit for unit in units if unit.answer is None]
        answers = sum(_answer_size(unit) for unit in asked)
        return Counts(
            added=self._kinds[Kind.ADDED],
            edited=self._kinds[Kind.EDITED],
            renamed=self._kinds[Kind.RENAMED],
            removed=self._kinds[Kind.REMOVED],
            comment=self._kinds[Kind.COMMENT],
            locales=len({unit.locale for unit in units}),
            units=len(units),
            to_translate=len(asked),
            from_memory=origins["memory"],
            moved=origins["moved"],
            present=self._present,
            tokens_in=round(sum(batch.bytes for batch in batches) / BYTES_PER_TOKEN),
            tokens_out=round(answers / BYTES_PER_TOKEN),
            candidates=hard_coded,
        )


def _answer_size(unit: Planned) -> int:
    length = len(max(as_forms(unit.source).values(), key=len).encode("utf-8"))
    return (length + 12) * max(len(unit.forms), 1) + 30


def _masked(unit: Planned) -> Planned:
    """Return the unit with secrets masked in everything that only explains it."""
    return msgspec.structs.replace(
        unit,
        comment=redact(unit.comment).text,
        previous_source=_mask(unit.previous_source),
        previous_target=_mask(unit.previous_target),
        near=tuple(Neighbour(_shown(near.source), _mask(near.target)) for near in unit.near),
        memory=tuple(
            Match(_shown(match.source), _shown(match.target), match.similarity, match.origin)
            for match in unit.memory
        ),
    )


def _mask(text: Text | None) -> Text | None:
    return None if text is None else _shown(text)


def _shown(text: Text) -> Text:
    if isinstance(text, str):
        return redact(text).text
    return {form: redact(inner).text for form, inner in text.items()}
