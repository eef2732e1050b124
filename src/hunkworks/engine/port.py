"""The port that every capability judges through: tasks go in, each comes back answered or says why not.

A task is one piece of judging, small enough to be done again: a packet, a ballot, a batch of units, a match that code
could not decide. The room that asks hands in the tools; a task is answered when the tool named ``until`` accepted what
the model handed in, so an answer has always passed the room's own checks. An engine knows models, prices and networks,
and nothing of reviews or catalogs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from hunkworks.config import Tier


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answers the model; ``accepted`` says that what was handed in counts as the task's answer."""

    text: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that a model may call: its definition as in ``agents/tools.json``, and the function behind it.

    ``call`` takes the arguments as the model wrote them, checks them itself, and never raises for their content.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    call: Callable[[Mapping[str, Any]], Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to judge.

    Attributes:
        name: Unique within a run, such as ``p001``; stands in the progress, the ledger and the report.
        tier: The tier of model that it deserves; a budget near its end may lower it, and ``Judged`` says so.
        agent: Whose text instructs, such as ``reviewer``.
        instructions: That text, the same that the session's agent reads.
        shared: What all tasks of a run have in common, such as the project's rules: sent first, so that it is cached.
        text: What this task is about, already redacted.
        tools: What the model may call, and nothing else.
        until: The tool whose accepted call answers the task.
        turns: The most model calls it may take.
    """

    name: str
    tier: Tier
    agent: str
    instructions: str
    text: str
    tools: tuple[Tool, ...]
    until: str
    shared: str = ""
    turns: int = 12


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens by how they are charged, and their price in US dollars; None where the price is not known."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    usd: float | None = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one task.

    Attributes:
        task: Its name.
        why: Empty where it was answered; else the reason in words, such as ``the budget of this run is spent``.
        tier: The tier that really judged, or that would have.
        model: The model id that answered last, "" where none was asked.
        calls: How many calls of a model it took.
        recorded: How many of them were answered from an earlier run's record, unpaid.
        usage: What the judgment cost, whoever paid: the same in a resumed and in a replayed run.
        unpaid: What of it an earlier run had paid already.
        steps: Each departure from the plan in words: a fallback, a lower tier, a retry that was given up.
    """

    task: str
    why: str = ""
    tier: Tier
    model: str = ""
    calls: int = 0
    recorded: int = 0
    usage: Usage = Usage()
    unpaid: Usage = Usage()
    steps: tuple[str, ...] = field(default=())

    @property
    def answered(self) -> bool:
        """Whether the room accepted an answer."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Estimate:
    """What judging would take before anything is sent: ``low`` is one call a task, ``high`` every turn it may take."""

    calls: int
    low: Usage
    high: Usage


class Engine(Protocol):
    """Who judges."""

    @property
    def name(self) -> str:
        """``api``, ``replay`` or ``none``: what the report names."""

    def estimate(self, tasks: Sequence[Task]) -> Estimate:
        """Return what ``tasks`` would cost, asking nobody.

        Raises:
            ConfigError: A model that the price table does not know.
        """

    def judge(self, tasks: Sequence[Task], done: Callable[[Judged], None]) -> list[Judged]:
        """Judge every task, several at a time, and return what became of each, in the order given.

        Tools of different tasks run side by side in threads. A task that fails costs only itself.

        Args:
            tasks: What to judge.
            done: Called once for each task as it ends, from the calling thread: for progress.

        Raises:
            ConfigError: Nothing was sent: a model without a price, a key that is not set, an untrusted endpoint.
        """
