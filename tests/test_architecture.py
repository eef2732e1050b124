"""The house stands: doors → rooms → ground, no cycle, no file too long, nothing called utils."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "hunkworks"

DOORS = {"cli", "mcp"}
ROOMS = {"review", "localize", "refactor", "scaffold", "dispatch", "gateway", "evals"}
# Each imports only itself and what stands behind it.
GROUND = [
    "engine",
    "route",
    "rules",
    "catalogs",
    "change",
    "privacy",
    "ledger",
    "trust",
    "splice",
    "config",
    "errors",
    "paths",
]
STDLIB_ONLY = [ROOT / "hooks" / "door.py", ROOT / "hooks" / "edited.py", PACKAGE / "mcp" / "server.py"]
MOST_LINES = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

FILES = sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The door, room or ground that a file belongs to: the first name below the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_parts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            pieces = name.split(".")
            if pieces[0] == "hunkworks" and len(pieces) > 1:
                yield pieces[1]


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_the_house(path: Path) -> None:
    mine = part(path)
    for other in set(imported_parts(path)) - {mine}:
        assert other not in DOORS or mine == "__main__", f"{path}: nobody imports a door ({other})"
        if mine in ROOMS:
            assert other in GROUND, f"{path}: rooms import the ground only ({other})"
        if mine in GROUND:
            assert other in GROUND[GROUND.index(mine) :], f"{path}: {mine} stands below {other}"


def test_every_part_has_its_place() -> None:
    known = DOORS | ROOMS | set(GROUND) | {"__init__", "__main__"}
    assert {part(path) for path in FILES} <= known


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    assert path.stem not in FORBIDDEN_NAMES


@pytest.mark.parametrize("path", STDLIB_ONLY, ids=lambda path: path.name)
def test_what_the_client_starts_needs_no_environment(path: Path) -> None:
    """The hook door and the MCP server start on any Python from 3.9 with the standard library alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported, "a file that imports nothing was not read"
    beside = {other.stem for other in STDLIB_ONLY if other.parent == path.parent}
    assert imported <= set(sys.stdlib_module_names) | beside
