"""Spans in, bytes out, and the proof that nothing else changed.

Every writer of the pack ends here: it plans edits as byte spans of the original, and this module
builds the result and proves that every byte outside the planned spans stands as it stood.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hunkworks.errors import InputError, IntegrityError


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``original[start:end]`` (byte offsets, half open) by ``new``; ``start == end`` inserts."""

    start: int
    end: int
    new: bytes


def splice(original: bytes, edits: Iterable[Edit]) -> bytes:
    """Apply ``edits`` to ``original`` and prove that nothing outside their spans changed.

    Edits may come in any order. Two insertions at one place are kept in the order given.

    Raises:
        InputError: An edit lies outside the original, or two edits overlap.
        IntegrityError: The proof failed, which would be a defect of this module.
    """
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    _refuse_impossible(ordered, len(original))
    pieces: list[bytes] = []
    position = 0
    for edit in ordered:
        pieces += (original[position : edit.start], edit.new)
        position = edit.end
    pieces.append(original[position:])
    result = b"".join(pieces)
    prove(original, result, ordered)
    return result


def prove(original: bytes, result: bytes, edits: Sequence[Edit]) -> None:
    """Check, independently of how ``result`` was made, that it is ``original`` with ``edits`` and no more.

    Args:
        original: The bytes before.
        result: The bytes after.
        edits: In ascending order, not overlapping.

    Raises:
        IntegrityError: A byte outside the planned spans differs, or a planned span reads otherwise.
    """
    old = new = 0
    for edit in [*edits, Edit(len(original), len(original), b"")]:
        # Slices, copied, compare as one block; views of them compare byte by byte, at twenty times the price.
        if not result.startswith(original[old : edit.start], new):
            raise IntegrityError(f"bytes {old}–{edit.start} are outside the planned spans and differ")
        new += edit.start - old
        if not result.startswith(edit.new, new):
            raise IntegrityError(f"the span planned at byte {edit.start} does not read back")
        new += len(edit.new)
        old = edit.end
    if new != len(result):
        raise IntegrityError(f"{len(result) - new} bytes stand behind the planned end")


def write_atomically(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Replace the file by ``data`` in one step: a reader, or a crash, meets the old bytes or the new ones.

    The mode is kept, and a symbolic link stays one: its target is replaced.

    Args:
        path: The file; its folder must exist.
        data: The whole new content.
        expected: The bytes the plan was made from; somebody's later edit is noticed, not overwritten.

    Raises:
        IntegrityError: The file no longer reads as ``expected``.
        OSError: The folder cannot be written; the file is as it was.
    """
    target = path.resolve()
    if expected is not None:
        found = target.read_bytes() if target.exists() else b""
        if found != expected:
            raise IntegrityError(
                f"{path} changed while the plan was being made",
                expected=f"{len(expected)} bytes as planned",
                found=f"{len(found)} others",
                fix="run the same command again",
            )
    import tempfile

    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".hunkworks", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sweep(path: Path) -> None:
    """Remove what writers of ``path`` that were killed left beside it. The caller holds the lock of its writers."""
    import glob

    target = path.resolve()
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.hunkworks"):
        left.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _refuse_impossible(ordered: Sequence[Edit], size: int) -> None:
    position = 0
    for edit in ordered:
        if not 0 <= edit.start <= edit.end <= size:
            raise InputError(
                "an edit lies outside the file",
                expected=f"a span within 0–{size}",
                found=f"{edit.start}–{edit.end}",
            )
        if edit.start < position:
            raise InputError(f"two edits overlap at byte {edit.start}")
        position = edit.end
