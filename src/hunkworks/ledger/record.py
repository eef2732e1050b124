"""One record: what ran, on what, by whom, for how much, how it ended. Never code, paths under HOME, or keys.

A record is one line of JSON that ends in its own checksum: the SHA-256 of every byte of the line before it.
The checksum covers bytes and not fields, so a record written by a newer version verifies on an older one.
"""

from __future__ import annotations

import hashlib
import platform
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

SCHEMA = 1
LONGEST_TEXT = 200
_CHECKSUM = re.compile(rb',"checksum":"([0-9a-f]{64})"}')
_ID = re.compile(rb'"id":"([0-9a-f]{16})"')
_CHECKSUM_BYTES = len(b',"checksum":""}') + 64
S = TypeVar("S", bound=msgspec.Struct)


class ChangeName(msgspec.Struct, frozen=True, kw_only=True):
    """Which change a run was about: ``Change.id`` and its two ends."""

    id: str
    base: str = ""
    head: str = ""


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """What ran the run."""

    pack: str
    python: str


class RouteTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Who judged: the tier, and the model and agent it stood for."""

    tier: str
    model: str = ""
    agent: str = ""


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens of all model calls of a run, and who counted them; None where nobody did."""

    source: Literal["api", "session", "unknown"] = "unknown"
    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended.

    ``verdict`` is the verb's own word ("pass", "changes", …), or ``error: TypeName`` where it raised.
    """

    exit: int
    verdict: str = ""
    counts: Mapping[str, int] = {}


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One run. ``append`` fills ``id`` (unless the run announced one to its children) and ``checksum``.

    ``cost`` is in US dollars, None where it is unknown. ``bodies`` maps names to digests in the same ledger.
    ``parent`` is the id of the run that started this one. ``checksum`` stays the last field.
    """

    schema: int = SCHEMA
    id: str = ""
    verb: str
    started: datetime
    ended: datetime
    change: ChangeName | None = None
    versions: Versions
    route: RouteTaken | None = None
    tokens: Tokens = Tokens()
    cost: float | None = None
    outcome: Outcome
    bodies: Mapping[str, str] = {}
    session: str = ""
    parent: str = ""
    checksum: str = ""


def versions() -> Versions:
    """Return the versions of the pack and of the interpreter that run now."""
    from hunkworks.paths import version

    return Versions(pack=version(), python=platform.python_version())


class Clock:
    """When a run started and how long it took; no run ends before it began, even if the clock is set back."""

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the start plus the time that really passed."""
        return self.started + timedelta(seconds=time.monotonic() - self._began)


def encode(record: Record) -> bytes:
    """Return the record's line without its newline; the checksum is computed, whatever the field says."""
    body = msgspec.json.encode(msgspec.structs.replace(record, checksum=""))
    covered = body[: -len(b',"checksum":""}')]
    return covered + b',"checksum":"%s"}' % hashlib.sha256(covered).hexdigest().encode("ascii")


def decode(line: bytes) -> Record:
    """Return the record of one line.

    Raises:
        ValueError: The line is torn, or does not match its checksum, or is no record; the text says which.
    """
    ending = _CHECKSUM.fullmatch(line, max(0, len(line) - _CHECKSUM_BYTES))
    if ending is None:
        raise ValueError("the line is torn: it does not end in a checksum")
    if hashlib.sha256(line[:-_CHECKSUM_BYTES]).hexdigest().encode("ascii") != ending[1]:
        raise ValueError("the checksum does not match the record")
    try:
        return msgspec.json.decode(line, type=Record)
    except msgspec.DecodeError as error:
        raise ValueError(f"the record is intact but not of a known form: {error}") from None


def id_in(line: bytes) -> str:
    """Return the id that stands in a line, damaged or not, or ``""``: it names what was lost."""
    found = _ID.search(line, 0, 80)
    return found[1].decode("ascii") if found else ""


def presentable(record: S) -> S:
    """Return the record with every text cut to one printable line that names no folder under HOME.

    Names of refs, models and agents come from users and repositories: a control character or an undecodable
    byte is written as its escape.
    """
    return msgspec.convert(_presentable(msgspec.to_builtins(record, builtin_types=(datetime,))), type(record))


def _presentable(value: Any) -> Any:
    if isinstance(value, str):
        return _line(value)
    if isinstance(value, dict):
        return {_line(key): _presentable(item) for key, item in value.items()}
    return value


def _line(text: str) -> str:
    if home := _home():
        text = text.replace(home, "~")
    if not text.isprintable():
        text = text.encode("unicode_escape").decode("ascii")
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _home() -> str:
    try:
        home = str(Path.home())
    except RuntimeError:  # a container's user without a name and without HOME
        return ""
    return home if len(home) > 1 else ""  # HOME=/ would turn every slash into a tilde
