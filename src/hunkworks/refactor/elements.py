"""Lists in brackets: arguments, parameters, elements. What is added stands like what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hunkworks.refactor.site import Piece, Site, TextEdit, Undecided
from hunkworks.refactor.source import Source

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_BRACKETS = {"(": ")", "[": "]"}
_NO_LISTS = ("comprehension", "generator", "parenthesized", "subscript")


def list_of(piece: Piece) -> SgNode | None:
    """Return the list that ``piece`` is, or None: a body, or anything else."""
    if len(piece.nodes) != 1 or any(word in piece.nodes[0].kind() for word in _NO_LISTS):
        return None
    children = piece.nodes[0].children()
    closing = _BRACKETS.get(children[0].kind()) if children else None
    return piece.nodes[0] if closing and children[-1].kind() == closing and children[-1].text() else None


def added(site: Site, node: SgNode, text: str, *, first: bool) -> tuple[TextEdit, ...]:
    """Return the edits that put ``text`` first or last into a list: on a line of its own where its neighbour has one.

    Raises:
        Undecided: The list holds nothing but a comment.
    """
    source = site.source
    opening, *inner, closing = node.children()
    elements = [child for child in inner if child.is_named() and "comment" not in child.kind()]
    if not elements:
        if inner:
            raise Undecided("it holds a comment and no element")
        return (TextEdit(opening.range().end.index, closing.range().start.index, text),)
    neighbour = elements[0 if first else -1].range()
    start, end = neighbour.start.index, neighbour.end.index
    line = source.newline + source.indentation(start) if _begins_a_line(source, start) else ""
    if first:
        return (TextEdit(start, start, f"{text},{line or ' '}"),)
    comma = next(
        (child.range().end.index for child in inner if child.kind() == "," and _behind(child, end)), -1
    )
    if not line:
        return (TextEdit(end, end, f", {text}"),)
    # A comment behind the last element stays behind it.
    last = min(source.line_end(max(end, comma)), closing.range().start.index)
    if comma >= 0:
        return (TextEdit(last, last, f"{line}{text},"),)
    if source.text[end:last].strip():
        return TextEdit(end, end, ","), TextEdit(last, last, f"{line}{text}")
    return (TextEdit(end, end, f",{line}{text}"),)


def _behind(node: SgNode, end: int) -> bool:
    return node.range().start.index >= end


def _begins_a_line(source: Source, point: int) -> bool:
    return not source.text[source.line_start(point) : point].strip(" \t")
