"""What may still be spent: a ceiling for this run and one for the day, in US dollars and in tokens.

Before a call the most that it may cost is reserved, after it what it did cost takes that place. A reservation that
nobody settles (a killed process, a connection that broke after the question was sent) stays, and counts as spent. The
day's account is one file of lines in the user's state folder, appended to under a lock by every process:

    {"id":"3f9a…","usd":"0.43","tokens":52000}     reserved; the last line of an id is what counts
"""

from __future__ import annotations

import contextlib
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from hunkworks.ledger.lock import locked

ZERO = Decimal(0)
_DAY = re.compile(r"spent-(\d{4}-\d\d-\d\d)\.(?:jsonl|lock)")


class Entry(msgspec.Struct, frozen=True):
    """What one call counts for."""

    id: str
    usd: Decimal
    tokens: int


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that may be spent."""

    usd: Decimal
    tokens: int

    def holds(self, usd: Decimal, tokens: int) -> bool:
        """Return whether that much is within it."""
        return usd <= self.usd and tokens <= self.tokens


class SpentError(Exception):
    """The call does not fit; ``str`` names the ceiling, such as ``max_usd``."""


class Account:
    """What the calls of one day have cost so far; in memory only where there is no file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}
        self._read = 0

    def write(self, entry: Entry, ceiling: Ceiling | None) -> bool:
        """Add a line, and return whether it was added: not where the sum would then pass ``ceiling``."""
        if self._path is None:
            return self._add(entry, ceiling)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self._path.with_suffix(".lock")):
            self._catch_up(self._path)
            added = self._add(entry, ceiling)
            if added:
                with self._path.open("ab") as file:
                    # A killed writer left the beginning of a line: what it was about to reserve was never asked.
                    self._read += file.write(b"\n" + msgspec.json.encode(entry) + b"\n")
        return added

    def refresh(self) -> None:
        """Read what other processes have added."""
        if self._path is not None:
            self._catch_up(self._path)

    def total(self) -> tuple[Decimal, int]:
        """Return dollars and tokens of all entries."""
        entries = self._entries.values()
        return sum((entry.usd for entry in entries), ZERO), sum(entry.tokens for entry in entries)

    def _add(self, entry: Entry, ceiling: Ceiling | None) -> bool:
        if ceiling is not None:
            usd, tokens = self.total()
            if not ceiling.holds(usd + entry.usd, tokens + entry.tokens):
                return False
        self._entries[entry.id] = entry
        return True

    def _catch_up(self, path: Path) -> None:
        if not path.exists():
            self._entries, self._read = {}, 0
            return
        with path.open("rb") as file:
            if file.seek(0, 2) < self._read:  # somebody emptied it
                self._entries, self._read = {}, 0
            file.seek(self._read)
            new = file.read()
        self._read += len(new)
        for line in filter(None, new.split(b"\n")):
            try:
                entry = msgspec.json.decode(line, type=Entry)
            except msgspec.DecodeError:
                continue
            self._entries[entry.id] = entry


class Budget:
    """The run's ceiling and the day's, held together; safe among threads."""

    def __init__(
        self,
        run: Ceiling,
        day: Ceiling,
        folder: Path | None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._run = run
        self._day = day
        self._folder = folder
        self._today = today
        self._mine = Account()
        self._days: dict[date, Account] = {}
        self._open: dict[str, date] = {}
        self._settled = threading.Condition()

    def reserve(self, usd: Decimal, tokens: int) -> str:
        """Set aside the most that a call may cost and return the reservation's name.

        Waits while calls under way in this process hold what may come back.

        Raises:
            SpentError: It would pass a ceiling whatever comes back.
            OSError: The day's account cannot be written.
        """
        entry = Entry(secrets.token_hex(8), usd, tokens)
        with self._settled:
            while True:
                day = self._today()
                passed = self._try(entry, day)
                if not passed:
                    self._open[entry.id] = day
                    return entry.id
                if not self._open:
                    raise SpentError(passed)
                self._settled.wait()

    def settle(self, reservation: str, usd: Decimal, tokens: int) -> None:
        """Put what a call did cost in place of what was reserved for it."""
        entry = Entry(reservation, usd, tokens)
        with self._settled:
            day = self._open.pop(reservation)
            self._mine.write(entry, None)
            self._account(day).write(entry, None)
            self._settled.notify_all()

    def keep(self, reservation: str) -> None:
        """Let a reservation stand as what the call did cost: nobody can tell that it cost less."""
        with self._settled:
            del self._open[reservation]
            self._settled.notify_all()

    def recall(self, usd: Decimal, tokens: int) -> None:
        """Count a call that an earlier run paid: towards this run's ceiling, not again towards the day's."""
        with self._settled:
            self._mine.write(Entry(secrets.token_hex(8), usd, tokens), None)

    @property
    def spent(self) -> tuple[Decimal, int]:
        """Dollars and tokens that this run has spent or reserved."""
        with self._settled:
            return self._mine.total()

    @property
    def left(self) -> Decimal:
        """Dollars that both ceilings still allow, as far as this process has read the day's account."""
        with self._settled:
            day = self._account(self._today())
            day.refresh()
            return max(ZERO, min(self._run.usd - self._mine.total()[0], self._day.usd - day.total()[0]))

    def _try(self, entry: Entry, day: date) -> str:
        """Reserve in both accounts, or in none and return the ceiling that stands in the way."""
        if not self._mine.write(entry, self._run):
            usd, _ = self._mine.total()
            return "max_usd" if usd + entry.usd > self._run.usd else "max_tokens"
        account = self._account(day)
        if account.write(entry, self._day):
            return ""
        self._mine.write(Entry(entry.id, ZERO, 0), None)
        usd, _ = account.total()
        return "max_usd_per_day" if usd + entry.usd > self._day.usd else "max_tokens_per_day"

    def _account(self, day: date) -> Account:
        if day not in self._days:
            path = self._folder / f"spent-{day.isoformat()}.jsonl" if self._folder else None
            self._days[day] = Account(path)
        return self._days[day]


def prune(folder: Path, before: date, *, dry_run: bool = False) -> tuple[int, int]:
    """Remove the accounts of days before; return how many, and their bytes.

    Raises:
        OSError: The folder cannot be written.
    """
    days, size = set(), 0
    for path in folder.glob("spent-*"):
        found = _DAY.fullmatch(path.name)
        if found and found[1] < before.isoformat():
            with contextlib.suppress(FileNotFoundError, PermissionError):  # another process is at it
                size += path.stat().st_size
                if not dry_run:
                    path.unlink()
                days.add(found[1])
    return len(days), size
