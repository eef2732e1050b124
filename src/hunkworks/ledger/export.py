"""One run in one file: its record and every body that it names, to be carried to another machine and replayed there.

    {"schema": 1, "record": "the record's line", "bodies": {"SHA-256": "the body"}}

Bodies that are not UTF-8 survive as lone surrogates, which JSON escapes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hunkworks.errors import InputError, IntegrityError
from hunkworks.ledger.record import Record, decode, encode
from hunkworks.ledger.store import Ledger

SCHEMA = 1


def export(ledger: Ledger, record: Record) -> bytes:
    """Return the file of one run.

    Raises:
        UsageError: A body is gone.
        IntegrityError: A body is damaged.
    """
    bodies = {digest: ledger.get(digest) for digest in sorted(set(record.bodies.values()))}
    document = {
        "schema": SCHEMA,
        "record": encode(record).decode("utf-8"),
        "bodies": {digest: body.decode("utf-8", "surrogateescape") for digest, body in bodies.items()},
    }
    return json.dumps(document, indent=1).encode("ascii") + b"\n"


def unpack(data: bytes, origin: str, folder: Path) -> tuple[Ledger, Record]:
    """Write an exported run into a ledger of its own below ``folder``, and return both.

    Raises:
        InputError: It is no exported run.
        IntegrityError: The record, or the body that is named, is not as it was recorded.
    """
    line, bodies = _parts(data, origin)
    try:
        record = decode(line)
    except ValueError as error:
        raise IntegrityError(f"the record in {origin} is not as it was written: {error}") from None
    ledger = Ledger(folder)
    for name, digest in record.bodies.items():
        if digest not in bodies:
            raise IntegrityError(f"the body {name} is missing in {origin}", expected=f"SHA-256 {digest}")
        found = hashlib.sha256(bodies[digest]).hexdigest()
        if found != digest:
            raise IntegrityError(
                f"the body {name} in {origin} is not what was recorded",
                expected=f"SHA-256 {digest}",
                found=found,
            )
        ledger.put(bodies[digest])
    return ledger, record


def _parts(data: bytes, origin: str) -> tuple[bytes, dict[str, bytes]]:
    try:
        document: Any = json.loads(data)
        line, bodies = document["record"], document["bodies"]
        known = document["schema"] == SCHEMA
        texts = {digest: body.encode("utf-8", "surrogateescape") for digest, body in bodies.items()}
        return line.encode("utf-8") if known else _refuse(origin), texts
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _refuse(origin), {}


def _refuse(origin: str) -> bytes:
    raise InputError(
        f"{origin} is no exported run",
        expected=f"a file of schema {SCHEMA} from `hunkworks ledger export`",
        fix="hunkworks ledger export RUN --output run.json",
    )
