"""Whole files from hunks: old content + hunks = new content, byte for byte."""

from __future__ import annotations

from hunkworks.change.model import FileChange, Hunk, LineKind, Side, Status
from hunkworks.errors import InputError


def split_lines(content: bytes) -> list[bytes]:
    r"""Split at ``\n`` only, as git does, terminators kept; the last line may have none."""
    lines = [line + b"\n" for line in content.split(b"\n")]
    last = lines.pop().removesuffix(b"\n")
    return [*lines, last] if last else lines


def apply(old: bytes, hunks: tuple[Hunk, ...]) -> bytes:
    """Return the new content that ``hunks`` make of ``old``.

    Raises:
        InputError: A context or removed line is not what stands in ``old``.
    """
    lines = split_lines(old)
    position = 0
    result: list[bytes] = []
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        result += lines[position:start]
        position = start
        for line in hunk.lines:
            if line.kind is not LineKind.ADDED:
                if position >= len(lines) or lines[position] != line.text:
                    raise InputError(
                        f"the hunk at old line {hunk.old_start} does not fit the file",
                        expected=repr(line.text[:60]),
                        found=repr(lines[position][:60]) if position < len(lines) else "the end of the file",
                    )
                position += 1
            if line.kind is not LineKind.REMOVED:
                result.append(line.text)
    return b"".join(result + lines[position:])


def from_hunks(file: FileChange, side: Side) -> bytes | None:
    """Return the whole of one side where the hunks alone hold it: a file added, deleted, or of another type."""
    missing, whole = (Status.ADDED, Status.DELETED) if side is Side.OLD else (Status.DELETED, Status.ADDED)
    if file.binary or file.status is missing or file.status not in (whole, Status.TYPE_CHANGED):
        return None
    other = LineKind.ADDED if side is Side.OLD else LineKind.REMOVED
    return b"".join(line.text for hunk in file.hunks for line in hunk.lines if line.kind is not other)
