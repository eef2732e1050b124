"""One match with all that an edit may look at, and what an edit answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hunkworks.refactor.source import Source

if TYPE_CHECKING:
    from ast_grep_py import SgNode


class Undecided(Exception):  # noqa: N818
    """Code cannot decide about this match; the text says why. It becomes residue."""


class Declined(Exception):  # noqa: N818
    """This match must not be rewritten; the text says why. It is refused."""


class TextEdit(NamedTuple):
    """Replace ``text[start:end]`` (code points) by ``new``; ``start == end`` inserts."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What a variable captured; ``start`` and ``end`` are code points. A transformed text has no place: both are -1.

    ``origin`` is the span of what it is made of; its lines are indented as they would be there.
    """

    text: str
    start: int = -1
    end: int = -1
    origin: tuple[int, int] | None = None
    nodes: tuple[SgNode, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done about a match: edits of its own file, and the whole new content of others."""

    edits: tuple[TextEdit, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)


class Project(Protocol):
    """The other files of the project, as a run has already planned to change them."""

    def read(self, path: str) -> bytes | None:
        """Return a file by its path from the repository's top, or None where there is none."""

    def paths(self) -> Sequence[str]:
        """Return the paths of all files."""


@dataclass(frozen=True, slots=True)
class Site:
    """A match to be rewritten.

    Attributes:
        source: Its file.
        start: Of the match, in code points of ``source.text``.
        end: Behind its last character.
        variables: What was captured and transformed, by name without dollars.
        values: Parameters, those that a judge named included.
        node: The matched node.
        project: The other files.
    """

    source: Source
    start: int
    end: int
    variables: Mapping[str, Piece]
    values: Mapping[str, str]
    node: SgNode
    project: Project

    @property
    def path(self) -> str:
        """The file's path, from the repository's top."""
        return self.source.path

    @property
    def text(self) -> str:
        """The whole text of the file."""
        return self.source.text

    @property
    def language(self) -> str:
        """ast-grep's name of the file's language."""
        return self.source.language

    @property
    def match(self) -> Piece:
        """The match itself."""
        return Piece(self.text[self.start : self.end], self.start, self.end, nodes=(self.node,))

    def piece(self, name: str) -> Piece:
        """Return what ``name`` captured, or the match for an empty name.

        Raises:
            Undecided: It captured nothing here.
        """
        if not name:
            return self.match
        found = self.variables.get(name.lstrip("$"))
        if found is None or found.start < 0:
            raise Undecided(f"${name.lstrip('$')} captured nothing here")
        return found
