"""The header of one file in a patch: names, modes, blobs, and what happened."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from hunkworks.change.model import Status
from hunkworks.change.quoting import split_quoted, unquote
from hunkworks.errors import InputError

# git diff writes a/ and b/; diff.mnemonicPrefix names index, working tree, commit and object; --no-index 1/ and 2/.
_PREFIX = re.compile(rb"[abciow12]/")
_INDEX = re.compile(rb"index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d+))?")
_NULL = b"/dev/null"
_EPOCH = re.compile(rb"\t(?:1970-01-01|1969-12-31) ")  # how GNU `diff -N` dates a file that is not there


@dataclass(slots=True)
class Header:
    """What a patch says of one file before its hunks. Blob names may be abbreviated; zeros become ""."""

    line: int
    path: str = ""
    old_path: str = ""
    status: Status = Status.MODIFIED
    old_mode: int | None = None
    new_mode: int | None = None
    old_blob: str = ""
    new_blob: str = ""
    binary: bool = False


def parse_header(lines: list[bytes], number: int) -> Header:
    """Read the lines from ``diff --git`` (or ``---``) up to the first hunk.

    Args:
        lines: The header's lines with their terminators.
        number: The first line's number in the patch, for messages.

    Raises:
        InputError: The file's name cannot be told.
    """
    header = Header(number)
    old = new = b""
    for raw in lines:
        line = raw.rstrip(b"\r\n")
        word, _, rest = line.partition(b" ")
        if word == b"---" and not old:
            old = _name(rest)
        elif word == b"+++" and not new:
            new = _name(rest)
        else:
            _read_extended(header, line)
    _name_paths(header, lines[0].rstrip(b"\r\n"), old, new)
    return header


def _read_extended(header: Header, line: bytes) -> None:
    for prefix, status in ((b"rename ", Status.RENAMED), (b"copy ", Status.COPIED)):
        if line.startswith(prefix):
            direction, _, name = line.removeprefix(prefix).partition(b" ")
            path = os.fsdecode(unquote(name))
            header.status = status
            if direction == b"from":
                header.old_path = path
            else:
                header.path = path
            return
    if match := re.fullmatch(rb"(old mode|deleted file mode|new mode|new file mode) (\d+)", line):
        mode = int(match[2], 8)
        if match[1] in (b"old mode", b"deleted file mode"):
            header.old_mode = mode
        else:
            header.new_mode = mode
        if b"file" in match[1]:
            header.status = Status.ADDED if match[1].startswith(b"new") else Status.DELETED
    elif match := _INDEX.fullmatch(line):
        header.old_blob, header.new_blob = (
            name.decode() if name.strip(b"0") else "" for name in match.group(1, 2)
        )
        if match[3]:
            header.old_mode = header.new_mode = int(match[3], 8)
    elif line == b"GIT binary patch" or (line.startswith(b"Binary files ") and line.endswith(b" differ")):
        header.binary = True


def _name(rest: bytes) -> bytes:
    if _EPOCH.search(rest):
        return _NULL
    quoted = split_quoted(rest)
    return quoted[0] if quoted else rest.split(b"\t")[0]


def _name_paths(header: Header, first: bytes, old: bytes, new: bytes) -> None:
    if header.path and header.old_path:
        return
    names = None
    if first.startswith(b"diff --git "):
        names = _same_name(first.removeprefix(b"diff --git "), b" ")
    elif first.startswith(b"Binary files "):
        names = _same_name(first.removeprefix(b"Binary files ").removesuffix(b" differ"), b" and ")
    if names is not None:
        path = old_path = names
    else:
        if old == _NULL:
            header.status = Status.ADDED
        elif new == _NULL:
            header.status = Status.DELETED
        path, old_path = _strip(old, new)
    if not path:
        raise InputError(f"the file at line {header.line} of the patch has no name", fix="git diff")
    header.path, header.old_path = os.fsdecode(path), os.fsdecode(old_path)


def _same_name(text: bytes, between: bytes) -> bytes | None:
    """Return the path in ``a/x b/x``, where both sides name the same file; None where they do not."""
    candidates: list[tuple[bytes, bytes]] = []
    if quoted := split_quoted(text):
        candidates.append((quoted[0], _name(quoted[1].removeprefix(between.lstrip()))))
    elif (at := text.find(between + b'"')) > 0 and (quoted := split_quoted(text[at + len(between) :])):
        candidates.append((text[:at], quoted[0]))
    else:
        # Unquoted names may hold spaces: the two sides are equally long but for an unusual pair of prefixes.
        places = [match.start() for match in re.finditer(re.escape(between), text)]
        places.sort(key=lambda at: abs(2 * at + len(between) - len(text)))
        candidates += [(text[:at], text[at + len(between) :]) for at in places]
    for left, right in candidates:
        if left == right:
            return left
        if _PREFIX.match(left) and _PREFIX.match(right) and left[2:] == right[2:]:
            return left[2:]
    for left, right in candidates:
        tail = _same_tail(left, right)
        if tail:
            return tail
    return None


def _same_tail(left: bytes, right: bytes) -> bytes:
    """Return what two names share behind prefixes of the user's own (``old/x``, ``new/x``): whole components."""
    one, two = left.split(b"/"), right.split(b"/")
    same: list[bytes] = []
    while one and two and one[-1] == two[-1]:
        same.insert(0, one.pop())
        two.pop()
    return b"/".join(same)


def _strip(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Return (path, old path) of a patch without a git line, prefixes removed where both sides have one."""
    if new == _NULL:
        path = old[2:] if _PREFIX.match(old) else old
        return path, path
    if old == _NULL:
        path = new[2:] if _PREFIX.match(new) else new
        return path, path
    if old != new and _PREFIX.match(old) and _PREFIX.match(new):
        return new[2:], new[2:]
    # `diff -u x.orig x`, `diff -u before/x after/x`: the new side names the file that is there now.
    return new, new
