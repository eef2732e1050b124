"""Hard-coded strings that a user reads: what a change added, and everything in one file."""

from __future__ import annotations

import bisect
import re
from collections.abc import Container, Iterable

from hunkworks.change.model import FileChange, LineKind, Role
from hunkworks.rules import tree
from hunkworks.rules.hardcoded import jsx, kotlin, layout, swift
from hunkworks.rules.hardcoded.model import Candidate, Found, Hole, Known, Literal
from hunkworks.rules.languages import ANDROID_SCREENS, language_of
from hunkworks.rules.lines import new_side
from hunkworks.rules.tree import LARGEST_SOURCE

__all__ = ["Candidate", "Found", "Hole", "Known", "Literal", "added", "literals"]

_LANGUAGES = {
    "Swift": swift.literals,
    "Kotlin": kotlin.literals,
    "Tsx": jsx.literals,
    "JavaScript": jsx.literals,
    "TypeScript": jsx.calls,
}
_RECIPES = {
    "Swift": "swift-externalize-string",
    "Kotlin": "kotlin-externalize-string",
    "Html": "layout-externalize-string",
    "Tsx": "typescript-externalize-string",
    "JavaScript": "typescript-externalize-string",
}
# Folders whose strings only developers see.
_NOT_SHIPPED = re.compile(
    r"(?i)(?:^|/)(?:previews?|mocks?|fakes?|fixtures|stubs|debug|demos?|playgrounds?|storybook|stories|preview content|"
    r"scripts|testing|benchmarks?|build-logic|buildSrc|lint)/|^(?:examples?|samples?)/|\.stories\.[jt]sx?$"
    r"|(?-i:Previews?|Debug|Developer)\w*\.(?:swift|kt|tsx|xml)$|_developer_|_debug_"
)
_IGNORE = "hunkworks-ignore: hard-coded-string"


def added(file: FileChange, source: bytes | None, known: Known | None = None) -> Found:
    """Return the strings for users that ``file`` added, but for those that only moved.

    Args:
        file: One file of a change.
        source: The whole new file, as ``Change.content`` returns it.
        known: What the project's catalogs say, if it has any.
    """
    if not _concerns(file):
        return Found()
    known = known or Known()
    side = new_side(file)
    if not side.added:
        return Found()
    try:
        text = _decoded(source)
    except ValueError as why:
        return Found((), str(why))
    gone = "\n".join(
        line.text.decode("utf-8", "replace")
        for hunk in file.hunks
        for line in hunk.lines
        if line.kind is LineKind.REMOVED
    )
    starts = [0, *(index + 1 for index, letter in enumerate(text) if letter == "\n")]
    found: list[Candidate] = []
    recipe = _recipe(language_of(file.path) or "", text)
    for literal in literals(file.path, text, side.added):
        first = bisect.bisect_right(starts, literal.start)
        last = bisect.bisect_right(starts, literal.end - 1)
        shown = text[literal.start : literal.end]
        if (
            not side.added.keys().isdisjoint(range(first, last + 1))
            and not (gone and shown in gone)
            and not (literal.looks_up and (known.extracts or literal.text in known.keys))
            and not _ignored(text, starts, first)
        ):
            found.append(Candidate(file.path, first, last, literal.text, literal.place, recipe))
    return Found(tuple(found))


def literals(path: str, text: str, lines: Container[int] | None = None) -> Iterable[Literal]:
    """Return every string for users in a file, or those that touch ``lines``, in order."""
    if ANDROID_SCREENS.search(path):
        return layout.literals(text)
    language = language_of(path) or ""
    find = _LANGUAGES.get(language)
    return find(tree.parse(text, language), text, lines) if find else ()


def _recipe(language: str, text: str) -> str:
    """Return the recipe that externalizes strings of a file; in React there is one for one library."""
    if language in ("Tsx", "JavaScript") and "react-i18next" not in text:
        return ""
    return _RECIPES.get(language, "")


def _concerns(file: FileChange) -> bool:
    if file.binary or _NOT_SHIPPED.search(file.path):
        return False
    if ANDROID_SCREENS.search(file.path):
        return file.role in (Role.CODE, Role.CONFIG)
    return file.role is Role.CODE and language_of(file.path) in _LANGUAGES


def _decoded(source: bytes | None) -> str:
    """Return the text of a file, or raise ValueError with the reason why it cannot be looked at."""
    if source is None:
        raise ValueError("the whole new file is not at hand")
    if len(source) > LARGEST_SOURCE:
        raise ValueError(f"larger than {LARGEST_SOURCE // 1_000_000} MB")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None


def _ignored(text: str, starts: list[int], line: int) -> bool:
    """Whether the line, or the one above, says that the string is meant to stand here."""
    return _IGNORE in text[starts[max(line - 2, 0)] : starts[line] if line < len(starts) else len(text)]
