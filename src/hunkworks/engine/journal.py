"""Answers on record, so that none is paid for twice: bodies in the ledger, found by what was asked.

    ledger/bodies/3f/9ac1…             the call: question, answer, who gave it, what it cost
    ledger/calls/7b/0d44….deep         the digest of that body, under a digest of the question

A call is on record once the second file stands, which is written in one step; it goes once its body was pruned. Keys
and headers never come here; texts are redacted by whoever asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import msgspec

from hunkworks.config import Tier
from hunkworks.engine.prices import Tokens
from hunkworks.engine.question import Question, digest
from hunkworks.engine.reply import Reply
from hunkworks.errors import HunkworksError
from hunkworks.ledger.retention import Removed, remove_old
from hunkworks.ledger.store import Ledger

SCHEMA = 1
UNFINISHED = {
    "refusal": "the model refused to answer",
    "max_tokens": "the answer was longer than engine.answer_tokens allows",
    "model_context_window_exceeded": "the conversation is longer than the model can read",
}


class Cost(msgspec.Struct, frozen=True):
    """What a call was charged, ``counted`` by the endpoint or by us."""

    input: int
    output: int
    cache_read: int
    cache_write: int
    usd: Decimal
    counted: str = "endpoint"

    @classmethod
    def of(cls, tokens: Tokens, usd: Decimal, counted: str = "endpoint") -> Self:
        """Return the cost of ``tokens``."""
        return cls(tokens.input, tokens.output, tokens.cache_read, tokens.cache_write, usd, counted)

    @property
    def tokens(self) -> Tokens:
        return Tokens(self.input, self.output, self.cache_read, self.cache_write)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One finished call as it stands in the ledger.

    ``model`` answered on ``tier``, and ``speaker`` says where; ``steps`` tell what it took to get there.
    """

    schema: int = SCHEMA
    task: str
    ordinal: int
    turn: int
    id: str
    question: Mapping[str, Any]
    tier: Tier
    model: str
    speaker: str
    content: Sequence[Mapping[str, Any]]
    stop: str
    unreadable: Sequence[str] = ()
    cost: Cost
    steps: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call brought, new or from the record, and what it cost whoever paid."""

    reply: Reply
    tier: Tier
    model: str
    speaker: str
    tokens: Tokens
    usd: Decimal
    steps: tuple[str, ...] = ()
    recorded: bool = False
    digest: str = ""

    @classmethod
    def of(cls, call: Call, body: str) -> Answer:
        """Return the answer that a recorded call holds."""
        cost = call.cost
        reply = Reply(tuple(call.content), call.stop, {}, tuple(call.unreadable))
        steps = tuple(call.steps)
        return cls(reply, call.tier, call.model, call.speaker, cost.tokens, cost.usd, steps, True, body)


class Journal:
    """The calls on record in one ledger that hold for one configuration.

    Args:
        ledger: Where they are; None keeps nothing.
        configuration: What decides about answers besides the question, such as the models that are asked.
    """

    def __init__(self, ledger: Ledger | None, configuration: Any) -> None:
        self._ledger = ledger
        self._configuration = digest(configuration)
        self.broken = ""

    def find(self, question: Question, tiers: Sequence[Tier]) -> Answer | None:
        """Return the answer on record of the first of ``tiers`` that has one."""
        if self._ledger is None:
            return None
        for tier in tiers:
            try:
                body = self._path(self._ledger, question, tier).read_text(encoding="ascii").strip()
                self._ledger.renew(body)  # before it is read: from here on it stays
                call = msgspec.json.decode(self._ledger.get(body), type=Call)
            except (OSError, ValueError, msgspec.DecodeError, HunkworksError):
                continue  # what is damaged or gone is asked anew
            if call.id == question.id:
                return Answer.of(call, body)
        return None

    def keep(self, question: Question, call: Call) -> str:
        """Put a call on record and return its digest, "" where the ledger cannot be written.

        One that a model broke off is kept for replays, and asked anew by the next run.
        """
        body = self.put(msgspec.json.encode(call))
        if self._ledger is None or not body or call.stop in UNFINISHED:
            return body
        try:
            path = self._path(self._ledger, question, call.tier)
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            unfinished.write_text(body, encoding="ascii")
            with self._ledger.alone():  # prune() must not take it for the old one that it replaces
                unfinished.replace(path)
        except OSError as error:
            self.broken = f"calls are not on record: {error.strerror or error}"
        return body

    def put(self, body: bytes) -> str:
        """Keep a body and return its digest, "" where the ledger cannot be written."""
        if self._ledger is None:
            return ""
        try:
            return self._ledger.put(body)
        except OSError as error:
            self.broken = f"calls are not on record: {error.strerror or error}"
            return ""

    def _path(self, ledger: Ledger, question: Question, tier: Tier) -> Path:
        name = digest([question.id, question.ordinal, self._configuration])
        return ledger.root / "calls" / name[:2] / f"{name[2:]}.{tier.value}"


def prune(ledger: Ledger, removed: Removed, before: datetime, *, dry_run: bool = False) -> tuple[int, int]:
    """Forget the calls whose bodies were removed; return how many, and their bytes.

    Raises:
        OSError: The ledger cannot be written.
    """
    gone = list(_without_body(ledger, removed))
    forgotten, size = remove_old(ledger, gone, before, dry_run=dry_run)
    return len(forgotten), size


def _without_body(ledger: Ledger, removed: Removed) -> Iterator[Path]:
    kept = {path.parent.name + path.name for path in ledger.bodies()} - removed.bodies
    for path in (ledger.root / "calls").glob("*/*"):
        try:
            if path.read_text(encoding="ascii").strip() not in kept:
                yield path
        except FileNotFoundError:  # another process prunes too
            continue
