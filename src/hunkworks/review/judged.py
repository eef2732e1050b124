"""Put a review together: the plan's static findings, what reviewers recorded, and the verdict over both."""

from __future__ import annotations

from hunkworks.review.fingerprints import settle
from hunkworks.review.manifest import Manifest
from hunkworks.review.session import Session
from hunkworks.review.verdict import Review, decide
from hunkworks.rules.classes import Severity

NO_ENGINE = "none"
SESSION_ENGINE = "session"


def static_review(manifest: Manifest, fail_on: Severity) -> Review:
    """Return the review that needs no model: the built-in rules' findings, verdict ``static-only``."""
    verdict = decide(manifest.static, manifest.coverage, (), engine=NO_ENGINE, fail_on=fail_on)
    return Review(
        manifest=manifest,
        engine=NO_ENGINE,
        findings=manifest.static,
        unanswered=(),
        verdict=verdict,
        fail_on=fail_on,
    )


def session_review(session: Session, fail_on: Severity) -> Review:
    """Return the review that the session's agents gave: every packet answered, or ``incomplete``."""
    manifest = session.manifest()
    answers = session.answers()
    found = [finding for answer in answers.values() for finding in answer.findings]
    findings = tuple(settle([*manifest.static, *found]))
    unanswered = tuple(packet.id for packet in manifest.packets if packet.id not in answers)
    verdict = decide(findings, manifest.coverage, unanswered, engine=SESSION_ENGINE, fail_on=fail_on)
    return Review(
        manifest=manifest,
        engine=SESSION_ENGINE,
        findings=findings,
        unanswered=unanswered,
        verdict=verdict,
        fail_on=fail_on,
    )
