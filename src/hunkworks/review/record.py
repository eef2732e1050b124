"""Take a reviewer's findings: check every field, prove every anchor, refuse the rest with a reason to act on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from hunkworks.errors import UsageError
from hunkworks.review import absence
from hunkworks.review.anchors import Refusal, resolve
from hunkworks.review.finding import Finding, Reported, Stamp
from hunkworks.review.fingerprints import fingerprint
from hunkworks.review.packets import Packet
from hunkworks.review.rejected import Rejected
from hunkworks.review.session import Answer, Fixed, Session
from hunkworks.rules.classes import CLASSES

_LONGEST = {"message": 2_000, "scenario": 2_000, "evidence": 4_000, "suggestion": 8_000, "quote": 8_000}


class Recorded(msgspec.Struct, frozen=True):
    """What became of one answer."""

    packet: str
    accepted: tuple[Finding, ...]
    rejected: tuple[Rejected, ...]
    fixed: tuple[Fixed, ...] = ()


def record(session: Session, document: object, searches: Collection[str] | None = None) -> Recorded:
    """Record ``{"packet": id, "findings": […], "fixed": […]}`` for the session's standing plan.

    An empty list of findings is an answer too: the packet was read and nothing was found.
    When some findings are refused the others are kept, and the packet counts as answered only if
    at least one was accepted or none was reported: an answer that was refused whole is no answer.

    Args:
        session: Whose packets.
        document: As handed in.
        searches: What may support a claim of absence; by default every text searched for in this review.

    Raises:
        UsageError: The document is not of that form, or there is no such packet.
    """
    packet_id, reports, repairs = _open(document)
    packet = session.packet(packet_id)
    fixed = _verified(repairs, {finding.fingerprint for finding in session.manifest().open})
    searched = session.searches() if searches is None else searches
    accepted: list[Finding] = []
    rejected: list[Rejected] = []
    for index, report in enumerate(reports):
        taken = _take(packet, report, searched)
        if isinstance(taken, Refusal):
            rejected.append(Rejected(index, taken.why))
        elif taken.fingerprint in {finding.fingerprint for finding in accepted if finding.line == taken.line}:
            why = f"two findings of class {taken.klass} stand on {taken.path}:{taken.line}: say both in one"
            rejected.append(Rejected(index, why))
        else:
            accepted.append(taken)
    if accepted or not reports:
        session.record(Answer(packet_id, tuple(accepted), fixed))
    return Recorded(packet_id, tuple(accepted), tuple(rejected), fixed)


def _open(document: object) -> tuple[str, Sequence[object], Sequence[object]]:
    form = '{"packet": "p001", "findings": [...]}'
    if not isinstance(document, Mapping):
        raise UsageError("an answer has to be a JSON object", expected=form, found=type(document).__name__)
    unknown = sorted(set(document) - {"packet", "findings", "fixed"})
    packet, findings, fixed = document.get("packet"), document.get("findings"), document.get("fixed", [])
    if unknown or not (isinstance(packet, str) and isinstance(findings, list) and isinstance(fixed, list)):
        raise UsageError(
            "the answer is not of the form that is recorded",
            expected=form,
            found=", ".join(f"{key}: {type(value).__name__}" for key, value in document.items()) or "{}",
        )
    return packet, findings, fixed


def _verified(repairs: Sequence[object], open_: Collection[str]) -> tuple[Fixed, ...]:
    try:
        fixed = msgspec.convert(repairs, tuple[Fixed, ...])
    except msgspec.ValidationError as error:
        raise UsageError(f"fixed is not of its form: {error}", expected='[{"finding", "evidence"}]') from None
    for item in fixed:
        if item.finding not in open_:
            known = ", ".join(sorted(open_)) or "none is open"
            raise UsageError(f"finding {item.finding!r} is not open", expected=known, found=item.finding)
        if not item.evidence.strip():
            raise UsageError(f"finding {item.finding} is called fixed without what shows it")
    return fixed


def _take(packet: Packet, report: object, searches: Collection[str]) -> Finding | Refusal:
    try:
        reported = msgspec.convert(report, Reported)
    except msgspec.ValidationError as error:
        return Refusal(f"{error}. expected the fields {', '.join(_fields())}")
    if reported.klass not in CLASSES:
        return Refusal(f"class {reported.klass!r} is not one of: {', '.join(CLASSES)}")
    if not 0 <= reported.confidence <= 100:
        return Refusal(f"confidence is a number from 0 to 100, found {reported.confidence}")
    evidence = reported.evidence if isinstance(reported.evidence, str) else ", ".join(reported.evidence)
    reported = msgspec.structs.replace(reported, evidence=evidence)
    for name, most in _LONGEST.items():
        if len(getattr(reported, name) or "") > most:
            return Refusal(f"{name} is longer than {most} characters: say it shorter")
    for name in ("message", "scenario"):
        if not getattr(reported, name).strip():
            return Refusal(f"{name} is empty")
    unsupported = absence.unsupported(reported.message, evidence, searches)
    if unsupported:
        return Refusal(unsupported)
    anchor = resolve([packet], reported.path, reported.quote, line=reported.line, side=reported.side)
    if isinstance(anchor, Refusal):
        return anchor
    return Finding(
        fingerprint=fingerprint(reported.klass, anchor.origin, anchor.symbol, anchor.quote),
        klass=reported.klass,
        severity=reported.severity,
        path=anchor.path,
        side=anchor.side,
        line=anchor.line,
        end_line=anchor.end_line,
        quote=anchor.quote,
        message=reported.message.strip(),
        scenario=reported.scenario.strip(),
        confidence=reported.confidence,
        stamp=Stamp.UNVERIFIED,
        symbol=anchor.symbol,
        origin=anchor.origin if anchor.origin != anchor.path else "",
        evidence=evidence.strip(),
        suggestion=reported.suggestion,
    )


def _fields() -> list[str]:
    fields: Any = msgspec.structs.fields(Reported)
    return [item.encode_name + ("" if item.required else "?") for item in fields]
