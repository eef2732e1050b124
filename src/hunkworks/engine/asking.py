"""One question asked: of the record first, then along the chain of a tier, within budget and pace, lower if it must be.

Each call is reserved before it is sent and settled after it. An endpoint that cannot answer now is asked
``ATTEMPTS`` times, then the next of the chain; when all have failed, the round begins anew until patience ends.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hunkworks.config import Spending, Tier
from hunkworks.engine.api import Sender, size
from hunkworks.engine.breaker import FAILURES, Breaker
from hunkworks.engine.budget import Budget, SpentError
from hunkworks.engine.conversation import UnansweredError
from hunkworks.engine.endpoints import Chains, Endpoint
from hunkworks.engine.failures import CallError, Cause
from hunkworks.engine.journal import Answer, Call, Cost, Journal
from hunkworks.engine.metering import bound, measure, usual
from hunkworks.engine.prices import Prices, Tokens
from hunkworks.engine.question import Question
from hunkworks.engine.rate import Rate
from hunkworks.engine.reply import Reply
from hunkworks.engine.requests import Abilities, body

ATTEMPTS = 3
LONGEST_PAUSE = 30.0  # seconds between two attempts, unless the endpoint asks for more
UNREACHED = 30.0  # seconds of patience with hosts of which none was ever reached
TOLD = 5.0  # seconds of waiting that a person is told of
SLOW = 60.0  # seconds of a call that a person is told of
INTERRUPTED = "the run was interrupted"


@dataclass(slots=True)
class _Effort:
    """What one question took so far."""

    deadline: float
    steps: list[str] = field(default_factory=list)
    tokens: Tokens = field(default_factory=Tokens)
    usd: Decimal = Decimal(0)

    def step(self, words: str) -> None:
        if words not in self.steps:
            self.steps.append(words)

    def give_up(self, why: str) -> UnansweredError:
        return UnansweredError(why, tuple(self.steps), (self.tokens, self.usd))


@dataclass(kw_only=True)
class Asking:
    """Asks questions; safe among threads. ``clock`` and ``random`` are for tests, ``stop`` ends all waiting."""

    chains: Chains
    prices: Prices
    budget: Budget
    rate: Rate
    sender: Sender
    journal: Journal
    settings: Spending
    abilities: Mapping[Endpoint, Abilities] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    random: random.Random = field(default_factory=random.Random)
    pause: Callable[[float], None] | None = None
    tell: Callable[[str], None] = lambda _: None
    breakers: dict[str, Breaker] = field(default_factory=dict)
    _refused: dict[Endpoint, CallError] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _hopeless: dict[Tier, str] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Question, tier: Tier) -> Answer:
        """Return the answer to ``question``, from ``tier`` or the highest lower one that the budget allows.

        Raises:
            UnansweredError: Nobody answered.
        """
        effort = _Effort(self.clock() + self.settings.patience)
        if self.stop.is_set():
            raise effort.give_up(INTERRUPTED)
        planned = Tier(question.opening["tier"])
        known = [other for other in reversed(Tier) if tier.rank <= other.rank <= planned.rank]
        passed = ""
        for lower in [other for other in reversed(Tier) if other.rank <= tier.rank]:
            recorded = self.journal.find(question, [*known, lower])
            if recorded is not None:
                self.budget.recall(recorded.usd, recorded.tokens.total)
                return recorded
            if passed:
                effort.step(f"{lower} judges: what is left of {passed} might not pay for a higher tier")
            try:
                return self._on(lower, question, effort)
            except SpentError as error:
                passed = str(error)
        raise effort.give_up(f"the budget is spent: what is left of {passed} might not pay for another call")

    def _on(self, tier: Tier, question: Question, effort: _Effort) -> Answer:
        """Ask along the chain of one tier, round after round."""
        chain = self.chains[tier]
        number = 0
        while True:
            failures: list[CallError] = []
            for endpoint in chain:
                if tier in self._hopeless:
                    raise effort.give_up(self._hopeless[tier])
                try:
                    paid = self._at(endpoint, question, effort, alone=len(chain) == 1)
                except CallError as error:
                    if not error.cause.falls_back:
                        raise effort.give_up(f"{endpoint} {error}") from error
                    effort.step(f"{endpoint} {error}")
                    failures.append(error)
                else:
                    if endpoint is not chain[0]:
                        effort.step(f"{endpoint} judged instead of {chain[0]}")
                    return self._answer(tier, endpoint, question, paid, effort)
            wait = max(min(error.retry_after or 0.0 for error in failures), self._backoff(number + ATTEMPTS))
            if self.clock() + wait > self._deadline(chain, failures, effort):
                whom = " and ".join(str(endpoint) for endpoint in chain)
                why = f"{whom} gave no answer: {failures[-1].words}"
                if not any(endpoint.host in self._answered for endpoint in chain):
                    self._hopeless[tier] = why  # the other tasks need not find that out again
                raise effort.give_up(why)
            self._wait(wait, effort, f"{chain[-1]} {failures[-1]}")
            number += 1

    def _deadline(self, chain: Sequence[Endpoint], failures: list[CallError], effort: _Effort) -> float:
        """Return when to give up: soon where nobody was ever reached, which waiting rarely mends."""
        reached = any(endpoint.host in self._answered for endpoint in chain)
        if reached or any(error.cause is not Cause.UNREACHABLE for error in failures):
            return effort.deadline
        return min(effort.deadline, effort.deadline - self.settings.patience + UNREACHED)

    def _at(self, endpoint: Endpoint, question: Question, effort: _Effort, *, alone: bool) -> _Paid:
        """Ask one endpoint until it answers or has failed often enough.

        Raises:
            CallError: The last failure.
        """
        breaker = self._breaker(endpoint.host)
        for attempt in range(ATTEMPTS):
            if endpoint in self._refused:
                raise self._refused[endpoint]
            pause = breaker.wait()
            if pause:
                words = f"left alone after {FAILURES} failures, the last: {breaker.why}"
                raise CallError(breaker.cause, words, retry_after=pause)
            try:
                return self._once(endpoint, question, effort, breaker)
            except CallError as error:
                if error.cause is Cause.FORBIDDEN:
                    self._refused[endpoint] = error  # the next question would be refused alike
                wait = max(self._backoff(attempt), error.retry_after or 0.0)
                final = attempt == ATTEMPTS - 1 or not error.cause.passes
                if final or self.clock() + wait > effort.deadline or (wait > LONGEST_PAUSE and not alone):
                    raise
                self._wait(wait, effort, f"{endpoint} {error}")
        raise AssertionError("the last attempt raises")

    def _once(self, endpoint: Endpoint, question: Question, effort: _Effort, breaker: Breaker) -> _Paid:
        longest = self.settings.answer_tokens
        able = self.abilities.get(endpoint, Abilities())
        request = body(question, endpoint, longest, able)
        sent = size(request)
        most = self.prices.most(endpoint.model, bound(sent), longest)
        self.sender.ready()
        reservation = self.budget.reserve(most, bound(sent) + longest)
        charged = False
        try:
            self._pace(endpoint.host, usual(sent), effort)
            charged = True  # until somebody says no
            reply = self._sent(endpoint, request, breaker)
        except CallError as error:
            charged = charged and error.charged
            raise
        else:
            received = sum(len(repr(block)) for block in reply.content)
            tokens, counted = measure(reply.usage, sent, received, longest)
            usd = self.prices.usd(endpoint.model, tokens)
            self.budget.settle(reservation, usd, tokens.total)
            reservation = ""
            return _Paid(reply, tokens, usd, counted)
        finally:
            if reservation and charged:
                self.budget.keep(reservation)
                effort.tokens += Tokens(bound(sent), longest)
                effort.usd += most
                effort.step(f"{endpoint}: a call without an end counts as the most that it may have cost")
            elif reservation:
                self.budget.settle(reservation, Decimal(0), 0)

    def _sent(self, endpoint: Endpoint, request: Mapping[str, Any], breaker: Breaker) -> Reply:
        slow = f"{endpoint} takes longer than {SLOW:.0f} s; it is given {self.settings.timeout:.0f} s"
        watch = threading.Timer(SLOW, self._say, (slow,))
        watch.daemon = True
        watch.start()
        try:
            reply = self.sender.send(endpoint, request)
        except CallError as error:
            if error.cause.falls_back:
                breaker.failed(error)
            else:
                breaker.succeeded()
            if error.retry_after and error.cause is Cause.BUSY:
                self.rate.rest(endpoint.host, error.retry_after)
            raise
        finally:
            watch.cancel()
        breaker.succeeded()
        self._answered.add(endpoint.host)
        return reply

    def _answer(
        self, tier: Tier, endpoint: Endpoint, question: Question, paid: _Paid, effort: _Effort
    ) -> Answer:
        if not paid.counted:
            effort.step(f"{endpoint} says nothing credible of its tokens: counted here, rather too many")
        tokens, usd = paid.tokens + effort.tokens, paid.usd + effort.usd
        call = Call(
            task=question.task,
            ordinal=question.ordinal,
            turn=question.turn,
            id=question.id,
            question=question.document,
            tier=tier,
            model=endpoint.model,
            speaker=str(endpoint),
            content=paid.reply.content,
            stop=paid.reply.stop,
            unreadable=paid.reply.unreadable,
            cost=Cost.of(tokens, usd, "endpoint" if paid.counted else "hunkworks"),
            steps=effort.steps,
        )
        body = self.journal.keep(question, call)
        if self.journal.broken:
            effort.step(self.journal.broken)
        steps = tuple(effort.steps)
        return Answer(
            paid.reply, tier, endpoint.model, str(endpoint), tokens, usd, steps, recorded=False, digest=body
        )

    def _pace(self, host: str, tokens: int, effort: _Effort) -> None:
        """Wait until the rate that all processes share allows a call; standing in line takes no patience."""
        while pause := self.rate.wait(host, tokens):
            effort.deadline += pause
            self._wait(pause, effort, f"{host} was asked as often as engine.requests_per_minute allows")

    def _backoff(self, attempt: int) -> float:
        return min(LONGEST_PAUSE, 0.5 * 2.0**attempt) * self.random.uniform(0.5, 1.0)

    def _wait(self, seconds: float, effort: _Effort, why: str) -> None:
        if seconds >= TOLD:
            until = datetime.now().astimezone() + timedelta(
                seconds=max(seconds, effort.deadline - self.clock())
            )
            self._say(why, f": asks again in {seconds:.0f} s, until {until:%H:%M:%S} at most")
        if self.pause is not None:
            self.pause(seconds)
        if (self.pause is None and self.stop.wait(seconds)) or self.stop.is_set():
            raise effort.give_up(INTERRUPTED)

    def _say(self, what: str, when: str = "") -> None:
        """Tell people, each thing once."""
        if what not in self._told:
            self._told.add(what)
            self.tell(what + when)

    def _breaker(self, host: str) -> Breaker:
        with self._lock:
            return self.breakers.setdefault(host, Breaker(clock=self.clock))


@dataclass(frozen=True, slots=True)
class _Paid:
    reply: Reply
    tokens: Tokens
    usd: Decimal
    counted: bool


def tiers_below(tiers: Sequence[Tier]) -> list[Tier]:
    """Return every tier that may judge where these are planned: they and the lower ones."""
    highest = max((tier.rank for tier in tiers), default=-1)
    return [tier for tier in Tier if tier.rank <= highest]
