"""Whatever the network does, a run ends in correct answers or honest reasons, within its ceiling, nothing twice.

    python -m evals.engine_chaos [--runs 300] [--seed 1]

Each run judges a handful of tasks against a scripted Messages API on loopback that fails at random, seeded, in every
way that ``evals.scripted_api`` knows: number of tasks, concurrency, ceilings, share of failures and fallbacks differ
from run to run. Then the network is mended and the run is resumed. Checked of every run:

    an answered task handed in exactly what its packet asks for, once; any other handed in nothing and has a reason
    what was spent, by our account and by the API's books, is within the ceiling of the run
    resumed, every task is answered, and no call that was on record is asked again
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from hunkworks.config import Tier
from hunkworks.engine.port import Judged
from hunkworks.engine.prices import Prices, Tokens
from tests.engine.judging import Room, answer, engine, own_day

FAULTS: tuple[Fault | Says, ...] = (
    Fault("status", 429, "3"),
    Fault("status", 429, "900"),
    Fault("status", 529, error="overloaded_error"),
    Fault("status", 500),
    Fault("status", 503),
    Fault("status", 400, error="invalid_request_error"),
    *(Fault(kind) for kind in ("reset", "cut", "snapped", "garbled", "strange", "html", "json")),
    Fault("event", error="overloaded_error"),
    Fault("hang"),
    Fault("drip"),
    Says(("I would rather not.",), stop="refusal"),
    Says(("…",), stop="max_tokens"),
    Says(()),
    Says((Call("hand_in", written='{"text": "never clo'),)),
    Says((Call("hand_in", {"text": ""}),)),
    Says((Call("rm_rf", {"path": "/"}),)),
)
RARE = {"hang", "drip"}  # each takes a timeout of real time


@dataclass
class Storm:
    """Answers requests rightly or not, by the run's seed, the question, and how often it was asked."""

    seed: int
    share: float
    faults: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    given: dict[int, Says | Fault] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Says | Fault:
        with self._lock:
            self.asked[asked.digest] += 1
            rng = random.Random(f"{self.seed} {asked.digest} {self.asked[asked.digest]}")
            if rng.random() >= self.share:
                self.given[asked.number] = answer(asked)
                return self.given[asked.number]
            fault = rng.choice(FAULTS)
            if isinstance(fault, Fault) and fault.kind in RARE and rng.random() < 0.7:
                fault = FAULTS[0]
            self.given[asked.number] = fault
            self.faults[_name(fault)] += 1
        return fault


@dataclass
class Tally:
    """What all runs came to."""

    runs: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    breaches: list[str] = field(default_factory=list)
    closest: float = 0.0


def main() -> int:
    """Print what the runs came to; 1 if one of them broke a promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tally = storms(arguments.runs, arguments.seed)
    print(f"{tally.runs} runs, {tally.calls} requests\n")
    for title, counts in (("faults", tally.faults), ("ends of tasks", tally.ends)):
        print(title)
        for name, count in counts.most_common():
            print(f"  {count:>6}  {name}")
    print(f"\nmost that a run spent of its ceiling: {tally.closest:.0%}")
    print(f"breaches: {len(tally.breaches)}")
    for breach in tally.breaches[:20]:
        print(f"  {breach}")
    return 1 if tally.breaches or not tally.faults else 0


def storms(runs: int, seed: int) -> Tally:
    """Run and resume ``runs`` times."""
    tally = Tally()
    for number in range(runs):
        with own_day() as folder:
            _run(seed * 100_003 + number, folder, tally)
    return tally


def _run(seed: int, folder: Path, tally: Tally) -> None:
    rng = random.Random(seed)
    tiers = [rng.choice(list(Tier)) for _ in range(rng.randint(1, 10))]
    ceiling = rng.choice([0.05, 0.3, 1.0, 5.0])
    storms = [Storm(seed, rng.choice([0.0, 0.1, 0.3, 0.6, 0.95])), Storm(seed + 1, rng.choice([0.0, 0.3]))]
    tally.runs += 1
    with ScriptedAPI(storms[0]) as first, ScriptedAPI(storms[1]) as second:
        chains, environment = _chains(rng, second.url)
        ledger, room = folder / "ledger", Room()
        tasks = [room.task(f"p{number:03}", tier, turns=6) for number, tier in enumerate(tiers)]
        with engine(first, chains + _pace(rng, ceiling), ledger, **environment) as made:
            judged = made.judge(tasks)
            spent = made.spent
        _check_answers(seed, judged, room, tally)
        billed = _billed(first) + _billed(second)
        tally.closest = max(tally.closest, spent / ceiling)
        if max(spent, billed) > ceiling + 1e-9:
            tally.breaches.append(f"run {seed}: spent {spent:.4f}, billed {billed:.4f} of {ceiling}")
        tally.calls += len(first.asked) + len(second.asked)
        tally.faults += storms[0].faults + storms[1].faults
        known = {
            asked.digest for api in (first, second) for asked, _ in api.books.answered if _kept(api, asked)
        }
        first.script = second.script = answer
        for api in (first, second):
            api.asked.clear()
        room.handed.clear()
        with engine(first, chains + CALM, ledger, **environment) as made:
            resumed = made.judge(tasks)
        _check_answers(seed, resumed, room, tally)
        again = [asked for api in (first, second) for asked in api.asked if asked.digest in known]
        if again:
            tally.breaches.append(f"run {seed}: {len(again)} calls on record were asked again")
        for one in resumed:
            if one.why and "6 turns" not in one.why:
                tally.breaches.append(
                    f"run {seed}: {one.task} stays unanswered on a mended network: {one.why}"
                )


CALM = "\n[engine]\nanswer_tokens = 1000\nmax_usd = 100\nmax_usd_per_day = 1000\nrequests_per_minute = 0\n"


def _kept(api: ScriptedAPI, asked: Asked) -> bool:
    """Whether what was answered is on record: what a model broke off is not."""
    says = api.script.given[asked.number] if isinstance(api.script, Storm) else answer(asked)
    return isinstance(says, Says) and says.stop not in {"refusal", "max_tokens"}


def _chains(rng: random.Random, second: str) -> tuple[str, dict[str, str]]:
    text = ""
    if rng.random() < 0.5:
        for tier in Tier:
            text += f'[[tiers.{tier}.fallback]]\nid = "kimi-k2.6"\nbase_url = "{second}"\nkey = "SECOND"\n'
    return text, {"SECOND": "key-of-the-second", "HUNKWORKS_TRUST_ENDPOINTS": f"SECOND@{second}"}


def _pace(rng: random.Random, ceiling: float) -> str:
    return f"""
        [engine]
        max_usd = {ceiling}
        answer_tokens = 1000
        timeout = 0.5
        patience = {rng.choice([0, 5, 600])}
        concurrency = {rng.randint(1, 6)}
        requests_per_minute = {rng.choice([0, 3, 50])}
    """


def _check_answers(seed: int, judged: list[Judged], room: Room, tally: Tally) -> None:
    for one in judged:
        handed = room.handed.get(one.task, [])
        expected = [f"judged packet {one.task}"] if one.answered else []
        if handed != expected:
            tally.breaches.append(
                f"run {seed}: {one.task} handed in {handed}, expected {expected} ({one.why})"
            )
        tally.ends["answered" if one.answered else _reason(one.why)] += 1


def _billed(api: ScriptedAPI) -> float:
    prices = Prices()
    total = 0.0
    for asked, usage in api.books.answered:
        total += float(prices.usd(asked.model, Tokens(usage["input_tokens"], usage["output_tokens"])))
    return total


def _name(fault: Fault | Says) -> str:
    if isinstance(fault, Fault):
        return f"{fault.kind} {fault.status}" if fault.kind == "status" else fault.kind
    return fault.stop or "an answer that cannot be taken"


def _reason(why: str) -> str:
    return re.sub(r"(claude|kimi)-[\w.-]+ at [\w.:]+", "ENDPOINT", re.sub(r"127\.0\.0\.1:\d+", "HOST", why))[
        :110
    ]


if __name__ == "__main__":
    sys.exit(main())
