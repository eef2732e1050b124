"""The fate of findings from one review of a branch to the next.

A finding is resolved when its code is gone, when the rule that found it no longer does, or when a reviewer verified the
fix; not being mentioned again resolves nothing. What was verified as fixed is not said again while its hunk stands. Its
severity is frozen while its code stands. Deterministic: a report computes the new memory from the memory that
its plan began with, so that the same report twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from hunkworks.review.extent import Extent
from hunkworks.review.finding import Finding, FindingStatus, Stamp
from hunkworks.review.memory import Memory, Remembered, digest
from hunkworks.review.reconcile import same
from hunkworks.review.rows import Section


@dataclass(frozen=True, slots=True)
class Seen:
    """What a review saw, beside its findings.

    Attributes:
        sections: The hunks that reviewers read.
        tier: The tier that read them.
        fixed: Findings that a reviewer verified as fixed, by fingerprint, with the evidence.
        locate: A remembered finding where its code stands now, or None where it is gone.
        extent: Which lines the change touches: what lies outside is no matter of this change, for now.
        dismissed: Fingerprints that the team dismissed.
        today: Dismissals that end before this day count no longer.
    """

    sections: Sequence[Section]
    tier: str
    fixed: Mapping[str, str]
    locate: Callable[[Finding], Finding | None]
    extent: Extent
    dismissed: Collection[str]
    today: date


def follow(before: Memory, found: Sequence[Finding], seen: Seen) -> tuple[list[Finding], Memory]:
    """Return the findings to show, carried ones included, and the memory after this review."""
    shown: list[Finding] = []
    items: list[Remembered] = []
    new = [finding for finding in found if finding.fingerprint not in seen.dismissed]
    for item in before.findings:
        if item.finding.fingerprint in seen.dismissed:
            items.append(item)
            continue
        place = seen.locate(item.finding)
        again = next((finding for finding in new if same(place or item.finding, finding)), None)
        if again is not None:
            new.remove(again)
        after, show = _next(item, place, again, seen)
        items.append(after)
        shown += [show] if show is not None else []
    items += (Remembered(finding=finding) for finding in new)
    read = {digest(section): seen.tier for section in seen.sections}
    memory = Memory(findings=tuple(items), read={**before.read, **read}, loop=before.loop)
    return [*shown, *new], memory


def _next(
    item: Remembered, place: Finding | None, again: Finding | None, seen: Seen
) -> tuple[Remembered, Finding | None]:
    """Return what is remembered of one finding from now on, and what is shown of it."""
    status = item.finding.status
    if status is FindingStatus.DISMISSED:
        if not item.until or item.until >= seen.today.isoformat():
            return item, None
        status = FindingStatus.OPEN
    if status is FindingStatus.RESOLVED:
        if again is None or (item.verified_in and item.verified_in == _hunk(again, seen)):
            return item, None
        finding = msgspec.structs.replace(again, status=FindingStatus.REOPENED)
        return Remembered(finding=finding, reopened=item.reopened + 1), finding
    if again is not None:
        unchanged = again.fingerprint == item.finding.fingerprint
        severity = item.finding.severity if unchanged else again.severity
        finding = msgspec.structs.replace(again, status=status, severity=severity)
        return msgspec.structs.replace(item, finding=finding, why="", until=""), finding
    why = _fixed(item.finding, place, seen)
    if why:
        finding = msgspec.structs.replace(item.finding, status=FindingStatus.RESOLVED)
        verified = _hunk(place, seen) if place is not None else ""
        return msgspec.structs.replace(item, finding=finding, why=why, verified_in=verified), None
    if place is not None and not seen.extent.holds(place):
        return item, None
    carried = msgspec.structs.replace(place or item.finding, status=status)
    return msgspec.structs.replace(item, finding=carried), carried


def _fixed(finding: Finding, place: Finding | None, seen: Seen) -> str:
    """Say why a finding that was not found again is resolved, or nothing where that is not proven."""
    if finding.stamp is Stamp.STATIC:
        return "the rule finds it no longer"
    if place is None:
        return "its code is gone"
    return seen.fixed.get(finding.fingerprint, "")


def _hunk(finding: Finding, seen: Seen) -> str:
    """Name the hunk that a finding stands in, or nothing where it was not read in this review."""
    for section in seen.sections:
        if section.path == finding.path and any(
            row.number(finding.side) == finding.line for row in section.rows
        ):
            return digest(section)
    return ""
