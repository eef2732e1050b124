"""Comments that take a line out of a rule's sight: ``hunkworks-ignore: rule-id, …``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_IGNORE = re.compile(r"hunkworks-ignore:\s*([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)")


def suppressions(lines: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    """Return which rules are suppressed on which line: a comment counts for its own line and the next."""
    ignored: dict[int, set[str]] = {}
    for number, text in lines:
        for comment in _IGNORE.finditer(text):
            ids = {part.strip() for part in comment[1].split(",")}
            ignored.setdefault(number, set()).update(ids)
            ignored.setdefault(number + 1, set()).update(ids)
    return ignored
