"""Families: the same strings in all their locales, found by the conventions of platforms and frameworks.

A family has one source and any number of targets. Its files share a pattern (``app/values-{locale}/strings.xml``);
string catalogs are families of one file. Nothing is read to find them: paths decide, and ``[localize]`` narrows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from hunkworks.catalogs.conventions import as_bcp47
from hunkworks.change.model import Role
from hunkworks.change.role_names import by_name
from hunkworks.config import Localizing
from hunkworks.localize.places import (
    BILINGUAL,
    SHARED,
    SLOT,
    Place,
    bare_paths,
    format_of,
    path_of,
    pattern_of,
    place,
)
from hunkworks.rules.globs import translate

_NOT_OURS = {
    Role.TEST: "in a test",
    Role.VENDORED: "other people's code",
    Role.GENERATED: "written by a generator",
}


@dataclass(frozen=True, slots=True)
class Family:
    """The files of one set of strings.

    ``source`` is the path the texts are written in; "" where every target holds the source texts itself (PO without a
    template). ``targets`` maps a locale (BCP 47) to its path. A ``shared`` family keeps all locales in ``source``,
    and which ones is known once that is read.
    """

    name: str
    format: str
    source: str
    source_locale: str
    targets: Mapping[str, str]
    why: str

    @property
    def shared(self) -> bool:
        """Whether one file holds every locale."""
        return self.format in SHARED

    def lacking(self, locales: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return, of the wanted locales that have no file, where it would lie, and how that spells the locale."""
        if self.shared or not self.source:
            return {}
        missing = [locale for locale in locales if locale not in (*self.targets, self.source_locale)]
        beside = [self.source, *self.targets.values()]
        return {locale: path_of(self.name, self.format, locale, beside) for locale in missing}

    @property
    def paths(self) -> list[str]:
        """Every file of the family, the source first."""
        return [*filter(None, [self.source]), *self.targets.values()]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A catalog that belongs to no family, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What discovery found; every catalog's path stands in one of the two."""

    families: tuple[Family, ...]
    left_out: tuple[LeftOut, ...]

    def of(self, path: str) -> Family | None:
        """Return the family that a file belongs to."""
        return next((family for family in self.families if path in family.paths), None)


def spelled_as_bcp47(locales: Iterable[str]) -> tuple[str, ...]:
    """Return locales that people wrote (``pt-br``) as they are compared; one that CLDR does not know stays."""
    return tuple(as_bcp47(locale) or locale for locale in locales)


def discover(paths: Iterable[str], settings: Localizing) -> Found:
    """Return the families among ``paths``, in the order of their names.

    Args:
        paths: All files of the project, from its top, with forward slashes.
        settings: ``[localize]``: the source locale, and which paths count.
    """
    settings = msgspec.structs.replace(settings, locales=spelled_as_bcp47(settings.locales))
    formats = {path: name for path in paths if (name := format_of(path))}
    left_out = [LeftOut(path, why) for path in formats if (why := _excluded(path, settings))]
    for item in left_out:
        del formats[item.path]
    families = [
        Family(path, name, path, "", {}, "one file holds every locale")
        for path, name in formats.items()
        if name in SHARED
    ]
    taken = {family.source for family in families}
    members: dict[tuple[str, str], list[tuple[str, Place]]] = defaultdict(list)
    for path, name in formats.items():
        if path not in taken and (where := place(path, name)):
            members[where.pattern, name].append((path, where))
    lonely: dict[str, str] = {}
    for (pattern, name), found in sorted(members.items()):
        family = _family(pattern, name, found, formats, settings)
        if isinstance(family, str):
            lonely |= {path: family for path, _ in found}
            continue
        families.append(family)
        taken.update(family.paths)
    if settings.locales:  # what is to be translated, and is into no locale yet
        for path, name in formats.items():
            if path not in taken and (pattern := pattern_of(path, name)):
                why = f"{pattern}, with its source at {path}"
                families.append(Family(pattern, name, path, settings.source, {}, why))
                taken.add(path)
    left_out += [
        LeftOut(path, lonely.get(path, "no locale in its path, and no other locale beside it"))
        for path in formats
        if path not in taken
    ]
    return Found(
        tuple(sorted(families, key=lambda family: family.name)),
        tuple(sorted(left_out, key=lambda item: item.path)),
    )


def _excluded(path: str, settings: Localizing) -> str:
    """Say why a path does not count, "" where it does; what ``include`` names counts wherever it lies."""
    if any(translate(glob).fullmatch(path) for glob in settings.exclude):
        return "localize.exclude names it"
    if settings.include:
        included = any(translate(glob).fullmatch(path) for glob in settings.include)
        return "" if included else "localize.include does not name it"
    named = by_name(path)
    return _NOT_OURS.get(named[0], "") if named else ""


def _family(
    pattern: str,
    name: str,
    found: Sequence[tuple[str, Place]],
    formats: Mapping[str, str],
    settings: Localizing,
) -> Family | str:
    """Return the family of files that share a pattern, or why they are none."""
    locales: dict[str, str] = {}
    for path, where in sorted(found, key=lambda item: (item[1].spelled != item[1].locale, item[0])):
        locales.setdefault(where.locale, path)
    bare = next((path for path in bare_paths(pattern) if formats.get(path) == name), "")
    if not bare and name == "po":
        bare = _only_template(pattern, formats)
    own = _source_locale(locales, settings.source)
    if bare and not (own and bare.endswith((".strings", ".stringsdict"))):
        why = f"{pattern}, with its source at {bare}"
        targets = {locale: path for locale, path in locales.items() if path != bare}
        if name == "po":  # a template has no locale of its own, and English has nothing to translate
            targets.pop(own, None)
        return Family(pattern, name, bare, settings.source, _wanted(targets, settings), why)
    if own:
        targets = {locale: path for locale, path in locales.items() if locale != own}
        if not targets and not settings.locales:
            return f"no other locale beside it as {pattern}"
        why = f"{pattern}, with its source in {own}"
        return Family(pattern, name, locales[own], own, _wanted(targets, settings), why)
    if name in BILINGUAL:
        why = f"{pattern}, each file with its own source texts"
        return Family(pattern, name, "", settings.source, _wanted(locales, settings), why)
    return f"no {settings.source} beside it as {pattern.replace(SLOT, settings.source)}"


def _source_locale(locales: Mapping[str, str], wanted: str) -> str:
    """Return the family's locale that is the source: the configured one, else the plainest of its language."""
    if wanted in locales:
        return wanted
    language = wanted.partition("-")[0]
    same = [locale for locale in locales if locale.partition("-")[0] == language]
    order = {language: 0, f"{language}-US": 1, f"{language}-{language.upper()}": 1, f"{language}-GB": 2}
    return min(same, key=lambda locale: (order.get(locale, 3), locale), default="")


def _wanted(targets: Mapping[str, str], settings: Localizing) -> dict[str, str]:
    return {
        locale: path
        for locale, path in sorted(targets.items())
        if not settings.locales or locale in settings.locales
    }


def _only_template(pattern: str, formats: Mapping[str, str]) -> str:
    """Return the project's one template that a PO file's name, or its folder, points to; "" where there is none."""
    folder, _, file = pattern.rpartition("/")
    if SLOT in file:
        beside = [path for path in formats if path.endswith(".pot") and path.rpartition("/")[0] == folder]
        return beside[0] if len(beside) == 1 else ""
    wanted = file.removesuffix(".po") + ".pot"
    named = [path for path in formats if path.rpartition("/")[2] == wanted]
    return named[0] if len(named) == 1 else ""
