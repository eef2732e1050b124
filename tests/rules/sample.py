"""Rule files and changes, written short."""

from __future__ import annotations

from pathlib import Path

from hunkworks.change.model import FileChange, Hunk, Line, LineKind, Role, Status
from hunkworks.rules.load import load
from hunkworks.rules.model import RuleSet

RULE = """\
id: python-debugger
language: Python
severity: warning
message: A debugger call is left in.
rule: {pattern: breakpoint()}
metadata:
  title: Debugger calls
  why: Nobody holds the terminal.
  class: debug-leftover
  severity: major
  scenario: The request hangs.
  confidence: 90
  examples:
    match: ["breakpoint()\\n", "if late: breakpoint()\\n"]
    no-match: ["# breakpoint()\\n", "point()\\n"]
"""
LINE_RULE = """\
id: fixme
severity: hint
message: Somebody meant to come back.
metadata:
  title: Marks
  why: It is not finished.
  class: maintainability
  severity: note
  scenario: It stays.
  confidence: 50
  roles: [code, docs]
  regex: \\bFIXME\\b
  examples:
    match: ["# FIXME\\n", "FIXME: later\\n"]
    no-match: ["fixme\\n", "AFFIXMENT\\n"]
"""


def write(folder: Path, text: str = RULE, path: str = "python/python-debugger.yml") -> Path:
    """Write one rule file below ``folder`` and return ``folder``."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def both(folder: Path) -> RuleSet:
    """Return a syntax rule for Python and a line rule for anything."""
    write(folder)
    return load([write(folder, LINE_RULE, "any/fixme.yml")])


def changed(path: str, diff: str | bytes, *, role: Role = Role.CODE, start: int = 1) -> FileChange:
    """Return a modified file with one hunk of lines that begin with ``+``, ``-`` or a space."""
    data = diff.encode() if isinstance(diff, str) else diff
    lines: list[Line] = []
    old = new = start
    for raw in data.split(b"\n")[: -1 if data.endswith(b"\n") else None]:
        kind = LineKind(raw[:1].decode())
        in_old = None if kind is LineKind.ADDED else old
        in_new = None if kind is LineKind.REMOVED else new
        lines.append(Line(kind, raw[1:] + b"\n", in_old, in_new))
        old += in_old is not None
        new += in_new is not None
    hunk = Hunk(start, old - start, start, new - start, b"", tuple(lines))
    return FileChange(path, path, Status.MODIFIED, 0o100644, 0o100644, role, "a test", (hunk,))


def new_text(diff: str) -> bytes:
    """Return the new side of a diff that shows the whole file."""
    return b"".join(line[1:].encode() + b"\n" for line in diff.splitlines() if not line.startswith("-"))
