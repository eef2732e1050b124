"""What of a test's code runs, and what of it can fail: without comments, text, and lines that are never reached.

Read from the syntax alone: whether a condition ever holds is not known here.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_SILENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "typescript": ("string", "comment", "regex"),
        "tsx": ("string", "comment", "regex"),
        "go": ("interpreted_string_literal", "raw_string_literal", "comment"),
        "java": ("string_literal", "line_comment", "block_comment"),
        "kotlin": ("string_literal", "line_comment", "multiline_comment"),
        "swift": ("line_string_literal", "multi_line_string_literal", "comment", "multiline_comment"),
    }
)
_LEAVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "typescript": ("return_statement", "throw_statement"),
        "tsx": ("return_statement", "throw_statement"),
        "go": ("return_statement",),
        "java": ("return_statement", "throw_statement"),
        "kotlin": ("jump_expression",),
        "swift": ("control_transfer_statement",),
    }
)
_BLOCKS = frozenset(("statement_block", "block", "statements", "statement_list"))
_DECLARED_EARLY = frozenset(("function_declaration", "comment", "labeled_statement", "}"))
# expect(true).toBe(true), assert(true), assert.ok(1), #expect(true)
_CONSTANT = r"(?:true|True|1|''|\"\"|\s)"
_IDLE = re.compile(
    rf"\bexpect\s*\({_CONSTANT}+\)(?:\s*\.\s*\w+)+\([^()]*\)"
    rf"|#?\b(?:assert\w*|expect|XCTAssert\w*)(?:\s*\.\s*\w+)?\s*\((?:t,)?{_CONSTANT}+\)"
)
_SKIP = re.compile(r"(?:^|\.)(?:skip|skipTest)$")
# A newer Python's, nested too deep for this one, or with a number that is too long to be printed.
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_EVERYTHING = frozenset(("Exception", "BaseException", "AssertionError"))


@dataclass(frozen=True, slots=True)
class Live:
    """Code: what runs of it, and of that what makes its test fail where it does not hold."""

    code: str
    claims: str


def live(language: str, text: str, root: SgNode) -> Live:
    """Return a file of any language but Python; every character stays in its place.

    Args:
        language: As ast-grep names it.
        text: The file.
        root: Its tree.
    """
    silent = [node for kind in _SILENT[language] for node in root.find_all(kind=kind)]
    code = _blanked(text, [_span(node) for node in silent] + list(_dead(language, root)))
    code = _IDLE.sub(lambda match: " " * len(match[0]), code)
    return Live(code, _blanked(code, list(_swallowed(root)) if language in ("typescript", "tsx") else []))


def _dead(language: str, root: SgNode) -> Iterator[tuple[int, int]]:
    """Yield what stands behind a return in its own block."""
    for node in (each for kind in _LEAVES[language] for each in root.find_all(kind=kind)):
        parent = node.parent()
        if parent is not None and parent.kind() in _BLOCKS:
            yield from (_span(each) for each in node.next_all() if each.kind() not in _DECLARED_EARLY)


def _swallowed(root: SgNode) -> Iterator[tuple[int, int]]:
    """Yield the bodies of what is tried and whose failure nobody hears of."""
    for node in root.find_all(kind="try_statement"):
        handler, body = node.field("handler"), node.field("body")
        caught = handler.field("body") if handler is not None else None
        if body is not None and caught is not None and not re.search(r"\w", _code_of(caught)):
            yield _span(body)


def _code_of(block: SgNode) -> str:
    return "".join(each.text() for each in block.children() if each.kind() != "comment")


def _span(node: SgNode) -> tuple[int, int]:
    place = node.range()
    return place.start.index, place.end.index


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with spaces, and its line ends, where ``spans`` are."""
    kept, position = [], 0
    for start, end in sorted(spans):
        if end <= position:
            continue
        start = max(start, position)
        kept += [text[position:start], re.sub(r"[^\n]", " ", text[start:end])]
        position = end
    return "".join([*kept, text[position:]])


class PythonFile:
    """A file of Python by its definitions; empty where this Python cannot parse it."""

    def __init__(self, text: str) -> None:
        self._definitions: dict[tuple[str, int], ast.AST] = {}
        try:
            tree = _parsed(text)
        except _UNREADABLE:
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                self._definitions[node.name, first] = node

    def live(self, name: str, line: int) -> Live | None:
        """Return the definition of ``name`` that begins in a line, one statement a line; None where none is known."""
        node = self._definitions.get((name, line))
        if node is None:
            return None
        try:
            code = ast.fix_missing_locations(_Running().visit(_parsed(ast.unparse(node)).body[0]))
            shown = ast.unparse(code)
            return Live(shown, ast.unparse(ast.fix_missing_locations(_Heard().visit(code))))
        except _UNREADABLE:
            return None

    def decorators(self, name: str, line: int) -> list[str]:
        """Return the decorators of a definition without their arguments."""
        node = self._definitions.get((name, line))
        found = getattr(node, "decorator_list", [])
        return [ast.unparse(each.func if isinstance(each, ast.Call) else each) for each in found]


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of somebody else's code
        return ast.parse(text)


class _Running(ast.NodeTransformer):
    """Takes out what never runs, what is only text, imports, and assertions of what always holds."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                kept = list(_reached(block))
                setattr(node, name, kept or ([ast.Pass()] if name == "body" else []))
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str | bytes) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        values = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
        return self.visit(ast.Tuple(values, ast.Load())) if values else ast.Constant("")

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant) and not node.test.value:
            return node.orelse or ast.Pass()
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return (
            ast.Pass()
            if isinstance(node.test, ast.Constant) and node.test.value
            else self.generic_visit(node)
        )

    def visit_Import(self, node: ast.Import) -> ast.AST:  # noqa: ARG002
        return ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:  # noqa: ARG002
        return ast.Pass()


def _reached(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in block:
        if not isinstance(statement, ast.Pass):
            yield statement
        skips = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return
        if skips and _SKIP.search(ast.unparse(statement.value.func)):  # type: ignore[attr-defined]
            return


class _Heard(ast.NodeTransformer):
    """Takes out what is tried where a failed assertion is caught and nothing is done about it."""

    def visit_Try(self, node: ast.Try) -> ast.AST:
        self.generic_visit(node)
        if any(_is_deaf(handler) for handler in node.handlers):
            node.body = [ast.Pass()]
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        self.generic_visit(node)
        said = " ".join(ast.unparse(item.context_expr) for item in node.items)
        if re.search(r"\bsuppress\([^)]*\b(?:Exception|BaseException|AssertionError)\b", said):
            node.body = [ast.Pass()]
        return node


def _is_deaf(handler: ast.ExceptHandler) -> bool:
    caught = set(re.findall(r"\w+", ast.unparse(handler.type))) if handler.type else _EVERYTHING
    return bool(caught & _EVERYTHING) and all(
        isinstance(each, ast.Pass | ast.Continue) for each in handler.body
    )
