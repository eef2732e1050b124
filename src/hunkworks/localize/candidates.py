"""Hard-coded strings that a change added where users read them: named, counted, never translated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from hunkworks.change.model import Change, FileChange, Side
from hunkworks.change.repository import WORKTREE
from hunkworks.localize.families import Family
from hunkworks.localize.reading import Reading
from hunkworks.privacy.redact import redact

if TYPE_CHECKING:
    from hunkworks.rules import hardcoded

_LOOKED_AT = (".swift", ".kt", ".tsx", ".jsx", ".ts", ".js", ".xml")
_APPLE = ("strings", "xcstrings")


class Candidate(msgspec.Struct, frozen=True):
    """A string for users that stands in the code: ``place`` shows it, ``recipe`` moves it into a catalog."""

    path: str
    line: int
    end_line: int
    text: str
    place: str
    recipe: str = ""


def candidates(
    change: Change, files: Iterable[FileChange], families: Iterable[Family], reading: Reading
) -> Iterator[Candidate]:
    """Yield the strings for users that ``change`` added to Swift, Kotlin, TSX, JSX and Android layouts.

    Args:
        change: Which content is read.
        files: Its files.
        families: The project's: SwiftUI takes a text for the key of an Apple catalog.
        reading: Reads these catalogs, if the change touches Swift.
    """
    known: hardcoded.Known | None = None
    for file in files:
        if not file.path.lower().endswith(_LOOKED_AT) or not file.hunks:
            continue
        from hunkworks.rules import hardcoded  # parsers, which most changes of catalogs do not need

        if known is None and file.path.endswith(".swift"):
            known = _known(families, reading)
        found = hardcoded.added(file, change.content(file, Side.NEW), known)
        for item in found.candidates:
            yield Candidate(
                item.path, item.line, item.end_line, redact(item.text).text, item.place, item.recipe
            )


def _known(families: Iterable[Family], reading: Reading) -> hardcoded.Known:
    from hunkworks.rules import hardcoded

    apple = [family for family in families if family.format in _APPLE and family.source]
    catalogs = [catalog for family in apple if (catalog := reading.at(WORKTREE, family.source)) is not None]
    keys = frozenset(unit.key[-1] for catalog in catalogs for unit in catalog.units)
    return hardcoded.Known(keys, any(family.format == "xcstrings" for family in apple))
