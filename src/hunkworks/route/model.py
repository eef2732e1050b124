"""What a router decides, as values."""

from __future__ import annotations

from dataclasses import dataclass

from hunkworks.config import Tier


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and where to look.

    ``text`` is a line of the change, clipped but not redacted: whoever shows it redacts it.
    ``path`` and ``line`` are empty and 0 where a reason is about the whole change.
    """

    rule: str
    path: str = ""
    line: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Who judges a change: ``deep`` where the score reaches the threshold, or where a team's route says so.

    ``score`` lies between 0 and 1; it orders changes and is not a probability.
    """

    tier: Tier
    model: str
    agent: str
    score: float
    threshold: float
    reasons: tuple[Reason, ...]
