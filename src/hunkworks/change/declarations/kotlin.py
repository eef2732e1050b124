"""Kotlin: types, objects and companions, functions by their receiver, properties with accessors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import (
    Declared,
    Grammar,
    Into,
    Kind,
    blanking,
    child,
    head,
    plain_type,
    span,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_TYPES = frozenset(("class_declaration", "object_declaration", "companion_object"))
_BODIES = frozenset(("class_body", "enum_class_body"))
_ACCESSORS = frozenset(("getter", "setter"))
_LEAVE = frozenset(("modifiers", "line_comment", "multiline_comment", "delegation_specifier", ":", ","))
_LEAVE_OF_FUNCTION = frozenset(("modifiers", "line_comment", "multiline_comment"))
_CODE = frozenset(("function_body", "{"))
_UNTIL_VALUE = frozenset(("=", "property_delegate", "getter", "setter"))
_ANNOTATION = re.compile(r"@[\w.]+(?:\([^()]*\))?\s")
# What tree-sitter-kotlin does not know: functional interfaces, annotated function types, context parameters.
_unknown = blanking(
    r"\bfun(?=\s+interface\b)",
    r"(?<=[:(<,=])\s*@[\w.]+(?=\s+(?:suspend\s+)?[\w(])",
    r"^\s*context\([^()]*\)",
)


def read(node: SgNode) -> Iterator[Declared | Into]:
    """Read the declarations among the children of ``node``."""
    children = node.children()
    for place, item in enumerate(children):
        kind = item.kind()
        if kind in _TYPES:
            yield _type(item)
        elif kind == "function_declaration":
            yield _function(item)
        elif kind == "secondary_constructor":
            yield Declared(
                kind=Kind.CONSTRUCTOR,
                name="constructor",
                span=span(item),
                head=head(item, leave=_LEAVE_OF_FUNCTION, until=frozenset((":", "{", "statements"))),
                parameters=_types_of(item),
                private=_private(item),
            )
        elif kind == "type_alias":
            yield Declared(
                kind=Kind.TYPE,
                name=_text(child(item, "type_identifier")),
                span=span(item),
                head=head(item, leave=_LEAVE_OF_FUNCTION),
                private=_private(item),
            )
        elif kind == "property_declaration":
            # The grammar leaves an accessor on a line of its own beside its property.
            last = place
            while last + 1 < len(children) and children[last + 1].kind() in _ACCESSORS:
                last += 1
            accessors = [each for each in item.children() if each.kind() in _ACCESSORS]
            if any(map(_has_code, [*accessors, *children[place + 1 : last + 1]])):
                yield _property(item, children[last])
        elif kind == "ERROR":
            yield Into(item)


def _has_code(accessor: SgNode) -> bool:
    """``private set`` alone is a modifier of the property."""
    return child(accessor, "function_body") is not None


def _type(node: SgNode) -> Declared:
    body = child(node, *_BODIES)
    name = _text(child(node, "type_identifier", "simple_identifier"))
    return Declared(
        kind=Kind.TYPE,
        name=name or ("Companion" if node.kind() == "companion_object" else ""),
        span=span(node),
        head=head(node, leave=_LEAVE, until=_BODIES),
        members=() if body is None else (body,),
        private=_private(node),
    )


def _function(node: SgNode) -> Declared:
    return Declared(
        kind=Kind.FUNCTION,
        name=_text(child(node, "simple_identifier")),
        span=span(node),
        head=head(node, leave=_LEAVE_OF_FUNCTION, until=_CODE),
        words="suspend" if _has(node, "suspend") else "",
        within=_receiver(node),
        parameters=_types_of(node),
        has_body=child(node, "function_body") is not None,
        private=_private(node),
    )


def _property(node: SgNode, last: SgNode) -> Declared:
    variable = child(node, "variable_declaration")
    name = child(variable, "simple_identifier") if variable is not None else None
    return Declared(
        kind=Kind.PROPERTY,
        name=_text(name),
        span=span(node, last),
        head=head(node, leave=_LEAVE_OF_FUNCTION, until=_UNTIL_VALUE),
        within=_receiver(node),
        private=_private(node),
    )


def _receiver(node: SgNode) -> tuple[str, ...]:
    receiver = child(node, "receiver_type")
    if receiver is None or "->" in receiver.text():
        return ()
    return tuple(plain_type(receiver.text()).split("."))


def _types_of(node: SgNode) -> str:
    parameters = child(node, "function_value_parameters")
    if parameters is None:
        return ""
    written = (item.text() for item in parameters.children() if item.kind() == "parameter")
    types = ["".join(_ANNOTATION.sub("", text.partition(":")[2]).split()) for text in written]
    return f"({', '.join(types)})"


def _has(node: SgNode, word: str) -> bool:
    modifiers = child(node, "modifiers")
    return modifiers is not None and any(item.text() == word for item in modifiers.children())


def _private(node: SgNode) -> bool:
    return _has(node, "private")


def _text(node: SgNode | None) -> str:
    return "" if node is None else node.text().strip("`")


def _mend(text: str) -> str:
    """Blank what the grammar does not know, and end the function without a body before a brace on its line."""
    return re.sub(r"(\bfun\b[^{}=\n]*) \}", r"\1;}", _unknown(text))


GRAMMAR = Grammar(
    "kotlin",
    read,
    ("line_comment", "multiline_comment"),
    re.compile(
        r"\s*(?:@[\w.]+(?:\([^()]*\))?\s+|[a-z]+\s+)*?"
        r"(?:fun\s+(?:<[^>]*>\s*)?(?:[\w.<>?, ]+\.)?(?P<name>\w+)\s*\(|(?:class|interface|object)\s+(?P<type>\w+))"
    ),
    mend=_mend,
)
