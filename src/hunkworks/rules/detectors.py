"""The detectors that a rule file may name: what neither a line rule nor a syntax rule can say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hunkworks.change.model import FileChange
from hunkworks.rules.lines import NewSide


@dataclass(frozen=True, slots=True)
class Hit:
    """Lines of the new file that a detector points at; ``detail`` never holds text of the file."""

    line: int
    end_line: int
    detail: str = ""


class CannotLookError(Exception):
    """This file cannot be judged by this detector; the text says why."""


Detector = Callable[[FileChange, NewSide, bytes | None], Iterator[Hit]]

# Kinds of `privacy` that no shape proves. They are redacted, but not told as findings: of 21 such alarms on real
# commits, read one by one, none was a secret.
GUESSED = frozenset({"generated-token", "generic-secret"})
_OPENING = re.compile(r"<{7}(?: .*)?")
_CLOSING = re.compile(r">{7}(?: .*)?")


def conflict_marker(_file: FileChange, side: NewSide, _whole: bytes | None) -> Iterator[Hit]:
    """Yield each conflict that git left, at its opening marker, or at a closing one that stands alone."""
    is_open = False
    for number, text in side.added.items():
        if _OPENING.fullmatch(text):
            is_open = True
            yield Hit(number, number)
        elif _CLOSING.fullmatch(text):
            if not is_open:
                yield Hit(number, number)
            is_open = False


def secrets(_file: FileChange, side: NewSide, _whole: bytes | None) -> Iterator[Hit]:
    """Yield each secret of a known shape in the added lines, with its kind."""
    from hunkworks.privacy.secrets import find_secrets

    for run in side.runs():
        text = run.text
        for secret in find_secrets(text):
            if secret.kind not in GUESSED:
                yield Hit(run.line_at(secret.start), run.line_at(secret.end - 1), secret.kind)


def hidden_text(_file: FileChange, side: NewSide, _whole: bytes | None) -> Iterator[Hit]:
    """Yield each added line that holds invisible or reordering characters, once, with their kinds."""
    from hunkworks.privacy.hidden import find_hidden

    for number, text in side.added.items():
        # In a diff a comment is seen; what hides inside one is not. A byte order mark is one in line 1 only.
        shown = ("" if number == 1 else "\n") + text.replace("<!--", "<!__")
        kinds = sorted({hidden.kind for hidden in find_hidden(shown)})
        if kinds:
            yield Hit(number, number, ", ".join(kinds))


def catalog_syntax(file: FileChange, side: NewSide, whole: bytes | None) -> Iterator[Hit]:
    """Yield the place where a catalog stops to parse, moved to the nearest line that the change shows."""
    from hunkworks.rules.syntax import first_error

    if whole is None:
        raise CannotLookError("the whole new file is not at hand")
    error = first_error(file.path, whole)
    if error is None:
        return
    candidates = side.added or side.shown
    line = min(candidates, key=lambda number: (abs(number - error.line), number))
    yield Hit(line, line, f"line {error.line}: {error.what}")


DETECTORS: Mapping[str, Detector] = MappingProxyType(
    {
        "catalog-syntax": catalog_syntax,
        "conflict-marker": conflict_marker,
        "hidden-text": hidden_text,
        "secrets": secrets,
    }
)
