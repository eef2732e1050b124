"""Locales as platforms spell them in paths: to BCP 47 and, for writing, as found."""

from __future__ import annotations

import re

# Java's old ISO 639 codes, which Android still reads and many projects still have.
_LEGACY = {"iw": "he", "in": "id", "ji": "yi"}
_ANDROID = re.compile(
    r"(?:^|/)values-(?:mcc\d+(?:-mnc\d+)?-)?(?:b\+([A-Za-z0-9+]+)|([a-z]{2,3})(?:-r([A-Z]{2}|\d{3}))?)(?:-[^/]*)?/"
)
_LPROJ = re.compile(r"(?:^|/)([^/]+)\.lproj/")
_APPLE_NAMES = {
    "English": "en",
    "French": "fr",
    "German": "de",
    "Italian": "it",
    "Japanese": "ja",
    "Spanish": "es",
}
# Two and three letters that are qualifiers of something else.
_NO_LANGUAGE = {"car"}


def of_android(path: str) -> str:
    """Return the locale of ``…/values-pt-rBR/…``, ``values-b+sr+Latn``, ``values-iw``; "" for the default folder."""
    found = _ANDROID.search(path.replace("\\", "/"))
    if not found:
        return ""
    modern, language, region = found.groups()
    if modern:
        return modern.replace("+", "-")
    if language in _NO_LANGUAGE:
        return ""
    language = _LEGACY.get(language, language)
    return f"{language}-{region}" if region else language


def of_lproj(path: str) -> str:
    """Return the locale of ``…/pt-BR.lproj/…``; "" for ``Base.lproj`` and paths without one."""
    found = _LPROJ.search(path.replace("\\", "/"))
    if not found or found.group(1) == "Base":
        return ""
    name = found.group(1)
    return _APPLE_NAMES.get(name, name.replace("_", "-"))
