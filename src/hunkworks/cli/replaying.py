"""A recorded headless review, recomputed: no network, no repository, no clock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from hunkworks import paths
from hunkworks.engine.engine import open_replay
from hunkworks.errors import HunkworksError, IntegrityError, UsageError
from hunkworks.ledger.record import Record
from hunkworks.ledger.store import Ledger
from hunkworks.review.dossier import NAMES, restore
from hunkworks.review.headless import Headless
from hunkworks.review.judged import conclude
from hunkworks.review.judging import summed
from hunkworks.review.report.document import review_document
from hunkworks.review.verdict import Review

REPORT = "report"


def replayed(ledger: Ledger, record: Record) -> Review:
    """Return the review that a recorded run ended with, recomputed from its bodies by today's code.

    Raises:
        UsageError: The run left nothing to replay.
        IntegrityError: A body is not what the run recorded, or the review comes out differently.
        EngineError: A task asks what the run never asked.
    """
    bodies = _read(ledger, record)
    with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
        session, project, terms = restore(Path(folder), bodies)
        headless = Headless(session, project)
        judged = headless.judge(open_replay(ledger, record), lambda _: None, lambda _: None)
        review, _ = conclude(session, project, terms, summed(judged, headless.refused))
    _compare(record, bodies[REPORT], msgspec.json.encode(review_document(review)))
    return review


def _read(ledger: Ledger, record: Record) -> dict[str, bytes]:
    """Return the bodies that are read here; the engine reads and proves those of its calls."""
    if REPORT not in record.bodies:
        raise UsageError(
            f"run {record.id} left no report to replay",
            expected="a run of `hunkworks review run`",
            found=f"{record.verb}, {record.outcome.verdict or record.outcome.exit}",
            fix="hunkworks ledger list",
        )
    bodies = {}
    for name, digest in record.bodies.items():
        try:
            body = ledger.get(digest)
        except HunkworksError as error:
            raise IntegrityError(
                f"the body {name} of run {record.id} is not what was recorded: {error.what}",
                expected=error.expected or f"a body with the SHA-256 {digest}",
                found=error.found or "none",
            ) from None
        if name in (*NAMES, REPORT):
            bodies[name] = body
    return bodies


def _compare(record: Record, recorded: bytes, found: bytes) -> None:
    if recorded == found:
        return
    first = next(differences(msgspec.json.decode(recorded), msgspec.json.decode(found)), None)
    path, was, now = first or ("the order of keys", "", "")
    version = paths.version()
    by = (
        f"recorded by hunkworks {record.versions.pack}, replayed by {version}"
        if record.versions.pack != version
        else "the same version recorded it: a defect, or a record that somebody changed"
    )
    raise IntegrityError(
        f"the report comes out differently, first at {path} ({by})",
        expected=_short(was),
        found=_short(now),
    )


def differences(recorded: Any, found: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, recorded, found) of each place in which two JSON documents differ, in the recorded one's order."""
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys([*recorded, *found]):
            yield from differences(recorded.get(key), found.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(recorded, list) and isinstance(found, list):
        for number in range(max(len(recorded), len(found))):
            was, now = (items[number] if number < len(items) else None for items in (recorded, found))
            yield from differences(was, now, f"{path}[{number}]")
    elif recorded != found:
        yield path, recorded, found


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode("utf-8")
    return text if len(text) <= 120 else f"{text[:120]}…"
