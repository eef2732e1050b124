"""Tasks to judge, and an engine whose every wait is over at once."""

from __future__ import annotations

import os
import random
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from hunkworks.config import Config, Tier, parse
from hunkworks.engine.engine import ApiEngine, open_api
from hunkworks.engine.port import Result, Task, Tool
from hunkworks.ledger.store import Ledger

SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string", "minLength": 1}},
    "required": ["text"],
    "additionalProperties": False,
}


class Room:
    """What asks: it keeps what was handed in, and refuses what is empty."""

    def __init__(self) -> None:
        self.handed: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def task(self, name: str = "p001", tier: Tier = Tier.DEFAULT, **more: Any) -> Task:
        """A task that is answered by handing in any text."""

        def hand_in(arguments: Mapping[str, Any]) -> Result:
            text = arguments.get("text")
            if not isinstance(text, str) or not text:
                return Result("expected a text")
            with self._lock:
                self.handed.setdefault(name, []).append(text)
            return Result("recorded", accepted=True)

        tools = (
            Tool("hand_in", "Hand the answer in.", SCHEMA, hand_in),
            Tool("look", "Look around.", {"type": "object"}, lambda _: Result(f"lines of {name}")),
        )
        fields = {"instructions": "You judge.", "text": f"packet {name}", "agent": "reviewer"} | more
        return Task(name=name, tier=tier, tools=tools, until="hand_in", **fields)


def answer(asked: Asked) -> Says:
    """Look once, then hand in what the packet says."""
    if asked.turn == 0:
        return Says(("I look.", Call("look")))
    return Says((Call("hand_in", {"text": f"judged {asked.said}"}),))


def at_first(
    *faults: Fault | Says, then: Callable[[Asked], Says | Fault] = answer
) -> Callable[[Asked], Says | Fault]:
    """Fail with ``faults``, one a request, then answer."""
    return lambda asked: faults[asked.number] if asked.number < len(faults) else then(asked)


def engine(
    api: ScriptedAPI,
    config: Config | str = "",
    ledger: Path | None = None,
    /,
    **environment: str,
) -> ApiEngine:
    """An engine that asks ``api``; waiting only turns its clock forward."""
    if isinstance(config, str):
        config = parse(config, origin="hunkworks.toml")
    variables = {"ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_API_KEY": "key-of-the-first", **environment}
    made = open_api(config, None, Ledger(ledger) if ledger else None, environment=variables)
    hurry(made)
    return made


@contextmanager
def own_day() -> Iterator[Path]:
    """Keep budgets and rates in a folder of their own while inside."""
    before = os.environ.get("HUNKWORKS_STATE_DIR")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HUNKWORKS_STATE_DIR"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("HUNKWORKS_STATE_DIR")
            if before is not None:
                os.environ["HUNKWORKS_STATE_DIR"] = before


def hurry(made: ApiEngine) -> list[float]:
    """Let no wait take time; return the list of waits that it grows by."""
    waits: list[float] = []
    asking = made._asking
    began = asking.clock()
    asking.clock = lambda: began + sum(waits)
    asking.pause = waits.append
    asking.random = random.Random(1)
    asking.rate._clock = lambda: 1_700_000_000 + sum(waits)
    return waits
