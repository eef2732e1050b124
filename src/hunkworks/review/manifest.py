"""What ``review plan`` prints: small, whatever the change's size in lines (a contract: docs/reference/json.md)."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from hunkworks.review.finding import Finding
from hunkworks.review.shape import Shape


class Bucket(StrEnum):
    """Where a file of the change ends; every file ends in exactly one."""

    PACKET = "packet"  # every changed line of it is handed to a reviewer
    STATIC = "static"  # read by the built-in checks, not by a reviewer
    NAMED = "named"  # listed with the reason, read by nobody


class ChangeRef(msgspec.Struct, frozen=True):
    """Which change: its content's name, where it leads from and to, in words, and whose memory it shares.

    ``branch`` is the branch for work on one, else what names the pull request or the range.
    """

    id: str
    base: str
    head: str
    words: str
    branch: str = ""


class Reason(msgspec.Struct, frozen=True):
    """One reason of the route: the rule, and the line that it saw."""

    rule: str
    path: str
    line: int
    text: str


class RouteRef(msgspec.Struct, frozen=True):
    """The decided route."""

    tier: str
    model: str
    agent: str
    score: float
    threshold: float
    reasons: tuple[Reason, ...]


class PacketRef(msgspec.Struct, frozen=True):
    """One packet: where its text lies, its size, which files stand in it, and for which pass of the review it is.

    ``answered`` ones were reviewed before an interruption, and their answers were taken over.
    """

    id: str
    path: str
    bytes: int
    changed_lines: int
    files: tuple[str, ...]
    turn: int = 1
    answered: bool = False


class FileRef(msgspec.Struct, frozen=True):
    """One file: what happened to it, what it is for, where it ended and why."""

    path: str
    status: str
    role: str
    bucket: Bucket
    why: str
    added: int
    removed: int
    old_path: str = ""


class RedactionRef(msgspec.Struct, frozen=True):
    """Something that was masked before anybody read it; its value is kept nowhere."""

    path: str
    line: int
    kind: str


class Skipped(msgspec.Struct, frozen=True):
    """A check that could not look at a file, and why."""

    path: str
    why: str


class Coverage(msgspec.Struct, frozen=True):
    """The sum that has to add up: ``changed_lines`` of files for reviewers = ``in_packets`` + ``read_before``.

    ``read_before`` lines stand in hunks that an earlier review of this branch read, unchanged since.
    """

    code_files: int
    changed_lines: int
    in_packets: int
    read_before: int = 0

    @property
    def complete(self) -> bool:
        """Whether every changed line is accounted for."""
        return self.in_packets + self.read_before == self.changed_lines


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """One plan. ``cycle`` counts the rounds of fixing and reviewing, from 1; ``open`` is what earlier rounds left."""

    change: ChangeRef
    route: RouteRef
    shape: Shape
    cycle: int
    packets: tuple[PacketRef, ...]
    files: tuple[FileRef, ...]
    redactions: tuple[RedactionRef, ...]
    static: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    suppressed: int
    open: tuple[Finding, ...]
    coverage: Coverage
    fixing: bool = False
