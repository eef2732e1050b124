"""How often answers to a unit were rejected: after so many it is given up, whoever answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from hunkworks.localize.units import Rejected
from hunkworks.splice import write_atomically

#: What only says that the file or the plan is not as it was: no answer could have been right.
_NOT_THE_ANSWERS = {"id", "source", "concurrent", "catalog", "prune"}


class Attempt(msgspec.Struct, frozen=True):
    """What became of the answers to one unit so far: how many were rejected, and why the last one was."""

    count: int
    check: str
    message: str


class Attempts:
    """The rejected answers of one plan, kept beside it.

    Args:
        file: Where they are kept; None keeps them in memory.
        most: So many rejected answers end it.
    """

    def __init__(self, file: Path | None = None, most: int = 3) -> None:
        self._file = file
        self.most = most
        self._attempts: dict[str, Attempt] = {}
        if file is not None and file.exists():
            self._attempts = msgspec.json.decode(file.read_bytes(), type=dict[str, Attempt])

    def spent(self, ident: str) -> bool:
        """Whether a unit is given up."""
        return ident in self._attempts and self._attempts[ident].count >= self.most

    def last(self, ident: str) -> Rejected | None:
        """Return why the last answer to a unit was rejected; None where none was."""
        found = self._attempts.get(ident)
        return None if found is None else Rejected(ident, found.check, found.message)

    def count(self, rejected: Iterable[Rejected], written: Iterable[str]) -> None:
        """Count what was rejected just now, once a unit; what was written is no longer counted."""
        before = dict(self._attempts)
        counted = {item.id: item for item in rejected if item.check not in _NOT_THE_ANSWERS}
        for ident, item in counted.items():
            earlier = before.get(ident)
            self._attempts[ident] = Attempt(earlier.count + 1 if earlier else 1, item.check, item.message)
        for ident in written:
            self._attempts.pop(ident, None)
        if self._attempts != before and self._file is not None:
            write_atomically(self._file, msgspec.json.encode(self._attempts))
