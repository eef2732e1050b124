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
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LONGEST_TAG = 4000
_MEANT = re.compile(r"""\btools:ignore\s*=\s*["'][^"'<]*\bHardcodedText\b""")


def literals(text: str) -> Iterator[Literal]:
    """Yield the strings that a user sees, in the order of the file. ``tools:`` attributes are for editors only.

    A view that tells Android's lint to ignore such a text has it on purpose.
    """
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    for found in _ATTRIBUTE.finditer(text):
        value = html.unescape(found[2] or found[3])
        group = 2 if found[2] else 3
        if is_prose(value) and not _MEANT.search(_tag(text, found.start(), found.end())):
            yield Literal(found.start(group) - 1, found.end(group) + 1, (value,), found[1])


def _tag(text: str, start: int, end: int) -> str:
    """Return the tag around an attribute, as far as a person would write one: a file without tags must not hang us."""
    first = text.rfind("<", max(start - _LONGEST_TAG, 0), start)
    last = text.find("<", end, end + _LONGEST_TAG)
    return text[first : last if last >= 0 else end + _LONGEST_TAG] if first >= 0 else ""
