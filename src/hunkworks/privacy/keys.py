"""Private keys over many lines, whole or cut by a hunk, whatever stands before each line."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

_BEGIN = re.compile(
    r"-{4,5} ?BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|PuTTY-User-Key-File-\d:"
    r"|b3BlbnNzaC1rZXktdjE",  # the body of an OpenSSH key begins so, whatever became of its first line
    re.IGNORECASE,
)
_END = re.compile(
    r"-{4,5} ?END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-MAC: ?[0-9a-f]+", re.IGNORECASE
)
_ENCODED = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{66,20000}={0,2}")
_LONGEST = 20_000
_BODY = re.compile(r"[A-Za-z0-9+/]{24,}")
# A line of a key: base64 behind a sign, a quote, a comment or a number; a header; or nothing but such decoration.
_LINE = re.compile(
    r"[^\n]{0,40}?[A-Za-z0-9+/]{16,}={0,2}[^\nA-Za-z]{0,12}(?:\\n)?[^\nA-Za-z]{0,6}\r?"
    r"|[^\nA-Za-z]{0,20}[A-Z][\w-]+: ?[^\n]{1,80}"
    r"|[^\nA-Za-z]{0,20}[A-Za-z0-9+/]{0,15}={0,2}[^\nA-Za-z]{0,12}"
)


def private_keys(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield key blocks with their first and last line, and what a cut left of one.

    A first line alone, as in code that looks for keys, is none.
    """
    for begin in _BEGIN.finditer(text, start, end):
        following = _BEGIN.search(text, begin.end(), begin.end() + _LONGEST)
        limit = following.start() if following else min(len(text), begin.end() + _LONGEST)
        close = _END.search(text, begin.end(), limit)
        stop = close.end() if close else _end_of_lines(text, begin.end(), limit)
        if _BODY.search(text, begin.end(), stop):
            yield begin.start(), stop
    for close in _END.finditer(text, start, end):
        first = _start_of_lines(text, close.start())
        if first < close.start() and _BODY.search(text, first, close.start()):
            yield first, close.end()


def encoded_private_keys(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield private keys in PEM that were encoded in base64 once more, as in a Kubernetes secret."""
    for found in _ENCODED.finditer(text, start, end):
        whole = _ENCODED.match(text, found.start()) or found
        if b"PRIVATE KEY" in base64.b64decode(whole[0][:80]):
            yield whole.span()


def _end_of_lines(text: str, start: int, limit: int) -> int:
    """Return where the key's lines end that begin behind ``start``."""
    position = end = start
    while position < limit:
        newline = text.find("\n", position, limit)
        line_end = limit if newline < 0 else newline
        if position > start and not _LINE.fullmatch(text, position, line_end):
            break
        if re.search(r"[A-Za-z0-9+/=]", text[position:line_end]):
            end = line_end
        if newline < 0:
            break
        position = newline + 1
    return end


def _start_of_lines(text: str, end: int) -> int:
    """Return where the key's lines begin that lead up to the line of ``end``."""
    first = text.rfind("\n", 0, end) + 1
    while first > 0 and end - first < _LONGEST:
        before = text.rfind("\n", 0, first - 1) + 1
        if not (_LINE.fullmatch(text, before, first - 1) and _BODY.search(text, before, first - 1)):
            break
        first = before
    return first
