"""Code without its layout: two texts that differ by wrapping, indentation or blank lines only read the same."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<string>\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""
    r"|(?P<line>\\?\n[ \t]*)|(?P<word>\w+)|(?P<sign>[^\w\s])",
    re.DOTALL,
)


def without_layout(text: str, *, column: int | None = None) -> str:
    """Return the tokens of ``text``, one space between them, strings as they are.

    Args:
        text: Code without comments.
        column: In Python the column that the code begins in: there the indentation of a statement is code. None where
            line ends mean nothing.
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
        kept.append(piece)
    return " ".join(kept).strip()
