"""Globs on a repository's paths, as ast-grep writes them in ``files`` and ``ignores``."""

from __future__ import annotations

import re

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?|\{[^{}]*\}|[^*?{}]+|.", re.DOTALL)


def translate(glob: str) -> re.Pattern[str]:
    """Return the pattern that ``fullmatch``es the paths ``glob`` means.

    ``*`` and ``?`` stop at a slash, ``**`` does not, ``{a,b}`` is either; anything else is itself.
    """
    return re.compile("".join(map(_pattern, _PIECE.findall(glob))), re.DOTALL)


def _pattern(piece: str) -> str:
    if piece == "**/":
        return "(?:.*/)?"
    if piece == "**":
        return ".*"
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("{") and piece.endswith("}"):
        return "(?:" + "|".join(translate(part).pattern for part in piece[1:-1].split(",")) + ")"
    return re.escape(piece)
