"""Where recipes come from: the pack, the user's repository, and folders that add-on plugins hand over."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from hunkworks import paths
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.errors import ConfigError, UsageError
from hunkworks.rules.languages import LANGUAGES, folder_of
from hunkworks.rules.load import load, load_contents
from hunkworks.rules.model import Rule

PACK, PROJECT = "pack", "project"
FOLDER = ".hunkworks/recipes"
VARIABLE = "HUNKWORKS_RECIPES"


class Sourced(NamedTuple):
    """A recipe and where it comes from: "pack", "project", or an add-on's folder."""

    rule: Rule
    source: str


def add_ons(given: Sequence[Path] = ()) -> list[Path]:
    """Return the folders of add-ons: those on the command line, and those that the environment names."""
    named = [Path(name) for name in os.environ.get(VARIABLE, "").split(os.pathsep) if name]
    return list(dict.fromkeys(path.resolve() for path in (*given, *named)))


def gather(
    repository: Repository | None,
    folders: Sequence[Path] = (),
    *,
    revision: str = WORKTREE,
    languages: Collection[str] | None = None,
    ids: Collection[str] = (),
) -> list[Sourced]:
    """Return all recipes, ordered by id.

    Args:
        repository: Whose ``.hunkworks/recipes`` to read; None for none.
        folders: Of add-ons, laid out like the pack's ``recipes/``.
        revision: Where to read the repository's: a change must not choose the recipes that judge it.
        languages: ast-grep names; only their recipes and language-independent ones; None is all.
        ids: Where all of these exist, only they are returned, and only the languages that they stand in are read.

    Raises:
        ConfigError: A file is no recipe, or two share an id.
    """
    if ids:
        languages = _languages_of(ids, repository, [paths.pack("recipes"), *folders], revision)
    only = ids if languages is not None else ()
    found = [
        Sourced(rule, PACK) for rule in load([paths.pack("recipes")], languages=languages, ids=only).rules
    ]
    for folder in folders:
        found += [Sourced(rule, str(folder)) for rule in load([folder], languages=languages, ids=only).rules]
    if repository is not None:
        own = project(repository, revision, languages)
        found += [Sourced(rule, PROJECT) for rule in own if not only or rule.id in only]
    return sorted(_unique(found), key=lambda one: one.rule.id)


def project(
    repository: Repository, revision: str, languages: Collection[str] | None = None
) -> tuple[Rule, ...]:
    """Return the recipes of a repository as they stand at ``revision``.

    Raises:
        ConfigError: A file there is no recipe.
    """
    contents: dict[Path, bytes] = {}
    for path in _listed(repository, revision):
        if PurePosixPath(path).suffix not in (".yml", ".yaml"):
            continue
        data = _on_disk(repository.root / path) if revision == WORKTREE else repository.show(revision, path)
        if data is not None:
            contents[Path(path)] = data
    return load_contents(contents, languages=languages)


def _listed(repository: Repository, revision: str) -> list[str]:
    # Most projects have none, and git walks the whole work tree to say so.
    if revision == WORKTREE and not (repository.root / FOLDER).exists():
        return []
    return repository.ls(revision, [f":(top,literal){FOLDER}"])


def _on_disk(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def _languages_of(
    ids: Collection[str], repository: Repository | None, roots: Sequence[Path], revision: str
) -> frozenset[str] | None:
    """Return the languages that these recipes stand in, or None where one of them is nowhere."""
    files = [path for ident in ids for root in roots for path in root.glob(f"*/{ident}.yml")]
    if repository is not None:
        files += [path for path in map(Path, _listed(repository, revision)) if path.stem in ids]
    if not {path.stem for path in files} >= set(ids):
        return None
    standing = {path.parent.name for path in files}
    return frozenset(language for language in LANGUAGES if folder_of(language) in standing)


def named(found: Sequence[Sourced], ident: str) -> Sourced:
    """Return the recipe called ``ident``.

    Raises:
        UsageError: There is none; the nearest is named.
    """
    by_id = {one.rule.id: one for one in found}
    if ident not in by_id:
        from hunkworks.rules.schema import nearest

        raise UsageError(f"there is no recipe {ident!r}", fix=nearest(ident, by_id, "hunkworks recipe list"))
    return by_id[ident]


def _unique(found: Sequence[Sourced]) -> Iterator[Sourced]:
    seen: dict[str, Rule] = {}
    for one in found:
        other = seen.setdefault(one.rule.id, one.rule)
        if other is not one.rule:
            raise ConfigError(
                f"{one.rule.path}: the id {one.rule.id} is taken by {other.path}",
                fix="rename one file and its id",
            )
        yield one
