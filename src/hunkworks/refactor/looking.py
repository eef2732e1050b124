"""Look at files one by one, or side by side in processes where there is much: parsing holds Python's one lock."""

from __future__ import annotations

import dataclasses
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from hunkworks.refactor.outcome import Bucket, Rewritten
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.rewriting import rewrite
from hunkworks.refactor.scope import Scope
from hunkworks.refactor.source import Source
from hunkworks.rules.languages import language_of
from hunkworks.rules.tree import LARGEST_SOURCE

# Bytes from which processes pay for their start: a fork costs as much as parsing 30 kB, a new process half a second.
_ENOUGH = 60_000
_ENOUGH_WITHOUT_FORK = 1_500_000
_MOST_PROCESSES = 8
# A fork is safe where no thread of ours works at the same time; macOS's own libraries start some.
_CAN_FORK = sys.platform == "linux"
_OWN_FILE_ONLY = frozenset({"fix", "insert", "replace", "wrap"})


class Candidate(NamedTuple):
    """A file to look at: its bytes, and the lines that may be rewritten."""

    path: str
    data: bytes
    scope: Scope


class Looked(NamedTuple):
    """What a look gave: the file with its matches, or why it could not be looked at."""

    path: str
    rewritten: Rewritten | None = None
    why: str = ""


def read(root: Path | None, path: str) -> bytes | None:
    """Return a file below ``root``; None for what is no file, links included.

    Raises:
        OSError: It cannot be read.
    """
    if root is None:
        return None
    file = os.path.join(root, path)  # noqa: PTH118 - for each of a repository's files
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    with open(file, "rb") as opened:  # noqa: PTH123
        return opened.read()


def look(job: Job, candidate: Candidate, project: Overlay) -> Looked:
    """Return what ``job`` makes of one file. Nothing is written."""
    data, path = candidate.data, candidate.path
    if len(data) > LARGEST_SOURCE:
        return Looked(path, why=f"larger than {LARGEST_SOURCE // 1_000_000} MB")
    language = language_of(path) or job.rule.language
    try:
        source = Source(path, data, language)
    except UnicodeDecodeError as error:
        return _undecodable(job, candidate, language, f"is not UTF-8 (byte {error.start})")
    if job.rule.unless is not None and job.rule.unless.search(source.text):
        return Looked(path)
    return Looked(path, rewrite(job, source, candidate.scope, project))


def look_at(
    job: Job,
    candidates: Sequence[Candidate],
    project: Overlay,
    root: Path | None,
    tell: Callable[[str], None],
) -> Iterator[Looked]:
    """Yield what ``job`` makes of each file, in their order; ``project`` takes what a file plans for others."""
    alone = any(step.edit not in _OWN_FILE_ONLY for step in job.rule.recipe.steps)
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1, len(candidates))
    enough = _ENOUGH if _CAN_FORK else _ENOUGH_WITHOUT_FORK
    if alone or processes < 2 or sum(len(one.data) for one in candidates) < enough:
        for candidate in candidates:
            tell(candidate.path)
            looked = look(job, candidate, project)
            if looked.rewritten is not None:
                project.planned.update(looked.rewritten.others)
            yield looked
    elif _CAN_FORK:
        yield from _forked(job, candidates, root, tell, processes)
    else:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn"), _begin, (job, root)
        ) as pool:
            for looked in pool.map(_look, candidates, chunksize=16):
                tell(looked.path)
                yield looked


def _forked(
    job: Job, candidates: Sequence[Candidate], root: Path | None, tell: Callable[[str], None], processes: int
) -> Iterator[Looked]:
    """Yield what ``look`` says of each file, in their order; the largest are looked at first."""
    import ast_grep_py  # noqa: F401 - once, before there are several of us

    from hunkworks.refactor import forking

    project = _on_disk(root)
    this = os.getpid()
    largest = sorted(range(len(candidates)), key=lambda at: -len(candidates[at].data))

    def work(number: int) -> Looked:
        candidate = candidates[largest[number]]
        if os.getpid() == this:
            tell(candidate.path)
        looked = look(job, candidate, project)
        if looked.rewritten is None or not looked.rewritten.outcomes:
            return Looked(looked.path, None, looked.why)
        return looked

    found = dict(zip(largest, forking.shared(len(candidates), work, processes), strict=True))
    yield from (found[at] for at in range(len(candidates)))


class _Work:
    """What a process that was started, not forked, was told when it began."""

    job: Job | None = None
    project: Overlay | None = None


_WORK = _Work()


def _begin(job: Job, root: Path | None) -> None:
    _WORK.job = job
    _WORK.project = _on_disk(root)


def _on_disk(root: Path | None) -> Overlay:
    """Return the project as an edit of one file alone may see it."""
    return Overlay(lambda path: read(root, path), lambda: ())


def _look(candidate: Candidate) -> Looked:
    if _WORK.job is None or _WORK.project is None:
        raise RuntimeError("the process was not told what to look for")
    return look(_WORK.job, candidate, _WORK.project)


def _undecodable(job: Job, candidate: Candidate, language: str, why: str) -> Looked:
    """Count the matches of a file in another encoding, byte by byte, and refuse them all."""
    if b"\0" in candidate.data:
        return Looked(candidate.path, why=why)
    source = Source(candidate.path, candidate.data.decode("latin-1").encode(), language)
    found = rewrite(job, source, candidate.scope, Overlay(lambda _path: None, lambda: ()))
    outcomes = tuple(
        outcome
        if outcome.bucket is Bucket.OUTSIDE
        else dataclasses.replace(outcome, bucket=Bucket.REFUSED, why=f"the file {why}", proposed=None)
        for outcome in found.outcomes
    )
    return Looked(candidate.path, Rewritten(candidate.path, candidate.data, candidate.data, outcomes))
