"""Paths as git prints them in patches: C-quoted where they hold quotes, backslashes or control characters."""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {
    b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r",
    b'"': b'"', b"\\": b"\\",
}  # fmt: skip


def unquote(token: bytes) -> bytes:
    """Return the bytes of a path as they are; a token without surrounding quotes is returned unchanged."""
    if len(token) < 2 or not (token.startswith(b'"') and token.endswith(b'"')):
        return token
    return _ESCAPE.sub(_decode, token[1:-1])


def _decode(match: re.Match[bytes]) -> bytes:
    escape = match[1]
    return bytes([int(escape, 8) & 0xFF]) if len(escape) == 3 else _LETTERS.get(escape, escape)


def split_quoted(text: bytes) -> tuple[bytes, bytes] | None:
    """Split ``"quoted" rest`` into the unquoted path and the rest; None where ``text`` does not begin with a quote."""
    match = re.match(rb'("(?:[^"\\]|\\.)*")(?:[ \t]|$)', text, re.DOTALL)
    return (unquote(match[1]), text[match.end() :]) if match else None
