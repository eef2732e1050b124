"""What a recipe would do about one match, and how places follow the edits that were made before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hunkworks import splice
from hunkworks.refactor.edits import named
from hunkworks.refactor.finding import Found, variables
from hunkworks.refactor.outcome import Outcome
from hunkworks.refactor.places import Place, meet, move
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.site import Proposal, Site, TextEdit, Undecided
from hunkworks.refactor.source import Source
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Recipe

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_COMMENTS = ("#", "//", "/*", "--", "<!--", "{-")


class Job(NamedTuple):
    """A recipe with the values that this run chose."""

    rule: Rule
    values: Mapping[str, str]


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
        proposal = named(step.edit)(site, step.options)
        edits += proposal.edits
        files.update(proposal.files)
    if meet(edits):
        raise Undecided("two steps of the recipe overlap here")
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
        # Some grammars take the carriage return at the end of a line along.
        yield where.start.index, where.end.index - node.text().endswith("\r")
        return
    for child in node.children():
        yield from _comments(child)


def with_imports(recipe: Recipe, source: Source, places: Sequence[Place] = ()) -> Source:
    """Return ``source`` with the imports that go with the recipe; ``places`` follow."""
    if not recipe.imports_add and not recipe.imports_drop:
        return source
    from hunkworks.refactor import imports

    for change, statements in ((imports.added, recipe.imports_add), (imports.dropped, recipe.imports_drop)):
        for statement in statements:
            edits = change(source, statement)
            source = apply(source, edits)
            move(places, edits)
    return source


def whole_lines(source: Source, start: int, end: int) -> tuple[int, int]:
    """Return the span of the lines that hold ``start`` to ``end``, without the last one's line end."""
    last = max(start, end - 1)
    return source.line_start(start), source.line_end(last)


def apply(source: Source, edits: Sequence[TextEdit]) -> Source:
    """Return ``source`` with ``edits``, proven by ``splice``."""
    if not edits:
        return source
    at = source.bytes_at({point for edit in edits for point in (edit.start, edit.end)})
    spans = [splice.Edit(at[edit.start], at[edit.end], edit.new.encode("utf-8")) for edit in edits]
    return Source(source.path, splice.splice(source.data, spans), source.language)


def proposed(source: Source, found: Outcome, proposal: Proposal) -> tuple[tuple[int, int], str]:
    """Return the lines that a proposal is about, and what they would read."""
    start = min([found.start, *(edit.start for edit in proposal.edits)])
    end = max([found.end, *(edit.end for edit in proposal.edits)])
    first, last = whole_lines(source, start, end)
    behind = len(source.text) - last
    text = apply(source, proposal.edits).text
    return (source.line(first), source.line(last)), text[first : len(text) - behind]


def inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    """Whether one span lies in another, and is not the same."""
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer
