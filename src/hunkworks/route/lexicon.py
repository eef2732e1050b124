"""The words of concurrent code, per language: ``lexicon.toml`` as lookups."""

from __future__ import annotations

import functools
import posixpath
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

STRONG = "concurrency"  # the class of every term whose own class is strong

_NO_CLASSES = ("strong", "languages", "comments", "imports", "common")

# Sub-words of identifiers: cacheLock → cache, Lock; NSLock → NS, Lock; SD_LOCK → SD, LOCK.
_SUBWORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SLASHES = re.compile(r'"(?:[^"\\]|\\.)*"|//.*|/\*.*?(?:\*/|\Z)|^\s*\*(?:\s.*|/)?\Z')
_HASHES = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|#.*')


@dataclass(frozen=True, slots=True)
class Language:
    """How to read one language: its terms by their first word, its comments, its imports."""

    name: str
    terms: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    prose: re.Pattern[str]
    imports: re.Pattern[str]

    def split(self, line: str) -> tuple[str, str]:
        """Return the line's code, and its prose: comments and string literals."""
        prose = "\n".join(self.prose.findall(line))
        return (self.prose.sub(" ", line), prose) if prose else (line, "")

    def is_import(self, code: str) -> bool:
        """Tell whether the line only names what another file defines."""
        return self.imports.match(code) is not None

    def classes(self, words: list[str]) -> set[str]:
        """Return the classes of every term that stands in these words, e.g. ``{"lock", "concurrency"}``."""
        found: set[str] = set()
        for position, word in enumerate(words):
            for rest, name in self.terms.get(word, ()):
                if not rest or tuple(words[position + 1 : position + 1 + len(rest)]) == rest:
                    found.add(name)
        return found


def words(text: str) -> list[str]:
    """Return the sub-words of every identifier, in lower case and in order."""
    return [word.lower() for word in _SUBWORD.findall(text)]


def language(path: str) -> Language:
    """Return the language that the file's ending names; any other has only the terms of all languages."""
    ending = posixpath.basename(path).rpartition(".")[2].lower()
    return _language(_names_by_ending().get(ending, ()))


@functools.cache
def common_names() -> frozenset[str]:
    """Return the names that stand everywhere, so that sharing one with a lock's line means nothing."""
    return frozenset(_document()["common"]["names"])


@functools.cache
def _document() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))


@functools.cache
def _names_by_ending() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for name, endings in _document()["languages"].items():
        for ending in endings:
            names[ending] = (*names.get(ending, ()), name)
    return names


@functools.cache
def _language(names: tuple[str, ...]) -> Language:
    """Make one language; a header that C and Objective-C share has the terms of both."""
    document = _document()
    terms: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for kind, lists in document.items():
        if kind in _NO_CLASSES:
            continue
        for owner in ("any", *names):
            for term in lists.get(owner, ()):
                first, *rest = term.split()
                for name in (kind, STRONG) if kind in document["strong"] else (kind,):
                    terms.setdefault(first, set()).add((tuple(rest), name))
    starts = "|".join(re.escape(start) for name in names for start in document["imports"][name])
    return Language(
        "+".join(names),
        {first: tuple(sorted(entries)) for first, entries in terms.items()},
        _HASHES if set(names) & set(document["comments"]) else _SLASHES,
        re.compile(rf"\s*(?:{starts})(?!\w)" if starts else r"(?!)"),
    )
