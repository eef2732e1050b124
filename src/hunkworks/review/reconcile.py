"""The same problem said twice: by two reviewers of one change, or by two runs on one branch.

A model's class and quote vary from run to run, so a fingerprint alone would tell the same problem twice. Two findings
are the same when they share the fingerprint, or stand in the same file and symbol with overlapping anchors.
"""

from __future__ import annotations

from collections.abc import Iterable

from hunkworks.review.finding import Finding, Stamp, rank


def same(one: Finding, other: Finding) -> bool:
    """Return whether two findings of the same version of a file are about the same problem."""
    if one.fingerprint == other.fingerprint:
        return True
    if (one.path, one.side, one.symbol) != (other.path, other.side, other.symbol):
        return False
    return one.line <= other.end_line and other.line <= one.end_line


def merge(said: Iterable[tuple[int, Finding]]) -> list[Finding]:
    """Keep one of each problem that several said: the graver, then a built-in rule's before a model's, the surer one.

    A rule's finding always stays, and never takes the place of a graver one.

    Args:
        said: Findings, each with the number of the answer it stands in. Findings of one answer never stand for each
            other: whoever said both on one line meant two problems, and each rule says exactly what it saw.
    """
    kept: list[tuple[int, Finding]] = []
    for answer, finding in sorted(said, key=lambda item: _weight(item[1])):
        others = [other for by, other in kept if by != answer or other.fingerprint == finding.fingerprint]
        if finding.stamp is Stamp.STATIC:
            others = [other for other in others if other.stamp is Stamp.STATIC]
        if not any(same(finding, other) for other in others):
            kept.append((answer, finding))
    findings = [finding for _, finding in kept]
    return sorted(findings, key=lambda finding: (rank(finding.severity), finding.path, finding.line))


def _weight(finding: Finding) -> tuple[int, bool, int, str]:
    return rank(finding.severity), finding.stamp is not Stamp.STATIC, -finding.confidence, finding.fingerprint
