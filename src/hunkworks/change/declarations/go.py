"""Go: functions, methods by their receiver, types, and what an interface asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import Declared, Grammar, Into, Kind, child, head, plain_type, span

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_BODY = frozenset(("block",))
_COMMENT = frozenset(("comment",))
_FIELDS = frozenset(("comment", "field_declaration_list", "method_elem", "type_elem", "{", "}", "\n", ";"))
_RECEIVER = re.compile(r"\(\s*(?:\w+\s+)?(.*?),?\s*\)", re.DOTALL)


def read(node: SgNode) -> Iterator[Declared | Into]:
    """Read the declarations among the children of ``node``: a file, an interface, or what does not parse."""
    for item in node.children():
        kind = item.kind()
        if kind in ("function_declaration", "method_declaration"):
            yield _function(item)
        elif kind == "type_declaration":
            yield from _types(item)
        elif kind == "method_elem":
            name = item.field("name")
            if name is not None:
                yield Declared(
                    kind=Kind.METHOD,
                    name=name.text(),
                    span=span(item),
                    head=head(item, leave=_COMMENT),
                    has_body=False,
                )
        elif kind == "ERROR":
            yield Into(item)


def _function(node: SgNode) -> Declared:
    name, receiver = node.field("name"), node.field("receiver")
    owner = ""
    if receiver is not None:
        found = _RECEIVER.fullmatch(receiver.text())
        owner = plain_type(found[1]) if found else ""
    return Declared(
        kind=Kind.FUNCTION if receiver is None else Kind.METHOD,
        name=name.text() if name is not None else "",
        span=span(node),
        head=head(node, leave=_COMMENT, until=_BODY),
        within=(owner,) if owner else (),
        has_body=child(node, "block") is not None,
    )


def _types(node: SgNode) -> Iterator[Declared]:
    keyword = node.children()[0]
    specs = [item for item in node.children() if item.kind() in ("type_spec", "type_alias")]
    for spec in specs:
        name, value = spec.field("name"), spec.field("type")
        if name is None:
            continue
        holds = value is not None and value.kind() in ("interface_type", "struct_type")
        head_of_value = head(value, leave=frozenset(), until=_FIELDS) if value is not None and holds else ()
        yield Declared(
            kind=Kind.TYPE,
            name=name.text(),
            span=span(node) if len(specs) == 1 else span(spec),
            head=(*head(spec, leave=_COMMENT, until=frozenset((value.kind(),))), *head_of_value)
            if value is not None and holds
            else head(spec, leave=_COMMENT),
            # Alone or in a group, it is the same type.
            words="type",
            about=(span(keyword),) if len(specs) == 1 else (),
            members=(value,) if value is not None and value.kind() == "interface_type" else (),
        )


GRAMMAR = Grammar(
    "go", read, ("comment",), re.compile(r"func\s+(?:\([^)]*\)\s*)?(?P<name>\w+)|type\s+(?P<type>\w+)")
)
