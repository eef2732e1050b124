"""What was handed in and not taken."""

from __future__ import annotations

import msgspec


class Rejected(msgspec.Struct, frozen=True):
    """One finding or vote that was not taken: its place in the list, and why."""

    index: int
    why: str
