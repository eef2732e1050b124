"""Every match of a recipe in one file, with what it captured."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hunkworks.refactor.site import Piece
from hunkworks.refactor.source import Source
from hunkworks.refactor.template import VARIABLE
from hunkworks.rules import tree
from hunkworks.rules.load import guarded
from hunkworks.rules.model import Rule

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_META = re.compile(r"([\\.^$|?*+()\[\]{}])")


@dataclass(frozen=True, slots=True)
class Found:
    """One match. ``start`` and ``end`` are code points, ``line`` and ``end_line`` count from 1."""

    start: int
    end: int
    line: int
    end_line: int
    node: SgNode = field(repr=False, compare=False)

    @property
    def span(self) -> tuple[int, int]:
        """Where it is, in code points."""
        return self.start, self.end


def find(root: SgNode, rule: Rule, values: Mapping[str, str]) -> list[Found]:
    """Return what ``rule`` matches below ``root`` in the order of the text, each span once."""
    return _in_order(tree.nodes(root, config_of(rule, values)))


def find_and_errors(root: SgNode, rule: Rule, values: Mapping[str, str]) -> tuple[list[Found], list[SgNode]]:
    """Return what ``find`` does, and the parts below ``root`` that do not parse."""
    found, errors = tree.nodes_and_errors(root, config_of(rule, values))
    return _in_order(found), errors


def _in_order(nodes: Sequence[SgNode]) -> list[Found]:
    found: dict[tuple[int, int], Found] = {}
    for node in nodes:
        where = node.range()
        line, end_line = tree.lines_of(node)
        span = where.start.index, where.end.index
        found.setdefault(span, Found(*span, line, end_line, node))
    return sorted(found.values(), key=lambda one: (one.start, -one.end))


def fulfilling(
    root: SgNode, rule: Rule, values: Mapping[str, str], extra: Mapping[str, Any]
) -> set[tuple[int, int]]:
    """Return the spans of the matches whose node also fulfils the rule ``extra``."""
    config = guarded(config_of(rule, values), extra)
    places = (node.range() for node in tree.nodes(root, config))
    return {(where.start.index, where.end.index) for where in places}


def config_of(rule: Rule, values: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what ast-grep gets, narrowed to the values of parameters that a variable has to read like."""
    config = rule.config or {}
    narrowing = {
        parameter.captures.lstrip("$"): values[parameter.name]
        for parameter in rule.recipe.parameters
        if parameter.captures and parameter.name in values
    }
    if not narrowing:
        return config
    constraints: dict[str, Any] = dict(config.get("constraints", {}))
    for name, value in narrowing.items():
        exact = {"regex": "^" + _META.sub(r"\\\1", value) + "$"}
        constraints[name] = {"all": [constraints[name], exact]} if name in constraints else exact
    return {**config, "constraints": constraints}


def variables(rule: Rule, found: Found, source: Source) -> dict[str, Piece]:
    """Return what the match captured, by name, and what ``transform`` made of it."""
    made: dict[str, Piece] = {}
    for name, is_list in _names(json.dumps(rule.config, default=str)).items():
        nodes = found.node.get_multiple_matches(name) if is_list else [found.node.get_match(name)]
        known = [node for node in nodes if node is not None]
        if known:
            start, end = known[0].range().start.index, known[-1].range().end.index
            made[name] = Piece(source.text[start:end], start, end, tuple(known))
    for name in (rule.config or {}).get("transform", {}):
        transformed = found.node.get_transformed(name)
        if transformed is not None:
            made[name] = Piece(transformed)
    return made


@functools.cache
def _names(config: str) -> dict[str, bool]:
    """Return the variables that a rule names, and whether they capture a list."""
    names: dict[str, bool] = {}
    for one in VARIABLE.finditer(config):
        names[one[1] or one[2]] = bool(one[1])
    return names
