"""What became of findings: addressed, dismissed or ignored, by class. Code that changed counts, not comments posted.

A finding counts as addressed when the code that it quoted is gone from the branch's files, and as ignored while it
stands. That is what can be seen; why somebody changed a line cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hunkworks.review.finding import Finding


@dataclass(slots=True)
class Fates:
    """Counts of one class."""

    said: int = 0
    addressed: int = 0
    dismissed: int = 0
    standing: int = 0


@dataclass(slots=True)
class Stats:
    """Everything that ``hunkworks stats`` prints."""

    reviews: int = 0
    incomplete: int = 0
    pages: int = 0
    deep: int = 0
    cost: float | None = None
    classes: dict[str, Fates] = field(default_factory=dict)

    @property
    def total(self) -> Fates:
        """All classes together."""
        fates = self.classes.values()
        return Fates(
            sum(one.said for one in fates),
            sum(one.addressed for one in fates),
            sum(one.dismissed for one in fates),
            sum(one.standing for one in fates),
        )


def findings_of(document: Mapping[str, Any]) -> list[Finding]:
    """Return the findings that a recorded report showed."""
    return msgspec.convert(document.get("findings", []), list[Finding])


def count(
    findings: Iterable[Finding], dismissed: Collection[str], locate: Callable[[Finding], Finding | None]
) -> dict[str, Fates]:
    """Return the fate of every finding that was ever shown, each once, by class.

    Args:
        findings: Of all reports, the oldest first.
        dismissed: Fingerprints that somebody dismissed.
        locate: A finding where its code stands today, or None where it is gone.
    """
    classes: dict[str, Fates] = {}
    for finding in {finding.fingerprint: finding for finding in findings}.values():
        fates = classes.setdefault(finding.klass, Fates())
        fates.said += 1
        if finding.fingerprint in dismissed:
            fates.dismissed += 1
        elif locate(finding) is None:
            fates.addressed += 1
        else:
            fates.standing += 1
    return classes
