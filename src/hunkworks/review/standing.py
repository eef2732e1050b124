"""Where the code of an earlier finding stands now, if it still does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding
from hunkworks.review.masking import Masker, shown_text


def locator(
    read: Callable[[str], bytes | None], renamed: Mapping[str, str]
) -> Callable[[Finding], Finding | None]:
    """Return a function that finds an earlier finding in the change's head.

    Args:
        read: A file's content in the head, or None where there is none.
        renamed: New paths by old ones.
    """
    lines: dict[str, list[str]] = {}

    def content(path: str) -> list[str]:
        if path not in lines:
            texts = [shown_text(line) for line in (read(path) or b"").split(b"\n")]
            masked = Masker().lines(path, range(1, len(texts) + 1), texts)
            lines[path] = [" ".join(text.split()) for text in masked]
        return lines[path]

    def locate(finding: Finding) -> Finding | None:
        path = renamed.get(finding.path, finding.path)
        wanted = [" ".join(text.split()) for text in finding.quote.split("\n")]
        if finding.side is Side.OLD:
            # A finding about removed lines stands for as long as they are missing.
            back = bool(_places(content(path), wanted))
            return None if back else msgspec.structs.replace(finding, path=path)
        found = _places(content(path), wanted)
        if not found:
            return None
        line = min(found, key=lambda place: abs(place - finding.line))
        return msgspec.structs.replace(finding, path=path, line=line, end_line=line + len(wanted) - 1)

    return locate


def _places(lines: list[str], wanted: list[str]) -> list[int]:
    """Return the lines, from 1, on which ``wanted`` begins."""
    starts = [number for number, line in enumerate(lines) if line == wanted[0]]
    return [start + 1 for start in starts if lines[start : start + len(wanted)] == wanted]
