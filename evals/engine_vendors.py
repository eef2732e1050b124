"""Two vendors on loopback: who is asked for which cause, and that neither ever sees what is the other's.

    python -m evals.engine_vendors

The first vendor fails with each fault in turn; the second is its fallback, a third the last. The environment is full of
what the SDK reads by itself. Then the first vendor goes down and comes back, and its breaker is watched.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from hunkworks.engine.breaker import State
from tests.engine.judging import Room, answer, engine, hurry, own_day

BUSY = Fault("status", 529, error="overloaded_error")
FALLS_BACK: dict[str, Fault | Says] = {
    "429": Fault("status", 429, "2"),
    "500": Fault("status", 500),
    "502": Fault("status", 502),
    "503": Fault("status", 503),
    "529": BUSY,
    "529 inside the stream": Fault("event", error="overloaded_error"),
    "timeout": Fault("hang"),
    "slow drip": Fault("drip"),
    "connection reset before an answer": Fault("reset"),
}
DOES_NOT: dict[str, Fault | Says] = {
    "400": Fault("status", 400),
    "401": Fault("status", 401),
    "403": Fault("status", 403),
    "404": Fault("status", 404),
    "413": Fault("status", 413),
    "400 inside the stream": Fault("event", error="invalid_request_error"),
    "stream cut": Fault("cut"),
    "connection broken inside the stream": Fault("snapped"),
    "malformed JSON": Fault("garbled"),
    "events of another form": Fault("strange"),
    "text/html": Fault("html"),
    "application/json": Fault("json"),
    "refusal": Says(("No.",), stop="refusal"),
    "answer too long": Says(("…",), stop="max_tokens"),
    "no tool call": Says(("Looks fine.",)),
    "arguments that are not JSON": Says((Call("hand_in", written="{"),)),
}
LEAKS = {
    "ANTHROPIC_API_KEY": "leak-api-key",
    "ANTHROPIC_AUTH_TOKEN": "leak-auth-token",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/leak",
    "ANTHROPIC_CUSTOM_HEADERS": "X-Leak: leak-header\nAuthorization: leak-authorization",
    "ANTHROPIC_PROFILE": "leak-profile",
    "ANTHROPIC_OPEN_TELEMETRY": "1",
}
FIRST, SECOND, THIRD = "key-of-the-first", "key-of-the-second", "key-of-the-third"


@dataclass
class Outcome:
    """How many requests each vendor saw, and what was wrong with that."""

    asked: list[int]
    judged: str
    wrong: str = ""


def main() -> int:
    """Print a line for each fault; 1 if one went elsewhere than it should."""
    os.environ.update(LEAKS)
    wrong = 0
    print(f"{'fault of the first vendor':<38} {'first':>5} {'second':>6} {'third':>5}  end")
    for expected, faults in ((True, FALLS_BACK), (False, DOES_NOT)):
        for name, fault in faults.items():
            outcome = fail(fault, falls_back=expected)
            wrong += bool(outcome.wrong)
            counts = f"{outcome.asked[0]:>5} {outcome.asked[1]:>6} {outcome.asked[2]:>5}"
            print(f"{name:<38} {counts}  {outcome.judged} {outcome.wrong}")
    history = breaker()
    print(f"\nbreaker of a vendor that went down and came back: {' → '.join(history)}")
    wrong += history != [State.CLOSED, State.OPEN, State.HALF_OPEN, State.CLOSED]
    print(f"wrong: {wrong}")
    return 1 if wrong else 0


def fail(fault: Fault | Says, *, falls_back: bool) -> Outcome:
    """Let the first vendor always fail with ``fault``; the third must not be asked while the second answers."""
    vendors = [ScriptedAPI(lambda _: fault), ScriptedAPI(answer), ScriptedAPI(answer)]
    with own_day(), vendors[0], vendors[1], vendors[2]:
        config = "engine.timeout = 0.3\n" + chain(vendors)
        with engine(vendors[0], config, **keys(vendors)) as made:
            (judged,) = made.judge([Room().task(turns=4)])
        asked = [len(vendor.asked) for vendor in vendors]
        outcome = Outcome(asked, judged.model if judged.answered else judged.why[:70])
        if judged.answered != falls_back or bool(asked[1]) != falls_back or asked[2]:
            outcome.wrong = "WRONG: went elsewhere than it should"
        elif leaked := leaks(vendors):
            outcome.wrong = f"WRONG: {leaked}"
        return outcome


def chain(vendors: list[ScriptedAPI]) -> str:
    """Return the configuration that falls back from the first vendor to the others, in order."""
    text = ""
    for number, (model, name) in enumerate((("kimi-k2.6", "SECOND"), ("kimi-k3", "THIRD")), 1):
        url = f"{vendors[number].url}/v{number}"
        text += f'[[tiers.default.fallback]]\nid = "{model}"\nbase_url = "{url}"\nkey = "{name}"\n'
    return text


def keys(vendors: list[ScriptedAPI]) -> dict[str, str]:
    """Return the environment that holds each vendor's key and agrees to the last two."""
    trusted = f"SECOND@{vendors[1].url}/v1 THIRD@{vendors[2].url}/v2"
    return {"SECOND": SECOND, "THIRD": THIRD, "HUNKWORKS_TRUST_ENDPOINTS": trusted}


def leaks(vendors: list[ScriptedAPI]) -> str:
    """Return what a vendor saw and should not have: another's key, or anything of the environment."""
    own = (FIRST, SECOND, THIRD)
    for number, vendor in enumerate(vendors):
        for asked in vendor.asked:
            seen = json.dumps([dict(asked.headers), asked.body, asked.path])
            foreign = [key for key in (*own, "leak") if key != own[number] and key in seen]
            if foreign or f"Bearer {own[number]}" != asked.headers.get("authorization"):
                return f"vendor {number + 1} saw {foreign or 'no key'}"
    return ""


def breaker() -> list[State]:
    """Return the states of the first vendor's breaker while it is down and comes back."""
    down = [True]

    def sometimes(asked: Asked) -> Says | Fault:
        return BUSY if down[0] else answer(asked)

    vendors = [ScriptedAPI(sometimes), ScriptedAPI(answer), ScriptedAPI(answer)]
    config = "engine.concurrency = 1\n" + chain(vendors)
    with own_day(), vendors[0], vendors[1], vendors[2], engine(vendors[0], config, **keys(vendors)) as made:
        waits = hurry(made)
        made.judge([Room().task(f"p{number}") for number in range(10)])
        down[0] = False
        waits.append(60.0)
        made.judge([Room().task(f"q{number}") for number in range(3)])
        return made.breaker_history(vendors[0].url)


if __name__ == "__main__":
    sys.exit(main())
