"""Put a review together: the plan's static findings, what reviewers recorded, how skeptics voted, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from hunkworks.config import Verifying
from hunkworks.review.ballots import ballots
from hunkworks.review.cycles import end
from hunkworks.review.fate import Seen, follow
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.fingerprints import name
from hunkworks.review.judging import Judging
from hunkworks.review.linters import Reported, merged
from hunkworks.review.manifest import Manifest
from hunkworks.review.memory import Memory
from hunkworks.review.project import Project
from hunkworks.review.reconcile import merge
from hunkworks.review.session import Answer, Session
from hunkworks.review.verdict import Review, Verdict, decide
from hunkworks.review.votes import Vote, stamp
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
        folded=(),
        unanswered=(),
        verdict=verdict,
        fail_on=fail_on,
    )


def hold_vote(session: Session) -> list[str]:
    """Write the ballots of everything reviewers found, and return their ids; none where the shape asks for none.

    The same findings leave standing ballots, and the votes on them, as they are: a second call costs nothing.
    """
    manifest = session.manifest()
    candidates = [finding for finding in _found(session, manifest) if finding.stamp is not Stamp.STATIC]
    standing = session.ballots()
    voted_on = {candidate.fingerprint for one in standing for candidate in session.ballot(one).candidates}
    if standing and voted_on == {finding.fingerprint for finding in candidates}:
        return standing
    packets = {packet.id: session.packet(packet.id) for packet in manifest.packets}
    return session.hold_vote(ballots(candidates, packets, manifest.shape.skeptics, manifest.change.id))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a session's review is held against: the base's configuration, the team's decisions, its linters' results."""

    fail_on: Severity
    verify: Verifying
    max_cycles: int
    dismissed: Collection[str] = ()
    linted: Sequence[Reported] = ()


class Terms(msgspec.Struct, frozen=True):
    """What a review is held against, by whom it is judged, and on which day."""

    bounds: Bounds
    engine: str
    today: date


def conclude(
    session: Session, project: Project, terms: Terms, judging: Judging | None = None
) -> tuple[Review, Memory]:
    """Return the review as it is shown, its suggestions proven, and what the branch remembers from now on."""
    bounds, today = terms.bounds, terms.today
    review, after = session_review(
        session, bounds, project.locate, today, engine=terms.engine, judging=judging
    )
    shown = tuple(project.proven(finding) for finding in review.findings)
    folded = tuple(project.proven(finding) for finding in review.folded)
    return msgspec.structs.replace(review, findings=shown, folded=folded), after


def session_review(
    session: Session,
    bounds: Bounds,
    locate: Callable[[Finding], Finding | None],
    today: date,
    *,
    engine: str = SESSION_ENGINE,
    judging: Judging | None = None,
) -> tuple[Review, Memory]:
    """Return the review that the session's agents gave, and what the branch remembers from now on.

    Whatever nobody answered makes it ``incomplete``; the memory is then what it was before.

    Args:
        session: Whose plan and answers.
        bounds: Thresholds and limits.
        locate: An earlier finding where its code stands now, or None where it is gone.
        today: For dismissals that end.
        engine: Who judged.
        judging: What that took; a task that it did not end counts as unanswered, whatever was recorded before.
    """
    manifest, before = session.manifest(), session.memory()
    answered = session.answers()
    broken_off = {task for step in (judging.unanswered if judging else ()) for task in step.tasks}
    unanswered = [
        packet.id for packet in manifest.packets if packet.id not in answered or packet.id in broken_off
    ]
    findings = _found(session, manifest)
    if manifest.shape.skeptics:
        findings, unvoted = _voted(session, findings, bounds.verify)
        unanswered += unvoted
        shown, folded = _rank(findings, bounds.verify)
    else:
        shown, folded = findings, []
    shown, known = merged(shown, bounds.linted)
    folded = [*folded, *known]
    shown, memory = follow(before, shown, _seen(session, answered, bounds, locate, today))
    verdict = decide(shown, manifest.coverage, unanswered, engine=engine, fail_on=bounds.fail_on)
    if verdict is Verdict.INCOMPLETE:
        memory = before
    if manifest.fixing:
        memory = end(memory, bounds.max_cycles, passed=verdict is Verdict.PASS)
    review = Review(
        manifest=manifest,
        engine=engine,
        findings=tuple(shown),
        folded=tuple(folded),
        unanswered=tuple(unanswered),
        verdict=verdict,
        fail_on=bounds.fail_on,
        judging=judging,
    )
    return review, memory


def _seen(
    session: Session,
    answered: Mapping[str, Answer],
    bounds: Bounds,
    locate: Callable[[Finding], Finding | None],
    today: date,
) -> Seen:
    read = [section for packet in answered for section in session.packet(packet).sections]
    fixed = {item.finding: item.evidence for answer in answered.values() for item in answer.fixed}
    tier = session.manifest().route.tier
    return Seen(read, tier, fixed, locate, session.extent(), bounds.dismissed, today)


def _found(session: Session, manifest: Manifest) -> list[Finding]:
    answers = [manifest.static, *(answer.findings for answer in session.answers().values())]
    numbers = [number for number, answer in enumerate(answers) for _ in answer]
    named = name([finding for answer in answers for finding in answer])
    return merge(zip(numbers, named, strict=True))


def _voted(
    session: Session, findings: Sequence[Finding], config: Verifying
) -> tuple[list[Finding], list[str]]:
    """Stamp the findings by their votes; return also what should have been voted on and was not."""
    votes: dict[str, list[Vote]] = {}
    missing: list[str] = []
    on_a_ballot: set[str] = set()
    for ballot in session.ballots():
        given = session.votes(ballot)
        expected = {candidate.fingerprint for candidate in session.ballot(ballot).candidates}
        on_a_ballot |= expected
        if not expected <= given.keys():
            missing.append(ballot)
        for fingerprint, vote in given.items():
            votes.setdefault(fingerprint, []).append(vote)
    stamped = []
    for finding in findings:
        if finding.stamp is Stamp.STATIC:
            stamped.append(finding)
            continue
        if finding.fingerprint not in on_a_ballot:
            missing.append(f"no ballot for {finding.fingerprint}")
        stamped.append(stamp(finding, votes.get(finding.fingerprint, []), config))
    return stamped, missing


def _rank(findings: Sequence[Finding], config: Verifying) -> tuple[list[Finding], list[Finding]]:
    """Part what is shown from what is folded below: the confirmed, the most asked for first, up to the cap."""
    static = [finding for finding in findings if finding.stamp is Stamp.STATIC]
    confirmed = [finding for finding in findings if finding.stamp is Stamp.CONFIRMED]
    confirmed.sort(key=lambda finding: -(finding.asked or 0))
    rest = [finding for finding in findings if finding.stamp not in {Stamp.STATIC, Stamp.CONFIRMED}]
    return static + confirmed[: config.most_shown], confirmed[config.most_shown :] + rest


def counted(review: Review) -> dict[str, int]:
    """Return the numbers of a review that the ledger keeps."""
    counts = dict.fromkeys((severity.value for severity in Severity), 0)
    for finding in review.findings:
        counts[finding.severity.value] += 1
    stamps = [finding.stamp for finding in (*review.findings, *review.folded)]
    return {
        **counts,
        **{stamp.value: stamps.count(stamp) for stamp in Stamp},
        "unanswered": len(review.unanswered),
        "packets": len(review.manifest.packets),
    }
