"""One file as text, with its own habits: line ends, indentation, and where its bytes are."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable

_LEADING = re.compile(r"[ \t]*")
_TABS = frozenset({"Go"})
_TWO_SPACES = frozenset(
    {"TypeScript", "Tsx", "JavaScript", "Dart", "Ruby", "Scala", "Html", "Css", "Json", "Yaml", "Hcl"}
)


class Source:
    """A file that is about to be rewritten.

    Args:
        path: From the repository's top.
        data: Its bytes.
        language: ast-grep's name.

    Raises:
        UnicodeDecodeError: It is not UTF-8.
    """

    def __init__(self, path: str, data: bytes, language: str) -> None:
        self.path = path
        self.data = data
        self.language = language
        self.text = data.decode("utf-8")

    @functools.cached_property
    def newline(self) -> str:
        """The line end that most lines have."""
        crlf = self.text.count("\r\n")
        return "\r\n" if crlf * 2 > self.text.count("\n") else "\n"

    @functools.cached_property
    def unit(self) -> str:
        """One level of indentation as this file writes it; by language where the file has none."""
        tabs = 0
        steps: Counter[int] = Counter()
        before = 0
        for line in self.text.split("\n"):
            if not line.strip():
                continue
            leading = indentation(line)
            if leading.startswith("\t"):
                tabs += 1
                continue
            if len(leading) > before:
                steps[len(leading) - before] += 1
            before = len(leading)
        if tabs > sum(steps.values()):
            return "\t"
        common = [width for width, _ in steps.most_common() if width in (2, 3, 4, 8)]
        if common:
            return " " * common[0]
        return "\t" if self.language in _TABS else "  " if self.language in _TWO_SPACES else "    "

    def bytes_at(self, points: Collection[int]) -> dict[int, int]:
        """Return the byte offset of each code point, in one way through the text."""
        if len(self.text) == len(self.data):
            return {point: point for point in points}
        found: dict[int, int] = {}
        before = offset = 0
        for point in sorted(points):
            offset += len(self.text[before:point].encode("utf-8"))
            found[point] = offset
            before = point
        return found

    def line(self, point: int) -> int:
        """Return the number of the line that ``point`` stands in, from 1."""
        return self.text.count("\n", 0, point) + 1

    def line_start(self, point: int) -> int:
        """Return where the line of ``point`` starts."""
        return self.text.rfind("\n", 0, point) + 1

    def line_end(self, point: int) -> int:
        """Return where the line of ``point`` ends, before its line end."""
        end = self.text.find("\n", point)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > point and self.text[end - 1] == "\r" else end

    def indentation(self, point: int) -> str:
        """Return the white space that the line of ``point`` starts with."""
        start = self.line_start(point)
        return indentation(self.text[start : self.line_end(start)])


def indentation(line: str) -> str:
    """Return the spaces and tabs that ``line`` starts with."""
    found = _LEADING.match(line)
    return found[0] if found else ""


def levels(lines: Iterable[str], unit: str) -> list[str]:
    """Return the indentation of each line of a template in ``unit``s: its own levels are the common measure."""
    widths = [indentation(line).expandtabs(4) for line in lines]
    used = [len(width) for width, line in zip(widths, lines, strict=True) if line.strip()]
    measure = math.gcd(*used) if any(used) else 0
    if measure < 2:
        return widths
    return [unit * (len(width) // measure) for width in widths]


def shifted(text: str, old: str, new: str) -> str:
    """Return ``text`` with the indentation ``old`` of its lines after the first turned into ``new``."""
    if old == new or "\n" not in text:
        return text
    first, *rest = text.split("\n")
    moved = [new + line.removeprefix(old) if line.strip() and line.startswith(old) else line for line in rest]
    return "\n".join([first, *moved])
