"""What is known of endpoints: found by ``hunkworks doctor --engine``, kept for the user, used by every run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from hunkworks import paths
from hunkworks.engine.endpoints import Endpoint
from hunkworks.engine.requests import Abilities
from hunkworks.errors import ConfigError
from hunkworks.splice import write_atomically


class Known(msgspec.Struct, frozen=True):
    """What one endpoint takes, and when that was found out."""

    found: date
    abilities: Abilities


def load() -> Mapping[str, Known]:
    """Return what is known by endpoint (``name``); a damaged file knows nothing."""
    try:
        return msgspec.json.decode(_path().read_bytes(), type=dict[str, Known])
    except (OSError, msgspec.DecodeError):
        return {}


def keep(found: Mapping[Endpoint, Abilities]) -> None:
    """Remember what was found out now beside what is known of other endpoints."""
    today = datetime.now(UTC).date()
    known = {**load(), **{name(endpoint): Known(today, able) for endpoint, able in found.items()}}
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(known, order="sorted"), indent=2))


def name(endpoint: Endpoint) -> str:
    """Return what an endpoint is known by: the same model elsewhere may take other requests."""
    return f"{endpoint.model} {endpoint.base_url}"


def require_tools(endpoint: Endpoint, known: Mapping[str, Known]) -> None:
    """Refuse an endpoint that was found to call no tools: an answer can only be handed in through one.

    Raises:
        ConfigError: It calls none.
    """
    found = known.get(name(endpoint))
    if found is not None and not found.abilities.tools:
        raise ConfigError(
            f"{endpoint} calls no tools, so that it cannot hand an answer in (found on {found.found})",
            fix="name another model in hunkworks.toml; if it has learnt to: hunkworks doctor --engine",
        )


def _path() -> Path:
    return paths.user_state() / "engine" / "abilities.json"
