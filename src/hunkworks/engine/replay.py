"""The record of one run, asked again: the same answers to the same questions, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import msgspec

from hunkworks.config import Tier
from hunkworks.engine.conversation import UnansweredError
from hunkworks.engine.journal import Answer, Call, Cost
from hunkworks.engine.port import Usage
from hunkworks.engine.question import Question, difference
from hunkworks.errors import EngineError, UsageError
from hunkworks.ledger.record import Record
from hunkworks.ledger.store import Ledger

NOTHING = Usage()


class Unjudged(msgspec.Struct, frozen=True, kw_only=True):
    """Where a task ended because nobody answered, and what finding that out cost, so that its replay ends alike."""

    schema: int = 1
    task: str
    turn: int
    why: str
    steps: Sequence[str]
    lost: Cost | None

    @classmethod
    def of(cls, question: Question, error: UnansweredError) -> Self:
        """Return what a replay needs of the end of a task."""
        lost = Cost.of(*error.lost) if error.lost else None
        return cls(task=question.task, turn=question.turn, why=str(error), steps=error.steps, lost=lost)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The calls of one run by what was asked, and the tasks that stayed without an answer."""

    run: str
    calls: dict[tuple[str, int], tuple[Call, str]]
    unjudged: dict[str, Unjudged]

    @classmethod
    def load(cls, ledger: Ledger, record: Record) -> Recorded:
        """Read every call that ``record`` names, each against its digest.

        Raises:
            IntegrityError: A body is damaged.
            UsageError: A body is gone, or the run judged nothing.
            EngineError: Another version of the pack recorded it in another form.
        """
        calls: dict[tuple[str, int], tuple[Call, str]] = {}
        unjudged = {}
        try:
            for name, digest in record.bodies.items():
                if name.startswith("call/"):
                    call = msgspec.json.decode(ledger.get(digest), type=Call)
                    calls[call.id, call.ordinal] = call, digest
                elif name.startswith("task/"):
                    ended = msgspec.json.decode(ledger.get(digest), type=Unjudged)
                    unjudged[ended.task] = ended
        except msgspec.DecodeError as error:
            version = record.versions.pack
            raise EngineError(
                f"{name} of run {record.id} is of another form: {error}",
                found=f"a run of version {version}",
                fix=f"replay it with version {version} of the pack",
            ) from error
        if not calls and not unjudged:
            raise UsageError(f"run {record.id} recorded no judging", fix="hunkworks ledger list")
        return cls(record.id, calls, unjudged)

    def ask(self, question: Question, tier: Tier) -> Answer:
        """Return the recorded answer.

        Raises:
            UnansweredError: The recorded task ended here without one.
            EngineError: The run never asked this.
        """
        del tier
        found = self.calls.get((question.id, question.ordinal))
        if found is not None:
            return Answer.of(*found)
        ended = self.unjudged.get(question.task)
        if ended is not None and ended.turn == question.turn:
            lost = (ended.lost.tokens, ended.lost.usd) if ended.lost else None
            raise UnansweredError(ended.why, tuple(ended.steps), lost)
        raise EngineError(
            f"run {self.run} was never asked what {question.task} asks now",
            expected="the recorded question",
            found=self._nearest(question),
            fix="replay with the same version of the pack, or judge anew",
        )

    def _nearest(self, question: Question) -> str:
        """Return where the recorded question that begins most like this one differs from it."""
        turns = [call for call, _ in self.calls.values() if call.turn == question.turn]
        same = [call for call in turns if call.task == question.task] or turns
        if not same:
            return f"no task of it took {question.turn + 1} turns"
        asked = msgspec.to_builtins(question.document)
        written = msgspec.json.encode(asked)
        near = max(same, key=lambda call: _alike(written, msgspec.json.encode(call.question)))
        return difference(asked, near.question) or "another order of equal questions"


def _alike(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts have in common before they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
