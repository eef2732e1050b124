"""What the team decided not to hear again: ``.hunkworks/dismissals.jsonl``, one line per finding, sorted, committed.

Read from a change's base revision, like everything that judges it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from hunkworks.errors import ConfigError

PATH = ".hunkworks/dismissals.jsonl"


class Dismissal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"klass": "class"}):
    """One decision; ``until`` is its last day, "" for good; ``class`` and ``path`` are for people."""

    fingerprint: str
    klass: str
    path: str
    why: str
    until: str = ""

    def holds(self, today: date) -> bool:
        """Return whether the decision still holds."""
        return not self.until or self.until >= today.isoformat()


def parse(data: bytes, *, origin: str) -> list[Dismissal]:
    """Return the decisions of a file.

    Raises:
        ConfigError: A line is not a decision.
    """
    decisions = []
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            try:
                decisions.append(msgspec.json.decode(line, type=Dismissal))
            except msgspec.DecodeError as error:
                raise ConfigError(
                    f"{origin}:{number} is not a dismissal: {error}", fix="remove the line"
                ) from None
    return decisions


def write(decisions: Iterable[Dismissal]) -> bytes:
    """Return the file's content: one decision per fingerprint, the last one given, in a stable order."""
    latest = {decision.fingerprint: decision for decision in decisions}
    return b"".join(msgspec.json.encode(latest[name]) + b"\n" for name in sorted(latest))
