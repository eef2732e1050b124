"""The verdict: what may be said about a change, and never more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

import msgspec

from hunkworks.review.finding import Finding, reaches
from hunkworks.review.judging import Judging
from hunkworks.review.manifest import Coverage, Manifest
from hunkworks.rules.classes import Severity


class Verdict(StrEnum):
    """What a review ends with."""

    PASS = "pass"  # noqa: S105
    CHANGES = "changes"
    INCOMPLETE = "incomplete"
    STATIC_ONLY = "static-only"

    def exit_code(self, findings: bool) -> int:
        """Return the exit code; ``findings`` says whether any stands at or above the threshold."""
        if findings:
            return 1
        return 3 if self is Verdict.INCOMPLETE else 0


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A judged change: the plan, who judged, what was found, what may be said.

    ``findings`` are shown, the most asked for first; ``folded`` are those that votes did not confirm or the cap cut.
    ``unanswered`` names packets and ballots for which no answer was recorded. ``judging`` is what an engine took; None
    where a session's agents judged, or nobody.
    """

    manifest: Manifest
    engine: str
    findings: tuple[Finding, ...]
    folded: tuple[Finding, ...]
    unanswered: tuple[str, ...]
    verdict: Verdict
    fail_on: Severity
    judging: Judging | None = None

    @property
    def failing(self) -> list[Finding]:
        """The open findings at or above the threshold."""
        return [finding for finding in self.findings if _counts(finding, self.fail_on)]


def decide(
    findings: Sequence[Finding],
    coverage: Coverage,
    unanswered: Collection[str],
    *,
    engine: str,
    fail_on: Severity,
) -> Verdict:
    """Return the verdict; what nobody looked at is never passed.

    Args:
        findings: What is shown, static and judged.
        coverage: The plan's sum of changed lines.
        unanswered: Packets and ballots for which no answer was recorded.
        engine: Who judged; "none" leaves the built-in rules only.
        fail_on: The lowest severity that asks for changes.
    """
    if engine == "none":
        return Verdict.STATIC_ONLY
    if unanswered or not coverage.complete:
        return Verdict.INCOMPLETE
    if any(_counts(finding, fail_on) for finding in findings):
        return Verdict.CHANGES
    return Verdict.PASS


def _counts(finding: Finding, fail_on: Severity) -> bool:
    return finding.waits and reaches(finding.severity, fail_on)
