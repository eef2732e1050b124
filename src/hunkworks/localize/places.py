"""Where in a path the locale stands: what the files of one family share, and what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hunkworks.catalogs import locales, registry
from hunkworks.catalogs.conventions import as_bcp47, of_path

SLOT = "{locale}"
SHARED = ("xcstrings",)  # one file holds every locale
BILINGUAL = ("po", "xliff")  # a file holds the source beside the translation

# A head that every row of the registry takes: here the path alone decides, the content when the file is read.
_ANY_CONTENT = b'<resources>"message":'
_ANDROID = re.compile(r"(?:b\+[A-Za-z0-9+]+|[a-z]{2,3}(?:-r(?:[A-Z]{2}|\d{3}))?)")
_FOLDERS_TO_LOOK_AT = 4
_UNDERSCORED = ("po", "properties", "arb", "chrome")
_SCRIPTS = {"Latn": "latin", "Cyrl": "cyrillic", "Deva": "devanagari", "Arab": "arabic"}


class Place(NamedTuple):
    """``pattern`` is the path with ``SLOT`` for the locale, as it is spelled there; ``locale`` is BCP 47."""

    pattern: str
    locale: str
    spelled: str


def format_of(path: str) -> str:
    """Return the format that a path promises, "" where it promises none."""
    return registry.detect(path, _ANY_CONTENT)


def place(path: str, format_name: str) -> Place | None:
    """Return where the locale stands in a catalog's path, or None where it names none."""
    *folders, name = path.split("/")
    if format_name in ("strings", "stringsdict"):
        return _in_lproj(path, folders, name)
    if format_name == "android":
        return _in_values(path, folders, name)
    locale = of_path(path)
    if not locale:
        return None
    stem, dot, suffix = name.rpartition(".")
    for start, spelled in _pieces(stem):
        if as_bcp47(spelled) == locale:
            changed = f"{stem[:start]}{SLOT}{stem[start + len(spelled) :]}{dot}{suffix}"
            return Place("/".join([*folders, changed]), locale, spelled)
    for index in range(len(folders) - 1, max(len(folders) - 1 - _FOLDERS_TO_LOOK_AT, -1), -1):
        if as_bcp47(folders[index]) == locale:
            changed_folders = [*folders[:index], SLOT, *folders[index + 1 :], name]
            return Place("/".join(changed_folders), locale, folders[index])
    return None


def bare_paths(pattern: str) -> Iterator[str]:
    """Yield the paths at which a family of that pattern may keep its source without naming a locale."""
    folder, _, name = pattern.rpartition("/")
    if f"values-{SLOT}/" in pattern:
        yield pattern.replace(f"values-{SLOT}/", "values/")
    elif f"{SLOT}.lproj/" in pattern:
        yield pattern.replace(f"{SLOT}.lproj/", "Base.lproj/")
    elif name.endswith(".po"):
        template = name.removesuffix(".po") + ".pot"
        above = pattern.partition(f"{SLOT}/")[0]
        yield from (f"{above}{template}", f"{above}templates/{template}", f"{folder}/{template}")
    else:
        for separator in "_-.":
            if f"{separator}{SLOT}." in name:
                bare = name.replace(f"{separator}{SLOT}.", ".")
                yield f"{folder}/{bare}" if folder else bare


def path_of(pattern: str, format_name: str, locale: str, beside: Iterable[str]) -> tuple[str, str]:
    """Return where a locale's file would lie, and how the locale is spelled there.

    Args:
        pattern: Of the family.
        format_name: Whose platform's way of spelling counts.
        locale: BCP 47.
        beside: The family's own paths: where they write ``pt_BR`` or ``pt-BR``, so does the new one.
    """
    others = [where.spelled for path in beside if (where := place(path, format_name))]
    spelled = _spelled(locale, format_name, others, symfony="translations/" in pattern)
    return pattern.replace(SLOT, spelled), spelled


def _spelled(locale: str, format_name: str, others: list[str], *, symfony: bool) -> str:
    language, *rest = locale.split("-")
    if format_name == "android":
        if not rest:
            return language
        region = rest[0] if len(rest) == 1 and len(rest[0]) in (2, 3) else ""
        return f"{language}-r{region.upper()}" if region else "b+" + "+".join([language, *rest])
    if format_name == "po" and rest and len(rest[0]) == 4 and not any("_" in other for other in others):
        return "@".join(
            [f"{language}_{rest[1]}" if len(rest) > 1 else language, _SCRIPTS.get(rest[0], rest[0].lower())]
        )
    told = [separator for separator in "-_" if any(separator in other for other in others)]
    usual = "_" if format_name in _UNDERSCORED or symfony else "-"
    return (told[0] if len(told) == 1 else usual).join([language, *rest])


def pattern_of(path: str, format_name: str) -> str:
    """Return the pattern of translations of a source that names no locale; "" where convention does not say."""
    folder, _, name = path.rpartition("/")
    above, _, last = folder.rpartition("/")
    lead = f"{above}/" if above else ""
    if format_name == "android" and last == "values":
        return f"{lead}values-{SLOT}/{name}"
    if format_name in ("strings", "stringsdict") and last == "Base.lproj":
        return f"{lead}{SLOT}.lproj/{name}"
    if name.endswith(".pot"):
        stem = name.removesuffix(".pot")
        if last in ("locale", "locales"):
            return f"{folder}/{SLOT}/LC_MESSAGES/{stem}.po"
        return f"{folder}/{SLOT}.po" if last == "po" else ""
    return ""


def _in_lproj(path: str, folders: list[str], name: str) -> Place | None:
    locale = locales.of_lproj(path)
    for index in range(len(folders) - 1, -1, -1):
        if folders[index].endswith(".lproj") and locale:
            pattern = "/".join([*folders[:index], f"{SLOT}.lproj", *folders[index + 1 :], name])
            return Place(pattern, locale, folders[index].removesuffix(".lproj"))
    return None


def _in_values(path: str, folders: list[str], name: str) -> Place | None:
    spelled = folders[-1].removeprefix("values-") if folders else ""
    locale = locales.of_android(path)
    if not locale or folders[-1] == spelled or not _ANDROID.fullmatch(spelled):
        return None  # the default folder, or one for night, landscape, a network, …
    return Place("/".join([*folders[:-1], f"values-{SLOT}", name]), locale, spelled)


def _pieces(stem: str) -> Iterator[tuple[int, str]]:
    """Yield what may be a locale in a file's name, in the order in which ``conventions.of_path`` looks."""
    yield 0, stem
    yield stem.rfind(".") + 1, stem.rpartition(".")[2]
    for separator in re.finditer(r"[_-]", stem):
        yield separator.end(), stem[separator.end() :]
