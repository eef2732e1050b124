"""Suggestions: shown only when they apply to the code as it stands and leave it parsing."""

from __future__ import annotations

import difflib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hunkworks.change.model import Side
from hunkworks.change.repository import INDEX, WORKTREE, Repository
from hunkworks.errors import RepositoryError
from hunkworks.review.finding import Finding
from hunkworks.rules.languages import language_of
from hunkworks.rules.tree import broken, parse
from hunkworks.splice import Edit, splice


@dataclass(frozen=True, slots=True)
class Repair:
    """A suggestion that is proven to apply: the whole file before and after."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Unfit:
    """A suggestion that is not shown, and why."""

    why: str


def prove(repository: Repository, head: str, finding: Finding) -> Repair | Unfit:
    """Apply a finding's suggestion to the file as it stands at ``head``, in memory, and check the result.

    Args:
        repository: Where the change lies.
        head: The change's head, as in ``Change.head``.
        finding: With a suggestion; its anchor says which lines it replaces.
    """
    if finding.suggestion is None or finding.side is Side.OLD:
        return Unfit("it replaces no line of the new code")
    before = repository.show(head, finding.path)
    if before is None:
        return Unfit(f"{finding.path} is not there any more")
    after = _replaced(before, finding)
    if isinstance(after, Unfit):
        return after
    if after == before:
        return Unfit("it changes nothing")
    if _breaks(finding.path, before, after):
        return Unfit("the file would not parse any more")
    why = _applies(repository, head, _patch(finding.path, before, after))
    return Unfit(why) if why else Repair(finding.path, before, after)


def _replaced(before: bytes, finding: Finding) -> bytes | Unfit:
    """Return the file with the anchored lines replaced, in the file's own line ends."""
    lines = (
        before.splitlines(keepends=True) if b"\r" not in before.replace(b"\r\n", b"") else before.split(b"\n")
    )
    if b"".join(lines) != before:
        return Unfit("the file mixes line ends")
    anchored = lines[finding.line - 1 : finding.end_line]
    text = [line.decode("utf-8", "replace").rstrip("\r\n") for line in anchored]
    if text != finding.quote.split("\n"):
        return Unfit("the quoted lines have changed, or hold something masked")
    newline = "\r\n" if anchored[0].endswith(b"\r\n") else "\n"
    new = newline.join((finding.suggestion or "").rstrip("\r\n").splitlines()).encode("utf-8")
    start = sum(map(len, lines[: finding.line - 1]))
    end = start + sum(map(len, anchored))
    if new and anchored[-1].endswith(b"\n"):
        new += newline.encode("ascii")
    return splice(before, [Edit(start, end, new)])


def _breaks(path: str, before: bytes, after: bytes) -> bool:
    language = language_of(path)
    if language is None:
        return False
    errors = [len(broken(parse(data.decode("utf-8", "replace"), language))) for data in (before, after)]
    return errors[1] > errors[0]


def _patch(path: str, before: bytes, after: bytes) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        b"a/" + name,
        b"b/" + name,
    )
    return b"".join(
        line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines
    )


def _applies(repository: Repository, head: str, patch: bytes) -> str:
    """Ask git whether the patch applies where the change ends; return git's reason when it does not."""
    try:
        if head == WORKTREE:
            repository.git("apply", "--check", "-", stdin=patch)
        elif head == INDEX:
            repository.git("apply", "--check", "--cached", "-", stdin=patch)
        else:
            with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
                index = Path(folder) / "index"
                repository.git("read-tree", head, index=index)
                repository.git("apply", "--check", "--cached", "-", stdin=patch, index=index)
    except RepositoryError as error:
        return error.what
    return ""
