"""Swift: types, extensions, protocols, functions by their labels, properties with accessors."""

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
    kinds,
    plain_type,
    span,
)

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_BODIES = frozenset(("class_body", "enum_class_body", "protocol_body"))
_FUNCTIONS = {
    "function_declaration": Kind.FUNCTION,
    "protocol_function_declaration": Kind.FUNCTION,
    "macro_declaration": Kind.FUNCTION,
    "init_declaration": Kind.CONSTRUCTOR,
    "deinit_declaration": Kind.METHOD,
    "subscript_declaration": Kind.METHOD,
}
_NAMED_BY_KIND = {
    "init_declaration": "init",
    "deinit_declaration": "deinit",
    "subscript_declaration": "subscript",
}
_CODE = frozenset(
    ("function_body", "computed_property", "macro_definition", "protocol_property_requirements")
)
_ACCESSORS = frozenset(("computed_property", "willset_didset_block", "protocol_property_requirements"))
_LEAVE = kinds("modifiers comment multiline_comment attribute inheritance_specifier : , {")
_LEAVE_OF_FUNCTION = kinds("modifiers comment multiline_comment attribute")
_PRIVATE = re.compile(r"\b(?:file)?private\b(?!\s*\(set\))")
_OPERATOR = re.compile(r"\bfunc\s+([^\s(<\w]+|<+[^\s(\w]*)")
# What tree-sitter-swift does not know: conditions between members, newer modifiers and attributes of types.
_mend = blanking(
    r"^[ \t]*#(?:if|elseif|else|endif|error|warning)\b.*$",
    r"^[ \t]*@available\([^()]*\)(?=\s*\n\s*#)",
    r"^[ \t]*&[ \t]+[\w.]+[ \t]*$",
    r"\bsending\b(?=\s+[@\w(])",
    r"(?<=[:(<,])\s*@(?:Sendable|MainActor|escaping|autoclosure)\b(?=\s*[\w(])",
    r"\bnonisolated\((?:unsafe|nonsending)\)",
    r"\b(?:borrowing|consuming)\b(?=\s+[\w(])",
)


def read(node: SgNode) -> Iterator[Declared | Into]:
    """Read the declarations among the children of ``node``."""
    for item in node.children():
        kind = item.kind()
        if kind in ("class_declaration", "protocol_declaration"):
            yield _type(item)
        elif kind in _FUNCTIONS:
            yield _function(item, _FUNCTIONS[kind])
        elif kind in ("typealias_declaration", "associatedtype_declaration"):
            yield Declared(
                kind=Kind.TYPE,
                name=_text(child(item, "type_identifier")),
                span=span(item),
                head=head(item, leave=_LEAVE_OF_FUNCTION),
                private=_private(item),
            )
        elif kind in ("property_declaration", "protocol_property_declaration"):
            accessors = child(item, *_ACCESSORS)
            if accessors is not None:
                yield _property(item)
        elif kind == "ERROR":
            yield Into(item)


def _type(node: SgNode) -> Declared:
    body = child(node, *_BODIES)
    extension = child(node, "extension") is not None
    names = plain_type(_text(child(node, "type_identifier", "user_type"))).split(".")
    return Declared(
        kind=Kind.EXTENSION if extension else Kind.TYPE,
        name=names[-1],
        span=span(node),
        # Extensions of one type are told apart by what they conform to.
        head=head(node, leave=_LEAVE - {"inheritance_specifier"} if extension else _LEAVE, until=_BODIES),
        within=tuple(names[:-1]),
        members=() if body is None else (body,),
        private=_private(node),
    )


def _function(node: SgNode, kind: Kind) -> Declared:
    name = _NAMED_BY_KIND.get(node.kind()) or _text(child(node, "simple_identifier"))
    if not name:
        operator = _OPERATOR.search(node.text())
        name = operator[1] if operator else ""
    return Declared(
        kind=kind,
        name=name,
        span=span(node),
        head=head(node, leave=_LEAVE_OF_FUNCTION, until=_CODE),
        words=_static(node),
        parameters=_labels(node) if node.kind() != "deinit_declaration" else "",
        has_body=child(node, "function_body", "computed_property") is not None,
        private=_private(node),
    )


def _property(node: SgNode) -> Declared:
    pattern = child(node, "pattern")
    name = pattern.text().rpartition(" ")[2] if pattern is not None else ""
    stored = child(node, "willset_didset_block") is not None
    return Declared(
        kind=Kind.PROPERTY,
        name=name.strip("`"),
        span=span(node),
        head=head(node, leave=_LEAVE_OF_FUNCTION, until=_ACCESSORS | ({"="} if stored else set())),
        words=_static(node),
        has_body=node.kind() == "property_declaration",
        private=_private(node),
    )


def _labels(node: SgNode) -> str:
    labels = []
    for item in node.children():
        if item.kind() == "parameter":
            label = next((part for part in item.children() if part.kind() == "simple_identifier"), None)
            labels.append(f"{label.text() if label is not None else '_'}:")
    return f"({''.join(labels)})"


def _static(node: SgNode) -> str:
    modifiers = child(node, "modifiers")
    words = [] if modifiers is None else modifiers.text().split()
    return next((word for word in words if word in ("static", "class")), "")


def _private(node: SgNode) -> bool:
    modifiers = child(node, "modifiers")
    return modifiers is not None and _PRIVATE.search(modifiers.text()) is not None


def _text(node: SgNode | None) -> str:
    return "" if node is None else node.text().strip("`")


GRAMMAR = Grammar(
    "swift",
    read,
    ("comment", "multiline_comment"),
    re.compile(
        r"\s*(?:@[\w.]+(?:\([^()]*\))?\s+|[a-z]+(?:\(set\))?\s+)*?"
        r"(?:func\s+(?P<name>\w+)\s*[(<]|(?:class|struct|enum|actor|protocol|extension)\s+(?P<type>[A-Z]\w*))"
    ),
    mend=_mend,
)
