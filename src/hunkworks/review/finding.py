"""A finding, as reviewers hand it in and as everything else reads it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from hunkworks.change.model import Side
from hunkworks.rules.classes import Severity

_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def rank(severity: Severity) -> int:
    """Return 0 for a blocker … 3 for a note."""
    return _RANKS[severity]


def reaches(severity: Severity, threshold: Severity) -> bool:
    """Return whether ``severity`` is at or above ``threshold``."""
    return rank(severity) <= rank(threshold)


class Stamp(StrEnum):
    """Who stands behind a finding: never claim more than the stamp."""

    STATIC = "static"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    UNVERIFIED = "unverified"


class FindingStatus(StrEnum):
    """Where a finding stands in the life of its branch."""

    OPEN = "open"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    DISMISSED = "dismissed"


class Reported(
    msgspec.Struct, frozen=True, kw_only=True, rename={"klass": "class"}, forbid_unknown_fields=True
):
    """A finding as a reviewer hands it in: nothing in it is believed before it is checked.

    ``quote`` is verbatim code of the change; ``line`` only helps to choose between equal quotes. ``evidence`` may be
    one text or a list of places: agents write both.
    """

    klass: str
    severity: Severity
    path: str
    quote: str
    message: str
    scenario: str
    confidence: int
    line: int | None = None
    side: Side | None = None
    evidence: str | list[str] = ""
    suggestion: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True, rename={"klass": "class"}, omit_defaults=True):
    """A finding that is proven to point at a changed line (a contract: docs/reference/json.md)."""

    fingerprint: str
    klass: str
    severity: Severity
    path: str
    side: Side
    line: int
    end_line: int
    quote: str
    message: str
    scenario: str
    confidence: int
    stamp: Stamp
    status: FindingStatus = FindingStatus.OPEN
    symbol: str = ""
    origin: str = ""  # the file's path before the change, where that was another
    rule: str = ""
    evidence: str = ""
    suggestion: str | None = None
    asked: int | None = None  # percent: the mean of what skeptics said, None without votes
    votes: tuple[str, ...] = ()  # each skeptic's side, places and reason

    @property
    def file(self) -> str:
        """The path that names the file through a rename."""
        return self.origin or self.path

    @property
    def waits(self) -> bool:
        """Whether it still waits for a fix."""
        return self.status in {FindingStatus.OPEN, FindingStatus.REOPENED}
