"""The review as SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning and editors."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from hunkworks import paths
from hunkworks.change.model import Side
from hunkworks.review.finding import Finding, FindingStatus
from hunkworks.review.report.neutral import printable, replacement
from hunkworks.review.report.wording import FOLDED, judging_sentences, verdict_sentence
from hunkworks.review.verdict import Review, Verdict
from hunkworks.rules.classes import CLASSES, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/hunkworks/hunkworks"
_LEVELS = {
    Severity.BLOCKER: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NOTE: "note",
}
_ROOT = "%SRCROOT%"  # as code scanning writes it


def document(review: Review) -> dict[str, Any]:
    """Return the review as a SARIF log of one run.

    What votes did not confirm is suppressed; a suggestion is a fix, since only proven ones stand in a report; what
    nobody looked at is a notification, and then the execution was not successful.
    """
    findings = [*review.findings, *review.folded]
    rules = sorted({_rule(finding): finding.klass for finding in findings}.items())
    index = {name: number for number, (name, _) in enumerate(rules)}
    suppresses = bool(review.folded)
    results = [_result(finding, index, [] if suppresses else None) for finding in review.findings]
    results += [_result(finding, index, _suppressions(finding)) for finding in review.folded]
    driver = {
        "name": "Hunkworks",
        "version": paths.version(),
        "semanticVersion": paths.version(),
        "informationUri": HOME,
        "rules": [_descriptor(name, klass) for name, klass in rules],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "hunkworks/review/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": review.verdict is not Verdict.INCOMPLETE,
                "toolExecutionNotifications": list(_notifications(review)),
            }
        ],
        "results": results,
        "properties": {
            "verdict": review.verdict.value,
            "engine": review.engine,
            "change": review.manifest.change.id,
            "head": review.manifest.change.head,
        },
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(finding: Finding) -> str:
    return finding.rule or finding.klass


def _descriptor(name: str, klass: str) -> dict[str, Any]:
    text = CLASSES.get(klass, klass)
    return {
        "id": printable(name),
        "shortDescription": {"text": _text(text)},
        "properties": {"tags": [printable(klass)]},
    }


def _result(
    finding: Finding, index: dict[str, int], suppressions: list[dict[str, Any]] | None
) -> dict[str, Any]:
    said = [finding.message, finding.scenario and f"What goes wrong: {finding.scenario}", finding.evidence]
    if finding.side is Side.OLD:
        said.append(f"It is about removed line {finding.line}.")
    result: dict[str, Any] = {
        "ruleId": printable(_rule(finding)),
        "ruleIndex": index[_rule(finding)],
        "level": _LEVELS[finding.severity],
        "message": {"text": _text("\n".join(part for part in said if part))},
        "locations": [{"physicalLocation": _place(finding)}],
        "partialFingerprints": {"hunkworks/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "class": printable(finding.klass),
            "confidence": finding.confidence,
            "stamp": finding.stamp.value,
            "status": finding.status.value,
        },
    }
    if finding.asked is not None:
        result["properties"]["asked"] = finding.asked
    if finding.suggestion is not None and finding.side is Side.NEW:
        result["fixes"] = [_fix(finding, finding.suggestion)]
    if suppressions is not None:
        result["suppressions"] = suppressions
    return result


def _suppressions(finding: Finding) -> list[dict[str, Any]]:
    dismissed = finding.status is FindingStatus.DISMISSED
    why = "dismissed by the team" if dismissed else f"{finding.stamp.value}: {FOLDED}"
    return [{"kind": "external", "status": "accepted", "justification": why}]


def _place(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(finding.path)}
    if finding.side is Side.NEW:  # a region is one of the file as it stands
        place["region"] = {
            "startLine": finding.line,
            "endLine": finding.end_line,
            "snippet": {"text": printable(finding.quote)},
        }
    return place


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(os.fsencode(path)), "uriBaseId": _ROOT}


def _fix(finding: Finding, suggestion: str) -> dict[str, Any]:
    """Whole lines are replaced: from the first one's beginning to the last one's end, without its line break."""
    region = {"startLine": finding.line, "endLine": finding.end_line}
    if not suggestion:
        region = {
            "startLine": finding.line,
            "startColumn": 1,
            "endLine": finding.end_line + 1,
            "endColumn": 1,
        }
    written = {"deletedRegion": region, "insertedContent": {"text": replacement(suggestion)}}
    change = {"artifactLocation": _artifact(finding.path), "replacements": [written]}
    return {"description": {"text": "Replace these lines."}, "artifactChanges": [change]}


def _notifications(review: Review) -> Iterable[dict[str, Any]]:
    if review.verdict in (Verdict.INCOMPLETE, Verdict.STATIC_ONLY):
        level = "error" if review.verdict is Verdict.INCOMPLETE else "note"
        yield {"level": level, "message": {"text": _text(verdict_sentence(review))}}
    for sentence in judging_sentences(review)[1:]:
        yield {"level": "warning", "message": {"text": _text(sentence)}}
    for item in review.manifest.skipped:
        yield {
            "level": "warning",
            "message": {"text": _text(f"not checked: {item.why}")},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(item.path)}}],
        }


def _text(text: str) -> str:
    """Return a plain text message: no embedded link and no placeholder (SARIF 3.11.5, 3.11.6)."""
    apart = re.sub(r"\](?=\()", "] ", printable(text))
    return re.sub(r"\{(?=\d+\})", "{ ", apart)
