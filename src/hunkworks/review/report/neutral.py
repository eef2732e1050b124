"""Text of a change or a model on its way to a forge: shown, and acted on by nobody.

Escaping is not enough there. A forge reads mentions, references and bare links out of the *rendered* text, so that
``\\@name`` still notifies; a zero-width space behind the character that begins one is what ends it.
"""

from __future__ import annotations

import re

from hunkworks.review.report.markdown import code, escape, fenced

_BREAK = "&#8203;"
_REFERENCE = re.compile(r"(?i)(\\@|\\#|\bGH(?=-\d)|:(?=//)|\bwww(?=\.)|\bmailto(?=:))")
MASK = "�"


def printable(text: str) -> str:
    """Return text without what nobody sees (control and direction characters, half a surrogate pair)."""
    return "".join(char if char.isprintable() or char in "\n\t" else MASK for char in text)


def prose(text: str, most: int = 4_000) -> str:
    """Return text as one line of Markdown that notifies, links and hides nothing; cut above ``most`` characters."""
    one_line = cut(" ".join(printable(text).split()), most)
    safe = escape(one_line.replace("&", "&amp;")).replace("$", "\\$")
    return _REFERENCE.sub(lambda found: found[1].removeprefix("\\") + _BREAK, safe)


def inline(text: str) -> str:
    """Return text as inline code."""
    return code(printable(text))


def block(text: str, info: str = "", most: int = 8_000) -> str:
    """Return text as a code block; ``info`` is what stands behind the opening fence."""
    fence, _, rest = fenced(cut(printable(text), most)).partition("\n")
    return f"{fence}{info}\n{rest}"


def replacement(suggestion: str) -> str:
    """Return a suggestion as the lines that stand in place of the quoted ones, whatever its line ends."""
    lines = suggestion.rstrip("\r\n").splitlines()
    return "\n".join(lines).encode("utf-8", "replace").decode("utf-8")


def cut(text: str, most: int) -> str:
    """Return text of at most ``most`` characters, which says where it was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
