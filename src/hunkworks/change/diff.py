"""Unified diffs, read file by file: what stands between a patch's bytes and FileChange values.

The stream is cut into files here, by counting each hunk's lines, so that a removed line ``-- a/x`` is never taken
for a header; unidiff then parses one hunk at a time. It gets latin-1 text, a bijection with the bytes, split at
``\\n`` only: ``str.splitlines`` would also split at \\r, \\x0b, \\x0c, \\x1c–\\x1e and \\x85.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from hunkworks.change.headers import Header, parse_header
from hunkworks.change.model import FileChange, Hunk, Line, LineKind, Status
from hunkworks.change.roles import classify
from hunkworks.errors import InputError

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
SUBMODULE = 0o160000

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?([^\n]*)")
_KINDS = {" ": LineKind.CONTEXT, "": LineKind.CONTEXT, "+": LineKind.ADDED, "-": LineKind.REMOVED}
_NO_NEWLINE = b"\\ No newline at end of file\n"
_FIX = "make the patch again with `git diff`, and pass it unchanged"


def parse_patch(lines: Iterable[bytes]) -> Iterator[FileChange]:
    """Yield every file of a unified diff, one in memory at a time.

    Roles are judged by the name and by what the hunks show of the file's head alone.

    Args:
        lines: A binary stream, or lines that end with ``\\n``.

    Raises:
        InputError: The patch is cut, damaged, or a combined diff of a merge; nothing is skipped silently.
    """
    waiting: FileChange | None = None
    for header, raw_hunks in cut(lines):
        file = _file(header, tuple(_hunk(raw, header.line) for raw in raw_hunks))
        if waiting is not None and _is_type_change(waiting, file):
            file, waiting = _join(waiting, file), None
        if waiting is not None:
            yield waiting
        waiting = file
    if waiting is not None:
        yield waiting


def cut(lines: Iterable[bytes]) -> Iterator[tuple[Header, list[list[bytes]]]]:
    """Cut a patch into files: the header, and each hunk's lines with its ``@@`` line first."""
    header_lines: list[bytes] = []
    hunks: list[list[bytes]] = []
    begin = number = 0
    old = new = 0
    for number, line in enumerate(lines, 1):
        if not line.endswith(b"\n"):
            line += b"\n"
        if old or new:
            old, new = _count(line, old, new, number)
            hunks[-1].append(line if line[:1] != b"\\" else _NO_NEWLINE)
        elif line.startswith(b"\\ ") and hunks:
            hunks[-1].append(_NO_NEWLINE)
        elif (match := _HUNK.match(line)) and _names_a_file(header_lines):
            old, new = (int(count) if count is not None else 1 for count in match.group(2, 4))
            hunks.append([line])
        elif line.startswith((b"diff --cc ", b"diff --combined ", b"@@@ ")):
            raise InputError(
                f"line {number} begins a combined diff of a merge, which has no two sides",
                fix="git diff FIRST_PARENT MERGE, or git show -m",
            )
        elif line.startswith(b"diff --git ") or (
            (hunks or not _is_git(header_lines)) and line.startswith(b"--- ")
        ):
            if _names_a_file(header_lines):
                yield parse_header(header_lines, begin), hunks
            header_lines, hunks, begin = [line], [], number
        elif header_lines and not hunks:
            header_lines.append(line)
    if old or new:
        raise InputError(f"the patch ends at line {number} within a hunk", fix=_FIX)
    if _names_a_file(header_lines):
        yield parse_header(header_lines, begin), hunks


def _count(line: bytes, old: int, new: int, number: int) -> tuple[int, int]:
    kind = line[:1]
    if kind in (b" ", b"\n", b"\r"):
        old, new = old - 1, new - 1
    elif kind == b"-":
        old -= 1
    elif kind == b"+":
        new -= 1
    elif kind != b"\\":
        raise InputError(
            f"line {number} of the patch stands within a hunk but is no part of it",
            expected=f"{old} old and {new} new lines more",
            found=repr(line[:40].decode("latin-1")),
            fix=_FIX,
        )
    if old < 0 or new < 0:
        raise InputError(f"the hunk at line {number} of the patch is longer than its header says", fix=_FIX)
    return old, new


def _is_git(header: list[bytes]) -> bool:
    return bool(header) and header[0].startswith(b"diff --git ")


def _names_a_file(header: list[bytes]) -> bool:
    return _is_git(header) or (len(header) > 1 and header[1].startswith(b"+++ "))


def _hunk(raw: list[bytes], file_line: int) -> Hunk:
    match = _HUNK.match(raw[0])
    assert match is not None  # noqa: S101  (cut() matched it)
    text = [line.decode("latin-1") for line in raw]
    try:
        (parsed,) = PatchSet(["--- a\n", "+++ b\n", *text])[0]
    except (UnidiffParseError, ValueError) as error:
        raise InputError(
            f"a hunk of the file at line {file_line} cannot be read: {error}", fix=_FIX
        ) from error
    lines: list[Line] = []
    for line in parsed:
        if line.line_type == "\\":
            lines[-1] = lines[-1]._replace(text=lines[-1].text.removesuffix(b"\n"))
        else:
            content = line.value.encode("latin-1")
            lines.append(Line(_KINDS[line.line_type], content, line.source_line_no, line.target_line_no))
    return Hunk(
        parsed.source_start,
        parsed.source_length,
        parsed.target_start,
        parsed.target_length,
        match[5],
        tuple(lines),
    )


def _file(header: Header, hunks: tuple[Hunk, ...]) -> FileChange:
    note = ""
    if SUBMODULE in (header.old_mode, header.new_mode):
        note = "a submodule: the lines are the names of its commits"
    elif _is_lfs(hunks):
        note = "a Git LFS pointer: the content is stored elsewhere"
    elif header.binary:
        note = "binary: there are no lines to show"
    mode = header.new_mode if header.new_mode is not None else header.old_mode
    head = b"".join(line.text for hunk in hunks[:1] if hunk.new_start <= 1 for line in hunk.lines)
    path = header.path
    role, why = classify(path, attributes={}, head=head, mode=mode, binary=header.binary)
    return FileChange(
        path=path,
        old_path=header.old_path,
        status=header.status,
        old_mode=header.old_mode,
        new_mode=header.new_mode,
        role=role,
        why=why,
        hunks=hunks,
        binary=header.binary,
        note=note,
        old_blob=header.old_blob,
        new_blob=header.new_blob,
    )


def _is_lfs(hunks: tuple[Hunk, ...]) -> bool:
    return bool(hunks) and any(line.text.startswith(LFS_POINTER) for line in hunks[0].lines[:2])


def _is_type_change(before: FileChange, after: FileChange) -> bool:
    """Git writes a file that became a symbolic link, or the reverse, as a deletion and an addition."""
    return before.path == after.path and (before.status, after.status) == (Status.DELETED, Status.ADDED)


def _join(before: FileChange, after: FileChange) -> FileChange:
    removed = [line for hunk in before.hunks for line in hunk.lines]
    added = [line for hunk in after.hunks for line in hunk.lines]
    hunk = Hunk(min(1, len(removed)), len(removed), min(1, len(added)), len(added), b"", (*removed, *added))
    return replace(
        after,
        status=Status.TYPE_CHANGED,
        old_mode=before.old_mode,
        old_blob=before.old_blob,
        hunks=(hunk,) if hunk.lines else (),
        binary=before.binary or after.binary,
        note=after.note or before.note,
    )
