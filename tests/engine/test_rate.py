"""A host is asked no more often than was said, by all processes together."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.engine.rate import Rate

HOST = "https://api.example.com"


class Clock:
    """Time that stands still until somebody waits."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def started(rate: Rate, clock: Clock, tokens: int = 10) -> float:
    """Wait as told until a call may begin, and return when it did."""
    while pause := rate.wait(HOST, tokens):
        clock.now += pause
    return clock.now


@given(st.integers(1, 5), st.lists(st.floats(0, 40), max_size=12))
def test_no_minute_holds_more_calls_than_allowed(most: int, pauses: list[float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        rate = Rate(Path(folder), most, 0, 60, clock)
        times = []
        for pause in pauses:
            clock.now += pause
            times.append(started(rate, clock))
        for at in times:
            assert sum(at - 60 < other <= at for other in times) <= most


def test_tokens_have_a_pace_and_a_large_call_goes_alone(tmp_path: Path) -> None:
    clock = Clock()
    rate = Rate(tmp_path, 0, 1_000, 60, clock)
    assert rate.wait(HOST, 900) == 0
    assert rate.wait(HOST, 200) == 60
    clock.now += 60
    assert rate.wait(HOST, 5_000) == 0
    assert rate.wait(HOST, 1) == 60


def test_nobody_asks_before_retry_after(tmp_path: Path) -> None:
    clock = Clock()
    Rate(tmp_path, 50, 0, 60, clock).rest(HOST, 20)
    other = Rate(tmp_path, 50, 0, 60, clock)
    assert other.wait(HOST, 1) == 20
    assert other.wait("https://elsewhere.example.com", 1) == 0


def test_a_clock_that_was_set_back_makes_nobody_wait_for_tomorrow(tmp_path: Path) -> None:
    clock = Clock()
    rate = Rate(tmp_path, 1, 0, 60, clock)
    started(rate, clock)
    clock.now -= 86_400
    assert rate.wait(HOST, 1) <= 60


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    clock = Clock()
    rate = Rate(tmp_path, 1, 0, 60, clock)
    started(rate, clock)
    (file,) = tmp_path.glob("rate-*.json")
    file.write_bytes(b'{"calls": [[1')
    assert rate.wait(HOST, 1) == 0


ASKER = """
import sys
from pathlib import Path
from hunkworks.engine.rate import Rate
rate = Rate(Path(sys.argv[1]), 20, 0, clock=lambda: 1_000_000.0)
print(sum(rate.wait("https://api.example.com", 1) == 0 for _ in range(15)))
"""


def test_processes_share_one_pace(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen([sys.executable, "-c", ASKER, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    assert sum(int(process.communicate()[0]) for process in asking) == 20
