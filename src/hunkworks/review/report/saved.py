"""A saved JSON report, read again as if a stranger had written it: what a job hands on may have been tampered with."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from hunkworks.errors import InputError
from hunkworks.review.finding import Finding
from hunkworks.review.verdict import Review, Verdict, decide
from hunkworks.rules.classes import Severity

MOST_BYTES = 16 << 20
_SCHEMA = 1
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_HEAD = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|worktree|index|empty|stdin")


def read_saved(file: Path) -> Review:
    """Return the review that stands in a file; errors as of :func:`read_review`."""
    with file.open("rb") as stream:  # no more of it than a report may have
        return read_review(stream.read(MOST_BYTES + 1), origin=str(file))


def read_review(data: bytes, *, origin: str) -> Review:
    """Return the review that ``--format json`` wrote.

    Args:
        data: The file.
        origin: What a message calls it.

    Raises:
        InputError: It is too large, not such a report, or it contradicts itself: a verdict that its findings and
            coverage do not give, a place outside the repository, a number that is none.
    """
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{origin} is too large for a report",
            expected=f"at most {MOST_BYTES:,} bytes",
            found=f"{len(data):,}",
        )
    try:
        document: Any = json.loads(
            data
        )  # reads halves of surrogate pairs, which stand for paths that are not UTF-8
        if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
            raise InputError(
                f"{origin} is not a report",
                expected=f'"schema": {_SCHEMA}',
                fix="hunkworks review report --format json",
            )
        review = msgspec.convert({**document, "manifest": document}, Review)
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise InputError(
            f"{origin} is not a report: {error}", fix="hunkworks review report --format json"
        ) from None
    why = _contradiction(review)
    if why:
        raise InputError(f"{origin} is refused: {why}", fix="run the review again")
    return review


def held_against(review: Review, fail_on: Severity) -> Review:
    """Return the review with another threshold, and the verdict that it then has."""
    return msgspec.structs.replace(review, fail_on=fail_on, verdict=_due(review, fail_on))


def _due(review: Review, fail_on: Severity) -> Verdict:
    return decide(
        review.findings,
        review.manifest.coverage,
        review.unanswered,
        engine=review.engine,
        fail_on=fail_on,
    )


def _contradiction(review: Review) -> str:
    if not _HEAD.fullmatch(review.manifest.change.head):
        return "its head is no commit"
    for finding in (*review.findings, *review.folded):
        if why := _impossible(finding):
            return f"a finding {why}"
    due = _due(review, review.fail_on)
    if review.verdict is not due:
        return f"it says {review.verdict}, and what stands in it gives {due}"
    return ""


def _impossible(finding: Finding) -> str:
    parts = PurePosixPath(finding.path).parts
    if not _FINGERPRINT.fullmatch(finding.fingerprint):
        return "has a name that is none"
    if not parts or finding.path.startswith("/") or ".." in parts or "\0" in finding.path:
        return "stands outside the repository"
    if not 1 <= finding.line <= finding.end_line <= 1 << 31:
        return "stands on no line"
    if not 0 <= finding.confidence <= 100:
        return "has a confidence that is none"
    return ""
