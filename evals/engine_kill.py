"""kill -9 at random moments of a run: resumed, no call on record is paid for again, and the answers are the same.

    python -m evals.engine_kill [--times 100] [--seed 1]

A child process judges tasks against a scripted Messages API and is killed after a random part of the time that a whole
run takes; then another begins on the same ledger, until one is left to finish. The API counts every request by its
content, and after each kill it is looked up which calls are on record: none of them may arrive again. Only what was
under way at a kill may arrive twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from evals.scripted_api import Asked, Call, Says, ScriptedAPI
from hunkworks.config import Tier, parse
from hunkworks.engine.engine import open_api
from hunkworks.engine.journal import Call as Recorded
from hunkworks.ledger.store import Ledger
from tests.engine.judging import Room, own_day

TASKS = 12
CONFIG = "[engine]\nmax_usd = 100\nmax_usd_per_day = 100000\nrequests_per_minute = 0\nanswer_tokens = 1000\n"


def main() -> int:
    """Print what was killed and what was asked again; 1 if a call on record was."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", metavar="LEDGER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return _judge(Path(arguments.child))
    return kill(arguments.times, arguments.seed)


def kill(times: int, seed: int) -> int:
    """Kill ``times`` runs and print what came of it."""
    rng = random.Random(seed)
    killed = repeated = paid_twice = differing = runs = 0
    with own_day(), tempfile.TemporaryDirectory() as folder, ScriptedAPI(_slowly) as api:
        began = time.perf_counter()
        expected = _finish(api, Path(folder, "unkilled"))
        whole = time.perf_counter() - began
        print(f"{TASKS} tasks, {len(api.asked)} calls; a whole run takes {whole:.1f} s")
        while killed < times:
            runs += 1
            ledger = Path(folder, f"ledger-{runs}")
            api.asked.clear()
            known: set[str] = set()
            while True:
                before = len(api.asked)
                process = start(api, ledger)
                try:
                    output, _ = process.communicate(timeout=rng.uniform(0.3, 1.1) * whole)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    killed += 1
                    output = b""
                paid_twice += sum(question(asked) in known for asked in api.asked[before:])
                known = on_record(ledger)
                if output:
                    break
            differing += json.loads(output) != expected
            repeated += len(api.asked) - len({question(asked) for asked in api.asked})
    print(f"{killed} kills in {runs} runs; every run finished after its last kill")
    print(f"calls under way at a kill and asked again: {repeated}")
    print(f"calls on record and asked again: {paid_twice}")
    print(f"runs whose answers differ from the unkilled one: {differing}")
    return 1 if paid_twice or differing else 0


def _slowly(asked: Asked) -> Says:
    time.sleep(0.03)  # so that kills meet calls under way, as they do in life
    return says(asked)


def says(asked: Asked) -> Says:
    """Look twice, then hand in what the packet says."""
    if asked.turn < 2:
        return Says((Call("look"),))
    return Says((Call("hand_in", {"text": f"judged {asked.said}"}),))


def question(asked: Asked) -> str:
    """Name what was asked by what no turn of another task shares."""
    return f"{asked.said} {asked.turn}"


def on_record(ledger: Path) -> set[str]:
    """Return the questions whose answers are on record, named as by ``question``."""
    store, known = Ledger(ledger), set()
    for entry in (ledger / "calls").glob("*/*.*"):
        if entry.suffix[1:] in list(Tier):
            call = msgspec.json.decode(store.get(entry.read_text("ascii")), type=Recorded)
            known.add(f"packet {call.task} {call.turn}")
    return known


def _finish(api: ScriptedAPI, ledger: Path) -> object:
    return json.loads(start(api, ledger).communicate()[0])


def start(api: ScriptedAPI, ledger: Path) -> subprocess.Popen[bytes]:
    """Start a run on ``ledger``; it prints its answers when it ends."""
    environment = {**os.environ, "ANTHROPIC_BASE_URL": api.url, "ANTHROPIC_API_KEY": "k"}
    command = [sys.executable, "-m", "evals.engine_kill", "--child", str(ledger)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def _judge(ledger: Path) -> int:
    """Be the process that is killed: judge, and print the answers and what they cost."""
    room = Room()
    tasks = [room.task(f"p{number:02}", list(Tier)[number % 3]) for number in range(TASKS)]
    with open_api(parse(CONFIG, origin="kill"), None, Ledger(ledger)) as made:
        judged = made.judge(tasks)
    report = [[one.task, one.why, one.model, one.calls, one.usage, one.steps] for one in judged]
    sys.stdout.buffer.write(msgspec.json.encode({"report": report, "handed": room.handed}, order="sorted"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
