"""Mistakes in recipes that load, run, and do not do what they say: each once cost somebody an afternoon."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hunkworks.rules import tree
from hunkworks.rules.model import ANY, Rule

_VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)?|\$\$?([A-Z_][A-Z0-9_]*)")
_PLACE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
_RECEIVER = re.compile(r"\$[A-Z_][A-Z0-9_]*(?=\s*[?!]{0,2}\.)")
_CALL = re.compile(r"[\w$.]+\(.*\)", re.DOTALL)
_BRACKETS = re.compile(r"\([^()]*\)|\{[^{}]*\}|\[[^\[\]]*\]")
# Where a piece of code may stand that is no file by itself; ast-grep finds it there.
_PLACES = {
    "Go": (
        "package p\nfunc f() {\n@\n}",
        "package p\nfunc f() {\nfor {\n@\n}\n}",
        "package p\ntype T struct {\n@\n}",
    ),
    "Java": ("class C { void f() { @; } }", "class C { void f() { @ } }", "class C { @ }"),
    "CSharp": ("class C { void f() { @; } }", "class C { @ }"),
    "Kotlin": ("fun f() { @ }", "class C { @ }"),
    "Swift": ("func f() { @ }", "class C { @ }"),
    "C": ("void f() { @; }",),
    "Dart": ("void f() { @; }",),
    "Rust": ("fn f() { @; }", "fn f() { @ }"),
}


@dataclass(frozen=True, slots=True)
class Trap:
    """One mistake: where it stands, and what to do instead."""

    recipe: str
    where: str
    what: str


def traps(rule: Rule) -> Iterator[Trap]:
    """Yield the known traps that ``rule`` steps into."""
    if rule.config is None:
        return
    config = rule.config
    for where, pattern in _patterns(config):
        if isinstance(pattern, str) and rule.language != ANY and _is_broken(pattern, rule.language):
            yield Trap(
                rule.id, where, "does not parse alone: ast-grep matches nothing; use context and selector"
            )
        elif isinstance(pattern, str) and (alone := _misread(pattern, rule.language)):
            yield Trap(
                rule.id,
                where,
                f"a call that alone is read as {alone}: use context and selector, or kind and has",
            )
        text = pattern if isinstance(pattern, str) else str(pattern.get("context", ""))
        yield from _swift(rule, where, text)
    yield from _own_words(rule, config)
    yield from _fixes(rule, config)
    if not _has_kind(config.get("rule", {}), config.get("utils", {})):
        yield Trap(rule.id, "rule", "names no kind and no pattern: the ast-grep command refuses such a rule")


def _patterns(value: object, where: str = "rule") -> Iterator[tuple[str, str | Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            place = (
                name if where == "rule" and name in ("rule", "constraints", "utils") else f"{where}.{name}"
            )
            if name == "pattern" and isinstance(inner, str | Mapping):
                yield place, inner
            else:
                yield from _patterns(inner, place)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _patterns(inner, f"{where}[{number}]")


def _is_broken(pattern: str, language: str) -> bool:
    code = tree.plain(pattern)
    places = ("@", *_PLACES.get(language, ()))
    return all(tree.faults(tree.parse(place.replace("@", code), language)) for place in places)


def _misread(pattern: str, language: str) -> str:
    """Return what a call is taken for where it stands alone, or nothing if it is taken for what it is in a function."""
    place = next(iter(_PLACES.get(language, ())), "")
    if not place or not _CALL.fullmatch(pattern.strip()):
        return ""
    code = tree.plain(pattern.strip())
    alone = tree.reading(pattern.strip(), language)
    start = place.index("@")
    inside = tree.nodes(tree.parse(place.replace("@", code), language), {"rule": {"kind": alone}})
    spans = ((node.range().start.index, node.range().end.index) for node in inside)
    return "" if (start, start + len(code)) in spans else alone


def _swift(rule: Rule, where: str, pattern: str) -> Iterator[Trap]:
    if rule.language != "Swift":
        return
    if re.search(r"\{\s*\$\$\$", pattern) and "capture_list" not in json.dumps(rule.config, default=str):
        yield Trap(
            rule.id,
            where,
            "$$$ in a closure takes `[weak self] in` along: not: {has: {kind: capture_list, stopBy: end}}",
        )
    if re.match(r"\$[A-Z]\w*\s*\.", pattern) and "^#" not in json.dumps(rule.config, default=str):
        yield Trap(
            rule.id,
            where,
            "the receiver may be an #endif in a chain of modifiers: constrain it with not: {regex: ^#}",
        )


def _own_words(rule: Rule, config: Mapping[str, Any]) -> Iterator[Trap]:
    """What ast-grep's binding or its command reads in another way than its author meant."""
    text = json.dumps(config, default=str)
    if _PLACE.search(text):
        yield Trap(rule.id, "rule", "{{parameters}} are not filled in here: use captures of the parameter")
    for name, transform in config.get("transform", {}).items():
        if (isinstance(transform, Mapping) and "rewrite" in transform) or str(transform).startswith(
            "rewrite("
        ):
            yield Trap(
                rule.id, f"transform.{name}", "rewrite is not carried out: the text comes back unchanged"
            )
    for name, constraint in config.get("constraints", {}).items():
        if (
            rule.language == "Swift"
            and isinstance(constraint, Mapping)
            and "literal" in str(constraint.get("kind"))
        ):
            yield Trap(
                rule.id,
                f"constraints.{name}",
                "a variable in a call is a value_argument, never the literal: use regex",
            )
    for key, expression in re.findall(r'"(regex|replace)": "((?:[^"\\]|\\.)*)"', text):
        # `[^\n]` takes the carriage return.
        if re.search(r"(?<!\\\\r\?)\\\\n|(?<!\\)\\n", re.sub(r"\[\^[^\]]*\]", "", expression)):
            yield Trap(
                rule.id,
                "rule.regex" if key == "regex" else "transform",
                "a line feed does not match CRLF line ends: write \\s* or \\r?\\n",
            )


def _fixes(rule: Rule, config: Mapping[str, Any]) -> Iterator[Trap]:
    recipe = rule.recipe
    known = {found[1] or found[2] for found in _VARIABLE.finditer(json.dumps(config, default=str))}
    known |= set(config.get("transform", {}))
    texts = [str(value) for step in recipe.steps for value in step.options.values()]
    for text in texts:
        for found in _VARIABLE.finditer(text):
            name = found[1] or found[2]
            if name and name not in known:
                yield Trap(rule.id, "fix", f"${name} is captured nowhere: it would be empty")
    patterns = [text for _, text in _patterns(config) if isinstance(text, str)]
    for step in recipe.steps:
        template = str(step.options.get("template", ""))
        if template.endswith("\n"):
            yield Trap(
                rule.id, "fix", "ends in a line break, which is put into the file: write |- in place of |"
            )
        elif "\n" not in template and any(_adds_a_call(pattern, template) for pattern in patterns):
            yield Trap(
                rule.id,
                "fix",
                "the added call lands on the line of another, also in a chain with one call a line: "
                "add it with edit: [{use: insert, at: after, text: ...}]",
            )
    used = set(
        _PLACE.findall(
            "\n".join([*texts, recipe.brief, *recipe.imports_add, *recipe.imports_drop, *recipe.verify])
        )
    )
    for parameter in recipe.parameters:
        if parameter.name not in used and not parameter.captures and not _takes_values(rule):
            yield Trap(rule.id, f"parameters.{parameter.name}", "is used nowhere")


def _adds_a_call(pattern: str, template: str) -> bool:
    """Whether both are a chain of calls on the same variable, and that of ``template`` is longer."""
    one, other = _RECEIVER.match(pattern), _RECEIVER.match(template)
    return bool(one and other and one[0] == other[0] and _links(template) > _links(pattern))


def _links(chain: str) -> int:
    """Return how many members a chain names, those inside of brackets left out."""
    while (outer := _BRACKETS.sub("", chain)) != chain:
        chain = outer
    return len(re.findall(r"\.\s*\w", chain))


def _takes_values(rule: Rule) -> bool:
    """Whether a named edit of ours may read parameters by name."""
    return any(step.edit not in ("fix", "insert", "replace", "wrap") for step in rule.recipe.steps)


def _has_kind(rule: object, utils: Mapping[str, Any], seen: tuple[str, ...] = ()) -> bool:
    if not isinstance(rule, Mapping):
        return False
    if "kind" in rule or "pattern" in rule:
        return True
    if any(_has_kind(part, utils, seen) for part in rule.get("all", [])):
        return True
    if rule.get("any") and all(_has_kind(part, utils, seen) for part in rule["any"]):
        return True
    name = rule.get("matches")
    return isinstance(name, str) and name not in seen and _has_kind(utils.get(name), utils, (*seen, name))
