"""Work shared with forks of this process: they start at once, with everything imported, and only results travel."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

R = TypeVar("R")
_NUMBER = 4  # bytes
_MOST_SHARES = 8_000  # so many numbers fit into a pipe at once


def shared(count: int, work: Callable[[int], R], processes: int) -> list[R]:
    """Return ``work(0)`` to ``work(count - 1)``, done by this process and ``processes - 1`` forks of it.

    Whoever is free takes what is next, in the order of the numbers. What a fork raises is raised here.

    Args:
        count: How many calls.
        work: Its result is pickled where a fork made it.
        processes: At least one.
    """
    step = -(-count // _MOST_SHARES) or 1
    numbers, fill = os.pipe()
    with os.fdopen(fill, "wb") as pipe:
        pipe.write(b"".join(start.to_bytes(_NUMBER, "big") for start in range(0, count, step)))
    forks: dict[int, BinaryIO] = {}
    found: dict[int, R] = {}
    try:
        for _ in range(processes - 1):
            process, answers = _forked(lambda: _taken(numbers, step, count, work))
            forks[process] = answers
        found.update(_taken(numbers, step, count, work))
        for answers in forks.values():
            found.update(_received(answers))
    except BaseException:
        for process in forks:
            os.kill(process, signal.SIGTERM)
        raise
    finally:
        os.close(numbers)
        for process, answers in forks.items():
            answers.close()
            os.waitpid(process, 0)
    return [found[number] for number in range(count)]


def _taken(numbers: int, step: int, count: int, work: Callable[[int], R]) -> dict[int, R]:
    """Do what is next until nothing is left: a pipe gives each number to one reader."""
    done: dict[int, R] = {}
    while taken := os.read(numbers, _NUMBER):
        start = int.from_bytes(taken, "big")
        for number in range(start, min(start + step, count)):
            done[number] = work(number)
    return done


def _forked(work: Callable[[], object]) -> tuple[int, BinaryIO]:
    """Start a fork that does ``work``, and return it with the pipe that its result comes from."""
    result, answer = os.pipe()
    process = os.fork()
    if process:
        os.close(answer)
        return process, os.fdopen(result, "rb")
    try:
        os.close(result)
        with os.fdopen(answer, "wb") as pipe:
            pipe.write(_pickled(work))
    finally:
        os._exit(0)  # nothing of the parent's is ended or flushed twice


def _pickled(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps((work(), None), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # the parent raises it
        return pickle.dumps((None, error), pickle.HIGHEST_PROTOCOL)


def _received(answers: BinaryIO) -> dict[int, Any]:
    said = answers.read()
    if not said:
        raise RuntimeError("a process that helped was ended from outside")
    done, error = pickle.loads(said)  # noqa: S301 - written by our own fork
    if error is not None:
        raise error
    return dict(done)
