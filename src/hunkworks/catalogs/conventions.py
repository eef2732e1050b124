"""The locale that a path names by the conventions most formats share.

``de.json``, ``messages.de.yml``, ``Messages_pt_BR.properties``, ``app_zh_Hant.arb``, ``de/LC_MESSAGES/x.po``,
``_locales/pt_BR/messages.json``. Android's and Apple's folders are in ``locales``.
"""

from __future__ import annotations

import re
from functools import cache

_TAG = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:@([A-Za-z]+)|[-_](valencia|tarask))?"
)
# Behind other words only the usual letter case: "sign_in", "go-to" and "map_my_id" are words.
_BEHIND_WORDS = re.compile(r"(?!(?:in|to)$)[a-z]{2,3}(?:[-_@].*[A-Z\d].*|@.*)?")
_LEGACY = {"iw": "he", "in": "id", "ji": "yi"}
_MODIFIERS = {"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva", "arabic": "Arab"}
_FOLDERS_TO_LOOK_AT = 4


@cache
def _languages() -> frozenset[str]:
    from babel import localedata
    from babel.core import get_global

    known = {identifier.partition("_")[0] for identifier in localedata.locale_identifiers()}
    return frozenset(known | {tag for tag in get_global("likely_subtags") if len(tag) == 2} | set(_LEGACY))


@cache
def as_bcp47(name: str) -> str:
    """Return ``pt_BR``, ``zh-hans-cn`` or ``sr@latin`` as BCP 47; "" for what is no locale that CLDR knows."""
    found = _TAG.fullmatch(name)
    if not found or found.group(1).lower() not in _languages():
        return ""
    language, script, region, modifier, variant = found.groups()
    language = language.lower()
    script = script or _MODIFIERS.get((modifier or "").lower(), "")
    if modifier and not script:
        variant = modifier
    parts = [_LEGACY.get(language, language), script.title(), (region or "").upper(), (variant or "").lower()]
    return "-".join(filter(None, parts))


def of_path(path: str) -> str:
    """Return the locale that the file's name or one of its folders is, as BCP 47; "" where none is."""
    *folders, name = path.replace("\\", "/").split("/")
    stem = name.rpartition(".")[0] or name
    if locale := as_bcp47(stem):
        return locale
    if locale := as_bcp47(stem.rpartition(".")[2]):
        return locale
    for separator in re.finditer(r"[_-]", stem):
        rest = stem[separator.end() :]
        if _BEHIND_WORDS.fullmatch(rest) and (locale := as_bcp47(rest)):
            return locale
    for folder in folders[: -_FOLDERS_TO_LOOK_AT - 1 : -1]:
        if locale := as_bcp47(folder):
            return locale
    return ""
