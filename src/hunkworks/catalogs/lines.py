"""Lines of a text as a person sees them: what goes with an entry, and where a new one is put."""

from __future__ import annotations

import re

from hunkworks.catalogs.source import Span

_BLANK_AFTER = re.compile(r"[ \t]*(\r\n|\r|\n|\Z)")


def line_start(text: str, offset: int) -> int:
    """Return where the line that ``offset`` stands on begins."""
    newline = text.rfind("\n", 0, offset)
    return max(newline, text.rfind("\r", newline + 1, offset)) + 1


def indent(text: str, offset: int) -> str:
    """Return the blanks at the beginning of the line that ``offset`` stands on."""
    start = line_start(text, offset)
    end = start
    while end < offset and text[end] in " \t":
        end += 1
    return text[start:end]


def alone_before(text: str, offset: int) -> bool:
    """Whether only blanks stand before ``offset`` on its line."""
    return not text[line_start(text, offset) : offset].strip(" \t")


def whole_lines(text: str, start: int, end: int) -> Span:
    """Return the span with its indentation and line ending, if nothing else stands on its lines; else the span."""
    after = _BLANK_AFTER.match(text, end)
    if after and alone_before(text, start):
        return Span(line_start(text, start), after.end())
    return Span(start, end)


def removable(text: str, start: int, end: int, *, tidy: bool) -> Span:
    """Return what goes with an entry: its lines and, where it stood between two empty lines, one of these.

    Args:
        text: The file.
        start: Where the entry begins.
        end: Where it ends.
        tidy: Whether the empty line goes; not where something new is put in the same place.
    """
    span = whole_lines(text, start, end)
    if tidy and span != (start, end) and _blank_above(text, span.start):
        below = next_line(text, span.end)
        return Span(span.start, below or span.end)
    return span


def _blank_above(text: str, start: int) -> bool:
    """Whether the line above the one that begins at ``start`` is empty, or there is none."""
    end = start - (2 if text.startswith("\r\n", start - 2) else 1)
    return start == 0 or not text[line_start(text, end) : end].strip(" \t")


def blank_lines_between(text: str, start: int, end: int) -> bool:
    """Whether an empty line stands between two offsets."""
    gap = text[start:end]
    return (gap.count("\n") if "\r" not in gap else len(re.findall(r"\r\n|\r|\n", gap))) > 1


def next_line(text: str, offset: int) -> int:
    """Return where the next line begins, if only blanks stand behind ``offset`` on its line; else 0."""
    found = _BLANK_AFTER.match(text, offset)
    return found.end() if found and found.group(1) else 0
