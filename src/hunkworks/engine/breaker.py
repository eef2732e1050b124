"""A host that failed several times in a row is left alone for a while, then asked once before it is trusted again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum

from hunkworks.engine.failures import CallError, Cause

FAILURES = 5
COOLDOWN = 30.0  # seconds


class State(StrEnum):
    """Closed lets every call pass, open none, half-open the one whose end decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """One host's; safe among threads."""

    def __init__(
        self,
        failures: int = FAILURES,
        cooldown: float = COOLDOWN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._cooldown = cooldown
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened = 0.0
        self.why = ""
        self.cause = Cause.BUSY
        self.state = State.CLOSED
        self.history: list[State] = [State.CLOSED]

    def wait(self) -> float:
        """Return 0 where a call may be made now, else the seconds until it is worth asking again."""
        with self._lock:
            if self.state is State.CLOSED:
                return 0.0
            left = self._opened + self._cooldown - self._clock()
            if left > 0:
                return left
            # One call finds out; where its end is never told, the next finds out after another pause.
            self._opened = self._clock()
            self._turn(State.HALF_OPEN)
            return 0.0

    def succeeded(self) -> None:
        """Tell that the host answered, whatever it said."""
        with self._lock:
            self._failed = 0
            self._turn(State.CLOSED)

    def failed(self, error: CallError) -> None:
        """Tell that the host did not answer, and why."""
        with self._lock:
            self.why, self.cause = error.words, error.cause
            self._failed += 1
            if self.state is State.HALF_OPEN or self._failed >= self._most:
                self._opened = self._clock()
                self._turn(State.OPEN)

    def _turn(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.history.append(state)
