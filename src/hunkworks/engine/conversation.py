"""One task from its first question to an accepted answer, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hunkworks.config import Tier
from hunkworks.engine.journal import UNFINISHED, Answer
from hunkworks.engine.port import Judged, Result, Task, Usage
from hunkworks.engine.prices import Tokens
from hunkworks.engine.question import Message, Question, first
from hunkworks.engine.reply import Block, writable
from hunkworks.errors import HunkworksError


class UnansweredError(Exception):
    """The task ends here; the text is its ``why``, ``steps`` what was tried, the rest what it cost to find out."""

    def __init__(
        self, why: str, steps: tuple[str, ...] = (), lost: tuple[Tokens, Decimal] | None = None
    ) -> None:
        super().__init__(why)
        self.steps = steps
        self.lost = lost


Ask = Callable[[Question, Tier], Answer]


@dataclass(slots=True)
class Conversation:
    """A task under way. ``ask`` answers one question, on the given tier or a lower one, or raises UnansweredError."""

    task: Task
    ask: Ask
    ordinal: int = 0
    tier: Tier = field(init=False)
    model: str = ""
    answers: list[Answer] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    lost: list[tuple[Tokens, Decimal]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tier = self.task.tier

    def run(self) -> Judged:
        """Talk until the answer is accepted, or the turns are used up, or nobody answers."""
        try:
            self._talk()
        except UnansweredError as error:
            self.steps += error.steps
            if error.lost:
                self.lost.append(error.lost)
            return self._judged(str(error))
        return self._judged("")

    def _talk(self) -> None:
        question = first(self.task, self.ordinal)
        for left in range(self.task.turns - 1, -1, -1):
            answer = self.ask(question, self.tier)
            self.answers.append(answer)
            self.steps += answer.steps
            self.tier, self.model = answer.tier, answer.model
            if answer.reply.stop in UNFINISHED:
                raise UnansweredError(UNFINISHED[answer.reply.stop])
            messages, accepted = self._respond(answer, left)
            if accepted:
                return
            question = question.next(messages, answer.speaker)
        raise UnansweredError(f"no answer was accepted in {_turns(self.task.turns)}")

    def _respond(self, answer: Answer, left: int) -> tuple[list[Message], bool]:
        """Return the model's message and what it is told, and whether a tool accepted the answer."""
        reply = answer.reply
        said = [block for block in reply.content if block["type"] != "text" or block["text"].strip()]
        told: list[dict[str, Any]] = []
        accepted = False
        for call in reply.calls:
            result = self._result(call, readable=call["id"] not in reply.unreadable)
            accepted |= result.accepted and call["name"] == self.task.until
            told.append(
                {
                    "type": "tool_result",
                    "tool_use_id": call["id"],
                    "content": [{"type": "text", "text": writable(result.text) or "(nothing)"}],
                }
            )
        if not told:
            text = f"Hand your answer in with the tool {self.task.until}: text alone is not read."
            told.append({"type": "text", "text": text})
        elif left == 1:
            text = f"This is your last turn: hand your answer in with the tool {self.task.until} now."
            told.append({"type": "text", "text": text})
        spoken = said or [{"type": "text", "text": "…"}]
        return [{"role": "assistant", "content": spoken}, {"role": "user", "content": told}], accepted

    def _result(self, call: Block, *, readable: bool) -> Result:
        tool = next((tool for tool in self.task.tools if tool.name == call["name"]), None)
        if tool is None:
            known = ", ".join(tool.name for tool in self.task.tools)
            return Result(f"There is no tool {call['name']!r:.80}. Tools: {known}.")
        if not readable:
            return Result(f"The arguments of {tool.name} are not a JSON object. Call it again.")
        try:
            return tool.call(call["input"])
        except HunkworksError as error:
            raise UnansweredError(f"{tool.name}: {error}") from error

    def _judged(self, why: str) -> Judged:
        paid = [answer for answer in self.answers if not answer.recorded]
        unpaid = [answer for answer in self.answers if answer.recorded]
        return Judged(
            task=self.task.name,
            why=why,
            tier=self.tier,
            model=self.model,
            calls=len(self.answers),
            recorded=len(unpaid),
            usage=_sum([(a.tokens, a.usd) for a in paid + unpaid] + self.lost),
            unpaid=_sum([(a.tokens, a.usd) for a in unpaid]),
            steps=tuple(dict.fromkeys(self.steps)),
        )


def _sum(costs: list[tuple[Tokens, Decimal]]) -> Usage:
    tokens = sum((tokens for tokens, _ in costs), Tokens())
    return tokens.usage(sum((usd for _, usd in costs), Decimal(0)))


def _turns(number: int) -> str:
    return "1 turn" if number == 1 else f"{number} turns"
