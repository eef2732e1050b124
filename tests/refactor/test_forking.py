"""Work that forks share: every result once, in order, and no failure lost."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from hunkworks.errors import InputError
from hunkworks.refactor import forking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are safe on Linux only")


@pytest.mark.parametrize("count", [0, 1, 7, 20_000])
@pytest.mark.parametrize("processes", [1, 3])
def test_every_result_stands_once_and_in_order(count: int, processes: int) -> None:
    assert forking.shared(count, lambda number: number * 2, processes) == [2 * n for n in range(count)]


def test_a_result_larger_than_a_pipe_arrives_whole() -> None:
    assert forking.shared(4, lambda number: bytes([number]) * 1_000_000, 3)[3] == b"\3" * 1_000_000


class Fork:
    """Tells what runs in a fork, and its number to who waits for it."""

    def __init__(self) -> None:
        self._parent = os.getpid()
        self._told, self._tell = os.pipe()

    def here(self) -> bool:
        if os.getpid() == self._parent:
            return False
        os.write(self._tell, os.getpid().to_bytes(4, "big"))
        return True

    def wait(self) -> int:
        return int.from_bytes(os.read(self._told, 4), "big")


def test_what_a_fork_raises_is_raised_here_with_its_advice() -> None:
    fork = Fork()

    def work(_: int) -> int:
        if fork.here():
            raise InputError("no", fix="this")
        return fork.wait()

    with pytest.raises(InputError, match="no") as raised:
        forking.shared(2, work, 2)
    assert raised.value.fix == "this"


def test_a_fork_that_is_killed_is_told() -> None:
    fork = Fork()

    def work(_: int) -> int:
        if fork.here():
            os.kill(os.getpid(), signal.SIGKILL)
        return fork.wait()

    with pytest.raises(RuntimeError, match="ended from outside"):
        forking.shared(2, work, 2)


def test_an_error_here_ends_the_forks() -> None:
    fork, seen = Fork(), list[int]()

    def work(_: int) -> int:
        while fork.here():
            signal.pause()
        seen.append(fork.wait())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forking.shared(2, work, 2)
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)
