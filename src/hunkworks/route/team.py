"""A team's own routes, from ``[[route.rules]]``: paths as in .gitignore, words whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from hunkworks.change.model import FileChange, LineKind
from hunkworks.config import RouteRule, Tier
from hunkworks.errors import ConfigError
from hunkworks.route.lexicon import words
from hunkworks.route.model import Reason

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class TeamRoute:
    """One rule, ready to be asked about files.

    Raises:
        ConfigError: A pattern of its paths is none.
    """

    def __init__(self, rule: RouteRule) -> None:
        self.tier = Tier(rule.tier)
        self._name = f"team route {rule.name}"
        self._paths = _paths(rule) if rule.paths else None
        self._words = [_word(word) for word in rule.words]

    def reason(self, file: FileChange) -> Reason | None:
        """Return where the rule first holds in this file, or None. A renamed file has both its paths."""
        if self._paths and not any(map(self._paths.match_file, (file.path, file.old_path))):
            return None
        if not self._words:
            return Reason(self._name, file.path)
        for number, text in _changed(file):
            if any(stands_in(text) for stands_in in self._words):
                return Reason(self._name, file.path, number, text)
        return None


def _paths(rule: RouteRule) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(rule.paths)
    except ValueError as error:
        raise ConfigError(f"route rule {rule.name}: {error}", expected="patterns as in .gitignore") from error


def _word(word: str) -> Callable[[str], bool]:
    """Return a test for ``word`` in a line: between word boundaries, or as whole words of an identifier."""
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    parts = words(word)
    if "".join(parts) != re.sub(r"[\s_-]", "", word).lower():
        return lambda text: whole.search(text) is not None
    sought = f" {' '.join(parts)} "
    return lambda text: whole.search(text) is not None or sought in f" {' '.join(words(text))} "


def _changed(file: FileChange) -> Iterator[tuple[int, str]]:
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is not LineKind.CONTEXT:
                yield line.new or line.old or 0, line.text.decode("utf-8", "replace").strip()
