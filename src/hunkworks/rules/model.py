"""Rules, and what they find, as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from hunkworks.change.model import Role
from hunkworks.rules.classes import Severity
from hunkworks.rules.recipe import DETECT, Recipe

ANY = "any"


class Example(NamedTuple):
    """A piece of source that a rule must, or must not, match; ``path`` chooses the language and the role."""

    text: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file. Exactly one of ``config``, ``regex`` and ``detector`` says how it matches.

    ``language`` is the ast-grep name, or ``any``; ``languages`` holds every one that the rule is tried on
    (empty for ``any``). ``klass`` is one of ``classes.CLASSES``. ``files`` and ``ignores`` are globs.
    ``config`` is what ast-grep gets: rule, constraints, utils, transform. Such a rule does not run on a file that
    holds ``unless``: asked once a file, where the same question inside ``config`` is asked at every match.
    ``recipe`` says how matches are rewritten; a rule that only rewrites has no ``klass`` and is not reported.
    """

    id: str
    language: str
    languages: frozenset[str]
    severity: Severity
    klass: str
    title: str
    message: str
    note: str
    scenario: str
    why: str
    confidence: int
    roles: frozenset[Role]
    path: Path
    files: tuple[re.Pattern[str], ...] = ()
    ignores: tuple[re.Pattern[str], ...] = ()
    config: Mapping[str, Any] | None = field(default=None, hash=False)
    unless: re.Pattern[str] | None = None
    regex: re.Pattern[str] | None = None
    detector: str = ""
    recipe: Recipe = DETECT
    matching: tuple[Example, ...] = field(default=(), repr=False)
    not_matching: tuple[Example, ...] = field(default=(), repr=False)


class Match(NamedTuple):
    """One place where a rule matched the new side of a change.

    ``line`` and ``end_line`` count from 1 in the new file and are lines that the change added. ``quote`` is
    the text of ``line`` as it stands, without its terminator. For the class ``secret`` it holds the secret:
    redact it before it leaves the process.
    """

    rule: Rule
    line: int
    end_line: int
    quote: str
    message: str


class Skipped(NamedTuple):
    """What could not be looked at, and why; ``rules`` names the rules that did not run."""

    path: str
    why: str
    rules: tuple[str, ...]


class Scan(NamedTuple):
    """What the rules say about one file. ``suppressed`` matches carry a ``hunkworks-ignore`` comment."""

    matches: tuple[Match, ...] = ()
    suppressed: tuple[Match, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules that were loaded, in the order of their ids."""

    rules: tuple[Rule, ...]

    def __getitem__(self, rule_id: str) -> Rule:
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)
