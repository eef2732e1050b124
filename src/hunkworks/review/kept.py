"""What a pull request's reviews remember, kept in a git ref of the repository itself: ``refs/hunkworks/pr-N``.

A build machine forgets. Each review appends one commit that holds ``memory.json``; the ref moves only from the commit
that the review began with, so that two at once cannot lose each other's work unnoticed.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from hunkworks.change.github import GitHub, RefusedError, UnansweredError
from hunkworks.errors import InputError, IntegrityError
from hunkworks.review.memory import Memory

_FILE = "memory.json"
_PREFIX = "hunkworks/pr-"
_MOST_AT_ONCE = 50  # refs: GitHub wants a second between writes, and a build machine has minutes
_MOST_BYTES = 16 << 20
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ABSENT = 404
_GONE = (404, 422)  # to deleting a ref that somebody else deleted
_REFUSED = (409, 422)  # GitHub's answers to a ref that exists already, or is no ancestor


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A memory on its way between jobs; ``parent`` is the commit that it was read from, "" where there was none."""

    schema: int = 1
    parent: str = ""
    memory: Memory = msgspec.field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Pruned:
    """Whose memory was deleted, or would be; how many stay because they are open, or wait for another time."""

    closed: tuple[int, ...]
    open: int
    waiting: int


def ref(number: int) -> str:
    """Return the ref of a pull request's memory, without ``refs/``."""
    return f"{_PREFIX}{number}"


def read(data: bytes, *, origin: str) -> Kept:
    """Return a memory that another job handed on.

    Raises:
        InputError: It is too large, or not one.
    """
    if len(data) > _MOST_BYTES:
        raise InputError(f"{origin} is too large for a memory", expected=f"at most {_MOST_BYTES:,} bytes")
    try:
        kept = msgspec.json.decode(data, type=Kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{origin} is not a memory: {error}", fix="hunkworks review memory export") from None
    if kept.parent and not _COMMIT.fullmatch(kept.parent):
        raise InputError(f"{origin} is not a memory: its parent is no commit", found=kept.parent[:80])
    return kept


def load(github: GitHub, number: int) -> Kept:
    """Return what the reviews of a pull request remember; empty where none was kept.

    Raises:
        IntegrityError: What the ref holds is not a memory.
        RepositoryError: GitHub refused, or gave no answer.
    """
    tip = _tip(github, number)
    if not tip:
        return Kept()
    try:
        tree = github.get(f"git/commits/{tip}")["tree"]["sha"]
        (blob,) = [item["sha"] for item in github.get(f"git/trees/{tree}")["tree"] if item["path"] == _FILE]
        data = base64.b64decode(github.get(f"git/blobs/{blob}")["content"])
        return Kept(parent=tip, memory=msgspec.json.decode(data, type=Memory))
    except (KeyError, TypeError, ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise IntegrityError(
            f"refs/{ref(number)} holds no memory of a review: {error}",
            fix=f"git push origin --delete refs/{ref(number)}",
        ) from None


def save(github: GitHub, number: int, kept: Kept) -> bool:
    """Keep a memory, if the ref still stands where it was read from; return whether it is kept, or was already.

    It is not where another review was faster: the next one then reads again what this one read, and loses nothing.

    Raises:
        RepositoryError: GitHub refused for another reason, or gave no answer.
    """
    standing = load(github, number)
    if standing.memory == kept.memory:
        return True
    if standing.parent != kept.parent:
        return False
    content = msgspec.json.encode(kept.memory).decode("utf-8")
    blob = github.write("POST", "git/blobs", {"content": content, "encoding": "utf-8"})["sha"]
    item = {"path": _FILE, "mode": "100644", "type": "blob", "sha": blob}
    tree = github.write("POST", "git/trees", {"tree": [item]})["sha"]
    parents = [kept.parent] if kept.parent else []
    message = f"What the reviews of pull request {number} remember"
    commit = github.write("POST", "git/commits", {"message": message, "tree": tree, "parents": parents})[
        "sha"
    ]
    try:
        if kept.parent:
            github.write("PATCH", f"git/refs/{ref(number)}", {"sha": commit, "force": False})
        else:
            github.write("POST", "git/refs", {"ref": f"refs/{ref(number)}", "sha": commit})
    except RefusedError as error:
        if error.status not in _REFUSED:
            raise
        return False
    return True


def prune(github: GitHub, *, dry_run: bool = False) -> Pruned:
    """Delete the memory of pull requests that are closed; one that is opened again is read whole.

    Only those that GitHub says are closed, one by one, and some at a time.

    Raises:
        RepositoryError: GitHub refused, or gave no answer.
    """
    # Refs first: whoever keeps a memory from now on is not among them.
    numbers = sorted(filter(None, map(_number, github.pages(f"git/matching-refs/{_PREFIX}"))))
    standing = {_field(pull, "number") for pull in github.pages("pulls", state="open")} if numbers else set()
    waiting = [number for number in numbers if number not in standing]
    closed = []
    for number in waiting[:_MOST_AT_ONCE]:
        # Lists shift while they are read page by page.
        if _is_closed(github, number):
            if not dry_run:
                _delete(github, number)
            closed.append(number)
    later = waiting[_MOST_AT_ONCE:]
    return Pruned(tuple(closed), len(numbers) - len(closed) - len(later), len(later))


def _field(found: Any, name: str) -> Any:
    try:
        return found[name]
    except (KeyError, TypeError):
        raise UnansweredError(f"GitHub's answer has no {name}", fix="check GITHUB_API_URL") from None


def _number(found: Any) -> int:
    """Return which pull request's memory a ref holds, 0 for a ref of somebody else."""
    number = str(_field(found, "ref")).removeprefix(f"refs/{_PREFIX}")
    return int(number) if _NUMBER.fullmatch(number) else 0


def _is_closed(github: GitHub, number: int) -> bool:
    try:
        return bool(_field(github.get(f"pulls/{number}"), "state") == "closed")
    except RefusedError as error:
        if error.status == _ABSENT:  # not a pull request: not ours to judge
            return False
        raise


def _delete(github: GitHub, number: int) -> None:
    try:
        github.write("DELETE", f"git/refs/{ref(number)}")
    except RefusedError as error:
        if error.status not in _GONE:
            raise


def _tip(github: GitHub, number: int) -> str:
    try:
        found: Any = github.get(f"git/ref/{ref(number)}")
    except RefusedError as error:
        if error.status == _ABSENT:
            return ""
        raise
    return str(found["object"]["sha"])
