"""A project with a recipe of its own, and the program as its user calls it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hunkworks.cli.main import run
from tests.repo import Repo

LOG = """\
id: {id}
language: Python
severity: hint
message: {name} is left.
rule: {{pattern: {name}($A)}}
fix: log.{name}($A)
metadata:
  title: {name} to log
  why: w
  safety: mechanical
  brief: Keep the text $A.
{more}  examples:
    rewrite: [{{before: "{name}(1)", after: "log.{name}(1)"}}, {{before: "{name}(2)", after: "log.{name}(2)"}}]
    no-match: ["x(1)", "y(1)"]
"""
GUARD = "  guard: [{judge: it has a star, rule: {has: {kind: list_splat, stopBy: end}}}]\n"
BASE = "print(0)\n"
ADDED = "print(1)\nprint(*x)\nprint(\n    2,\n)\n"


def write(repo: Repo, ident: str, more: str = "", name: str = "print") -> None:
    """Write a recipe of the project."""
    repo.write(f".hunkworks/recipes/python/{ident}.yml", LOG.format(id=ident, name=name, more=more))


def text(repo: Repo) -> str:
    """Return what the file holds now."""
    return (repo.root / "app.py").read_text()


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run a verb of recipe and return what it prints as JSON."""
    capsys.readouterr()
    assert run(["recipe", *arguments, "--json"]) == code, capsys.readouterr().err
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def answer(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *answers: dict[str, Any],
    code: int = 0,
) -> dict[str, Any]:
    """Answer packets of residue, as an agent does."""
    monkeypatch.setattr(
        "sys.stdin", _Stdin(json.dumps({"answers": list(answers)}).encode() if answers else b"")
    )
    return document(capsys, "answer", code=code)


class _Stdin:
    """Standard input that is no terminal."""

    def __init__(self, data: bytes) -> None:
        import io

        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False
