"""What a reviewer may see of a line: secrets masked, hidden characters taken out, controls made visible."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from hunkworks.change.model import FileChange, Hunk, LineKind
from hunkworks.privacy.redact import redact, strip_hidden
from hunkworks.review.manifest import RedactionRef
from hunkworks.review.rows import Row, Section

# The header of the function or type around a line of the new side, "" outside of any.
Scopes: TypeAlias = Callable[[Hunk, int], str]

# A terminal or a model must not act on them: control characters are shown as their pictures (U+2400 block).
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: 0x2421}
_MARKUP = (
    ".md",
    ".markdown",
    ".mdx",
    ".html",
    ".htm",
    ".xhtml",
    ".vue",
    ".svelte",
)  # where <!-- --> hides text


@functools.lru_cache(maxsize=4096)
def shown_path(path: str) -> str:
    """Return a path as text that may be shown: masked, undecodable bytes and unprintable characters as escapes."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return redact("".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)).text


def shown_text(data: bytes) -> str:
    """Return one line of content as text, without its terminator; bytes that are not UTF-8 become U+FFFD."""
    return data.rstrip(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


class Masker:
    """Turns hunks into sections and remembers what it masked."""

    def __init__(self) -> None:
        self.redactions: list[RedactionRef] = []

    def lines(self, path: str, numbers: Sequence[int], texts: Sequence[str]) -> list[str]:
        """Return ``texts`` masked; secrets may span lines. ``numbers`` says where a redaction is reported."""
        if not texts:
            return []
        shown = shown_path(path)
        redacted = redact("\n".join(texts))
        self.redactions += (
            RedactionRef(shown, numbers[item.line - 1], item.kind) for item in redacted.redactions
        )
        stripped, hidden = strip_hidden(redacted.text, markup=path.lower().endswith(_MARKUP))
        for item in hidden:
            line = redacted.text.count("\n", 0, item.start)
            self.redactions.append(RedactionRef(shown, numbers[line], item.kind))
        return stripped.translate(_PICTURES).split("\n")

    def text(self, text: str) -> str:
        """Return one line that is shown elsewhere too, masked without being reported a second time."""
        return strip_hidden(redact(text).text)[0].replace("\n", " ").translate(_PICTURES)

    def sections(self, file: FileChange, hunks: Sequence[Hunk], scopes: Scopes) -> Iterator[Section]:
        """Yield one section per hunk; ``scopes`` says which function or type stands around a new line."""
        for hunk in hunks:
            numbers = [line.new or line.old or 0 for line in hunk.lines]
            texts = self.lines(file.path, numbers, [shown_text(line.text) for line in hunk.lines])
            symbols: dict[str, int] = {}
            rows: list[Row] = []
            for line, text, symbol in zip(hunk.lines, texts, _scopes(hunk, scopes), strict=True):
                scope = symbols.setdefault(self.text(symbol), len(symbols))
                rows.append(Row(line.kind.value, line.old, line.new, text, scope=scope))
            yield Section(
                path=shown_path(file.path),
                old_path=shown_path(file.old_path),
                status=file.status.value,
                role=file.role.value,
                symbols=tuple(symbols),
                rows=tuple(rows),
            )


def _scopes(hunk: Hunk, scopes: Scopes) -> list[str]:
    """Return the scope of every line; what is unchanged or blank goes with the changed line before it.

    Each changed line is asked about: where a run of them begins depends on how the diff was aligned.
    """
    found: list[str | None] = []
    current: str | None = None
    new = hunk.new_start
    for line in hunk.lines:
        new = line.new if line.new is not None else new
        if line.kind is not LineKind.CONTEXT and line.text.strip():
            current = scopes(hunk, new)
        found.append(current)
        new += line.new is not None
    first = next((scope for scope in found if scope is not None), "")
    return [first if scope is None else scope for scope in found]
