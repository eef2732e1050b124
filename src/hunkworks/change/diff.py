"""Unified diffs as FileChange values, one file in memory at a time.

sections.py cuts the stream, headers.py reads what stands before the hunks, and unidiff parses one hunk at a time: as
latin-1 text, which is a bijection with the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from hunkworks.change.headers import Header, parse_header
from hunkworks.change.model import FileChange, Hunk, Line, LineKind, Status
from hunkworks.change.roles import classify
from hunkworks.change.sections import FIX, HUNK, sections
from hunkworks.errors import InputError

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
SUBMODULE = 0o160000

_KINDS = {" ": LineKind.CONTEXT, "": LineKind.CONTEXT, "+": LineKind.ADDED, "-": LineKind.REMOVED}


def parse_patch(lines: Iterable[bytes]) -> Iterator[FileChange]:
    """Yield every file of a unified diff, one in memory at a time.

    Roles are judged by the name and by what the hunks show of the file's head alone.

    Args:
        lines: A binary stream, or lines that end with ``\\n``.

    Raises:
        InputError: The patch is cut, damaged, or a combined diff of a merge; nothing is skipped silently.
    """
    waiting: FileChange | None = None
    for section in sections(lines):
        header = parse_header(section.header, section.line)
        file = _file(header, tuple(_hunk(raw, section.line) for raw in section.hunks))
        if waiting is not None and _is_type_change(waiting, file):
            file, waiting = _join(waiting, file), None
        if waiting is not None:
            yield waiting
        waiting = file
    if waiting is not None:
        yield waiting


def _hunk(raw: list[bytes], file_line: int) -> Hunk:
    match = HUNK.match(raw[0])
    assert match is not None  # noqa: S101  (sections() matched it)
    text = [line.decode("latin-1") for line in raw]
    try:
        (parsed,) = PatchSet(["--- a\n", "+++ b\n", *text])[0]
    except (UnidiffParseError, ValueError) as error:
        raise InputError(
            f"a hunk of the file at line {file_line} cannot be read: {error}", fix=FIX
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
    elif is_lfs(hunks):
        note = "a Git LFS pointer: the content is stored elsewhere"
    elif header.binary:
        note = "binary: there are no lines to show"
    mode = header.new_mode if header.new_mode is not None else header.old_mode
    judged = LineKind.ADDED if header.status is Status.ADDED else LineKind.REMOVED
    head = b"".join(
        line.text for line in (hunks[0].lines if hunks else ()) if line.kind in (judged, LineKind.CONTEXT)
    )
    if hunks and min(hunks[0].old_start, hunks[0].new_start) > 1:
        head = b""
    role, why = classify(header.path, attributes={}, head=head, mode=mode, binary=header.binary)
    return FileChange(
        path=header.path,
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


def is_lfs(hunks: tuple[Hunk, ...]) -> bool:
    """Tell whether the first line on either side begins a Git LFS pointer."""
    return any(
        line.text.startswith(LFS_POINTER) for line in (hunks[0].lines if hunks else ()) if 1 in line[2:]
    )


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
