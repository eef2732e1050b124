"""What became of a plan: the result of a run, also of one that only shows what it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hunkworks.refactor.outcome import Bucket

if TYPE_CHECKING:
    from hunkworks.refactor.planning import Plan
    from hunkworks.refactor.residue import Packet
    from hunkworks.refactor.verify import Failed


class Done(NamedTuple):
    """What became of a plan.

    ``written`` are the files whose bytes changed. ``verified`` are the commands that succeeded, ``failed`` is the one
    that did not: nothing is written then.
    """

    plan: Plan
    applied: bool
    written: tuple[str, ...] = ()
    verified: tuple[tuple[str, ...], ...] = ()
    failed: Failed | None = None
    packets: tuple[Packet, ...] = ()
    commit: str = ""

    @property
    def exit_code(self) -> int:
        """1 where something is left to do, or a proof failed."""
        return 1 if self.plan.of(Bucket.RESIDUE) or self.failed else 0


def planned(plan: Plan) -> Done:
    """Return the plan as it is; nothing is written or kept."""
    if not plan.of(Bucket.RESIDUE):
        return Done(plan, applied=False)
    from hunkworks.refactor.residue import packets

    return Done(plan, applied=False, packets=tuple(packets(plan, applied=False)))
