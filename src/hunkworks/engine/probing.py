"""What an endpoint takes and what it leaves out, found with the fewest and smallest calls that tell.

The first call is made as runs make theirs: a strict tool, a cache breakpoint. Only where it is refused does one call
each find out what to leave out. All of it is paid from the day's budget.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hunkworks.config import Tier
from hunkworks.engine.api import Sender, size
from hunkworks.engine.budget import Budget
from hunkworks.engine.endpoints import Endpoint
from hunkworks.engine.failures import CallError, Cause
from hunkworks.engine.metering import bound, measure
from hunkworks.engine.port import Result, Task, Tool
from hunkworks.engine.prices import Prices
from hunkworks.engine.question import first
from hunkworks.engine.reply import Reply
from hunkworks.engine.requests import Abilities, body

LONGEST = 512  # tokens of an answer
MOST_CALLS = 7
_SCHEMA = {
    "type": "object",
    "properties": {"ok": {"type": "boolean"}},
    "required": ["ok"],
    "additionalProperties": False,
}
_TASK = Task(
    name="probe",
    tier=Tier.FAST,
    agent="",
    instructions="You test a connection.",
    text="Call the tool report with ok set to true, and say nothing.",
    tools=(Tool("report", "Report that the connection works.", _SCHEMA, lambda _: Result("")),),
    until="report",
)
# What is left out, in this order, until the endpoint takes the request.
_LEAVING_OUT = (
    Abilities(),
    Abilities(strict=False),
    Abilities(caching=False),
    Abilities(strict=False, caching=False),
)


@dataclass
class Found:
    """What was found of one endpoint; ``problem`` is why it cannot judge, "" where it can.

    ``rows`` tell each check in words; ``usd`` is what finding out cost.
    """

    endpoint: Endpoint
    able: Abilities = field(default_factory=Abilities)
    problem: str = ""
    rows: dict[str, str] = field(default_factory=dict)
    usd: Decimal = Decimal(0)


def most(endpoint: Endpoint, prices: Prices) -> Decimal:
    """Return the most that probing ``endpoint`` may cost."""
    sent = size(body(first(_TASK), endpoint, LONGEST, Abilities()))
    return MOST_CALLS * prices.most(endpoint.model, bound(sent), LONGEST)


def probe(endpoint: Endpoint, sender: Callable[[str], Sender], prices: Prices, budget: Budget) -> Found:
    """Find out what ``endpoint`` takes; ``sender`` makes one for a way of sending the key.

    Raises:
        SpentError: The day's budget does not reach.
    """
    return _Probe(endpoint, sender, prices, budget).run()


class _Probe:
    def __init__(
        self, endpoint: Endpoint, sender: Callable[[str], Sender], prices: Prices, budget: Budget
    ) -> None:
        self._endpoint = endpoint
        self._sender = sender
        self._prices = prices
        self._budget = budget
        self._found = Found(endpoint)

    def run(self) -> Found:
        found = self._found
        try:
            reply = self._first()
        except CallError as error:
            found.problem = f"it {error}"
            return found
        found.rows["reached"] = f"yes; the key of {self._endpoint.key} is taken as {found.able.header}"
        self._tools(reply)
        found.rows["strict tools"] = _said(
            found.able.strict, "sent without, the answer is checked here as always"
        )
        found.rows["caching"] = _said(
            found.able.caching, "sent without, each turn pays for all of its prompt"
        )
        if found.able.caching and "cache_read_input_tokens" not in reply.usage:
            found.rows["caching"] = (
                "taken, not counted in its answers: charged here as if nothing were cached"
            )
        found.rows["usage"] = self._usage(reply)
        found.rows["unknown fields"] = self._unknown()
        found.rows["retry-after"] = "shows under load only; obeyed wherever it is sent"
        return found

    def _first(self) -> Reply:
        """Return the first answer that a request gets, leaving out what is refused."""
        try:
            return self._narrowing()
        except CallError as error:
            if error.cause is not Cause.FORBIDDEN:
                raise
            self._found.able = replace(self._found.able, header="x-api-key")
            return self._narrowing()

    def _narrowing(self) -> Reply:
        refused: CallError | None = None
        for able in _LEAVING_OUT:
            try:
                reply = self._ask(replace(able, header=self._found.able.header))
            except CallError as error:
                if error.cause is not Cause.REJECTED:
                    raise
                refused = refused or error
            else:
                self._found.able = replace(able, header=self._found.able.header)
                return reply
        raise refused or AssertionError("nothing was asked")

    def _tools(self, reply: Reply) -> None:
        if reply.calls:
            self._found.rows["tools"] = "called"
        elif reply.stop == "max_tokens":
            self._found.rows["tools"] = f"not called within {LONGEST} tokens: it thinks longer than this test"
        else:
            self._found.able = replace(self._found.able, tools=False)
            self._found.rows["tools"] = "not called, though it was asked to"
            self._found.problem = "it calls no tools, so that it cannot hand an answer in"

    def _usage(self, reply: Reply) -> str:
        _, counted = measure(reply.usage, 10**6, 1, LONGEST)
        return "counted in its answers" if counted else "not counted credibly: counted here, rather too many"

    def _unknown(self) -> str:
        try:
            self._ask(self._found.able, {"hunkworks_unknown_field": True})
        except CallError as error:
            return "refused; none is sent" if error.cause is Cause.REJECTED else f"not found out: it {error}"
        return "ignored"

    def _ask(self, able: Abilities, more: Mapping[str, Any] | None = None) -> Reply:
        """Ask once, and pay for it."""
        request = {**body(first(_TASK), self._endpoint, LONGEST, able), **(more or {})}
        sent = size(request)
        usd = self._prices.most(self._endpoint.model, bound(sent), LONGEST)
        reservation = self._budget.reserve(usd, bound(sent) + LONGEST)
        tokens = bound(sent) + LONGEST
        try:
            reply = self._sender(able.header).send(self._endpoint, request)
            charged, _ = measure(reply.usage, sent, 100, LONGEST)
            usd, tokens = self._prices.usd(self._endpoint.model, charged), charged.total
        except CallError as error:
            if not error.charged:
                usd, tokens = Decimal(0), 0
            raise
        finally:
            self._budget.settle(reservation, usd, tokens)
            self._found.usd += usd
        return reply


def _said(taken: bool, otherwise: str) -> str:
    return "taken" if taken else f"refused: {otherwise}"
