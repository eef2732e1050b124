"""Sections, packets and plans made by hand, for tests of what is done with them."""

from __future__ import annotations

from hunkworks.review.extent import Extent
from hunkworks.review.manifest import ChangeRef, Coverage, Manifest, PacketRef, RouteRef
from hunkworks.review.memory import Memory
from hunkworks.review.packets import Packet
from hunkworks.review.rows import Row, Section
from hunkworks.review.session import Session
from hunkworks.review.shape import Shape


def section(*lines: str, path: str = "a.py", start: int = 1, symbol: str = "", role: str = "code") -> Section:
    """Return a section from diff lines such as "+new", "-old", " same"; numbering starts at ``start``."""
    rows = []
    old = new = start
    for line in lines:
        kind, text = line[0], line[1:]
        rows.append(Row(kind, None if kind == "+" else old, None if kind == "-" else new, text))
        old += kind != "+"
        new += kind != "-"
    return Section(path, path, "modified", role, (symbol,), tuple(rows))


def packet(*sections: Section) -> Packet:
    """Return a packet of sections."""
    return Packet("p001", "0123456789abcdef", sections)


PACKET = packet(section("+x = 1"))


def manifest() -> Manifest:
    """Return the plan of a change of one line."""
    return Manifest(
        change=ChangeRef("c0ffee", "base", "worktree", "the working tree against HEAD"),
        route=RouteRef("default", "sonnet", "reviewer", 0.1, 0.6, ()),
        shape=Shape(1, 0, "small"),
        cycle=1,
        packets=(PacketRef("p001", "p001.txt", 100, 1, ("a.py",)),),
        files=(),
        redactions=(),
        static=(),
        skipped=(),
        suppressed=0,
        open=(),
        coverage=Coverage(1, 1, 1),
    )


def plan(session: Session) -> None:
    """Make that plan the standing one of ``session``."""
    with session.planning() as draft:
        draft.packet(PACKET)
        draft.manifest(manifest(), Memory(), Extent())
