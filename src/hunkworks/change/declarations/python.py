"""Python: functions and classes of a module and of classes, also behind ``if``, ``try`` and ``with``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import (
    Declared,
    Grammar,
    Into,
    Kind,
    Span,
    child,
    head,
    kinds,
    span,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_THROUGH = kinds("""
    ERROR block if_statement elif_clause else_clause try_statement except_clause except_group_clause
    finally_clause with_statement for_statement while_statement match_statement case_clause
""")
_BODY = frozenset(("block",))
_PROPERTY = re.compile(r"@\s*(?:[\w.]*\.)?(?:cached_)?property\b|@\s*\w+\.(?:setter|deleter|getter)\b")


def read(node: SgNode) -> Iterator[Declared | Into]:
    """Read the definitions among the children of ``node``."""
    for item in node.children():
        kind = item.kind()
        if kind == "decorated_definition":
            definition = child(item, "function_definition", "class_definition")
            if definition is not None:
                yield _definition(definition, item)
        elif kind in ("function_definition", "class_definition"):
            yield _definition(item, item)
        elif kind == "type_alias_statement":
            names = item.children()
            yield Declared(
                kind=Kind.TYPE, name=names[1].text().partition("[")[0], span=span(item), head=(span(item),)
            )
        elif kind in _THROUGH:
            yield Into(item)


def _definition(node: SgNode, whole: SgNode) -> Declared:
    name = node.field("name")
    body = node.field("body")
    spelled = name.text() if name is not None else ""
    private = spelled.startswith("__") and not spelled.endswith("__")
    if node.kind() == "class_definition":
        return Declared(
            kind=Kind.TYPE,
            name=spelled,
            span=span(whole),
            head=head(node, leave=frozenset(("argument_list", ":", "comment")), until=_BODY),
            members=() if body is None else (body,),
            private=private,
            about=_docstring(body),
        )
    decorators = [item.text() for item in whole.children() if item.kind() == "decorator"]
    parameters = node.field("parameters")
    return Declared(
        kind=Kind.PROPERTY if any(map(_PROPERTY.match, decorators)) else Kind.FUNCTION,
        name=spelled,
        span=span(whole),
        head=head(node, leave=frozenset((":", "comment")), until=_BODY),
        parameters=parameters.text() if parameters is not None else "",
        private=private,
        about=_docstring(body),
    )


def _docstring(body: SgNode | None) -> tuple[Span, ...]:
    statements = [] if body is None else [item for item in body.children() if item.kind() != "comment"]
    # A body that is nothing else keeps it: without it there would be no statement.
    if len(statements) < 2 or statements[0].kind() != "expression_statement":
        return ()
    return (span(statements[0]),) if child(statements[0], "string", "concatenated_string") is not None else ()


GRAMMAR = Grammar(
    "python", read, ("comment",), re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(?P<name>\w+)"), braces=False
)
