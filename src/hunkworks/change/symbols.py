"""Where a line stands: the header of the innermost function or type around it, from the syntax tree.

Objective-C has no grammar in ast-grep: its methods begin in the first column and are found by looking up from the line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

# Parsing costs about 0.1 s a megabyte; above this a caller falls back on the section that git printed with the hunk.
_LARGEST = 2_000_000
_LONGEST = 200

_LANGUAGES = {
    "swift": "swift", "kt": "kotlin", "kts": "kotlin", "java": "java", "go": "go", "rs": "rust", "c": "c", "h": "cpp",
    "cc": "cpp", "cpp": "cpp", "cxx": "cpp", "hpp": "cpp", "hh": "cpp", "hxx": "cpp", "py": "python", "pyi": "python",
    "ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx", "js": "javascript", "mjs": "javascript",
    "cjs": "javascript", "jsx": "javascript", "rb": "ruby", "cs": "csharp", "php": "php", "scala": "scala",
}  # fmt: skip
_FUNCTIONS = """
function_declaration function_definition function_item method_declaration method_definition method singleton_method
constructor_declaration init_declaration deinit_declaration subscript_declaration protocol_function_declaration
secondary_constructor anonymous_initializer generator_function_declaration local_function_statement
function_signature_item abstract_method_signature macro_definition destructor_declaration operator_declaration
compact_constructor_declaration
"""
_TYPES = """
class_declaration class_definition class_specifier struct_specifier enum_specifier union_specifier class module
singleton_class protocol_declaration object_declaration companion_object interface_declaration enum_declaration
record_declaration annotation_type_declaration struct_declaration type_declaration struct_item enum_item trait_item
impl_item mod_item abstract_class_declaration type_alias_declaration internal_module namespace_definition
trait_declaration trait_definition object_definition namespace_declaration
"""
_DEFINITIONS = frozenset((_FUNCTIONS + _TYPES).split())
# Definitions only where they are given a name, or hold code.
_NAMED_BY = {
    "arrow_function": {"variable_declarator", "pair", "public_field_definition", "assignment_expression"},
    "function_expression": {
        "variable_declarator",
        "pair",
        "public_field_definition",
        "assignment_expression",
    },
    "computed_property": {"property_declaration"},
    "getter": {"property_declaration"},
    "setter": {"property_declaration"},
    "accessor_list": {"property_declaration", "indexer_declaration"},
}
_BODY_KINDS = """
function_body class_body enum_class_body protocol_body block statement_block body_statement declaration_list
field_declaration_list compound_statement constructor_body enum_body interface_body annotation_type_body
computed_property getter setter accessor_list object_type template_body
"""
_BODIES = frozenset(_BODY_KINDS.split())
_AROUND_BODIES = frozenset(
    ("arrow_function", "function_expression", "type_spec", "struct_type", "interface_type")
)
_ANNOTATION = re.compile(r"\s*(?:@\w[\w.:]*(?:\([^()]*\))?|#!?\[.*\]|\[[\w, ().\"=]+\]|//.*|/\*.*\*/)\s*")
_OBJC_METHOD = re.compile(rb"[-+]\s*\([^)]*\)\s*\w+")
_OBJC_TYPE = re.compile(rb"@(?:implementation|interface|protocol)\b")


def enclosing(path: str, source: bytes, line: int) -> str | None:
    """Return the header of the innermost function or type around a line, on one line and without its body.

    None where the language is unknown, the file is over 2 MB, or the line stands in no definition.

    Args:
        path: Tells the language by its ending.
        source: The whole file.
        line: Counted from 1.
    """
    ending = path.rpartition(".")[2].lower()
    if ending in ("m", "mm"):
        return _above(source, line)
    language = _LANGUAGES.get(ending)
    if language is None or len(source) > _LARGEST:
        return None
    return _parse(language, source).innermost(line - 1)


@lru_cache(maxsize=4)
def _parse(language: str, source: bytes) -> _Level:
    from ast_grep_py import SgRoot

    return _Level(SgRoot(source.decode("utf-8", "replace"), language).root())


class _Level:
    """A node and, once somebody asks, its children by line: a file is asked about many of its lines."""

    def __init__(self, node: SgNode, parent: SgNode | None = None) -> None:
        self._node = node
        # Kept, because asking a deep node for its parent walks down from the root.
        self.definition = _definition(node, parent) if parent is not None else None

    def innermost(self, line: int) -> str | None:
        """Return the header of the innermost definition around a line, counted from 0."""
        found: _Level | None = None
        waiting = self.around(line)
        while waiting:
            level = waiting.pop()
            if level.definition is not None and (found is None or level.start >= found.start):
                found = level
            waiting += level.around(line)
        return None if found is None else found.header

    def around(self, line: int) -> list[_Level]:
        """Return the children that a line stands in; siblings do not overlap, but several may share it."""
        starts, ends, levels = self._children
        last = bisect_right(starts, line)
        first = last
        while first and ends[first - 1] >= line:
            first -= 1
        return levels[first:last]

    @cached_property
    def _children(self) -> tuple[list[int], list[int], list[_Level]]:
        children = self._node.children()
        spans = [child.range() for child in children]
        levels = [_Level(child, self._node) for child in children]
        return [span.start.line for span in spans], [span.end.line for span in spans], levels

    @cached_property
    def start(self) -> int:
        return self.definition.range().start.index if self.definition is not None else -1

    @cached_property
    def header(self) -> str | None:
        return _header(self.definition) if self.definition is not None else None


def _definition(node: SgNode, parent: SgNode) -> SgNode | None:
    kind = node.kind()
    if kind in _DEFINITIONS and node.is_named():
        return node
    return parent if parent.kind() in _NAMED_BY.get(kind, ()) else None


def _header(node: SgNode) -> str:
    body = _body(node)
    text = node.text()
    if body is not None:
        text = text[: body.range().start.index - node.range().start.index]
    lines = text.split("\n")
    while len(lines) > 1 and _ANNOTATION.fullmatch(lines[0]):
        del lines[0]
    # Without a body, the first line has to do: in broken code the node may hold the rest of the file.
    header = " ".join(" ".join(lines if body is not None else lines[:1]).split())
    return header if len(header) <= _LONGEST else header[: _LONGEST - 1] + "…"


def _body(node: SgNode) -> SgNode | None:
    children = node.children()
    python = bool(children) and children[0].kind() in ("def", "async", "class")
    for child in children:
        if child.kind() in _BODIES or child.kind() == "{" or (python and child.kind() == ":"):
            return child
        if child.kind() in _AROUND_BODIES:
            return _body(child)
    return None


def _above(source: bytes, line: int) -> str | None:
    for text in reversed(source.split(b"\n")[:line]):
        if _OBJC_METHOD.match(text) or _OBJC_TYPE.match(text):
            return text.decode("utf-8", "replace").rstrip("{ \r")[:_LONGEST]
        if text.startswith(b"@end"):
            return None
    return None
