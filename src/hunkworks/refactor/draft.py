"""The first text of a new recipe: its examples are there, its rule is not yet right, and its test says so."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from hunkworks.rules import tree
from hunkworks.rules.jsonschema import URL
from hunkworks.rules.recipe import Safety

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_IMPORT = re.compile(r"^(import|use_|using_|package|namespace_use)|_import")
_STATEMENTS = re.compile(
    r"(statements?|statement_list|block|body|declarations?|declaration_list|definition|item|module|program|file|unit)$"
)
_CALL = re.compile(r"call(_expression)?$|invocation")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Code before and after."""

    before: str
    after: str


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"no_match": "no-match"}):
    """What a recipe is drafted from."""

    rewrite: tuple[Case, ...] = ()
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


def draft(ident: str, language: str, safety: Safety, examples: Examples) -> str:
    """Return a recipe file with ``examples`` as its tests."""
    first = examples.rewrite[0] if examples.rewrite else None
    pattern, fix = _rewrite(first, language) if first else ((examples.match or ("",))[0].strip(), "")
    lines = [
        f"# yaml-language-server: $schema={URL}",
        f"id: {ident}",
        f"language: {language}",
        "severity: hint",
        f"message: {_text('What is wrong with a match, in one sentence.')}",
        "rule:",
        f"  pattern: {_text(pattern)}",
    ]
    if first:
        lines.append(f"fix: {_text(fix)}")
    lines += [
        "metadata:",
        f"  title: {_text(ident)}",
        f"  why: {_text('Why it is worth doing.')}",
        f"  safety: {safety}",
    ]
    if safety is Safety.JUDGMENT:
        lines.append(f"  brief: {_text('What whoever judges a match has to know and decide.')}")
    lines.append("  examples:")
    if examples.rewrite:
        lines.append("    rewrite:")
        for case in examples.rewrite:
            lines += [f"      - before: {_block(case.before)}", f"        after: {_block(case.after)}"]
    lines += _list("match", examples.match) + _list("no-match", examples.no_match)
    return "\n".join(lines) + "\n"


def _rewrite(case: Case, language: str) -> tuple[str, str]:
    """Return the first expression that differs, imports left out, before and after; lines where no tree tells."""
    before, after = (tree.parse(text, language) for text in (case.before, case.after))
    pair = None if tree.faults(before) or tree.faults(after) else _differing(before, after, language)
    if pair is not None:
        return pair[0].text(), pair[1].text()
    return _changed(case.before, case.after), _changed(case.after, case.before)


def _differing(one: SgNode, other: SgNode, language: str) -> tuple[SgNode, SgNode] | None:
    """Return the smallest nodes that differ and stand alone, a call as a whole; None where there is no such pair."""
    mine, its = (
        [child for child in node.children() if not _IMPORT.search(child.kind())] for node in (one, other)
    )
    pairs = [(left, right) for left, right in zip(mine, its, strict=False) if left.text() != right.text()]
    kind = one.kind()
    expression = not _STATEMENTS.search(kind)
    called = _CALL.search(kind) and pairs and pairs[0][0].range().start.index == one.range().start.index
    if pairs and len(mine) == len(its) and not called and (len(pairs) == 1 or not expression):
        inner = _differing(*pairs[0], language)
        if inner is not None:
            return inner
    alone = bool(mine) and (bool(_CALL.search(kind)) or tree.reading(one.text(), language) == kind)
    return (one, other) if expression and alone else None


def _changed(one: str, other: str) -> str:
    """Return the lines of ``one`` between those that both start and end with."""
    left, right = one.rstrip("\n").split("\n"), other.rstrip("\n").split("\n")
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return "\n".join(left[start : len(left) - end]).strip()


def _list(name: str, texts: Sequence[str]) -> list[str]:
    return [f"    {name}:", *(f"      - {_block(text, 8)}" for text in texts)] if texts else []


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _block(text: str, width: int = 10) -> str:
    lines = text.removesuffix("\n").split("\n")
    plain = all(char.isprintable() or char in "\n\t" for char in text)
    if not plain or not lines[0].strip() or lines[0][:1] in " \t" or text.endswith("\n\n"):
        return _text(text)
    indent = " " * width
    sign = "|" if text.endswith("\n") else "|-"
    return "\n".join([sign, *(indent + line if line else "" for line in lines)])
