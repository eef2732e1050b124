"""Answers of an interrupted review, taken over by the next plan where all that they depend on is the same.

A killed client comes back as another session. What its reviewers recorded still holds when the change is the same, with
the same rules, configuration, reviewer and open findings, and the packet shows the same. All else is handed out anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from hunkworks.config import Config
from hunkworks.errors import UsageError
from hunkworks.review.manifest import Manifest
from hunkworks.review.session import Answer, sessions


def basis(manifest: Manifest, config: Config, rules: str) -> str:
    """Name everything beside a packet's content that an answer depends on.

    Args:
        manifest: The plan.
        config: The base's configuration.
        rules: The project's rules as reviewers read them.
    """
    change, route = manifest.change, manifest.route
    parts = (
        (change.id, change.base, change.branch),
        (route.tier, route.model, route.agent),
        manifest.shape,
        [finding.fingerprint for finding in manifest.open],
        config,
        rules,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def interrupted(common_dir: Path, named: str) -> dict[str, Answer]:
    """Return what was recorded in unreported reviews of the basis ``named``, by what the packets show.

    Of a packet that several reviews answered, the answer in the latest plan counts, so that nothing is said twice.
    """
    standing = [(session.basis(), session) for session in sessions(common_dir)]
    found: dict[str, Answer] = {}
    for (its, _), session in sorted(standing, key=lambda item: -item[0][1]):
        if its != named:
            continue
        # Another process may plan there at this moment: then it is being reviewed, and nothing is left over.
        try:
            for packet_id, answer in session.answers().items():
                found.setdefault(session.packet(packet_id).content, answer)
        except (UsageError, FileNotFoundError):
            continue
    return found
