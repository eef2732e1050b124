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

# A private character, as no source has it.
_MARK = "\ue0ff"
_WRITTEN = re.compile(r"(?<=\n)(?=[ \t])")
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
    config = _marked(rule.config or {})
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
            made[name] = Piece(source.text[start:end], start, end, nodes=tuple(known))
    transforms = (rule.config or {}).get("transform", {})
    for name in transforms:
        transformed = found.node.get_transformed(name)
        if transformed is not None:
            made[name] = _indented(transformed, made.get(_origin(name, transforms)), source)
    return made


def _origin(name: str, transforms: Mapping[str, Any]) -> str:
    """Return the captured variable that a transformed one is made of, or nothing."""
    for _ in transforms:
        form = transforms[name]
        how = next(iter(form.values()), "") if isinstance(form, Mapping) else form
        source = VARIABLE.search(str(how.get("source") if isinstance(how, Mapping) else how))
        name = (source[1] or source[2]) if source else ""
        if name not in transforms:
            break
    return name


def _indented(text: str, piece: Piece | None, source: Source) -> Piece:
    """Return a transformed text as it would stand in the place of ``piece``.

    ast-grep takes the spaces that the line of a capture begins with from every line that begins with them, too.
    """
    if piece is None or "\n" not in text:
        return Piece(text.replace(_MARK, ""))
    base = source.indentation(piece.start)
    left = {line for line in piece.text.splitlines()[1:] if not line.startswith(base)}
    first, *rest = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(rest):
        stands = line in left or not line.strip() or (base.startswith("\t") and line.startswith(base))
        rest[number] = line if stands else base + line
    made = source.newline.join([first, *rest]).replace(_MARK, "")
    return Piece(made, origin=(piece.start, piece.end), nodes=piece.nodes)


def _marked(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``config`` with a mark before the indentation that a transform writes: ast-grep would take it away."""
    transforms = {
        name: form for name, form in config.get("transform", {}).items() if isinstance(form, Mapping)
    }
    marked: dict[str, Any] = {}
    for name, form in transforms.items():
        by = form["replace"].get("by", "") if "replace" in form else ""
        if _WRITTEN.search(by):
            marked[name] = {"replace": {**form["replace"], "by": _WRITTEN.sub(_MARK, by)}}
    return {**config, "transform": {**config["transform"], **marked}} if marked else config


@functools.cache
def _names(config: str) -> dict[str, bool]:
    """Return the variables that a rule names, and whether they capture a list."""
    names: dict[str, bool] = {}
    for one in VARIABLE.finditer(config):
        names[one[1] or one[2]] = bool(one[1])
    return names
