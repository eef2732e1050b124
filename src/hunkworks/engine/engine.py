"""The two engines and how doors open them: ``open_api`` asks models, ``open_replay`` only the record of a run."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Self

import msgspec

from hunkworks import paths
from hunkworks.config import Config, Spending, Tier
from hunkworks.engine import abilities
from hunkworks.engine.api import Api, Sender, size
from hunkworks.engine.asking import Asking, tiers_below
from hunkworks.engine.breaker import State
from hunkworks.engine.budget import Budget, Ceiling
from hunkworks.engine.conversation import UnansweredError
from hunkworks.engine.endpoints import Chains, Endpoint, allow, chains
from hunkworks.engine.journal import Answer, Journal
from hunkworks.engine.metering import bound, usual
from hunkworks.engine.port import Estimate, Judged, Task
from hunkworks.engine.prices import Prices, Tokens
from hunkworks.engine.question import Question, first
from hunkworks.engine.rate import Rate
from hunkworks.engine.replay import NOTHING, Recorded, Unjudged
from hunkworks.engine.requests import Abilities, body
from hunkworks.engine.running import Running
from hunkworks.errors import ConfigError
from hunkworks.ledger.record import Record
from hunkworks.ledger.store import Ledger

_ANSWER = 600  # tokens of a usual answer, for estimates
_GROWTH = 8_000  # bytes that a turn may add, for estimates


class ApiEngine:
    """Judges through the endpoints that the configuration names. Close it, or use it in a ``with``."""

    name = "api"

    def __init__(self, asking: Asking, allowed: Callable[[Sequence[Endpoint]], None]) -> None:
        self._asking = asking
        self._allowed = allowed
        self._bodies: dict[str, str] = {}
        self._running = Running(self._ask, asking.settings.concurrency, asking.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what is under way and give connections back."""
        self._asking.stop.set()
        self._asking.sender.close()

    @property
    def bodies(self) -> Mapping[str, str]:
        """What the run's ledger record must name for a replay: name to digest, put already."""
        return {name: digest for name, digest in sorted(self._bodies.items()) if digest}

    @property
    def spent(self) -> float:
        """US dollars that this run has cost so far, what may have been charged and what earlier runs paid included."""
        return float(self._asking.budget.spent[0])

    def breaker_history(self, host: str) -> list[State]:
        """Return the states that the breaker of ``host`` went through."""
        return list(self._asking.breakers[host].history)

    def estimate(self, tasks: Sequence[Task]) -> Estimate:
        """Return what ``tasks`` would cost, asking nobody; ``high`` never passes what the ceilings leave.

        Raises:
            ConfigError: A model that the price table does not know.
        """
        settings, prices = self._asking.settings, self._asking.prices
        self._priced(tasks)
        low = high = Tokens()
        low_usd = high_usd = Decimal(0)
        for task in tasks:
            chain = self._asking.chains[task.tier]
            endpoint = chain[0]
            sent = size(body(first(task), endpoint, settings.answer_tokens, Abilities()))
            once = Tokens(usual(sent), _ANSWER)
            low, low_usd = low + once, low_usd + prices.usd(endpoint.model, once)
            for turn in range(task.turns):
                most = Tokens(bound(sent) + turn * _GROWTH, settings.answer_tokens)
                high += most
                high_usd += max(prices.most(one.model, most.input, most.output) for one in chain)
        left = self._asking.budget.left
        return Estimate(len(tasks), low.usage(low_usd), high.usage(min(high_usd, left)))

    def judge(self, tasks: Sequence[Task], done: Callable[[Judged], None] = lambda _: None) -> list[Judged]:
        """Judge every task, several at a time; see ``port.Engine``.

        Raises:
            ConfigError: Nothing was sent: a model without a price, a key that is not set, an untrusted endpoint.
        """
        self._allowed(self._priced(tasks))
        return self._running.judge(tasks, done)

    def _priced(self, tasks: Sequence[Task]) -> list[Endpoint]:
        """Return every endpoint that may be asked, each with a price."""
        tiers = tiers_below([task.tier for task in tasks])
        endpoints = [endpoint for tier in tiers for endpoint in self._asking.chains[tier]]
        self._asking.prices.check(endpoint.model for endpoint in endpoints)
        return endpoints

    def _ask(self, question: Question, tier: Tier) -> Answer:
        """Ask, and remember what the run's record must name for a replay."""
        try:
            answer = self._asking.ask(question, tier)
        except UnansweredError as error:
            ended = msgspec.json.encode(Unjudged.of(question, error))
            self._bodies[f"task/{question.task}"] = self._asking.journal.put(ended)
            raise
        self._bodies[f"call/{question.task}/{question.turn:02}"] = answer.digest
        return answer


class ReplayEngine:
    """Judges from the record of one run: no network, no keys, no configuration."""

    name = "replay"

    def __init__(self, recorded: Recorded) -> None:
        self._running = Running(recorded.ask, 1, threading.Event())

    def estimate(self, tasks: Sequence[Task]) -> Estimate:
        """Return that nothing costs anything."""
        del tasks
        return Estimate(0, NOTHING, NOTHING)

    def judge(self, tasks: Sequence[Task], done: Callable[[Judged], None] = lambda _: None) -> list[Judged]:
        """Judge every task as the recorded run did.

        Raises:
            EngineError: A task asks what the run never asked; the message names the first field that differs.
        """
        return self._running.judge(tasks, done)


def open_api(
    config: Config,
    common_dir: Path | None,
    ledger: Ledger | None,
    *,
    environment: Mapping[str, str] | None = None,
    sender: Sender | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> ApiEngine:
    """Return the engine of ``--engine api`` for one run.

    Args:
        config: Of the change's base revision.
        common_dir: The repository, for which the user agreed to endpoints; None where there is none.
        ledger: Where finished calls are on record, for a resumed run and a replay; None keeps none.
        environment: Where keys are; this process's own by default.
        sender: Who makes the calls; by default the ``anthropic`` SDK.
        tell: Called, from any thread, with a sentence for people when a wait of more than a few seconds begins.

    Raises:
        ConfigError: The ``anthropic`` package is missing, endpoints contradict each other, or a limit is no number.
    """
    environment = os.environ if environment is None else environment
    settings, found = config.engine, chains(config, environment)
    folder = paths.user_state() / "engine"
    known = abilities.load()
    able = {
        endpoint: known[abilities.name(endpoint)].abilities
        for chain in found.values()
        for endpoint in chain
        if abilities.name(endpoint) in known
    }
    header = {endpoint.base_url: one.header for endpoint, one in able.items()}
    asking = Asking(
        chains=found,
        prices=Prices(settings.prices),
        budget=open_budget(settings, environment),
        rate=Rate(folder, settings.requests_per_minute, settings.tokens_per_minute),
        sender=sender or Api(environment, settings.timeout, header),
        journal=Journal(ledger, _decisive(found, settings.answer_tokens)),
        settings=settings,
        abilities=able,
        tell=tell,
    )

    def allowed(endpoints: Sequence[Endpoint]) -> None:
        allow(endpoints, common_dir, environment)
        for endpoint in endpoints:
            abilities.require_tools(endpoint, known)

    return ApiEngine(asking, allowed)


def open_budget(settings: Spending, environment: Mapping[str, str]) -> Budget:
    """Return the budget of one run, with the day that all runs of this user share.

    Raises:
        ConfigError: A ceiling in the environment is no amount.
    """
    run = _lowered("HUNKWORKS_MAX_USD", settings.max_usd, environment)
    day = _lowered("HUNKWORKS_MAX_USD_PER_DAY", settings.max_usd_per_day, environment)
    return Budget(
        Ceiling(run, settings.max_tokens),
        Ceiling(day, settings.max_tokens_per_day),
        paths.user_state() / "engine",
    )


def open_replay(ledger: Ledger, record: Record) -> ReplayEngine:
    """Return the engine of ``--engine replay``: it answers what the run of ``record`` was answered.

    Raises:
        IntegrityError: A recorded call does not have the digest under which the run names it.
        UsageError: A recorded call is gone, or the run judged nothing.
    """
    return ReplayEngine(Recorded.load(ledger, record))


def _lowered(variable: str, limit: float, environment: Mapping[str, str]) -> Decimal:
    """Return a ceiling, lowered by what the user's environment says; a repository cannot raise that."""
    stated = environment.get(variable)
    if not stated:
        return Decimal(str(limit))
    try:
        own = Decimal(stated)
        sane = own >= 0
    except InvalidOperation:  # also of a comparison with NaN
        sane = False
    if not sane:
        raise ConfigError(
            f"{variable} is no amount", expected="US dollars such as 2.50", found=repr(stated)[:40]
        )
    return min(own, Decimal(str(limit)))


def _decisive(found: Chains, longest: int) -> object:
    """Return what makes an answer on record an answer to the same configuration."""
    models = {
        tier.value: [[endpoint.model, endpoint.base_url] for endpoint in chain]
        for tier, chain in found.items()
    }
    return {"endpoints": models, "answer_tokens": longest}
