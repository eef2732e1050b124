"""A host that fails is left alone, and asked once before it is trusted again."""

from __future__ import annotations

from hunkworks.engine.breaker import Breaker, State
from hunkworks.engine.failures import CallError, Cause

FAILED = CallError(Cause.BUSY, "status 529")


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=3)
    for _ in range(5):
        breaker.failed(FAILED)
        breaker.failed(FAILED)
        breaker.succeeded()
    assert breaker.history == [State.CLOSED]
    for _ in range(3):
        breaker.failed(FAILED)
    assert breaker.history == [State.CLOSED, State.OPEN]
    assert breaker.why == "status 529"


def test_one_call_finds_out_whether_it_closes() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, cooldown=30, clock=lambda: now[0])
    breaker.failed(FAILED)
    assert breaker.wait() == 30
    now[0] = 30
    assert breaker.wait() == 0
    assert breaker.state is State.HALF_OPEN
    assert breaker.wait() > 0  # the others wait for the one
    breaker.failed(FAILED)
    assert breaker.wait() == 30
    now[0] = 60
    assert breaker.wait() == 0
    breaker.succeeded()
    assert breaker.wait() == 0
    assert breaker.history == [
        *(State.CLOSED, State.OPEN, State.HALF_OPEN, State.OPEN, State.HALF_OPEN, State.CLOSED),
    ]


def test_a_call_whose_end_is_never_told_does_not_close_it_for_ever() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, cooldown=30, clock=lambda: now[0])
    breaker.failed(FAILED)
    now[0] = 30
    assert breaker.wait() == 0
    now[0] = 60
    assert breaker.wait() == 0
