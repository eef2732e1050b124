"""A hard-coded string into the project's catalog: the key, the entry and the call site, in one step."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog
from hunkworks.errors import HunkworksError
from hunkworks.refactor import externalize_apple, externalize_kotlin, externalize_layout, externalize_react
from hunkworks.refactor.site import Declined, Proposal, Site, Undecided
from hunkworks.rules import hardcoded
from hunkworks.rules.hardcoded import Hole, Literal

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,8})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_PLATFORMS = {
    "Swift": externalize_apple,
    "Kotlin": externalize_kotlin,
    "Html": externalize_layout,
    "Tsx": externalize_react,
    "JavaScript": externalize_react,
}
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0"}


def externalize(site: Site, _options: Mapping[str, Any]) -> Proposal:
    """Put the string at ``site`` into the nearest catalog under the parameter ``key``, and look it up where it stood.

    The parameter ``catalog`` names another catalog, from the top. An entry that is there with the same text is used.

    Raises:
        Declined: No user reads the string.
        Undecided: Code cannot tell how to look it up here, or the key means another text.
    """
    literal = _literal(site)
    platform = _PLATFORMS[site.language]
    path = site.values.get("catalog", "") or platform.catalog(site)
    data = site.project.read(path) if path in site.project.paths() else None
    if data is None:
        raise Undecided(f"there is no catalog {path}")
    try:
        catalog = catalogs.open(path, data)
    except HunkworksError as error:
        raise Undecided(f"the catalog cannot be read: {error.what}") from None
    key, text = site.values["key"], platform.text(literal)
    place = externalize_react.place(catalog, key, text) if platform is externalize_react else (key,)
    edits = platform.call(site, literal, ".".join(place), path)
    standing = next((unit for unit in catalog.units if _is(unit, place, catalog)), None)
    if standing is None:
        return Proposal(edits, {path: _with_entry(catalog, place, text)})
    if standing.text != text or standing.plural:
        raise Undecided(f"{key} is taken in {path}, by {standing.text!r}: name another key")
    return Proposal(edits)


def _literal(site: Site) -> Literal:
    lines = range(site.source.line(site.start), site.source.line(site.end - 1) + 1)
    for literal in hardcoded.literals(site.path, site.text, lines):
        shown = site.text[literal.start : literal.end]
        if site.start <= literal.start and literal.end <= site.end and shown == site.match.text.strip():
            markup = externalize_react.decoded(site, literal)
            return markup or _decoded(literal, raw=site.match.text.startswith(('"""', "#")))
        if site.node.kind() == "jsx_text" and literal.start < site.end and literal.end > site.start:
            raise Undecided(
                "it is one text with the values or entities beside it: write it as one string, or use <Trans>"
            )
    raise Declined("no user reads it: it is no text, or nothing here shows it")


def _is(unit: catalogs.Unit, key: tuple[str, ...], catalog: Catalog) -> bool:
    return unit.key == key and unit.locale in ("", catalog.source_locale) and not unit.part


def _with_entry(catalog: Catalog, key: tuple[str, ...], text: str) -> bytes:
    locale = catalog.source_locale if catalog.format == "xcstrings" else ""
    try:
        return catalogs.write(catalog, [Add(key, text, locale=locale)])
    except HunkworksError as error:
        raise Undecided(f"the catalog cannot hold it: {error.what}") from None


def _decoded(literal: Literal, *, raw: bool) -> Literal:
    """Return ``literal`` with the escapes of its language read."""
    if raw:
        raise Undecided("a string over several lines, or a raw one: its edges are a matter of taste")
    pieces: list[str | Hole] = []
    for piece in literal.pieces:  # the two halves of one character may be two pieces
        if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    read = tuple(_read(piece) if isinstance(piece, str) else piece for piece in pieces)
    return Literal(literal.start, literal.end, read, literal.place, literal.looks_up)


def _read(piece: str) -> str:
    # Kotlin writes what lies beyond 16 bits as two halves.
    return _ESCAPE.sub(_character, piece).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    number = escape[1] or escape[2] or escape[3]
    if number is None:
        return _NAMED.get(escape[4], escape[4])
    return chr(int(number, 16)) if int(number, 16) <= sys.maxunicode else escape[0]
