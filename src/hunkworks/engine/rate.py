"""Calls and tokens per minute of one host, over all processes of a user.

One small file for each host holds when its calls of the last minute began; it is read and replaced under a lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from hunkworks.ledger.lock import locked
from hunkworks.paths import slug

MINUTE = (
    62.0  # seconds, two more than the vendors': calls arrive later than they leave, some more so than others
)


class Window(msgspec.Struct):
    """The calls of the last minute as (when, tokens), oldest first; nobody calls before ``rest``."""

    calls: list[tuple[float, int]] = []
    rest: float = 0.0


class Rate:
    """What hosts may be asked. Without a folder it is kept for this process only.

    Args:
        folder: Where the files are; made if missing.
        requests: Calls per minute, 0 for no limit.
        tokens: Tokens per minute, 0 for no limit; a call larger than that goes alone.
        minute: Seconds of the window.
    """

    def __init__(
        self,
        folder: Path,
        requests: int,
        tokens: int,
        minute: float = MINUTE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._requests = requests
        self._tokens = tokens
        self._minute = minute
        self._clock = clock

    def wait(self, host: str, tokens: int) -> float:
        """Return 0 and count a call where it may begin now, else the seconds until it is worth asking again.

        Raises:
            OSError: The folder cannot be written.
        """
        path = self._path(host)
        with locked(path.with_suffix(".lock")):
            window = self._load(path)
            now = self._clock()
            if window.rest > now:
                return window.rest - now
            used = sum(size for _, size in window.calls)
            full = self._requests and len(window.calls) >= self._requests
            if full or (self._tokens and window.calls and used + tokens > self._tokens):
                return max(0.001, window.calls[0][0] + self._minute - now)
            window.calls.append((now, tokens))
            self._save(path, window)
        return 0.0

    def rest(self, host: str, seconds: float) -> None:
        """Let no process ask ``host`` for ``seconds``: it said ``retry-after``."""
        path = self._path(host)
        with locked(path.with_suffix(".lock")):
            window = self._load(path)
            window.rest = max(window.rest, self._clock() + min(seconds, self._minute))
            self._save(path, window)

    def _path(self, host: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"rate-{slug(host)}.json"

    def _load(self, path: Path) -> Window:
        try:
            window = msgspec.json.decode(path.read_bytes(), type=Window)
        except (FileNotFoundError, msgspec.DecodeError):
            return Window()
        now = self._clock()
        # A clock that was set back must not make anybody wait for tomorrow: what lies ahead counts as now.
        window.calls = [
            (min(at, now), size) for at, size in window.calls if min(at, now) > now - self._minute
        ]
        window.rest = min(window.rest, now + self._minute)
        return window

    def _save(self, path: Path, window: Window) -> None:
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(msgspec.json.encode(window))
        unfinished.replace(path)
