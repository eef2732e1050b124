"""Memory of one plan: what the changed families say, what the others say of the same texts, what was said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from hunkworks.catalogs import Catalog
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.localize.families import Family
from hunkworks.localize.memory import Memory, holds_any
from hunkworks.localize.needs import Target, locales_of
from hunkworks.localize.reading import Reading
from hunkworks.localize.units import Match, Planned

# History is looked through for texts that came back (a revert); it is neither deep nor read for giants.
_MOST_COMMITS = 20
_LARGEST = 1_000_000


class Recall:
    """Fills one memory per locale, the near and cheap first.

    Args:
        repository: Whose history is looked through.
        families: All of them.
        base: The commit before the change; history is read from there back.
    """

    def __init__(self, repository: Repository, families: Sequence[Family], base: str) -> None:
        self._repository = repository
        self._reading = Reading(repository)  # what memory cannot read is no news
        self._families = families
        self._base = base
        self._memories: dict[str, Memory] = defaultdict(Memory)
        self._formats: dict[str, str] = {}
        self._asked: list[Planned] = []
        self._complete = False

    def note(self, unit: Planned, catalog: Catalog) -> None:
        """Take note of a planned unit, so that its text is looked for."""
        self._formats[unit.catalog] = catalog.format
        if unit.answer is None:
            self._asked.append(unit)

    def format_of(self, unit: Planned) -> str:
        """Return the format of the catalog that a planned unit goes into."""
        return self._formats[unit.catalog]

    def learn_change(
        self,
        old: Catalog | None,
        new: Catalog,
        target: Target,
        planned: Iterable[Planned],
        *,
        inside_target: bool,
    ) -> None:
        """Learn a target as it stands, without what is planned, and as it was before the change."""
        memory = self._memories[target.locale]
        names = {unit.name for unit in planned}
        standing = {name: unit for name, unit in target.units(target.now).items() if name not in names}
        memory.learn(new, standing, inside_target=inside_target, origin=target.now.path)
        if old is not None:
            before = target.units(target.base)
            memory.learn(
                old, before, inside_target=inside_target, origin=f"{target.now.path} before the change"
            )

    def matches(self, unit: Planned) -> tuple[Match | None, tuple[Match, ...]]:
        """Return the exact match of a unit, if there is one, and the most similar ones."""
        if not self._complete:
            self._complete = True
            self._learn_others()
            self._learn_history()
        memory = self._memories[unit.locale]
        return memory.exact(unit), memory.similar(unit)

    def _learn_others(self) -> None:
        """Learn the families that the change does not touch, where they say one of its texts."""
        changed = {unit.source_catalog for unit in self._asked}
        for family in self._families:
            if family.source and family.source not in changed:
                source = self._reading.at(WORKTREE, family.source)
                if source is not None and holds_any(source, [unit.source for unit in self._asked]):
                    self._learn(family, source, WORKTREE, family.source)

    def _learn_history(self) -> None:
        """Learn earlier versions of the changed families, where they say one of the texts."""
        wanted = defaultdict(list)
        for unit in self._asked:
            if self._memories[unit.locale].exact(unit) is None:
                wanted[unit.source_catalog].append(unit.source)
        for path, texts in wanted.items():
            family = next((family for family in self._families if family.source == path), None)
            for commit in self._commits(path) if family else ():
                name = self._repository.blob_at(commit, path)
                data = self._repository.blob(name) if name else None
                if data is None or len(data) > _LARGEST or family is None:
                    continue
                source = self._reading.at(commit, path)
                if source is not None and holds_any(source, texts):
                    self._learn(family, source, commit, f"{path} at {commit[:12]}")

    def _learn(self, family: Family, source: Catalog, revision: str, origin: str) -> None:
        locales = {unit.locale for unit in self._asked}
        shared = locales_of(source, ()) if family.shared else ()
        targets = dict.fromkeys(shared, family.source) if family.shared else family.targets
        for locale in locales & targets.keys():
            catalog = self._reading.at(revision, targets[locale])
            if catalog is not None:
                target = Target(locale, catalog, None, shared=family.shared)
                self._memories[locale].learn(source, target.units(catalog), origin=origin)

    def _commits(self, path: str) -> list[str]:
        if len(self._base) not in (40, 64):
            return []
        listed = self._repository.git(
            "log",
            f"-n{_MOST_COMMITS}",
            "--format=%H",
            "--no-renames",
            self._base,
            "--",
            f":(top,literal){path}",
        )
        # The newest version is the base's, which is known already.
        return listed.decode("ascii").split()[1:]
