"""What a file declares: functions, methods, types, and properties with accessors, by qualified name.

What stands inside a function belongs to it: local functions and types are part of their function's body.
Stored properties, constants and enum cases belong to their type.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from hunkworks.change.declarations import go, java, javascript, kotlin, python, swift
from hunkworks.change.declarations.hollow import hollow
from hunkworks.change.declarations.layout import without_layout
from hunkworks.change.declarations.reading import Declared, Grammar, Into, Kind, Span, span

if TYPE_CHECKING:
    from ast_grep_py import Rule, SgNode

_GRAMMARS: Mapping[str, Grammar] = MappingProxyType(
    dict.fromkeys(("py", "pyi"), python.GRAMMAR)
    | dict.fromkeys(("ts", "mts", "cts"), javascript.TYPESCRIPT)
    # Every JavaScript file, with or without JSX, is a TSX file.
    | dict.fromkeys(("tsx", "js", "mjs", "cjs", "jsx"), javascript.TSX)
    | dict.fromkeys(("kt", "kts"), kotlin.GRAMMAR)
    | {"go": go.GRAMMAR, "java": java.GRAMMAR, "swift": swift.GRAMMAR}
)
_LARGEST = 2_000_000
_DEEPEST = 40
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Symbol:
    """One declaration.

    Attributes:
        name: Its own name: ``load``.
        qualified: With what it stands in: ``Cache.load``; the receiver's type in Go and Kotlin.
        kind: What it is.
        parameters: What tells overloads apart: labels in Swift, types in Java and Kotlin, as written elsewhere.
        signature: One line, without annotations, access and body; types without what they inherit.
        line: Its first line, from 1, decorators included.
        end_line: Its last.
        text: The rest of its own code without comments, layout and the symbols inside it: what "changed" compares.
        has_body: False for what only promises.
        private: Nobody outside its type or file can name it.
        certain: False where the file does not parse around it and its extent is guessed.
    """

    name: str
    qualified: str
    kind: Kind
    parameters: str
    signature: str
    line: int
    end_line: int
    text: str
    has_body: bool = True
    private: bool = False
    certain: bool = True

    @property
    def owner(self) -> str:
        """What it stands in: ``Cache`` of ``Cache.load``, "" at the top."""
        return self.qualified[: -len(self.name)].removesuffix(".")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The symbols of one file in order; ``why`` says what could not be read, "" where all was."""

    symbols: tuple[Symbol, ...] = ()
    why: str = ""


def is_known(path: str) -> bool:
    """Tell whether the language of ``path`` has a reader."""
    return _ending(path) in _GRAMMARS


def language(path: str) -> str:
    """Return the language of ``path`` as ast-grep names it, "" where it has no reader."""
    grammar = _GRAMMARS.get(_ending(path))
    return grammar.name if grammar else ""


def decode(source: bytes) -> str:
    """Return a file's text with ``\\n`` as the only line end; what is not UTF-8 is read as Latin-1, byte by byte."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = source.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def inventory(path: str, source: bytes) -> Inventory:
    """Return what a file declares; never raises for its content.

    Args:
        path: Tells the language by its ending.
        source: The whole file.
    """
    grammar = _GRAMMARS.get(_ending(path))
    if grammar is None:
        return Inventory(why="no reader for this language")
    if len(source) > _LARGEST:
        return Inventory(why=f"larger than {_LARGEST // 1_000_000} MB")
    if b"\0" in source[:8_000]:
        return Inventory(why="not text")
    return _File(grammar, decode(source)).inventory()


class _File:
    """One file while it is read."""

    def __init__(self, grammar: Grammar, text: str) -> None:
        self.grammar = grammar
        self.text = text
        plain = self._parse(text)
        kinds: list[Rule] = [{"kind": kind} for kind in grammar.comments]
        self.comments = sorted(span(node) for node in plain.find_all(any=kinds))
        self.root, self.broken = self._best(plain)
        self.comment_starts = [start for start, _ in self.comments]
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def _parse(self, text: str) -> SgNode:
        from ast_grep_py import SgRoot

        return SgRoot(text, self.grammar.name).root()

    def _best(self, plain: SgNode) -> tuple[SgNode, bool]:
        """Return the tree with the fewest errors, and whether it has any: as it is, mended, with bodies emptied."""
        fewest, best = _errors(plain), plain
        for empty in (False, True) if self.grammar.braces else (False,):
            if not fewest:
                break
            mended = self.grammar.mend(self.text)
            tree = self._parse(hollow(mended, self.grammar.name) if empty else mended)
            if (errors := _errors(tree)) < fewest:
                fewest, best = errors, tree
        return best, bool(fewest)

    def inventory(self) -> Inventory:
        found = list(self._declared())
        inner: dict[int, list[Span]] = {}
        for place, (_, _, parent) in enumerate(found):
            inner.setdefault(parent, []).append(found[place][0].span)
        symbols = [
            self._symbol(declared, names, parent, found, inner.get(place, []))
            for place, (declared, names, parent) in enumerate(found)
            if declared.name
        ]
        if self.broken:
            symbols = sorted([*symbols, *self._guessed(symbols)], key=lambda symbol: symbol.line)
        return Inventory(tuple(symbols), "does not parse everywhere" if self.broken else "")

    def _declared(self) -> Iterator[tuple[Declared, tuple[str, ...], int]]:
        """Yield every declaration in order with the names around it and the place of the type that it stands in."""
        count = 0
        stack: list[tuple[Declared | Into, tuple[str, ...], int]] = [(Into(self.root), (), -1)]
        while stack:
            item, names, parent = stack.pop()
            if isinstance(item, Declared):
                yield item, (*names, *item.within), parent
                inside = (*names, *item.within, item.name)
                deeper = [Into(member) for member in item.members] if len(inside) < _DEEPEST else []
                stack += [(into, inside, count) for into in reversed(deeper)]
                count += 1
            else:
                found = list(self.grammar.read(item.node))
                stack += [(each, (*names, *item.within), parent) for each in reversed(found)]

    def _symbol(
        self,
        declared: Declared,
        names: tuple[str, ...],
        parent: int,
        found: list[tuple[Declared, tuple[str, ...], int]],
        inner: list[Span],
    ) -> Symbol:
        start, end = declared.span
        in_type = parent >= 0 and found[parent][0].kind in (Kind.TYPE, Kind.EXTENSION)
        kind = Kind.METHOD if declared.kind is Kind.FUNCTION and in_type else declared.kind
        pieces = [" ".join(self._without(piece, []).split()) for piece in declared.head]
        glued = [
            piece if place and declared.head[place - 1][1] == declared.head[place][0] else f" {piece}"
            for place, piece in enumerate(pieces)
        ]
        return Symbol(
            name=declared.name,
            qualified=".".join((*names, declared.name)),
            kind=kind,
            parameters=" ".join(declared.parameters.split()),
            signature=_tidy(f"{declared.words} {''.join(glued)}"),
            line=self._line(start),
            end_line=self._line(max(start, end - 1)),
            text=self._normal(start, self._without((start, end), [*inner, *declared.about, *declared.head])),
            has_body=declared.has_body,
            private=declared.private or (parent >= 0 and found[parent][0].private),
        )

    def _without(self, whole: Span, inner: list[Span]) -> str:
        """Return the text of a span without its comments and without the spans ``inner``."""
        start, end = whole
        first = bisect_left(self.comment_starts, start)
        last = bisect_left(self.comment_starts, end)
        position, kept = start, []
        for left, right in sorted([*self.comments[first:last], *inner]):
            kept.append(self.text[position : max(position, left)])
            position = max(position, right)
        kept.append(self.text[position:end])
        return "".join(kept)

    def _normal(self, start: int, text: str) -> str:
        """Return code without its layout, of which in Python the indentation of statements is none."""
        column = start - self.line_starts[self._line(start) - 1]
        return without_layout(text, column=column if self.grammar.name == "python" else None)

    def _line(self, position: int) -> int:
        return bisect_left(self.line_starts, position + 1)

    def _guessed(self, symbols: list[Symbol]) -> Iterator[Symbol]:
        """Yield what looks like a declaration where the file does not parse, up to the next one."""
        lines = self.text.split("\n")
        starts = {symbol.line for symbol in symbols}
        # The indentation of the innermost symbol around each line; what stands no deeper cannot belong to it.
        around: dict[int, int] = {}
        named = set()
        for symbol in symbols:
            covered = range(symbol.line, symbol.end_line + 1)
            around.update(dict.fromkeys(covered, _indent(lines[symbol.line - 1])))
            named |= {(line, symbol.name) for line in covered}
        for number, line in enumerate(lines, 1):
            match = self.grammar.start.match(line) if len(line) < _LONGEST else None
            if match is None:
                continue
            name = next(filter(None, match.groupdict().values()))
            if (number, name) in named or _indent(line) > around.get(number, _indent(line)):
                continue
            last = number
            while last < len(lines) and last + 1 not in starts and not self.grammar.start.match(lines[last]):
                last += 1
                if lines[last - 1].strip() and _indent(lines[last - 1]) <= _indent(line):
                    break
            is_type = bool(match.groupdict().get("type")) or line.lstrip().startswith("class ")
            yield Symbol(
                name=name,
                qualified=name,
                kind=Kind.TYPE if is_type else Kind.FUNCTION,
                parameters="",
                signature=" ".join(line.rstrip(" {:").split()),
                line=number,
                end_line=last,
                text="\n".join(filter(None, (each.strip() for each in lines[number - 1 : last]))),
                certain=False,
            )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _errors(root: SgNode) -> int:
    """Return how many lines stand in parts that do not parse."""
    places = [node.range() for node in root.find_all(kind="ERROR")]
    return sum(place.end.line - place.start.line + 1 for place in places)


def _tidy(signature: str) -> str:
    """Return a signature that does not depend on how it is wrapped."""
    line = " ".join(signature.split())
    line = re.sub(r"([(\[<]) ", r"\1", line)
    return re.sub(r",? ?([)\]])", r"\1", line).strip(" ,")


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()
