"""Which symbols, and which of their parameters, a change deprecates: decorators, attributes, warnings, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, decode, inventory, is_known, language
from hunkworks.change.model import Change, LineKind, Role, Side, Status
from hunkworks.scaffold.calls import call_at, parameters

_ADDED = re.compile(rb"deprecat", re.IGNORECASE)
_MARK = re.compile(
    r"@(?:\w+\.)*[dD]eprecated\b|@available\([^)]*deprecated|^\s*(?://|\*)?\s*Deprecated:", re.MULTILINE
)
_COMMENT = re.compile(r"\s*(?://|/?\*)")
_NAMED = re.compile(r"[\"'`](?P<quoted>\w+)[\"'`]|(?P<given>\w+)=")
_WARN = re.compile(r"(?<!\w)(?<!def )(?P<name>\w*(?:warn|deprecat)\w*)\s*\(", re.IGNORECASE)
_INSTEAD = re.compile(
    r"(?:\buse|\brenamed to|\bin favou?r of|\breplaced (?:by|with)|ReplaceWith\(|renamed:)"
    r"[\s\"'`]*(?:\{@link\s+|\[|:\w+:`)?(?P<name>[A-Za-z_$][\w.$]*\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A symbol as it is now, or one of its parameters, that a reader shall not use any more."""

    path: str
    symbol: Symbol
    parameter: str
    instead: str


def deprecations(change: Change) -> Iterator[Deprecation]:
    """Yield what is deprecated where the change ends and was not, under the same name, before it."""
    for file in change.files():
        if (
            file.role is not Role.CODE
            or file.status in (Status.ADDED, Status.DELETED)
            or not is_known(file.path)
        ):
            continue
        added = (line for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.ADDED)
        if not any(_ADDED.search(line.text) for line in added):
            continue
        old, new = (change.content(file, side) for side in (Side.OLD, Side.NEW))
        if old is None or new is None:
            continue
        stood = {each.qualified for each in inventory(file.old_path, old).symbols}
        before = {(each.symbol.qualified, each.parameter) for each in _deprecated(file.old_path, old)}
        for each in _deprecated(file.path, new):
            if each.symbol.qualified in stood and (each.symbol.qualified, each.parameter) not in before:
                yield each


def _deprecated(path: str, content: bytes) -> Iterator[Deprecation]:
    lines = decode(content).split("\n")
    spoken = language(path)
    for symbol in inventory(path, content).symbols:
        marks = _head(lines, symbol)
        own = (match.end() for match in _MARK.finditer(marks) if "@param" not in _line(marks, match.start()))
        if end := next(own, 0):
            yield Deprecation(path, symbol, "", _instead(marks[end:]))
        elif spoken == "python" and symbol.kind is not Kind.TYPE:
            yield from _warned(path, symbol, lines)


def _head(lines: list[str], symbol: Symbol) -> str:
    """Return the comments and attributes right above a symbol, and its own lines up to its name."""
    first = symbol.line - 1
    while first > 0 and _COMMENT.match(lines[first - 1]):
        first -= 1
    own = re.compile(rf"\b{re.escape(symbol.name)}\s*[\[(<:={{]|\b(?:class|interface|type|object)\s")
    head = []
    for line in lines[symbol.line - 1 : symbol.end_line]:
        match = own.search(line)
        head.append(line[: match.start()] if match else line)
        if match:
            break
    return "\n".join([*lines[first : symbol.line - 1], *head])


def _warned(path: str, symbol: Symbol, lines: list[str]) -> Iterator[Deprecation]:
    """Yield what a function warns of: the parameter that the message names first, itself where it always does."""
    text = "\n".join(lines[symbol.line - 1 : symbol.end_line])
    names = [each.name for each in parameters(symbol.signature, symbol.name, "python") or () if each.name]
    indents = [
        len(line) - len(line.lstrip()) for line in lines[symbol.line - 1 : symbol.end_line] if line.strip()
    ]
    body = min((each for each in indents if each > indents[0]), default=0)
    for match in _WARN.finditer(text):
        call = call_at(text, match.end() - 1, "python")
        told = "" if call is None else " ".join(call.texts)
        if "deprecat" not in match["name"].lower() and "DeprecationWarning" not in told:
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        indent = len(text[start:]) - len(text[start:].lstrip())
        message = call.texts[0] if call and call.texts else ""
        meant = [name for match in _NAMED.finditer(message) if (name := match[1] or match[2]) in names]
        if meant:
            yield Deprecation(path, symbol, meant[0], next((each for each in meant if each != meant[0]), ""))
        elif start and indent <= body:
            yield Deprecation(path, symbol, "", _instead(message))


def _line(text: str, place: int) -> str:
    """Return the line that ``place`` stands in, up to it."""
    return text[text.rfind("\n", 0, place) + 1 : place]


def _instead(message: str) -> str:
    match = _INSTEAD.search(message[:400])
    return match["name"] if match else ""
