"""Where a document names something: in code, or in prose. Markdown, reStructuredText, AsciiDoc and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^[ \t>*-]*(?P<mark>`{3,}|~{3,}|-{4,}$|\.{4,}$)")
_LITERAL = re.compile(r"(?:^|[^:])::\s*$|^\s*\.\. (?:code(?:-block)?|sourcecode|prompt|testcode|doctest)::")
# Code in a line: code spans, roles of reStructuredText, what a link points to, tags of documentation generators.
_SPAN = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)|\]\((?P<link>[^)\s]+)[^)]*\)"
    r"|\{@\w+ (?P<tag>[^}]+)\}|\[\[(?P<wiki>[^\]]+)\]\]"
    r"|^\s*(?:\.\. (?:\w+:)?(?:auto)?(?:function|method|class|attribute|module|data|exception|property|decorator)"
    r"(?:method)?::|:::) *(?P<directive>.+)"
)
_ROLE = re.compile(r":(?:\w+:)?(?:func|meth|class|exc|obj|attr|data|mod|deco):$")
_WORD = re.compile(r"[\w$]+")
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that is code, or that is prose.

    ``block`` is the first line of the block of code that it belongs to, 0 outside of blocks; ``role`` says that a role
    or directive of a documentation generator makes it the name of a symbol.
    """

    line: int
    text: str
    code: bool
    block: int = 0
    role: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """Yield a document's lines cut into code and prose, in order; lines count from 1."""
    fence, block = "", 0
    literal: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        indent = len(line) - len(line.lstrip())
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence):
                fence = ""
            else:
                yield Piece(number, line, True, block)
            continue
        if literal is not None and line.strip() and indent <= literal:
            literal = None
        if literal is not None:
            yield Piece(number, line, True, block)
        elif mark and (mark["mark"][0] in "`~" or _is_block(text, line)):
            fence, block = mark["mark"], number
        else:
            if _LITERAL.search(line):
                literal, block = indent, number
            # Nobody wrote so long a line, and to look for spans in it takes its length squared.
            yield from _cut(number, line) if len(line) < _LONGEST else (Piece(number, line, False),)


def _is_block(text: str, line: str) -> bool:
    """A row of dashes fences a block in AsciiDoc only, and underlines a title elsewhere."""
    return re.search(r"^\[source|^= \S", text, re.MULTILINE) is not None and text.count(line.strip()) > 1


def _cut(number: int, line: str) -> Iterator[Piece]:
    place = 0
    for match in _SPAN.finditer(line):
        if match.start() > place:
            yield Piece(number, line[place : match.start()], False)
        inner = next(filter(None, match.group("code", "link", "tag", "wiki", "directive")), "")
        role = bool(match["directive"]) or _ROLE.search(line[: match.start()]) is not None
        yield Piece(number, inner, True, role=role)
        place = match.end()
    if place < len(line):
        yield Piece(number, line[place:], False)


def stretches(text: str) -> Iterator[Piece]:
    """Yield the pieces of a document, each block of code as one: calls go over several lines."""
    block: list[Piece] = []
    for piece in pieces(text):
        if block and piece.block != block[0].block:
            yield _joined(block)
            block = []
        if piece.block:
            block.append(piece)
        else:
            yield piece
    if block:
        yield _joined(block)


def _joined(block: list[Piece]) -> Piece:
    first = block[0]
    rows = {piece.line: piece.text for piece in block}
    text = "\n".join(rows.get(line, "") for line in range(first.line, block[-1].line + 1))
    return Piece(first.line, text, True, first.block)


def words_of(text: str) -> frozenset[str]:
    """Return every word of a document: what it does not hold it does not name."""
    return frozenset(_WORD.findall(text))
