"""Lines of a text as a person sees them: what goes with an entry, and where a new one is put."""

from __future__ import annotations

import re

from hunkworks.catalogs.source import Span

_BLANK_AFTER = re.compile(r"[ \t]*(\r\n|\r|\n|\Z)")


def line_start(text: str, offset: int) -> int:
    """Return where the line that ``offset`` stands on begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


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


def blank_lines_between(text: str, start: int, end: int) -> bool:
    """Whether an empty line stands between two offsets."""
    return len(re.findall(r"\r\n|\r|\n", text[start:end])) > 1


def next_line(text: str, offset: int) -> int:
    """Return where the next line begins, if only blanks stand behind ``offset`` on its line; else 0."""
    found = _BLANK_AFTER.match(text, offset)
    return found.end() if found and found.group(1) else 0
