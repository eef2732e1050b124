"""The review as rdjson, reviewdog's format (https://github.com/reviewdog/reviewdog/tree/master/proto/rdf)."""

from __future__ import annotations

from typing import Any

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding
from hunkworks.review.report.neutral import printable, replacement
from hunkworks.review.report.sarif import HOME
from hunkworks.review.verdict import Review
from hunkworks.rules.classes import Severity

_SEVERITIES = {
    Severity.BLOCKER: "ERROR",
    Severity.MAJOR: "ERROR",
    Severity.MINOR: "WARNING",
    Severity.NOTE: "INFO",
}


def document(review: Review) -> dict[str, Any]:
    """Return the shown findings as a ``DiagnosticResult``; the format has no place for what nobody looked at."""
    return {
        "source": {"name": "hunkworks", "url": HOME},
        "diagnostics": [_diagnostic(finding) for finding in review.findings],
    }


def _diagnostic(finding: Finding) -> dict[str, Any]:
    parts = [finding.message, finding.scenario, finding.evidence]
    lines = {"start": {"line": finding.line}, "end": {"line": finding.end_line}}
    location: dict[str, Any] = {"path": printable(finding.path)}
    if finding.side is Side.NEW:
        location["range"] = lines
    else:
        parts.insert(1, f"It is about removed line {finding.line}.")
    diagnostic: dict[str, Any] = {
        "message": printable("\n".join(part for part in parts if part)),
        "location": location,
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": printable(finding.rule or finding.klass)},
    }
    if finding.suggestion is not None and finding.side is Side.NEW:
        # Without columns a range is whole lines.
        diagnostic["suggestions"] = [{"range": lines, "text": replacement(finding.suggestion)}]
    return diagnostic
