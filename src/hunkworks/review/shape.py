"""How much review a change gets: one pass, votes on what it found, or two passes and more votes.

Measured (docs/decisions/0007-verification.md): on small single-purpose changes one pass finds what there is and posts
nothing false; on large ones most of what a pass finds is true and few of it is worth asking for, which votes separate.
"""

from __future__ import annotations

import msgspec

from hunkworks.config import Tier, Verifying


class Shape(msgspec.Struct, frozen=True):
    """The shape of a review: reviewer passes, skeptics per finding, and why."""

    passes: int
    skeptics: int
    why: str


def shape_of(changed_lines: int, packets: int, tier: str, config: Verifying) -> Shape:
    """Return the shape for a change of that size and route."""
    if not changed_lines:
        return Shape(0, 0, "no changed line for a reviewer")
    lines = f"{changed_lines} changed line{'' if changed_lines == 1 else 's'}"
    if changed_lines <= config.small_lines and packets == 1:
        size = f"{lines}, at most {config.small_lines}"
        return Shape(1, 0, f"small ({size}): one pass, its findings are taken at their word")
    if tier != Tier.DEEP:
        return Shape(1, config.skeptics, f"{lines}: one pass, {_skeptics(config.skeptics)}")
    why = f"{lines} routed deep"
    if packets > config.second_pass_packets:
        limit = f"over {config.second_pass_packets} packets"
        return Shape(1, config.deep_skeptics, f"{why}, {limit}: one pass, {_skeptics(config.deep_skeptics)}")
    return Shape(2, config.deep_skeptics, f"{why}: two passes, {_skeptics(config.deep_skeptics)}")


def _skeptics(count: int) -> str:
    return "no vote" if not count else f"{count} {'vote' if count == 1 else 'votes'} on each finding"
