"""The one place that talks to ast-grep, and knows its traps.

Positions count code points; an unknown language panics past ``except Exception``; a pattern that does not
parse matches nothing without a word, which is why every rule must prove itself by its examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ast_grep_py import Config, SgNode

Span = tuple[int, int]
LARGEST_SOURCE = 1_000_000  # bytes of a file that is parsed
_SHORT = 60
# ast-grep tells what stands in a field, and not which fields there are.
_FIELDS = (
    "alias alternative argument arguments array attribute attributes base body bound bounds callee cause channel"
    " class close_tag code collection communication condition consequence constraint constraints constructor"
    " declaration declarator decorator default default_value definition dimensions element elements end exception"
    " exceptions expression extends field finalizer format from function guard handler index initializer interfaces"
    " iterable iterator key kind label left length lhs list macro member message method modifiers module module_name"
    " mustBeToken name namespace object op open open_tag operand operation operator parameter parameters parent path"
    " pattern prefix property qualifier range receiver resources result return_type returns rhs right scope size"
    " source start statement step subscript suffix superclass superclasses tag target trait type type_arguments"
    " type_parameters types update value variable"
)
_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)?|\$\$?([A-Z_][A-Z0-9_]*)")
_CLOSING = frozenset({")", "]", "}", ">", '"', "'", "`", "end"})


def parse(text: str, language: str) -> SgNode:
    """Return the root of the syntax tree of ``text``.

    Args:
        text: The source, its line ends as they are.
        language: One of ``languages.LANGUAGES``.
    """
    from ast_grep_py import SgRoot

    return SgRoot(text, language).root()


def nodes(root: SgNode, config: Mapping[str, Any]) -> list[SgNode]:
    """Return everything ``config`` matches, in the order of the text, an outer node before those inside it."""
    return root.find_all(cast("Config", dict(config)))


def spans(root: SgNode, config: Mapping[str, Any]) -> list[Span]:
    """Return the first and last line (from 1) of everything ``config`` matches, in order, each once."""
    return lines_of_all(nodes(root, config))


def errors(root: SgNode) -> list[SgNode]:
    """Return every part that does not parse, in the order of the text."""
    return root.find_all(kind="ERROR")


def nodes_and_errors(root: SgNode, config: Mapping[str, Any]) -> tuple[list[SgNode], list[SgNode]]:
    """Return what ``nodes`` and ``errors`` do, in one walk of the tree where everything parses."""
    found = nodes(root, {**config, "rule": {"any": [config["rule"], {"kind": "ERROR"}]}})
    if not any(node.kind() == "ERROR" for node in found):
        return found, []
    # A rule may match what does not parse: only a walk for each tells which is which.
    return nodes(root, config), errors(root)


def broken(root: SgNode) -> list[Span]:
    """Return the first and last line of every part that does not parse, in order."""
    return lines_of_all(errors(root))


def faults(root: SgNode, known: Sequence[SgNode] | None = None) -> int:
    """Return how many parts do not parse, and how many closing marks the parser had to make up.

    Args:
        root: Of the tree.
        known: Its ``errors``, where they are at hand.
    """
    # A kind that is no name, such as ")", is refused as a rule: made-up marks are found by their empty text.
    made_up = [node for node in nodes(root, {"rule": {"regex": "^$"}}) if node.kind() in _CLOSING]
    return len(errors(root) if known is None else known) + len(made_up)


def refusal(config: Mapping[str, Any], language: str) -> str:
    """Return why ast-grep refuses ``config`` for ``language``, or nothing if it does not."""
    try:
        spans(parse("", language), config)
    except Exception as error:  # ast-grep raises a bare Exception for an unknown field
        return " ".join(str(error).split("Stack backtrace")[0].split())
    return ""


def reading(pattern: str, language: str) -> str:
    """Return the kind of node that ast-grep looks for where ``pattern`` stands alone, as it reads it."""
    node = parse(plain(pattern), language)
    while len(inner := [child for child in node.children() if child.text()]) == 1 and inner[0].is_named():
        node = inner[0]
    return node.kind()


def plain(pattern: str) -> str:
    """Return ``pattern`` as code: a name in the place of each variable."""
    return _VARIABLE.sub(lambda found: f"v{found[1] or found[2] or 'X'}", pattern)


def described(root: SgNode, language: str) -> Iterator[str]:
    """Yield one line for each node of a tree: its field, its kind (a token in quotes), its line, its text if short."""
    rule = {"regex": "x"}
    fields = [
        name
        for name in _FIELDS.split()
        if not refusal({"rule": {**rule, "has": {"field": name, **rule}}}, language)
    ]
    yield from _described(root, fields, "", 0)


def _described(node: SgNode, fields: Sequence[str], field: str, depth: int) -> Iterator[str]:
    text = node.text()
    named = node.kind() if node.is_named() else repr(node.kind())
    short = f"  {text!r}" if node.is_named() and len(text) <= _SHORT and "\n" not in text else ""
    yield f"{'  ' * depth}{field}{named}  {node.range().start.line + 1}{short}"
    children = node.children()
    of = (
        {_place(child): f"{name}: " for name in fields for child in node.field_children(name)}
        if children
        else {}
    )
    for child in children:
        yield from _described(child, fields, of.get(_place(child), ""), depth + 1)


def _place(node: SgNode) -> tuple[int, int, str]:
    where = node.range()
    return where.start.index, where.end.index, node.kind()


def lines_of(node: SgNode) -> Span:
    """Return the first and last line of ``node``, from 1."""
    where = node.range()
    first, last = where.start.line + 1, where.end.line + 1
    # A node that ends at the very start of a line does not reach into it.
    return first, max(first, last - 1 if where.end.column == 0 else last)


def lines_of_all(found: Iterable[SgNode]) -> list[Span]:
    """Return the first and last line of each node, in order, each once."""
    return sorted({lines_of(node) for node in found})
