"""Anchors: a finding stands where its quoted text stands in the change, or nowhere.

Models miscount lines and invent code; they copy well. So the quote decides: it must be found, verbatim but for
white space, in rows of the packet, and it must touch a changed line. A claimed line only chooses among equals.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hunkworks.change.model import Side
from hunkworks.review.packets import Packet
from hunkworks.review.rows import Row, Section

# What a reviewer may have copied along: the packet's own number columns and sign.
_GUTTER = re.compile(r"^ *(?:\d+ +)?\d+ +[ +-] ")
# A shorter part of a line says nothing about where it was copied from.
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class Anchor:
    """A proven place: the lines ``line``–``end_line`` of ``path`` on ``side`` read ``quote``.

    ``origin`` is the file's path before the change: it names the file through a rename.
    """

    path: str
    origin: str
    side: Side
    line: int
    end_line: int
    quote: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no anchor was found, in words the reviewer can act on."""

    why: str


def resolve(
    packets: Sequence[Packet], path: str, quote: str, *, line: int | None = None, side: Side | None = None
) -> Anchor | Refusal:
    """Find where ``quote`` stands in ``path``, on a changed line.

    Args:
        packets: Where to look, the packet that the reviewer was given first.
        path: The file as the packet names it.
        quote: One or more whole or partial lines of code, verbatim.
        line: The line the reviewer claims; the nearest of several equal matches wins.
        side: Where to look; by default the new side first, then the old one.
    """
    sections = [section for packet in packets for section in packet.sections if section.path == path]
    if not sections:
        known = ", ".join(dict.fromkeys(path for packet in packets for path in packet.paths))
        return Refusal(f"{path} is not in this packet. expected one of: {known}")
    as_copied = _trimmed(quote.splitlines())
    if not as_copied:
        return Refusal("the quote is empty: copy the offending line of the packet verbatim")
    without_gutter = _trimmed(_GUTTER.sub("", text, count=1) for text in quote.splitlines())
    unchanged = False
    for wanted in (as_copied, without_gutter):
        for where in [side] if side is not None else [Side.NEW, Side.OLD]:
            matches = [match for section in sections for match in _matches(section, wanted, where)]
            touching = [anchor for anchor, touches in matches if touches]
            if touching:
                return min(touching, key=lambda anchor: _distance(anchor, line))
            unchanged = unchanged or bool(matches)
    if unchanged:
        return Refusal(
            "the quote stands on unchanged lines only: quote the changed line (+ or -) that causes the problem"
        )
    return Refusal(
        f"the quote was not found in {path}: copy it verbatim from the packet, without line numbers or signs"
    )


def _matches(section: Section, wanted: list[str], side: Side) -> Iterator[tuple[Anchor, bool]]:
    rows = [row for row in section.rows if row.number(side) is not None]
    texts = [_normalize(row.text) for row in rows]
    for start in range(len(rows) - len(wanted) + 1):
        if not _stands_at(texts, start, wanted):
            continue
        matched = rows[start : start + len(wanted)]
        if not _contiguous(matched, side):
            continue
        changed = [row for row in matched if row.changed]
        first, last = matched[0].number(side) or 0, matched[-1].number(side) or 0
        text = "\n".join(row.text for row in matched)
        symbol = section.symbols[(changed or matched)[0].scope]
        yield Anchor(section.path, section.old_path, side, first, last, text, symbol), bool(changed)


def _stands_at(texts: list[str], start: int, wanted: list[str]) -> bool:
    """Whole lines must be equal; a quote of one line, or its first and last line, may be a part of a line."""
    if len(wanted) == 1:
        whole = wanted[0] == texts[start]
        return whole or (len(wanted[0].replace(" ", "")) >= _SHORTEST_PART and wanted[0] in texts[start])
    inner = all(texts[start + offset] == wanted[offset] for offset in range(1, len(wanted) - 1))
    return (
        inner and texts[start].endswith(wanted[0]) and texts[start + len(wanted) - 1].startswith(wanted[-1])
    )


def _contiguous(rows: Sequence[Row], side: Side) -> bool:
    numbers = [row.number(side) or 0 for row in rows]
    return all(after - before <= 1 for before, after in itertools.pairwise(numbers))


def _distance(anchor: Anchor, line: int | None) -> tuple[int, int]:
    return (0 if line is None else abs(anchor.line - line), anchor.line)


def _trimmed(lines: Iterable[str]) -> list[str]:
    """Return the lines with white space folded, without blank ones at both ends."""
    wanted = [_normalize(line) for line in lines]
    while wanted and not wanted[0]:
        wanted.pop(0)
    while wanted and not wanted[-1]:
        wanted.pop()
    return wanted


def _normalize(text: str) -> str:
    return " ".join(text.split())
