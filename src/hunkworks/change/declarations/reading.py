"""What a reader of one grammar hands over: declarations, and the nodes to look into for more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

Span = tuple[int, int]


class Kind(StrEnum):
    """What a symbol is, in words that all languages share."""

    FUNCTION = "function"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    PROPERTY = "property"
    TYPE = "type"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One declaration as its grammar has it; spans are in code points.

    Attributes:
        kind: A function that stands in a type becomes a method later.
        name: Its own name.
        span: The whole of it, decorators, attributes and accessors included.
        head: The parts that make its signature: no annotations, no access, no body.
        words: Modifiers that belong to the signature, such as ``static`` and ``suspend``.
        within: Names before its own that are not the types around it: a receiver, a dotted namespace.
        parameters: What tells overloads apart: labels or types.
        members: Where its own declarations stand; empty for functions, whose inner ones belong to their body.
        has_body: False for what only promises: abstract, in an interface, an overload's signature.
        private: Nobody outside its type or file can name it.
        about: Documentation inside it that is no comment to the grammar.
    """

    kind: Kind
    name: str
    span: Span
    head: tuple[Span, ...]
    words: str = ""
    within: tuple[str, ...] = ()
    parameters: str = ""
    members: tuple[SgNode, ...] = ()
    has_body: bool = True
    private: bool = False
    about: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Into:
    """Look into ``node`` for more; ``within`` are names that it adds: a namespace, an object literal's variable."""

    node: SgNode
    within: tuple[str, ...] = ()


# Reads the children of a container in order.
Reader = Callable[["SgNode"], Iterator[Declared | Into]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one language is read.

    Attributes:
        name: ast-grep's name for it.
        read: Its reader.
        comments: The kinds of nodes that are comments.
        start: A line that begins a declaration and names it, for the parts of a file that do not parse.
        braces: Bodies stand in braces, and can be emptied.
        mend: Blanks out what the grammar does not know yet, keeping every position; asked only where it errs.
    """

    name: str
    read: Reader
    comments: tuple[str, ...]
    start: re.Pattern[str]
    braces: bool = True
    mend: Callable[[str], str] = str


def kinds(text: str) -> frozenset[str]:
    """Return the kinds of nodes that ``text`` lists."""
    return frozenset(text.split())


def span(first: SgNode, last: SgNode | None = None) -> Span:
    """Return from where ``first`` begins to where ``last`` ends."""
    return first.range().start.index, (last or first).range().end.index


def child(node: SgNode, *kinds: str) -> SgNode | None:
    """Return the first child of one of these kinds."""
    return next((item for item in node.children() if item.kind() in kinds), None)


def head(node: SgNode, *, leave: frozenset[str], until: frozenset[str] = frozenset()) -> tuple[Span, ...]:
    """Return the children that make the signature: those before the first of ``until``, without ``leave``."""
    parts = []
    for item in node.children():
        if item.kind() in until:
            break
        if item.kind() not in leave:
            parts.append(span(item))
    return tuple(parts)


def plain_type(text: str) -> str:
    """Return a type's name without generic arguments, pointers, nullability and annotations."""
    depth = 0
    kept = []
    for char in re.sub(r"@[\w.]+(?:\([^()]*\))?\s*", "", text):
        depth -= char in ">]"
        if not depth and char not in ">]<[":
            kept.append(char)
        depth += char in "<["
    return "".join("".join(kept).split()).strip("*?!&()")


def blanking(*patterns: str) -> Callable[[str], str]:
    """Return a function that replaces every match of the patterns by as many spaces."""
    compiled = [re.compile(pattern, re.MULTILINE) for pattern in patterns]

    def blank(text: str) -> str:
        for pattern in compiled:
            text = pattern.sub(lambda match: " " * len(match[0]), text)
        return text

    return blank
