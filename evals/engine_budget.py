"""Ceilings hold: in seeded runs, among processes, for every model of the price table.

    python -m evals.engine_budget [--runs 200] [--seed 1] [--fast]

1. Runs with random ceilings in US dollars and tokens, of the run and of the day, against a scripted API that counts
   random tokens, cache reads and writes; what it would bill is added up from its own books.
2. Eight processes share one daily budget, and one rate: the API counts its requests in every window of a minute.
3. A model without a price is refused before the first call, wherever in the configuration it stands.
4. The price of each model of the table, against prices typed a second time by hand (tests/engine/test_prices.py).

``--fast`` leaves out the rate, which takes a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from evals.scripted_api import Asked, Call, Says, ScriptedAPI
from hunkworks.config import Tier, parse
from hunkworks.engine.engine import open_api
from hunkworks.engine.prices import Prices, Tokens
from hunkworks.errors import ConfigError
from tests.engine.judging import Room, engine, own_day
from tests.engine.test_prices import ROWS, TODAY

PROCESSES = 8


def main() -> int:
    """Print each part; 1 if a ceiling was passed or a price differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--worker", metavar="TOML", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        return _work(arguments.worker)
    ceilings = runs(arguments.runs, arguments.seed)
    print(ceilings)
    budget = shared_budget()
    print(budget)
    refused = unknown_models()
    print(refused)
    priced = prices()
    print(priced)
    parts = [ceilings, budget, refused, priced]
    if not arguments.fast:
        parts.append(shared_rate())
        print(parts[-1])
    return 1 if any(part.breaches for part in parts) else 0


@dataclass
class Part:
    """What one part looked at, and what was wrong."""

    title: str
    facts: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        wrong = [f"  BREACH {breach}" for breach in self.breaches[:20]]
        return "\n".join([self.title, *(f"  {fact}" for fact in self.facts), *wrong, ""])


def runs(number: int, seed: int) -> Part:
    """Judge with random ceilings and compare with what the API would bill."""
    part = Part(f"{number} runs with random ceilings")
    closest, ended, lowered, calls = 0.0, 0, 0, 0
    for index in range(number):
        rng = random.Random(f"{seed} {index}")
        usd, day_usd = rng.choice([0.0, 0.02, 0.1, 0.5]), rng.choice([0.03, 0.2, 5.0])
        tokens, day_tokens = rng.choice([0, 9_000, 60_000, 10**8]), rng.choice([20_000, 10**9])
        config = f"""
            [engine]
            answer_tokens = {rng.choice([256, 1000, 4000])}
            concurrency = {rng.randint(1, 8)}
            requests_per_minute = 0
            max_usd = {usd}
            max_usd_per_day = {day_usd}
            max_tokens = {tokens}
            max_tokens_per_day = {day_tokens}
        """
        with own_day(), ScriptedAPI(_counting(index)) as api:
            tiers = [rng.choice(list(Tier)) for _ in range(rng.randint(1, 12))]
            with engine(api, config) as made:
                judged = made.judge([Room().task(f"p{n:02}", tier) for n, tier in enumerate(tiers)])
            billed_usd, billed_tokens = _billed(api)
        calls += len(api.asked)
        ended += sum(not one.answered for one in judged)
        lowered += sum(bool(one.steps) for one in judged)
        limit_usd, limit_tokens = min(usd, day_usd), min(tokens, day_tokens)
        if billed_usd > Decimal(str(limit_usd)) or billed_tokens > limit_tokens:
            part.breaches.append(
                f"run {index}: {billed_usd} of {limit_usd}, {billed_tokens} of {limit_tokens}"
            )
        reported = sum(one.usage.usd or 0 for one in judged)
        if abs(reported - float(billed_usd)) > 1e-9:
            part.breaches.append(f"run {index}: reported {reported}, billed {billed_usd}")
        closest = max(closest, float(billed_usd) / limit_usd if limit_usd else 0.0)
    part.facts = [
        f"{calls} calls; tasks on a lower tier or ended by a ceiling: {lowered}, {ended}",
        f"closest to a ceiling in US dollars: {closest:.0%}; passed: {len(part.breaches)}",
    ]
    return part


def shared_budget() -> Part:
    """Let eight processes spend one day's budget at once."""
    part = Part(f"{PROCESSES} processes, one daily budget of 0.10 USD")
    with own_day(), ScriptedAPI(_counting(7)) as api:
        limits = "[engine]\nmax_usd_per_day = 0.1\nanswer_tokens = 1000\nrequests_per_minute = 0\n"
        ends = _together(api, limits, 20)
        billed, _ = _billed(api)
    answered = sum(end["answered"] for end in ends)
    part.facts = [
        f"billed {billed} USD in {len(api.asked)} calls; {answered} of {PROCESSES * 20} tasks answered"
    ]
    part.facts.append(f"reported by the processes: {sum(end['usd'] for end in ends):.6f} USD")
    if billed > Decimal("0.1") or answered == PROCESSES * 20 or not answered:
        part.breaches.append("the ceiling was passed, or never met")
    return part


def shared_rate(allowed: int = 40) -> Part:
    """Let eight processes ask as fast as they may, and count requests a minute."""
    part = Part(f"{PROCESSES} processes, one rate of {allowed} requests a minute")
    with own_day(), ScriptedAPI(_counting(8)) as api:
        limits = f"[engine]\nanswer_tokens = 1000\nrequests_per_minute = {allowed}\n"
        ends = _together(api, limits, 6)
    times = sorted(asked.at for asked in api.asked)
    most = max(
        sum(at <= other < at + 59 for other in times) for at in times
    )  # a second for the way to the server
    part.facts = [f"{len(times)} requests in {times[-1] - times[0]:.0f} s; most in a minute: {most}"]
    part.facts.append(f"{sum(end['answered'] for end in ends)} of {PROCESSES * 6} tasks answered")
    if most > allowed or len(times) <= allowed:
        part.breaches.append("the rate was passed, or never met")
    return part


def unknown_models() -> Part:
    """Name a model without a price in each place that can name one."""
    part = Part("a model without a price")
    places = [f"tiers.{tier}.id = 'new-model-7'" for tier in Tier]
    places += [f"[[tiers.{tier}.fallback]]\nid = 'claude-opus-99'" for tier in Tier]
    with own_day(), ScriptedAPI(_counting(9)) as api:
        for place in places:
            try:
                with engine(api, place) as made:
                    made.judge([Room().task(tier=Tier.DEEP)])
                part.breaches.append(f"{place}: was asked")
            except ConfigError as error:
                part.facts.append(f"refused: {error.what}")
        if api.asked:
            part.breaches.append(f"{len(api.asked)} calls were made")
    return part


def prices() -> Part:
    """Price random calls of every model twice: by the table, and by hand."""
    part = Part(f"{len(ROWS)} models, each with 500 random calls: exact, not to the cent only")
    table, rng = Prices(today=TODAY), random.Random(1)
    for model, *dollars in ROWS:
        for _ in range(500):
            tokens = Tokens(*(rng.randint(0, 60_000) for _ in range(4)))
            by_hand = [Decimal(dollar) for dollar in dollars]
            if (
                model == "claude-haiku-5-5"
                and tokens.input + tokens.cache_read + tokens.cache_write > 100_000
            ):
                by_hand = [Decimal("0.50"), Decimal("2.50"), Decimal("0.05"), Decimal("0.625")]
            counts = (tokens.input, tokens.output, tokens.cache_read, tokens.cache_write)
            expected = (
                sum((n * price for n, price in zip(counts, by_hand, strict=True)), Decimal(0)) / 1_000_000
            )
            if table.usd(model, tokens) != expected:
                part.breaches.append(
                    f"{model}: {tokens} costs {table.usd(model, tokens)}, expected {expected}"
                )
    part.facts.append(f"{len(ROWS) * 500} calls priced, {len(part.breaches)} differ")
    return part


def _counting(seed: int) -> Callable[[Asked], Says]:
    """Answer, and count tokens as an API might: any share of the prompt read from or written to a cache."""

    def says(asked: Asked) -> Says:
        rng = random.Random(f"{seed} {asked.digest}")
        prompt = rng.randint(asked.size // 8, asked.size)
        read = rng.randint(0, prompt)
        written = rng.randint(0, prompt - read)
        usage = {
            "input_tokens": prompt - read - written,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
            "output_tokens": rng.randint(1, asked.body["max_tokens"]),
        }
        call = Call("hand_in", {"text": "x"}) if asked.turn or rng.random() < 0.5 else Call("look")
        return Says((call,), usage=usage)

    return says


def _billed(api: ScriptedAPI) -> tuple[Decimal, int]:
    table = Prices()
    usd, total = Decimal(0), 0
    for asked, usage in api.books.answered:
        tokens = Tokens(
            usage["input_tokens"],
            usage["output_tokens"],
            usage.get("cache_read_input_tokens", 0),
            usage.get("cache_creation_input_tokens", 0),
        )
        usd, total = usd + table.usd(asked.model, tokens), total + tokens.total
    return usd, total


def _together(api: ScriptedAPI, config: str, tasks: int) -> list[dict[str, float]]:
    environment = {**os.environ, "ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_API_KEY": "k", "TASKS": str(tasks)}
    command = [sys.executable, "-m", "evals.engine_budget", "--worker", config]
    started = [
        subprocess.Popen(command, env={**environment, "WORKER": str(number)}, stdout=subprocess.PIPE)
        for number in range(PROCESSES)
    ]
    return [json.loads(process.communicate()[0]) for process in started]


def _work(config: str) -> int:
    """Be one of the processes: judge, and print what came of it."""
    tasks = [
        Room().task(f"p{number}", Tier.DEEP, text=f"{os.environ['WORKER']} {number}")
        for number in range(int(os.environ["TASKS"]))
    ]
    with open_api(parse(config, origin="worker"), None, None) as made:
        judged = made.judge(tasks)
    usd = sum(one.usage.usd or 0 for one in judged)
    print(json.dumps({"answered": sum(one.answered for one in judged), "usd": usd}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
