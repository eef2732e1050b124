"""The review as JSON: what ``plan`` prints, and engine, findings and verdict beside it."""

from __future__ import annotations

from typing import Any

import msgspec

from hunkworks.review.manifest import Manifest
from hunkworks.review.verdict import Review


def manifest_document(manifest: Manifest) -> dict[str, Any]:
    """Return the plan as the documented JSON object."""
    document: dict[str, Any] = msgspec.to_builtins(manifest)
    return document


def review_document(review: Review) -> dict[str, Any]:
    """Return the review as the documented JSON object; ``judging`` stands in it where an engine judged."""
    judging = {} if review.judging is None else {"judging": msgspec.to_builtins(review.judging)}
    return {
        **manifest_document(review.manifest),
        "engine": review.engine,
        "findings": msgspec.to_builtins(review.findings),
        "folded": msgspec.to_builtins(review.folded),
        "unanswered": list(review.unanswered),
        "fail_on": review.fail_on.value,
        "verdict": review.verdict.value,
        **judging,
    }
