"""Strings in Android's layouts, menus and preference screens that stand there instead of in a resource."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from hunkworks.rules.hardcoded.model import Literal
from hunkworks.rules.hardcoded.prose import is_prose

_NAMES = (
    "text|hint|contentDescription|title|summary|label|tooltipText|textOn|textOff|dialogTitle|dialogMessage|"
    "positiveButtonText|negativeButtonText|summaryOn|summaryOff|prompt|queryHint|titleCondensed|helperText|placeholderText|"
    "errorText|subtitle|actionLabel|stateDescription"
)
# A reference begins with @ (also a data-binding expression), an attribute of the theme with ?.
_ATTRIBUTE = re.compile(rf"""\b((?:android|app):(?:{_NAMES}))\s*=\s*(?:"([^"@?][^"]*)"|'([^'@?][^']*)')""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MEANT = re.compile(r"""\btools:ignore\s*=\s*["'][^"'<]*\bHardcodedText\b""")


def literals(text: str) -> Iterator[Literal]:
    """Yield the strings that a user sees, in the order of the file. ``tools:`` attributes are for editors only.

    A view that tells Android's lint to ignore such a text has it on purpose.
    """
    comments = [found.span() for found in _COMMENT.finditer(text)]
    for found in _ATTRIBUTE.finditer(text):
        value = html.unescape(found[2] or found[3])
        group = 2 if found[2] else 3
        if _MEANT.search(text, text.rfind("<", 0, found.start()) + 1, _end_of_tag(text, found.end())):
            continue
        if is_prose(value) and not any(start <= found.start() < end for start, end in comments):
            yield Literal(found.start(group) - 1, found.end(group) + 1, (value,), found[1])


def _end_of_tag(text: str, place: int) -> int:
    end = text.find("<", place)
    return len(text) if end < 0 else end
