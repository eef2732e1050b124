"""Line breaks of the code that a template replaces: a template is one line, and a chain of calls often is not."""

from __future__ import annotations

import re
from collections.abc import Iterable

_INKED = re.compile(r"(\s*)(\S)")


def kept(old: str, new: str) -> str:
    """Return ``new`` with the line breaks that stand in ``old`` between what both have.

    What both have is told character by character from both ends, where captured code or the edge of the match stands.
    Of ``⏎    .first(`` and ``.last(`` the break stays; of ``log(⏎    `` and ``await `` it goes with its parenthesis.
    """
    if "\n" not in old:
        return new
    was, now = _read(old), _read(new)
    head = _alike(was, now)
    tail = min(_alike(reversed(was), reversed(now)), min(len(was), len(now)) - head)
    spaces = [space for space, _ in now]
    # A space stands before its character; before the first of the tail stands a character that only one of them has.
    for place in (*range(head), *range(-1, -tail, -1)):
        if "\n" in was[place][0]:
            spaces[place] = was[place][0]
    return "".join(space + char for space, (_, char) in zip(spaces, now, strict=True))


def _read(text: str) -> list[tuple[str, str]]:
    """Return each character that is no space with the space before it, and nothing with the space at the end."""
    inked = text.rstrip()
    return [*_INKED.findall(inked), (text[len(inked) :], "")]


def _alike(one: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> int:
    """Return with how many same characters both begin."""
    count = 0
    for (_, left), (_, right) in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
