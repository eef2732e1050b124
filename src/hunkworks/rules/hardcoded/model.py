"""Hard-coded strings, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


def words(*lines: str) -> frozenset[str]:
    """Return the words of some lines: the tables of names below are read, not spelled out."""
    return frozenset(word for line in lines for word in line.split())


class Hole(NamedTuple):
    """A value in a string: ``code`` is the expression, ``source`` what stands for it, ``\\(name)`` or ``${name}``."""

    code: str
    source: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A string that is shown to a user, where it stands in a file.

    ``start`` and ``end`` count characters of the file's text and include the quotes. ``place`` says what shows it, as
    in ``Text(…)``. ``looks_up`` is true where the platform takes the text for the key of a catalog (SwiftUI).
    """

    start: int
    end: int
    pieces: tuple[str | Hole, ...]
    place: str
    looks_up: bool = False

    @property
    def text(self) -> str:
        """What a user reads, values as the source writes them."""
        return "".join(piece if isinstance(piece, str) else piece.source for piece in self.pieces)

    @property
    def words(self) -> str:
        """What a user reads, without the values."""
        return " ".join(piece for piece in self.pieces if isinstance(piece, str))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hard-coded string that a change added. ``recipe`` is the one that externalizes it, or nothing."""

    path: str
    line: int
    end_line: int
    text: str
    place: str
    recipe: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the project's own catalogs say.

    ``keys`` are those of its Apple catalogs; ``extracts`` is whether it has a string catalog, into which Xcode puts the
    texts that SwiftUI looks up by itself.
    """

    keys: frozenset[str] = frozenset()
    extracts: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of one file, in order; ``skipped`` says why it could not be looked at."""

    candidates: tuple[Candidate, ...] = ()
    skipped: str = ""
