"""What a branch remembers between reviews: findings and their fate, which hunks were read, rounds of fixing.

Hunks are remembered by content, so that an amended or rebased branch is not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

from hunkworks import paths
from hunkworks.config import Tier
from hunkworks.errors import IntegrityError
from hunkworks.review.finding import Finding, FindingStatus
from hunkworks.review.rows import Section
from hunkworks.splice import write_atomically


class Remembered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finding and its fate; ``disputes`` is what the author's side said against it.

    ``why`` says why it was resolved or dismissed, and ``until`` (ISO date) when a dismissal ends. ``verified_in`` is
    the digest of the hunk in which a reviewer saw it fixed.
    """

    finding: Finding
    reopened: int = 0
    why: str = ""
    until: str = ""
    verified_in: str = ""
    disputes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it still waits for a fix."""
        return self.finding.waits

    def dismissed(self, today: date) -> bool:
        """Return whether somebody dismissed it, and that holds."""
        return self.finding.status is FindingStatus.DISMISSED and (
            not self.until or self.until >= today.isoformat()
        )


class Round(msgspec.Struct, frozen=True):
    """One version of the change that was planned for fixing, its size, and whether its report was given."""

    change: str
    changed_lines: int
    reported: bool = False


class Loop(msgspec.Struct, frozen=True, omit_defaults=True):
    """The rounds of fixing and reviewing since a human last decided.

    ``paged`` says why one was called, ``delivered`` that the page went out.
    """

    rounds: tuple[Round, ...] = ()
    paged: str = ""
    delivered: bool = False


class Memory(msgspec.Struct, frozen=True):
    """Everything a branch remembers. ``read`` maps a hunk's digest to the tier that read it."""

    schema: int = 1
    findings: tuple[Remembered, ...] = ()
    read: Mapping[str, str] = {}
    loop: Loop = Loop()

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that still wait for a fix."""
        return tuple(item.finding for item in self.findings if item.open)

    def dismissed(self, today: date) -> set[str]:
        """Return the fingerprints of what was dismissed on this branch, and is today."""
        return {item.finding.fingerprint for item in self.findings if item.dismissed(today)}

    def deciding_as(self, other: Memory) -> Memory:
        """Return this memory with the dismissals and disputes that the other one holds."""
        decided = {item.finding.fingerprint: item for item in other.findings}
        items = []
        for item in self.findings:
            known = decided.get(item.finding.fingerprint, item)
            if known.finding.status is FindingStatus.DISMISSED:
                item = known
            elif len(known.disputes) > len(item.disputes):
                item = msgspec.structs.replace(item, disputes=known.disputes)
            items.append(item)
        mine = {item.finding.fingerprint for item in items}
        for name, known in decided.items():  # found and not shown, because it was dismissed since the plan
            if name not in mine and known.finding.status is FindingStatus.DISMISSED:
                items.append(known)
        return msgspec.structs.replace(self, findings=tuple(items))

    def knows(self, section: Section, tier: str) -> bool:
        """Return whether this hunk was read already, by this tier or a higher one."""
        before = self.read.get(digest(section))
        return before is not None and Tier(before).rank >= Tier(tier).rank


def digest(section: Section) -> str:
    """Name a hunk by what it changes and where: path, enclosing symbols, changed lines; no numbers, no context."""
    changed = [row.kind + row.text for row in section.rows if row.changed]
    parts = [section.path, *section.symbols, *changed]
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:16]


def branches(common_dir: Path, first: str) -> Iterator[tuple[Path, Memory]]:
    """Yield where each branch's memory lies, and the memory; that of the branch ``first`` before the others.

    Pull requests and ranges that were reviewed have one of their own.
    """
    own = _path(common_dir, first)
    for path in [own, *sorted(set(own.parent.parent.glob("*/memory.json")) - {own})]:
        yield path, _read(path, f"of {path.parent.name}")


def keep(path: Path, memory: Memory) -> None:
    """Keep a memory that ``branches`` gave."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, msgspec.json.encode(memory))


def load(common_dir: Path, branch: str) -> Memory:
    """Return a branch's memory; empty where there is none.

    Raises:
        IntegrityError: It cannot be read. To count rounds anew would be to forget their limit: nothing goes on.
    """
    return _read(_path(common_dir, branch), f"of branch {branch}")


def _read(path: Path, whose: str) -> Memory:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except FileNotFoundError:
        return Memory()
    except msgspec.DecodeError as error:
        raise IntegrityError(f"the memory {whose} cannot be read: {error}", fix=f"rm {path}") from None


def save(common_dir: Path, branch: str, memory: Memory) -> None:
    """Keep a branch's memory."""
    keep(_path(common_dir, branch), memory)


def folder(common_dir: Path, branch: str) -> Path:
    """Return where the state of a branch lives."""
    return paths.repository_state(common_dir) / "branches" / paths.slug(branch)


def _path(common_dir: Path, branch: str) -> Path:
    return folder(common_dir, branch) / "memory.json"
