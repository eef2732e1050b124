"""Redaction: secrets become placeholders of the same length, so that every line and column stays where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hunkworks.privacy.hidden import Hidden, find_hidden
from hunkworks.privacy.secrets import MASK, Secret, find_secrets


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was masked: the line it begins on, counted from 1, and its kind. Never the value."""

    line: int
    kind: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may leave, and what was masked in it."""

    text: str
    redactions: tuple[Redaction, ...]


def redact(text: str, *, path: str = "") -> Redacted:
    """Replace every secret by a placeholder of its length that names its kind where that fits.

    Length, line breaks and columns are kept; redacting again changes nothing.

    Args:
        text: A file, a hunk, a message, a path: anything that is about to leave.
        path: Where the text stands; a secret in the path itself is reported on line 0.
    """
    redactions = [Redaction(0, secret.kind) for secret in find_secrets(path)] if path else []
    named = True
    # A placeholder beside another value may make it read like a secret, so look until nothing is left. Only the
    # first placeholders are named: each later round leaves fewer letters, so it ends.
    while secrets := find_secrets(text):
        redactions += _lines(text, secrets)
        text = _masked(text, secrets, named=named)
        named = False
    return Redacted(text, tuple(sorted(redactions, key=lambda redaction: redaction.line)))


def strip_hidden(text: str, *, markup: bool = False) -> tuple[str, list[Hidden]]:
    """Return the text without what a reader would not see, and what was taken out (offsets of the original).

    Args:
        text: Anything that a model is about to read.
        markup: Whether HTML comments are hidden text here: in Markdown and HTML they are, in code they are code.
    """
    found = [hidden for hidden in find_hidden(text) if markup or hidden.kind != "html-comment"]
    pieces: list[str] = []
    position = 0
    for hidden in found:
        pieces.append(text[position : hidden.start])
        pieces.append("\n" * text.count("\n", hidden.start, hidden.end))  # lines keep their numbers
        position = hidden.end
    pieces.append(text[position:])
    return "".join(pieces), found


def _lines(text: str, secrets: list[Secret]) -> list[Redaction]:
    redactions: list[Redaction] = []
    line, position = 1, 0
    for secret in secrets:
        line += text.count("\n", position, secret.start)
        position = secret.start
        redactions.append(Redaction(line, secret.kind))
    return redactions


def _masked(text: str, secrets: list[Secret], *, named: bool) -> str:
    pieces: list[str] = []
    position = 0
    for secret in secrets:
        pieces += (
            text[position : secret.start],
            _placeholder(text[secret.start : secret.end], secret.kind if named else ""),
        )
        position = secret.end
    return "".join((*pieces, text[position:]))


def _placeholder(value: str, kind: str) -> str:
    """Return asterisks over every line of the value, with the kind in the first where it fits."""
    masked = re.sub(r"[^\r\n]", MASK, value)
    first = len(re.split(r"[\r\n]", value, maxsplit=1)[0])
    return kind.center(first, MASK) + masked[first:] if kind and first >= len(kind) + 2 else masked
