"""Words that a file must hold for a rule to match in it: looked for before anything is parsed.

What cannot be said for certain is left out, so that a file is passed over only where no match is possible.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Clause = frozenset[bytes]
_WORD = re.compile(r"[^\W\d]\w{2,}")
_VARIABLE = re.compile(r"\$+[A-Z_][A-Z0-9_]*|\$\$\$")
_RELATIONS = ("has", "inside", "precedes", "follows")


def needed(config: Mapping[str, Any]) -> tuple[Clause, ...]:
    """Return clauses of which every one must be met: a file holds at least one word of each."""
    utils = config.get("utils", {})
    clauses = set(_rule(config.get("rule", {}), utils if isinstance(utils, dict) else {}, ()))
    return tuple(sorted(clauses, key=sorted))


def may_match(clauses: tuple[Clause, ...], data: bytes) -> bool:
    """Whether ``data`` holds a word of every clause."""
    return all(any(word in data for word in clause) for clause in clauses)


def _rule(rule: object, utils: Mapping[str, Any], seen: tuple[str, ...]) -> Iterator[Clause]:
    if not isinstance(rule, Mapping):
        return
    pattern = rule.get("pattern")
    if isinstance(pattern, Mapping) and not {"selector", "strictness"} & pattern.keys():
        pattern = pattern.get("context")
    if isinstance(pattern, str):
        yield from (frozenset({word.encode()}) for word in _WORD.findall(_VARIABLE.sub(" ", pattern)))
    if isinstance(rule.get("regex"), str):
        yield from _expression(rule["regex"])
    for relation in _RELATIONS:
        yield from _rule(rule.get(relation), utils, seen)
    for part in rule.get("all", []):
        yield from _rule(part, utils, seen)
    if rule.get("any"):
        yield from _alternatives([list(_rule(part, utils, seen)) for part in rule["any"]])
    name = rule.get("matches")
    if isinstance(name, str) and name in utils and name not in seen:
        yield from _rule(utils[name], utils, (*seen, name))


def _alternatives(each: list[list[Clause]]) -> Iterator[Clause]:
    """Yield one clause that every alternative needs: the most telling one of each, together."""
    if all(each):
        yield frozenset().union(*(max(clauses, key=lambda one: min(map(len, one))) for clauses in each))


def _expression(expression: str) -> Iterator[Clause]:
    """Yield what a regular expression cannot match without; ast-grep's dialect is read as Python's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parser.parse(expression)
    except (re.error, RecursionError, OverflowError):
        return
    if not parsed.state.flags & re.IGNORECASE:
        yield from _sequence(parsed)


def _sequence(items: Any) -> Iterator[Clause]:
    run = ""
    for code, value in items:
        if code is codes.LITERAL:
            run += chr(value)
            continue
        yield from _long_enough(run)
        run = ""
        if code is codes.SUBPATTERN and not value[1] & re.IGNORECASE:
            yield from _sequence(value[3])
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and value[0] > 0:
            yield from _sequence(value[2])
        elif code is codes.BRANCH:
            yield from _alternatives([list(_sequence(branch)) for branch in value[1]])
    yield from _long_enough(run)


def _long_enough(run: str) -> Iterator[Clause]:
    if len(run) >= 3 and run.isascii():
        yield frozenset({run.encode()})
