"""The plan in a few lines: what the session's agent needs to start the reviewers, small whatever the change's size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hunkworks.review.manifest import Bucket, Manifest
from hunkworks.review.report.wording import BUCKET_WORDS, coverage_sentence, notes, plural, route_sentence

_MOST = 20


def render(manifest: Manifest) -> str:
    """Return the plan as text, ending in a newline."""
    return "\n".join(_lines(manifest)) + "\n"


def _lines(manifest: Manifest) -> Iterator[str]:
    yield f"Planned: {manifest.change.words} (change {manifest.change.id[:12]})"
    yield f"Route: {route_sentence(manifest)}"
    for reason in manifest.route.reasons[:3]:
        place = f"{reason.path}:{reason.line}" if reason.line else reason.path
        yield f"  {': '.join(part for part in (reason.rule, place, reason.text.strip()) if part)}"
    yield f"Agent: {manifest.route.agent}"
    yield f"Shape: {manifest.shape.why}"
    yield f"Coverage: {coverage_sentence(manifest)}"
    yield from _packets(manifest)
    counts = Counter(finding.severity.value for finding in manifest.static)
    if counts:
        listed = ", ".join(f"{count} {severity}" for severity, count in counts.items())
        yield f"Built-in rules found: {listed} (they stand in the report)"
    for bucket in (Bucket.STATIC, Bucket.NAMED):
        paths = [file.path for file in manifest.files if file.bucket is bucket]
        if paths:
            yield f"{BUCKET_WORDS[bucket].capitalize()}: {_listed(paths)}"
    yield from (f"Note: {note}" for note in notes(manifest)[:_MOST])


def _packets(manifest: Manifest) -> Iterator[str]:
    if not manifest.packets:
        yield "Packets: none"
        return
    handed = [packet for packet in manifest.packets if not packet.answered]
    answered = [packet.id for packet in manifest.packets if packet.answered]
    if answered:
        rest = "the rest is handed out" if handed else "no packet is left to hand out"
        yield f"Taken over from an interrupted review of this change: {_ids(answered)}; {rest}"
    for packet in handed[:_MOST]:
        yield f"Packet {packet.id}: {plural(packet.changed_lines, 'changed line')} of {_listed(list(packet.files))}"
    if len(handed) > _MOST and answered:
        yield f"Packets {_ids([packet.id for packet in handed[_MOST:]])}: {len(handed) - _MOST} more"
    elif len(handed) > _MOST:
        first, last = handed[_MOST].id, handed[-1].id
        yield f"Packets {first} to {last}: {len(handed) - _MOST} more, numbered without a gap"


def _ids(ids: list[str]) -> str:
    return ", ".join(ids)


def _listed(paths: list[str]) -> str:
    shown = ", ".join(paths[:8])
    return shown + (f" and {len(paths) - 8} more" if len(paths) > 8 else "")
