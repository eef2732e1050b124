"""Parts of a catalog that read by themselves, for formats of entries in a row, of XML and of JSON."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from hunkworks.catalogs.jsontext import Member, Object
from hunkworks.catalogs.protocol import Source, Span, Window
from hunkworks.catalogs.xmltext import Element, Node

T = TypeVar("T")


def around(entries: Sequence[T], span: Callable[[T], Span], start: int, end: int, outer: Span) -> Span:
    """Return the entry that some characters stand in, or the stretch from the entry in front to the entry behind.

    What stands between two entries may belong to either, so that both are needed to tell.

    Args:
        entries: In order, none overlapping another.
        span: Where an entry stands.
        start: Of the characters.
        end: Of the characters.
        outer: What all entries stand in: the edge where there is no entry in front, or behind.
    """
    first = bisect_left(entries, start, key=lambda entry: span(entry).end)
    if first < len(entries) and (own := span(entries[first])).start < start and end < own.end:
        return own
    last = bisect_right(entries, end, key=lambda entry: span(entry).start)
    return Span(
        span(entries[first - 1]).start if first else outer.start,
        span(entries[last]).end if last < len(entries) else outer.end,
    )


def in_element(
    source: Source,
    path: Sequence[Element],
    entries: Sequence[T],
    span: Callable[[T], Span],
    start: int,
    end: int,
) -> Window | None:
    """Return the window among the entries of an element; ``path`` leads to it from the root."""
    text, inner = source.text, Span(path[-1].inner_start, path[-1].inner_end)
    if path[-1].empty_tag or not inner.start <= start <= end <= inner.end:
        return None
    before = text[: path[0].inner_start] + "".join(text[one.start : one.inner_start] for one in path[1:])
    behind = "".join(text[one.inner_end : one.end] for one in reversed(path[1:])) + text[path[0].inner_end :]
    return Window(*around(entries, span, start, end, inner), before, behind)


def in_object(
    source: Source, root: Object, start: int, end: int, deeper: Callable[[Member], bool]
) -> Window | None:
    """Return the window among the members of the innermost object around some characters.

    Args:
        source: The file.
        root: Where to begin; it is read as the root of a document.
        start: Of the characters.
        end: Of the characters.
        deeper: Whether a member's object is one of many entries, too.
    """
    node, before, depth = root, "{", 1
    if not root.start < start <= end < root.end:
        return None
    while (place := bisect_right(node.members, start, key=lambda member: member.start) - 1) >= 0:
        member = node.members[place]
        inner = member.node
        if not (isinstance(inner, Object) and inner.start < start <= end < inner.end and deeper(member)):
            break
        before += source.text[member.start : inner.start + 1]
        node, depth = inner, depth + 1
    outer = Span(node.start + 1, node.end - 1)
    return Window(*around(node.members, member_span, start, end, outer), before, "}" * depth)


def member_span(member: Member) -> Span:
    """Return where a member stands, from the quote of its name to the end of its value."""
    return Span(member.start, member.node.end)


def node_span(node: Node) -> Span:
    """Return where an element or a comment stands."""
    return Span(node.start, node.end)
