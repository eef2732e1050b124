"""Everything a headless review was decided by, as bodies of the ledger, and the way back: the same review without
network, repository or clock. What models answered stands beside them, put there by the engine.

    manifest, memory, extent, packets, rules   the plan
    ballots                                    what skeptics were handed, with their nonces
    project                                    what git answered: files shown, searches, places, suggestions
    terms                                      thresholds, dismissals, linters' results, the day
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from hunkworks.errors import IntegrityError, UsageError
from hunkworks.review.ballots import Ballot
from hunkworks.review.extent import Extent
from hunkworks.review.judged import Terms
from hunkworks.review.manifest import Manifest
from hunkworks.review.memory import Memory
from hunkworks.review.packets import Packet
from hunkworks.review.project import Heard, Project
from hunkworks.review.session import Session

NAMES = ("manifest", "memory", "extent", "packets", "rules", "ballots", "project", "terms")
T = TypeVar("T")


def bodies(session: Session, project: Project, terms: Terms) -> dict[str, bytes]:
    """Return what a replay needs, by name; all of it was masked before it came here."""
    manifest = session.manifest()
    parts = {
        "manifest": manifest,
        "memory": session.memory(),
        "extent": session.extent(),
        "packets": [session.packet(packet.id) for packet in manifest.packets],
        "rules": session.rules(),
        "ballots": [session.ballot(ballot) for ballot in session.ballots()],
        "project": project.heard(),
        "terms": terms,
    }
    return {name: msgspec.json.encode(part) for name, part in parts.items()}


def restore(folder: Path, recorded: Mapping[str, bytes]) -> tuple[Session, Project, Terms]:
    """Write the recorded plan below ``folder``, as if it had just been made there.

    Raises:
        UsageError: The run is not one that can be replayed.
        IntegrityError: A body is not of this version's form.
    """
    missing = [name for name in NAMES if name not in recorded]
    if missing:
        raise UsageError(
            "this run left nothing to replay it from",
            expected=f"the bodies {', '.join(NAMES)}",
            found=", ".join(recorded) or "none",
            fix="replay a run of `hunkworks review run`: hunkworks ledger list",
        )
    manifest = _decoded(recorded, "manifest", Manifest)
    session = Session(folder, "replay")
    with session.planning() as draft:
        for packet in _decoded(recorded, "packets", list[Packet]):
            draft.packet(packet)
        rules = _decoded(recorded, "rules", str)
        if rules:
            draft.rules(rules)
        draft.manifest(manifest, _decoded(recorded, "memory", Memory), _decoded(recorded, "extent", Extent))
    session.hold_vote(_decoded(recorded, "ballots", list[Ballot]))
    project = Project(None, manifest, _decoded(recorded, "project", list[Heard]))
    return session, project, _decoded(recorded, "terms", Terms)


def _decoded(recorded: Mapping[str, bytes], name: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(recorded[name], type=kind)
    except msgspec.DecodeError as error:
        raise IntegrityError(
            f"the body {name} is not of the form that this version writes: {error}",
            fix="replay it with the version that recorded it: hunkworks ledger show RUN",
        ) from None
