"""What makes a rule a recipe: how its matches are rewritten, and who decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Safety(StrEnum):
    """Who decides about a match: code alone, somebody who judges, or nobody (it is only reported)."""

    MECHANICAL = "mechanical"
    JUDGMENT = "judgment"
    DETECT = "detect"


class ParameterType(StrEnum):
    """What a parameter's value may be; each is narrow enough to be put into code as it is.

    ``identifier`` is one name, ``name`` names with dots between, ``text`` one line without quotes, backslashes,
    backticks, dollars and braces, so that it stays inside any string literal.
    """

    IDENTIFIER = "identifier"
    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"


_ALLOWED: Mapping[ParameterType, re.Pattern[str]] = {
    ParameterType.IDENTIFIER: re.compile(r"[^\W\d]\w*"),
    ParameterType.NAME: re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*"),
    ParameterType.TEXT: re.compile(r"""[^"'`\\$%{}\x00-\x1f\x7f-\x9f\u2028\u2029]*"""),
    ParameterType.NUMBER: re.compile(r"-?\d{1,18}(\.\d{1,18})?"),
    ParameterType.BOOLEAN: re.compile(r"true|false"),
}


class Parameter(NamedTuple):
    """One value that a run may choose.

    ``default`` is None where somebody has to give the value. ``captures`` names a captured variable: only matches
    in which it reads exactly like the value count. With ``ask`` every match is residue until its judge names a value.
    """

    name: str
    type: ParameterType
    description: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    captures: str = ""
    ask: bool = False

    def allows(self, value: str) -> bool:
        """Whether ``value`` is one of this parameter's."""
        if self.type is ParameterType.CHOICE:
            return value in self.choices
        return bool(_ALLOWED[self.type].fullmatch(value))


@dataclass(frozen=True, slots=True)
class Guard:
    """A reason not to rewrite a match by code: it is refused, or (``judge``) left to somebody who judges.

    Exactly one condition is set. ``rule`` is an ast-grep rule that the matched node also fulfils; ``file`` and
    ``file_lacks`` are searched in the file's text; ``project_file`` names a file that stands beside the match or
    nearest above it, and its text must have ``project_has``, or must not have what ``project_lacks`` says. The
    condition of a missing ``project_file`` with ``project_lacks`` holds: nothing there says otherwise.
    """

    why: str
    judge: bool = False
    rule: Mapping[str, Any] | None = field(default=None, hash=False)
    file: re.Pattern[str] | None = None
    file_lacks: re.Pattern[str] | None = None
    project_file: str = ""
    project_has: re.Pattern[str] | None = None
    project_lacks: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One code edit by name, with what the recipe says to it; a template where ``edit`` is ``fix``."""

    edit: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An example: ``before`` becomes exactly ``after``. ``files`` are the others that guards or edits read."""

    before: str
    after: str
    path: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    files: Mapping[str, str] = field(default_factory=dict, hash=False)
    files_after: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the matches of a rule are rewritten.

    ``steps`` are applied together or not at all. ``verify`` is a command, word by word, that has to succeed after
    the files are written; it runs only where the user trusts it. ``tried`` says on what the recipe was tried.
    """

    safety: Safety
    steps: tuple[Step, ...] = ()
    guards: tuple[Guard, ...] = ()
    imports_add: tuple[str, ...] = ()
    imports_drop: tuple[str, ...] = ()
    brief: str = ""
    parameters: tuple[Parameter, ...] = ()
    verify: tuple[str, ...] = ()
    tried: str = ""
    rewrites: tuple[Rewrite, ...] = field(default=(), repr=False)
    refused: tuple[Rewrite, ...] = field(default=(), repr=False)

    @property
    def asks(self) -> bool:
        """Whether every match needs a value that only a judge can name."""
        return any(parameter.ask for parameter in self.parameters)


DETECT = Recipe(Safety.DETECT)


def written(value: object) -> str:
    """Return a parameter's value as it is put into code."""
    return str(value).lower() if isinstance(value, bool) else str(value)
