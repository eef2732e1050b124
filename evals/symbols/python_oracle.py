"""Python's declarations by its own parser: qualified name, group, line, and a digest of the code that is its own."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator

Row = tuple[str, str, int, str]  # qualified name, group, line, digest
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def declarations(source: bytes) -> list[Row] | None:
    """Return the declarations of a file, None where Python itself refuses it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    return list(_walk(tree, ""))


def _walk(node: ast.AST, prefix: str) -> Iterator[Row]:
    for item in ast.iter_child_nodes(node):
        if isinstance(item, _DEFINITIONS):
            line = min([item.lineno, *(decorator.lineno for decorator in item.decorator_list)])
            is_class = isinstance(item, ast.ClassDef)
            name = f"{prefix}{item.name}"
            inner = list(_walk(item, f"{name}.")) if is_class else []
            yield name, "type" if is_class else "callable", line, _digest(item)
            yield from inner
        elif isinstance(item, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            if hasattr(ast, "TypeAlias") and isinstance(item, ast.TypeAlias):
                yield f"{prefix}{item.name.id}", "type", item.lineno, _digest(item)
            else:
                yield from _walk(item, prefix)


class _Own(ast.NodeTransformer):
    """Leaves what belongs to a class itself: its inner definitions are symbols of their own."""

    def visit_FunctionDef(self, _: ast.FunctionDef) -> None:
        return None

    def visit_AsyncFunctionDef(self, _: ast.AsyncFunctionDef) -> None:
        return None

    def visit_ClassDef(self, _: ast.ClassDef) -> None:
        return None


def _digest(node: ast.stmt) -> str:
    if isinstance(node, _DEFINITIONS):
        body = node.body
        if len(body) > 1 and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:] if isinstance(body[0].value.value, str) else body
        if isinstance(node, ast.ClassDef):
            copied = ast.parse(ast.unparse(ast.Module(body=body, type_ignores=[]))).body
            body = [each for each in map(_Own().visit, copied) if each is not None]
            head = [ast.dump(each) for each in (*node.decorator_list, *node.bases, *node.keywords)]
            return _hash(repr([head, [ast.dump(each) for each in body]]))
        node = type(node)(
            **{**{name: getattr(node, name) for name in node._fields if hasattr(node, name)}, "body": body}
        )
    return _hash(ast.dump(node))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
