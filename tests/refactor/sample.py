"""Recipes and files, written short."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from hunkworks.refactor.outcome import Rewritten
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.rewriting import rewrite
from hunkworks.refactor.scope import EVERYTHING, Scope
from hunkworks.refactor.source import Source
from hunkworks.rules.load import load_contents
from hunkworks.rules.model import Rule

HEAD = """\
id: r
language: {language}
severity: hint
message: m
"""
METADATA = """\
metadata:
  title: t
  why: w
  safety: mechanical
  examples: {rewrite: [{before: a, after: b}, {before: a, after: b}], no-match: [a, b]}
"""
LOG = "rule: {pattern: print($A)}\nfix: log($A)\n"
PATHS = {
    "Python": "a.py",
    "Go": "a.go",
    "Swift": "A.swift",
    "Kotlin": "A.kt",
    "TypeScript": "a.ts",
    "Java": "A.java",
}


def recipe(body: str = LOG, metadata: str = "", language: str = "Python") -> Rule:
    """Return a recipe: ``body`` is its rule and fix, ``metadata`` more lines below that key."""
    more = METADATA + "".join(f"  {line}\n" for line in metadata.splitlines())
    if "safety:" in metadata:
        more = more.replace("  safety: mechanical\n", "", 1)
    text = HEAD.format(language=language) + body + more
    if "fix:" not in body and "edit:" not in metadata:
        text = text.replace("rewrite: [{before: a, after: b}, {before: a, after: b}]", "match: [a, b]")
    YAML(typ="safe").load(text)
    return load_contents({Path(f"{language.lower()}/r.yml"): text.encode()})[0]


def run(
    rule: Rule,
    text: str,
    lines: Collection[int] | None = None,
    *,
    values: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None,
    path: str = "",
) -> Rewritten:
    """Return what ``rule`` makes of ``text``; ``lines`` are those that a change added, None is all."""
    others = {name: content.encode() for name, content in (files or {}).items()}
    source = Source(path or PATHS[rule.language], text.encode(), rule.language)
    job = Job(rule, chosen(rule.recipe, values or {}, asked=True))
    scope = EVERYTHING if lines is None else Scope.of(lines)
    return rewrite(job, source, scope, Overlay(others.get, lambda: tuple(others)))


def buckets(done: Rewritten) -> list[str]:
    """Return the bucket of each match, in order."""
    return [outcome.bucket.value for outcome in done.outcomes]
