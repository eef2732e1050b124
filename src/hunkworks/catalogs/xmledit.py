"""Entries among their siblings in an XML file: which comments are theirs, and where lines come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hunkworks.catalogs import lines
from hunkworks.catalogs.source import Replacement, Source, Span
from hunkworks.catalogs.xmltext import Comment, Element


class Entry(NamedTuple):
    """An element with its comments: right above it, or behind it on its line."""

    element: Element
    comments: tuple[Comment, ...] = ()
    trailing: tuple[Comment, ...] = ()
    value: Element | None = None  # of a pair of elements, as in a property list, the second

    @property
    def span(self) -> Span:
        """From the first comment to the last."""
        start = self.comments[0].start if self.comments else self.element.start
        return Span(start, self.trailing[-1].end if self.trailing else (self.value or self.element).end)

    @property
    def comment(self) -> str:
        """What the comments say, a line for each."""
        if not self.comments and not self.trailing:
            return ""
        return "\n".join(comment.text.strip() for comment in (*self.comments, *self.trailing))


def entries(source: Source, parent: Element) -> list[Entry]:
    """Return the child elements, each with its comments; a comment with an empty line below belongs to nobody."""
    text = source.text
    result: list[Entry] = []
    above: list[Comment] = []
    for child in parent.children:
        if isinstance(child, Comment):
            if above and lines.blank_lines_between(text, above[-1].end, child.start):
                above.clear()
            if not above and result and _on_one_line(text, result[-1].span.end, child.start):
                last = result[-1]
                result[-1] = last._replace(trailing=(*last.trailing, child))
            else:
                above.append(child)
            continue
        if above and lines.blank_lines_between(text, above[-1].end, child.start):
            above.clear()
        result.append(Entry(child, tuple(above)))
        above.clear()
    return result


def pairs(source: Source, parent: Element) -> list[Entry]:
    """Return the children two by two: a property list's keys, each with its value."""
    children = parent.children
    elements = [child for child in children if isinstance(child, Element)]
    if len(elements) == len(children):
        return [Entry(key, (), (), value) for key, value in zip(elements[::2], elements[1::2], strict=False)]
    found = entries(source, parent)
    return [
        Entry(key.element, key.comments, value.trailing, value.element)
        for key, value in zip(found[::2], found[1::2], strict=False)
    ]


def removal(source: Source, entry: Entry, *, tidy: bool) -> Replacement:
    """Remove an entry with its comments and its lines; ``tidy`` as in ``lines.removable``."""
    return Replacement(*lines.removable(source.text, *entry.span, tidy=tidy), "")


def insertion(
    source: Source,
    parent: Element,
    siblings: Sequence[Entry],
    after: int,
    render: Callable[[str], str],
    step: str,
) -> Replacement:
    """Insert an element behind the sibling at index ``after``; -1 puts it in front.

    Args:
        source: The file.
        parent: The element that the new one is a child of.
        siblings: Its entries.
        after: Index of the entry to stand behind.
        render: Returns the element, given the indentation of its first line.
        step: One level of indentation, for a parent that has no children yet.
    """
    text, newline = source.text, source.newline()
    if not siblings:
        return _first(source, parent, render, step)
    neighbour = siblings[max(after, 0)]
    indent = lines.indent(text, neighbour.element.start)
    if after < 0:
        start = neighbour.span.start
        if lines.alone_before(text, start):
            start = lines.line_start(text, start)
            return Replacement(start, start, f"{indent}{render(indent)}{newline}")
        return Replacement(start, start, render(indent))
    end = neighbour.span.end
    below = lines.next_line(text, end)
    if below:
        return Replacement(below, below, f"{indent}{render(indent)}{newline}")
    gap = newline + indent if newline in text[parent.inner_start : parent.inner_end] else ""
    return Replacement(end, end, gap + render(indent))


def _first(source: Source, parent: Element, render: Callable[[str], str], step: str) -> Replacement:
    """Insert the first child of an element, behind the comments in it."""
    text, newline = source.text, source.newline()
    outer = lines.indent(text, parent.start)
    new = f"{outer}{step}{render(outer + step)}{newline}"
    if parent.empty_tag:
        start = len(text[: parent.end - 2].rstrip())
        return Replacement(start, parent.end, f">{newline}{new}{outer}</{parent.tag}>")
    if lines.alone_before(text, parent.inner_end):
        start = lines.line_start(text, parent.inner_end)
        return Replacement(start, start, new)
    return Replacement(parent.inner_end, parent.inner_end, f"{newline}{new}{outer}")


def _on_one_line(text: str, start: int, end: int) -> bool:
    return not any(mark in text[start:end] for mark in "\r\n")
