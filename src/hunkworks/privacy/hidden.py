"""Text that a reader does not see and a machine reads: each with its kind, so that callers choose.

``bidi-control`` is the Trojan Source attack (CVE-2021-42574); ``tag-character`` and ``variation-selector`` carry whole
messages unseen. What writing needs stays: joiners inside emoji and between letters of scripts that are shaped by
them, a byte order mark at the very start, direction marks beside right-to-left letters, flags of regions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Hidden:
    """``text[start:end]`` (characters, half open) is not seen; ``kind`` says of what sort it is."""

    start: int
    end: int
    kind: str


_ZWNJ, _ZWJ, _LRM, _RLM, _ALM, _BOM = "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\ufeff"
_KINDS = {
    "bidi-control": "\u202a-\u202e\u2066-\u2069",
    "direction-mark": f"{_LRM}{_RLM}{_ALM}",
    "joiner": f"{_ZWNJ}{_ZWJ}",
    "zero-width": f"\u200b\u2060-\u2064\u206a-\u206f\u180e{_BOM}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0",
    "soft-hyphen": "\u00ad",
    "tag-character": "\U000e0000-\U000e007f",
    "variation-selector": "\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d",
    "control": "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f",
}
_SEARCH = re.compile("|".join(f"(?P<{kind.replace('-', '_')}>[{chars}]+)" for kind, chars in _KINDS.items()))
_VIRAMA = 9  # the combining class of signs that kill a vowel
# Arabic, Syriac, N'Ko, the scripts of India and of South-East Asia, Mongolian, and the historic ones like them.
_SHAPED_SCRIPTS = re.compile(
    "[\u0600-\u109f\u1780-\u1aaf\u1b00-\u1c4f\ua840-\ua8ff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff]"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# A flag of a region is a black flag, letters as tags, and a cancel tag (Unicode TS #51).
_REGION_FLAG = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")


def find_hidden(text: str) -> list[Hidden]:
    """Return the runs of unseen characters in order, and HTML comments as ``html-comment``.

    A comment hides text in Markdown and HTML only: elsewhere callers leave that kind out.
    """
    comments = [Hidden(found.start(), found.end(), "html-comment") for found in _COMMENT.finditer(text)]
    if text.isascii() and text.isprintable():
        return comments
    inside = iter(comments)
    comment = next(inside, None)
    found: list[Hidden] = list(comments)
    for hidden in _unseen(text):
        while comment and comment.end <= hidden.start:
            comment = next(inside, None)
        if not (comment and comment.start <= hidden.start):
            found.append(hidden)
    return sorted(found)


def _unseen(text: str) -> Iterator[Hidden]:
    for found in _SEARCH.finditer(text):
        kind = (found.lastgroup or "").replace("_", "-")
        if not _needed(text, found.start(), found.end(), kind):
            yield Hidden(found.start(), found.end(), kind)


def _needed(text: str, start: int, end: int, kind: str) -> bool:
    """Return whether writing needs the characters here."""
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    run = text[start:end]
    match kind:
        case "zero-width":
            return start == 0 and run == _BOM
        case "joiner":
            return len(run) == 1 and (
                _joins_letters(before, after) or (run == _ZWJ and _pictured(before, after))
            )
        case "direction-mark":
            return len(run) == 1 and _near_right_to_left(text, start, end)
        case "variation-selector":
            return len(run) == 1 and bool(before) and _varies(before, run)
        case "tag-character":
            return before == "\U0001f3f4" and bool(_REGION_FLAG.fullmatch(run))
        case _:
            return False


def _joins_letters(before: str, after: str) -> bool:
    """Return whether letters are shaped by a joiner here: between two, or behind the sign that kills a vowel."""
    return _shaped(before) and (_shaped(after) or unicodedata.combining(before) == _VIRAMA)


def _shaped(char: str) -> bool:
    """Return whether the script of ``char`` joins its letters or stacks them."""
    return bool(char) and unicodedata.category(char)[0] in "LM" and bool(_SHAPED_SCRIPTS.match(char))


def _pictured(before: str, after: str) -> bool:
    """Return whether a joiner stands within an emoji: between pictures, their colours and their variants."""
    return bool(before and after) and (_picture(before) or before == "\ufe0f") and _picture(after)


def _picture(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Sk", "Sm"} or ord(char) >= 0x1F000


def _varies(before: str, selector: str) -> bool:
    """Return whether the character before has variants: emoji, keycaps, symbols, ideographs, Mongolian letters."""
    category = unicodedata.category(before)
    if selector >= "\U000e0100" or selector < "\ufe00":
        return category == "Lo"  # ideographs; Mongolian
    return (
        category in {"So", "Sm", "Sk", "Po", "Ps", "Pe", "Pd", "Lo", "No", "Mn"}
        or before in "0123456789#*©®™ℹ"
    )


def _near_right_to_left(text: str, start: int, end: int) -> bool:
    """Return whether a right-to-left letter stands on the same line nearby: marks order what is beside it."""
    low, high = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[max(low, start - 200) : min(high if high >= 0 else len(text), end + 200)]
    return any(unicodedata.bidirectional(char) in {"R", "AL"} and char not in (_RLM, _ALM) for char in line)
