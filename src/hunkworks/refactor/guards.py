"""Why a match is not rewritten by code although it lies where it may be: comments, broken code, the recipe's guards."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from hunkworks.refactor.finding import Found, fulfilling
from hunkworks.refactor.site import Project
from hunkworks.refactor.source import Source
from hunkworks.rules import tree
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Guard
from hunkworks.rules.suppression import suppressions

if TYPE_CHECKING:
    from ast_grep_py import SgNode


class Reason(NamedTuple):
    """Why; ``judge`` leaves the match to somebody who judges, else it is refused."""

    why: str
    judge: bool


class Guards:
    """Asks the guards of one recipe about the matches of one file; ``errors`` are its parts that do not parse."""

    def __init__(
        self,
        rule: Rule,
        source: Source,
        root: SgNode,
        values: Mapping[str, str],
        project: Project,
        errors: Sequence[SgNode],
    ) -> None:
        self._rule = rule
        self._source = source
        self._root = root
        self._values = values
        self._project = project
        self._broken = tree.lines_of_all(errors)
        self._by_rule: dict[int, set[tuple[int, int]]] = {}

    def reason(self, found: Found) -> Reason | None:
        """Return the first reason not to rewrite this match by code, or None; refusals come before doubts."""
        if self._rule.id in self._ignored.get(found.line, ()):
            return Reason("a hunkworks-ignore comment names this recipe", judge=False)
        if any(found.line <= last and first <= found.end_line for first, last in self._broken):
            return Reason("the code here does not parse", judge=False)
        guards = [guard for guard in enumerate(self._rule.recipe.guards) if self._holds(*guard, found)]
        for _, guard in sorted(guards, key=lambda item: item[1].judge):
            return Reason(guard.why, guard.judge)
        return None

    @functools.cached_property
    def _ignored(self) -> dict[int, set[str]]:
        if "hunkworks-ignore" not in self._source.text:
            return {}
        return suppressions(enumerate(self._source.text.split("\n"), 1))

    def _holds(self, number: int, guard: Guard, found: Found) -> bool:
        if guard.rule is not None:
            if number not in self._by_rule:
                self._by_rule[number] = fulfilling(self._root, self._rule, self._values, guard.rule)
            return found.span in self._by_rule[number]
        if guard.project_file:
            return self._project_says(guard)
        if guard.file is not None:
            return guard.file.search(self._source.text) is not None
        return guard.file_lacks is not None and guard.file_lacks.search(self._source.text) is None

    def _project_says(self, guard: Guard) -> bool:
        text = self._nearest(guard.project_file)
        if guard.project_has is not None:
            return text is not None and guard.project_has.search(text) is not None
        lacks: re.Pattern[str] | None = guard.project_lacks
        return lacks is not None and (text is None or lacks.search(text) is None)

    def _nearest(self, name: str) -> str | None:
        for folder in PurePosixPath(self._source.path).parents:
            data = self._project.read(str(folder / name))
            if data is not None:
                return data.decode("utf-8", "replace")
        return None
