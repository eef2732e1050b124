"""JavaScript and TypeScript: functions, classes and types, and functions that get their name by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import (
    Declared,
    Grammar,
    Into,
    Kind,
    Span,
    blanking,
    child,
    head,
    kinds,
    span,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_THROUGH = kinds("""
    ERROR ambient_declaration lexical_declaration variable_declaration statement_block if_statement else_clause
    try_statement catch_clause finally_clause
""")
_FUNCTIONS = kinds("""
    function_declaration generator_function_declaration function_signature method_definition method_signature
    abstract_method_signature
""")
_FUNCTION_VALUES = frozenset(("arrow_function", "function_expression", "generator_function"))
_CLASSES = frozenset(("class_declaration", "abstract_class_declaration", "class"))
_OTHER_TYPES = frozenset(("interface_declaration", "type_alias_declaration", "enum_declaration"))
_WRAPPED = frozenset(
    (
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "type_assertion",
    )
)
# Calls that return the component they were handed.
_WRAPPERS = frozenset(("memo", "forwardRef", "observer"))
_BODIES = kinds("statement_block class_body interface_body enum_body")
_LEAVE = kinds("""
    comment decorator accessibility_modifier override_modifier class_heritage extends_type_clause ; =>
""")


def read(node: SgNode) -> Iterator[Declared | Into]:
    """Read the declarations among the children of ``node``."""
    decorators: list[SgNode] = []
    children = node.children()
    for item, behind in zip(children, [*children, None][1:], strict=True):
        kind = item.kind()
        if kind == "decorator":
            decorators.append(item)
            continue
        first, decorators = (decorators[0] if decorators else item), []
        if kind == "export_statement":
            yield from _exported(item)
        elif kind == "expression_statement":
            yield from _statement(item)
        elif kind in _THROUGH:
            yield Into(item)
        else:
            # In a class the semicolon behind a field is a member of its own to the grammar.
            closed = behind is not None and behind.kind() == ";"
            yield from _declaration(item, first, behind if behind is not None and closed else item)


def _exported(node: SgNode) -> Iterator[Declared | Into]:
    """Read what stands behind ``export``: the statement is a part of it, decorators before it too."""
    default = child(node, "default") is not None
    for item in node.children():
        if not item.is_named() or item.kind() in ("decorator", "comment"):
            continue
        if item.kind() in _THROUGH:
            yield Into(item)
        elif default and item.field("name") is None:
            yield from _value(item, "default", node, node)
        else:
            yield from _declaration(item, node, node)


def _declaration(item: SgNode, first: SgNode, last: SgNode) -> Iterator[Declared | Into]:
    kind = item.kind()
    if kind in _FUNCTIONS:
        yield _function(item, first, last)
    elif kind in _CLASSES or kind in _OTHER_TYPES:
        yield _type(item, _text(item.field("name")), span(first, last))
    elif kind in ("internal_module", "module"):
        body = child(item, "statement_block")
        names = tuple(_text(item.field("name")).split(".")) if kind == "internal_module" else ()
        if body is not None:
            yield Into(body, names)
    elif kind in ("variable_declarator", "public_field_definition", "field_definition", "pair"):
        name = item.field("name") or item.field("property") or item.field("key")
        value = item.field("value")
        if name is not None and value is not None:
            title = (*(span(each) for each in item.children() if each.kind() == "static"), span(name))
            written = item.field("type")
            title = title if written is None else (*title, span(written))
            for found in _value(value, _text(name), first, last, title):
                if isinstance(found, Declared) and _private(item):
                    yield replace(found, private=True)
                else:
                    yield found


def _statement(node: SgNode) -> Iterator[Declared | Into]:
    """Read ``exports.f = …``, ``Type.prototype.f = …``, a namespace."""
    for item in node.children():
        if item.kind() in ("internal_module", "module"):
            yield from _declaration(item, node, node)
        elif item.kind() == "assignment_expression":
            left, right = item.field("left"), item.field("right")
            if left is None or right is None or left.kind() != "member_expression":
                continue
            names = [name for name in left.text().split(".") if name not in ("module", "prototype")]
            if names[0] == "exports":
                names = names[1:] or ["default"]
            if all(re.fullmatch(r"[\w$]+", name) for name in names):
                for found in _value(right, names[-1], node, node, (span(left),)):
                    yield replace(found, within=(*names[:-1], *found.within))


def _value(
    value: SgNode, name: str, first: SgNode, last: SgNode, title: tuple[Span, ...] = ()
) -> Iterator[Declared | Into]:
    """Read a value that ``name`` stands for: a function, a class, or an object that holds some.

    ``title`` is what stands for the name in a signature.
    """
    value = _unwrapped(value)
    if value.kind() in _FUNCTION_VALUES:
        body = value.field("body")
        parts = tuple(
            span(item)
            for item in value.children()
            if item.kind() not in _LEAVE and (body is None or span(item) != span(body))
        )
        yield Declared(
            kind=Kind.FUNCTION,
            name=name,
            span=span(first, last),
            head=(*title, *parts),
            parameters=_types_of(value),
            private=name.startswith("#"),
        )
    elif value.kind() in _CLASSES:
        yield _type(value, name, span(first, last))
    elif value.kind() == "object":
        yield Into(value, (name,))


def _unwrapped(value: SgNode) -> SgNode:
    while True:
        inner = None
        if value.kind() in _WRAPPED:
            inner = next(
                (item for item in value.children() if item.is_named() and item.kind() != "comment"), None
            )
        elif value.kind() == "call_expression":
            called, arguments = value.field("function"), value.field("arguments")
            if called is not None and arguments is not None and called.text().rpartition(".")[2] in _WRAPPERS:
                inner = child(arguments, *_FUNCTION_VALUES, *_CLASSES, "call_expression")
        if inner is None:
            return value
        value = inner


def _function(node: SgNode, first: SgNode, last: SgNode) -> Declared:
    name = _text(node.field("name"))
    accessor = child(node, "get", "set") is not None
    return Declared(
        kind=Kind.PROPERTY if accessor else Kind.CONSTRUCTOR if name == "constructor" else Kind.FUNCTION,
        name=name,
        span=span(first, last),
        head=head(node, leave=_LEAVE, until=_BODIES),
        parameters=_types_of(node),
        has_body=child(node, "statement_block") is not None,
        private=name.startswith("#") or _private(node),
    )


def _type(node: SgNode, name: str, whole: Span) -> Declared:
    body = child(node, "class_body", "interface_body")
    alias = node.kind() == "type_alias_declaration"
    return Declared(
        kind=Kind.TYPE,
        name=name,
        span=whole,
        head=head(node, leave=_LEAVE, until=frozenset(("=",)) if alias else _BODIES),
        members=() if body is None else (body,),
    )


def _types_of(node: SgNode) -> str:
    parameters = node.field("parameters")
    return "" if parameters is None else " ".join(parameters.text().split())


def _private(node: SgNode) -> bool:
    access = child(node, "accessibility_modifier")
    return access is not None and access.text() == "private"


def _text(node: SgNode | None) -> str:
    return "" if node is None else node.text().strip("\"'")


START = re.compile(
    r"\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
    r"(?:function\s*\*?\s*(?P<name>[\w$]+)|(?:class|interface|enum)\s+(?P<type>[\w$]+)"
    r"|(?:const|let)\s+(?P<arrow>[\w$]+)\s*=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|\w+\s*=>))"
)


def _mend(text: str) -> str:
    """Blank what the grammar does not know, and end the member before a call signature that begins with ``<``."""
    return re.sub(r"(?<![\[{(,=|&:<;])\n[ \t](?=[ \t]*<\s*[A-Z])", "\n;", _unknown(text))


_unknown = blanking(r"(?<=^export) type(?= \*)")
TYPESCRIPT = Grammar("typescript", read, ("comment",), START, mend=_mend)
TSX = Grammar("tsx", read, ("comment",), START, mend=_unknown)
