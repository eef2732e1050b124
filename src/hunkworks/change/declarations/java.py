"""Java: types of every kind, methods and constructors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import Declared, Grammar, Into, Kind, child, head, kinds, span

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_TYPES = kinds("""
    class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration
""")
_BODIES = kinds("class_body interface_body enum_body annotation_type_body")
_FUNCTIONS = {
    "method_declaration": Kind.METHOD,
    "annotation_type_element_declaration": Kind.METHOD,
    "constructor_declaration": Kind.CONSTRUCTOR,
    "compact_constructor_declaration": Kind.CONSTRUCTOR,
}
_CODE = frozenset(("block", "constructor_body", ";"))
_LEAVE = kinds("""
    modifiers line_comment block_comment superclass super_interfaces extends_interfaces permits
""")


def read(node: SgNode) -> Iterator[Declared | Into]:
    """Read the declarations among the children of ``node``."""
    for item in node.children():
        kind = item.kind()
        if kind in _TYPES:
            body = child(item, *_BODIES)
            yield Declared(
                kind=Kind.TYPE,
                name=_name(item),
                span=span(item),
                head=head(item, leave=_LEAVE, until=_BODIES),
                members=() if body is None else (body,),
                private=_has(item, "private"),
            )
        elif kind in _FUNCTIONS:
            yield Declared(
                kind=_FUNCTIONS[kind],
                name=_name(item),
                span=span(item),
                head=head(item, leave=_LEAVE, until=_CODE),
                words="static" if _has(item, "static") else "",
                parameters=_types_of(item.field("parameters")),
                has_body=child(item, "block", "constructor_body") is not None,
                private=_has(item, "private"),
            )
        elif kind in ("enum_body_declarations", "ERROR"):
            yield Into(item)


def _name(node: SgNode) -> str:
    name = node.field("name")
    return name.text() if name is not None else ""


def _has(node: SgNode, word: str) -> bool:
    modifiers = child(node, "modifiers")
    return modifiers is not None and any(item.text() == word for item in modifiers.children())


def _types_of(parameters: SgNode | None) -> str:
    if parameters is None:
        return ""
    types = []
    for item in parameters.children():
        if item.kind() == "formal_parameter":
            kind = item.field("type")
            types.append(kind.text() if kind is not None else "")
        elif item.kind() == "spread_parameter":
            first = [part for part in item.children() if part.is_named() and part.kind() != "modifiers"]
            types.append(f"{first[0].text()}..." if first else "...")
    return f"({', '.join(types)})"


GRAMMAR = Grammar(
    "java",
    read,
    ("line_comment", "block_comment"),
    re.compile(
        r"\s*(?:(?:public|protected|private|static|final|abstract|sealed|synchronized|default)\s+)+"
        r"(?:(?:class|interface|enum|record)\s+(?P<type>\w+)|(?:<[^>]*>\s*)?(?:[\w.<>\[\], ?]+\s+)?(?P<name>\w+)\s*\()"
    ),
)
