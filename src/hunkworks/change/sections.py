"""A patch cut into files while it streams: each file's header lines and the lines of its hunks.

Hunks are measured by counting their lines, so that a removed line ``-- a/x`` is never taken for a header. Lines end
at ``\\n`` only: ``splitlines`` would also split at \\r, \\x0b, \\x0c, \\x1c–\\x1e and \\x85.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hunkworks.errors import InputError

HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?([^\n]*)")
NO_NEWLINE = b"\\ No newline at end of file\n"
FIX = "make the patch again with `git diff`, and pass it unchanged"

# What names a file but does not hold its change; (pattern, what is wrong with it, what mends it).
_REFUSED = (
    (
        re.compile(rb"diff --(?:cc|combined) |@@@ "),
        "is from a merge's combined diff, which has no two sides",
        "git diff FIRST_PARENT MERGE",
    ),
    (
        re.compile(
            rb"Submodule .+ [0-9a-f]{4,}\.{2,3}[0-9a-f]{4,}|Submodule .+ \((?:new|deleted) submodule\)"
        ),
        "is a submodule's log, not its change",
        "git diff --submodule=short",
    ),
    (re.compile(rb"\x1b\[[\d;]*m(?:diff --git |--- |@@)"), "is coloured", "git diff --no-color"),
)
_ONE_SIDED = re.compile(rb"Only in .+: .")


@dataclass(slots=True)
class Section:
    """One file of a patch. ``line`` is where it begins; each hunk's first line is its ``@@`` line."""

    line: int = 0
    header: list[bytes] = field(default_factory=list)
    hunks: list[list[bytes]] = field(default_factory=list)
    after_hunk: bool = False

    @property
    def is_git(self) -> bool:
        return bool(self.header) and self.header[0].startswith(b"diff --git ")

    @property
    def is_file(self) -> bool:
        """False for prose that merely begins like a header (``--- `` without ``+++ ``)."""
        second = self.header[1] if len(self.header) > 1 else b""
        return (
            self.is_git
            or second.startswith(b"+++ ")
            or (bool(self.header) and self.header[0].startswith(b"Binary"))
        )

    def finish(self) -> Iterator[Section]:
        """Yield the section where it is a file, and refuse one that is cut."""
        if self.after_hunk and not self.is_file and self.header:
            raise _too_long(self.line)
        if not self.hunks and any(line.startswith(b"+++ ") for line in self.header):
            raise InputError(f"the file at line {self.line} of the patch has no hunk", fix=FIX)
        if self.is_file:
            yield self


def sections(lines: Iterable[bytes]) -> Iterator[Section]:
    """Yield a patch's files one by one; prose around them is passed over.

    Raises:
        InputError: The patch is cut or damaged, or it names a change that it does not hold.
    """
    section = Section()
    one_sided = 0
    git = after_hunk = False
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        if match := HUNK.match(line):
            if not section.is_file:
                raise InputError(f"line {number} of the patch begins a hunk of no file", fix=FIX)
            section.hunks.append(_read_hunk(match, number, numbered))
        elif line.startswith(b"\\ ") and section.hunks:
            section.hunks[-1].append(NO_NEWLINE)
        elif _begins_file(line, section):
            yield from section.finish()
            section = Section(number, [line], after_hunk=after_hunk)
            git = git or section.is_git
        else:
            _refuse(line, number, after_hunk=after_hunk)
            one_sided = one_sided or (number if _ONE_SIDED.match(line) else 0)
            if section.header and not section.hunks:
                section.header.append(line)
        after_hunk = match is not None
    if one_sided and not git:
        raise InputError(
            f"line {one_sided} of the patch names a file without its content", fix="diff -ruN OLD NEW"
        )
    yield from section.finish()


def _read_hunk(header: re.Match[bytes], number: int, lines: Iterator[tuple[int, bytes]]) -> list[bytes]:
    """Read as many lines as the ``@@`` line announces; return them behind it."""
    old, new = (int(count) if count is not None else 1 for count in header.group(2, 4))
    hunk = [header.string[: header.end()] + b"\n"]
    while old or new:
        number, line = next(lines, (number, b""))
        if not line:
            raise InputError(f"the patch ends at line {number}, within a hunk", fix=FIX)
        if not line.endswith(b"\n"):
            line += b"\n"  # only the stream's last line can lack it
        old, new = _count(line, old, new, number)
        hunk.append(NO_NEWLINE if line.startswith(b"\\") else line)
    return hunk


def _begins_file(line: bytes, section: Section) -> bool:
    if line.startswith(b"diff --git "):
        return True
    in_git_header = section.is_git and not section.hunks
    return not in_git_header and (
        line.startswith(b"--- ") or (line[:13] == b"Binary files " and line[-8:] == b" differ\n")
    )


def _count(line: bytes, old: int, new: int, number: int) -> tuple[int, int]:
    """Return how many old and new lines are left of the hunk after ``line``."""
    kind = line[:1]
    if kind in (b" ", b"\n", b"\r"):  # some mailers cut the blank off an empty context line
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
            fix=FIX,
        )
    if old < 0 or new < 0:
        raise _too_long(number)
    return old, new


def _refuse(line: bytes, number: int, *, after_hunk: bool) -> None:
    if (
        after_hunk and line[:1] in (b" ", b"+", b"-") and line.rstrip() != b"--"
    ):  # "-- " begins a mail's signature
        raise InputError(
            f"the hunk before line {number} of the patch is longer than its header says", fix=FIX
        )
    for pattern, words, fix in _REFUSED:
        if pattern.match(line):
            raise InputError(f"line {number} of the patch {words}", fix=fix)


def _too_long(number: int) -> InputError:
    return InputError(f"the hunk at line {number} of the patch is longer than its header says", fix=FIX)
