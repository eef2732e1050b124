"""The ledger of one clone: one line per run, one file per month, bodies beside them by their digest.

    ledger/2026-11.jsonl     records, in the order they were appended
    ledger/bodies/3f/9ac1…   what a record names: packets, answers, reports, redacted by the caller
    ledger/lock              held for the length of one append, and by whoever removes

Records are only appended and bodies never change, so a killed process can leave two things: the beginning of
a record, which the next append steps over, and a body that no record names. Neither costs another run.
What is too old goes by ``retention``: records first, then the bodies that none of the others names.
Nothing is synced to the disk: a power cut may take the last seconds, and ``verify`` then says so.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hunkworks.errors import IntegrityError, UsageError
from hunkworks.ledger.lock import locked
from hunkworks.ledger.record import Record, decode, encode, id_in, presentable

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"\d{4}-\d{2}\.jsonl")
_FRESH = 3_600.0  # seconds for which a body needs no renewing: far less than retention's shortest age
_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Damage:
    """What is not as it was written: ``where`` names the line or body, ``run`` its record where known."""

    where: str
    run: str
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` read and found. An orphan is a body that no record names: a killed run leaves it."""

    records: int
    bodies: int
    orphans: int
    damage: tuple[Damage, ...]


class Ledger:
    """The records and bodies below one folder, which the first write makes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._bodies = root / "bodies"

    def put(self, body: bytes) -> str:
        """Keep a body, already redacted, and return its SHA-256; the same body is kept once.

        Raises:
            OSError: The ledger cannot be written.
        """
        digest = hashlib.sha256(body).hexdigest()
        path = self._path(digest)
        if _reads_as(path, body) and self.renew(digest):
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            unfinished.write_bytes(body)
            unfinished.replace(path)
        except BaseException as error:
            unfinished.unlink(missing_ok=True)
            # Windows refuses to replace a file that another writer of the same body is reading.
            if not (isinstance(error, PermissionError) and _reads_as(path, body)):
                raise
        return digest

    def get(self, digest: str) -> bytes:
        """Return a body.

        Raises:
            UsageError: ``digest`` is no SHA-256, or no body has it.
            IntegrityError: The body on disk does not have that digest.
        """
        if not _DIGEST.fullmatch(digest):
            raise UsageError(f"{digest!r} is not a digest", expected="64 hexadecimal digits")
        try:
            body = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise UsageError(f"the ledger has no body {digest}", fix="hunkworks ledger verify") from None
        found = hashlib.sha256(body).hexdigest()
        if found != digest:
            raise IntegrityError(
                f"body {digest} is damaged", expected=f"SHA-256 {digest[:12]}…", found=f"{found[:12]}…"
            )
        return body

    def renew(self, digest: str) -> bool:
        """Let a body count as new, so that it stays until a record names it; return whether it is there."""
        if not _DIGEST.fullmatch(digest):
            return False
        path = self._path(digest)
        try:
            if abs(time.time() - path.stat().st_mtime) > _FRESH:
                with self.alone():
                    os.utime(path)
        except FileNotFoundError:
            return False
        except OSError:  # a ledger that cannot be written is not pruned either
            return True
        return True

    def alone(self) -> AbstractContextManager[None]:
        """Hold the ledger for a moment: nothing is appended, renewed or removed by anybody else."""
        return locked(self.root / "lock")

    def append(self, record: Record) -> Record:
        """Add one record and return it as written: with id and checksum, without what must not be kept.

        Safe among any number of processes; either the whole line stands in the ledger or none of it.

        Raises:
            OSError: The ledger cannot be written (read-only, full, held by a stopped process).
        """
        record = presentable(record)
        if not record.id:
            record = msgspec.structs.replace(record, id=new_id())
        line = encode(record)
        self.root.mkdir(parents=True, exist_ok=True)
        month = self.root / f"{datetime.now(UTC):%Y-%m}.jsonl"
        with self.alone():
            _append_line(month, line)
        return decode(line)

    def records(self) -> Iterator[Record]:
        """Yield the intact records in the order they were appended; ``lines`` tells of the others too."""
        return (entry for entry in self.lines() if isinstance(entry, Record))

    def lines(self) -> Iterator[Record | Damage]:
        """Yield every line of the ledger, oldest first, as the record it is or the damage that it shows."""
        for month in self.months():
            try:
                file = month.open("rb")
            except FileNotFoundError:  # pruned since it was listed
                continue
            with file:
                for number, line in enumerate(file, 1):
                    line = line.removesuffix(b"\n")
                    try:
                        yield decode(line)
                    except ValueError as error:
                        yield Damage(f"{month.name}:{number}", id_in(line), str(error))

    def find(self, prefix: str) -> Record:
        """Return the one record whose id begins with ``prefix``.

        Raises:
            UsageError: No record does, or several do.
            IntegrityError: The record that does is damaged.
        """
        found = [entry for entry in self.lines() if _id(entry).startswith(prefix)] if prefix else []
        if not found:
            raise UsageError(f"no run {prefix!r} in the ledger", fix="hunkworks ledger list")
        if len(found) > 1:
            names = ", ".join(_id(entry) for entry in found[:5])
            raise UsageError(f"{len(found)} runs begin with {prefix!r}", found=names, fix="give more digits")
        if isinstance(found[0], Damage):
            raise IntegrityError(
                f"run {found[0].run} at {found[0].where}: {found[0].what}", fix="hunkworks ledger verify"
            )
        return found[0]

    def verify(self) -> Verification:
        """Read everything and compare it with its checksums and digests.

        Takes the lock where it can, so that an append under way is not mistaken for a torn one.
        """
        entries = self._settled_lines()
        damage = [entry for entry in entries if isinstance(entry, Damage)]
        records = [entry for entry in entries if isinstance(entry, Record)]
        named = {digest: record.id for record in records for digest in record.bodies.values()}
        kept = {path.parent.name + path.name: path for path in self.bodies()}
        missing = named.keys() - kept.keys()
        stand = (
            {record.id for record in self.records()} if missing else set()
        )  # the others were pruned meanwhile
        damage += [
            Damage(f"body {digest}", run, "the body is missing")
            for digest, run in named.items()
            if digest in missing and run in stand
        ]
        damage += [
            Damage(f"body {digest}", named.get(digest, ""), "the body does not match its digest")
            for digest, path in kept.items()
            if _DIGEST.fullmatch(digest) and _digest_of(path) not in (digest, "")
        ]
        return Verification(len(records), len(kept), len(kept.keys() - named.keys()), tuple(damage))

    def _settled_lines(self) -> list[Record | Damage]:
        try:
            with self.alone():
                return list(self.lines())
        except OSError:  # a read-only ledger can be verified too
            return list(self.lines())

    def months(self) -> list[Path]:
        """Return the files of records, oldest first."""
        return sorted(path for path in self.root.glob("*.jsonl") if _MONTH.fullmatch(path.name))

    def bodies(self) -> Iterator[Path]:
        """Yield the files of bodies, and what killed writers left among them."""
        return self._bodies.glob("*/*")

    def _path(self, digest: str) -> Path:
        return self._bodies / digest[:2] / digest[2:]


def new_id() -> str:
    """Return the id of a new run: 64 random bits, so that a short prefix is enough to name it."""
    return secrets.token_hex(8)


def _id(entry: Record | Damage) -> str:
    return entry.id if isinstance(entry, Record) else entry.run


def _digest_of(path: Path) -> str:
    """Return the digest of what a body's file holds, "" where it was pruned meanwhile."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _reads_as(path: Path, body: bytes) -> bool:
    try:
        return path.stat().st_size == len(body) and path.read_bytes() == body
    except OSError:
        return False


def _append_line(path: Path, line: bytes) -> None:
    """Write one line with one call, on a fresh line, or leave the file as it was."""
    handle = os.open(path, _APPEND, 0o666)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        data = line + b"\n"
        if size and not _ends_line(handle, size):
            data = b"\n" + data  # a killed writer left the beginning of a record: step over it
        if os.write(handle, data) != len(data):
            os.ftruncate(handle, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(handle)


def _ends_line(handle: int, size: int) -> bool:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"
