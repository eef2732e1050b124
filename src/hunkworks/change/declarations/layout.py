"""Code without its layout: two texts that differ by wrapping, indentation or blank lines only read the same."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<string>(?:\b[rRbBuUfF]{1,2}(?=[\"']))?"
    r"(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))"
    r"|(?P<template>`(?:\\.|[^`\\])*`)|(?P<line>\\?\n[ \t]*)|(?P<word>\w+)|(?P<sign>[^\w\s])",
    re.DOTALL,
)
_STRING = re.compile(r"(?P<prefix>[a-zA-Z]*)(?P<quote>\"{3}|'{3}|\"|')(?P<content>.*)(?P=quote)", re.DOTALL)
# Behind these an expression goes to the end of its statement, in parentheses or not.
_BEFORE_A_WHOLE = frozenset(("=", "return", "yield", "if", "elif", "while", "assert", "raise"))
_COMPARING = frozenset("=!<>:")


def without_layout(text: str, *, column: int | None = None) -> str:
    """Return the tokens of ``text``, one space between them, strings as they are.

    Args:
        text: Code without comments.
        column: In Python the column that the code begins in: there the indentation of a statement is code, and strings
            and parentheses may be written in several ways. None where line ends mean nothing.
    """
    kept: list[str] = []
    commas = [0]
    for match in _TOKEN.finditer(text):
        piece = match[0]
        if match.lastgroup == "line":
            if column is None or len(commas) > 1 or piece[0] == "\\":
                continue
            piece = "\n" + " " * max(0, len(piece.expandtabs(8)) - 1 - column)
            if kept and kept[-1].startswith("\n"):
                kept.pop()
        elif piece in "([{":
            commas.append(0)
        elif piece in ")]}" and len(commas) > 1:
            # A trailing comma is layout, unless it makes a tuple of one.
            if kept[-1] == "," and (commas[-1] > 1 or piece != ")"):
                kept.pop()
            commas.pop()
        elif piece == ",":
            commas[-1] += 1
        elif match.lastgroup == "string" and column is not None:
            piece = _joined(kept, piece)
        kept.append(piece)
    return " ".join(kept if column is None else _on_one_line(_without_parentheses(kept))).strip()


def _joined(kept: list[str], piece: str) -> str:
    """Return a string of Python in one spelling, joined to the string that stands before it."""
    prefix, content = _parts(piece)
    before = _parts(kept[-1]) if kept and kept[-1].endswith('"') else None
    if before is not None and ("r" in prefix) == ("r" in before[0]) and ("b" in prefix) == ("b" in before[0]):
        kept.pop()
        prefix, content = "".join(sorted({*prefix, *before[0]})), before[1] + content
    return f'{prefix}"{content}"'


def _parts(piece: str) -> tuple[str, str]:
    """Return a string's prefix and its content, in which a quote needs no backslash."""
    match = _STRING.fullmatch(piece)
    if match is None:  # it was joined before: its content may hold the quote
        prefix, _, content = piece.partition('"')
        return prefix, content[:-1]
    content = (
        match["content"] if "r" in match["prefix"].lower() else re.sub(r"\\(['\"])", r"\1", match["content"])
    )
    return match["prefix"].lower().replace("u", ""), content


def _without_parentheses(pieces: list[str]) -> list[str]:
    """Leave out parentheses that only wrap: around a whole expression, or around one argument."""
    opened: list[tuple[int, bool]] = []
    gone: set[int] = set()
    for place, piece in enumerate(pieces):
        if piece in ("(", "[", "{"):
            opened.append((place, False))
        elif piece == "," and opened:
            opened[-1] = (opened[-1][0], True)
        elif piece in (")", "]", "}") and opened:
            start, several = opened.pop()
            before = pieces[start - 1] if start else "\n"
            behind = pieces[place + 1] if place + 1 < len(pieces) else "\n"
            whole = before in _BEFORE_A_WHOLE and behind[0] in "\n:" and not (before == "assert" and several)
            if before == "=" and pieces[start - 2] in _COMPARING:  # the end of `==` and its like
                whole = False
            argument = before in ("(", ",") and behind[0] in "),\n" and not several
            if piece == ")" and pieces[start] == "(" and place > start + 1 and (whole or argument):
                gone |= {start, place}
    return [piece for place, piece in enumerate(pieces) if place not in gone]


def _on_one_line(pieces: list[str]) -> list[str]:
    """Put a body of one line behind its colon, where it may stand as well; of the head nothing else is left."""
    lines = [place for place, piece in enumerate(pieces) if piece.startswith("\n")]
    last = lines[-1] if lines else 0
    if last and pieces[last - 1] == ":" and (last == 1 or pieces[last - 2].startswith("\n")):
        del pieces[last]
    return pieces
