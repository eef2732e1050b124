"""Is a string something that a person reads?"""

from __future__ import annotations

import html
import re

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2}")
# What carries no words: printf and date formats, entities, markup.
_NO_WORDS = re.compile(
    r"%(?:\d+\$)?[-+ 0#,]*\d*(?:\.\d+)?(?:hh|h|ll|l|q|z)?[@dDiuUxXoOfFeEgGaAcCsSpb]|<[^<>]+>|\\[a-z]"
    r"|\]\([^()]*\)|\{\{[^{}]*\}\}"
)
# Written so that no text can make it look twice at a character: what stands in a diff may be made to hang us.
_CODE = re.compile(
    r"""
      [a-z][\w+.-]*://\S* | (?:mailto|tel|data):\S+ | www\.\S+ | [\w.-]+@[\w-]+\.\w+  # addresses
    | (?:[^\W_]|-)*(?:[./:_]+(?:[^\W_]|-)+)+/?  # keys, domains, paths, media types: settings.title, a/b, user_name
    | [.~]{0,2}/\S*                          # paths
    | -{0,2}[a-z0-9]+(?:-[a-z0-9]+)*        # one small word, kebab-case: rarely a text
    | [a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+      # camelCase
    | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+          # CONSTANTS
    | [#$@][\w-]+ | [0-9a-fA-F-]{16,}        # colours, handles, digests
    | (?=[^yMdHhEL]*(?:yy|MM|dd|HH|hh|EEE|LLL))[yMdHhmsSaEZzGwuLQqT\s.,:/'-]+ # date formats
    """,
    re.VERBOSE,
)
_ENOUGH = 2000
_LOREM = re.compile(r"\blorem ipsum\b", re.IGNORECASE)


def is_prose(words: str) -> bool:
    """Whether ``words``, a string without its values, is written for a person: no key, address, format or symbol."""
    text = _NO_WORDS.sub(" ", html.unescape(words[:_ENOUGH])).strip(" \t\r\n[]()*_\"'")
    return (
        bool(_WORD.search(text) or _ideographic(text))
        and not _CODE.fullmatch(text)
        and not _LOREM.search(text)
    )


def is_sentence(words: str) -> bool:
    """Whether ``words`` cannot be an identifier: it begins like a sentence and goes on behind a space."""
    text = words.strip().lstrip("\"'«“¿¡…")
    return is_prose(text) and (
        _ideographic(text) or (" " in text and not text[:1].islower() and text[:1].isalnum())
    )


def _ideographic(text: str) -> bool:
    """Whether one letter may be a word: ``好``."""
    return any(ord(letter) > 0x2E80 for letter in _LETTER.findall(text))
