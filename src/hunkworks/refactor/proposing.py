"""What a recipe would do about one match, and how places follow the edits that were made before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hunkworks import splice
from hunkworks.errors import ConfigError
from hunkworks.refactor import imports
from hunkworks.refactor.edits import EDITS, Edit
from hunkworks.refactor.finding import Found, variables
from hunkworks.refactor.outcome import Outcome
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.site import Proposal, Site, TextEdit, Undecided
from hunkworks.refactor.source import Source
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Recipe, Step
from hunkworks.rules.schema import nearest

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_COMMENTS = ("#", "//", "/*", "--", "<!--", "{-")


@dataclass(frozen=True, slots=True)
class Job:
    """A recipe with the values that this run chose."""

    rule: Rule
    values: Mapping[str, str]


class Place:
    """Where a match is while edits move it; a match may start or end right where something was inserted."""

    def __init__(self, start: int, end: int) -> None:
        self._starts = {start}
        self._ends = {end}

    @property
    def span(self) -> tuple[int, int]:
        """The widest span that it can have."""
        return min(self._starts, default=0), max(self._ends, default=0)

    def is_at(self, span: tuple[int, int]) -> bool:
        """Whether ``span`` is one of the places that this match can be at."""
        return span[0] in self._starts and span[1] in self._ends

    def move(self, edits: Sequence[TextEdit]) -> None:
        """Follow ``edits``; a match that starts or ends inside of what was replaced is nowhere any more."""
        self._starts = {new for old in self._starts for new in _moved(old, edits)}
        self._ends = {new for old in self._ends for new in _moved(old, edits)}


def propose(job: Job, source: Source, found: Found, project: Overlay) -> Proposal:
    """Return what the recipe's steps would do about one match, all of them together.

    Raises:
        Undecided: A step cannot decide.
        Declined: A step refuses.
    """
    captured = variables(job.rule, found, source)
    site = Site(source, found.start, found.end, captured, job.values, found.node, project)
    edits: list[TextEdit] = []
    files: dict[str, bytes] = {}
    for step in job.rule.recipe.steps:
        proposal = _edit(step)(site, step.options)
        if conflicts(proposal.edits, edits):
            raise Undecided("two steps of the recipe overlap here")
        edits += proposal.edits
        files.update(proposal.files)
    refuse_losing_comments(source, found, edits)
    return Proposal(tuple(edit for edit in edits if source.text[edit.start : edit.end] != edit.new), files)


def refuse_losing_comments(source: Source, found: Found, edits: Sequence[TextEdit]) -> None:
    """Refuse edits that drop a comment of somebody's: a template knows nothing of it.

    Raises:
        Undecided: One would be lost.
    """
    text = source.text[found.start : found.end]
    if not any(sign in text for sign in _COMMENTS):
        return
    for start, end in _comments(found.node):
        comment = source.text[start:end]
        for edit in edits:
            if edit.start < end and start < edit.end and comment not in edit.new:
                raise Undecided(f"the comment at line {source.line(start)} would be lost")


def _comments(node: SgNode) -> Iterator[tuple[int, int]]:
    if "comment" in node.kind():
        where = node.range()
        yield where.start.index, where.end.index
        return
    for child in node.children():
        yield from _comments(child)


def with_imports(recipe: Recipe, source: Source, places: Sequence[Place] = ()) -> Source:
    """Return ``source`` with the imports that go with the recipe; ``places`` follow."""
    for change, statements in ((imports.added, recipe.imports_add), (imports.dropped, recipe.imports_drop)):
        for statement in statements:
            edits = change(source, statement)
            source = apply(source, edits)
            for place in places:
                place.move(edits)
    return source


def whole_lines(source: Source, start: int, end: int) -> tuple[int, int]:
    """Return the span of the lines that hold ``start`` to ``end``, without the last one's line end."""
    last = max(start, end - 1)
    return source.line_start(start), source.line_end(last)


def apply(source: Source, edits: Sequence[TextEdit]) -> Source:
    """Return ``source`` with ``edits``, proven by ``splice``."""
    if not edits:
        return source
    spans = [
        splice.Edit(source.byte(edit.start), source.byte(edit.end), edit.new.encode("utf-8"))
        for edit in edits
    ]
    return Source(source.path, splice.splice(source.data, spans), source.language)


def _edit(step: Step) -> Edit:
    found = EDITS.get(step.edit)
    if found is None:
        raise ConfigError(f"there is no code edit {step.edit!r}", fix=nearest(step.edit, EDITS))
    return found


def proposed(source: Source, found: Outcome, proposal: Proposal) -> tuple[tuple[int, int], str]:
    """Return the lines that a proposal is about, and what they would read."""
    start = min([found.start, *(edit.start for edit in proposal.edits)])
    end = max([found.end, *(edit.end for edit in proposal.edits)])
    first, last = whole_lines(source, start, end)
    behind = len(source.text) - last
    text = apply(source, proposal.edits).text
    return (source.line(first), source.line(last)), text[first : len(text) - behind]


def _moved(point: int, edits: Sequence[TextEdit]) -> set[int]:
    shift, here = 0, 0
    for edit in edits:
        grown = len(edit.new) - (edit.end - edit.start)
        if edit.start == edit.end == point:
            here += grown
        elif edit.end <= point:
            shift += grown
        elif edit.start < point:
            return set()
    return {point + shift, point + shift + here}


def inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    """Whether one span lies in another, and is not the same."""
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer


def conflicts(new: Sequence[TextEdit], standing: Sequence[TextEdit]) -> bool:
    """Whether edits overlap, or meet where one of them only inserts: their order would be a guess."""
    return any(
        (one.start < other.end and other.start < one.end)
        or (
            (one.start == one.end or other.start == other.end)
            and one.start <= other.end
            and other.start <= one.end
        )
        for one in new
        for other in standing
    )
