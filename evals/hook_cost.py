"""What the hooks cost when they have nothing to say: ``python -m evals.hook_cost``.

Runs the literal commands of hooks.json against a bare interpreter, turn by turn, and takes the least CPU
(user + system, children included) of each. Exits 1 if one is beyond its bound.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_RATIO = 1.3
MOST_MODULES = 5
BARE = ["-I", "-S", "-c", "import sys, os"]

# Events to which the hook has nothing to answer, as the client writes them.
NOTHING_TO_SAY = {
    "session-start": {"hook_event_name": "SessionStart", "source": "startup", "cwd": "/"},
    "route-agent": {
        "tool_name": "Agent",
        "tool_input": {"subagent_type": "Explore", "prompt": "look"},
        "cwd": "/",
    },
    "guard-commit": {"tool_name": "Bash", "tool_input": {"command": "git status"}, "cwd": "/"},
    "check-catalogs": {"tool_name": "Edit", "tool_input": {"file_path": "/project/package.json"}, "cwd": "/"},
}


@dataclass(frozen=True)
class Cost:
    """The least CPU of one command and what it loads beyond a bare interpreter."""

    name: str
    milliseconds: float
    ratio: float
    modules: tuple[str, ...]


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield (name, arguments after the interpreter) of every hook in hooks.json once, its last word being the name."""
    seen: set[str] = set()
    document = json.loads((ROOT / "hooks" / "hooks.json").read_text(encoding="utf-8"))
    for matchers in document["hooks"].values():
        for matcher in matchers:
            for hook in matcher["hooks"]:
                arguments = [part.replace("${CLAUDE_PLUGIN_ROOT}", str(ROOT)) for part in hook["args"]]
                if arguments[-1] not in seen:
                    seen.add(arguments[-1])
                    yield arguments[-1], arguments


def interpreter() -> str:
    """Return what ``python3`` on PATH is in the end, behind the shims that some machines put before it."""
    probe = ["python3", "-I", "-S", "-c", "import sys; print(sys.executable)"]
    return subprocess.run(probe, capture_output=True, text=True, check=True).stdout.strip()


def measure(python: str, runs: int) -> tuple[float, list[Cost]]:
    """Return the bare interpreter's milliseconds and the cost of every hook."""
    # The session-start hook has nothing to say where the environment stands; the override stands for it.
    environment = {"PATH": os.environ["PATH"], "HUNKWORKS_PYTHON": python}
    hooks = [(name, arguments, json.dumps(NOTHING_TO_SAY[name]).encode()) for name, arguments in commands()]
    least = dict.fromkeys(["bare", *(name for name, _, _ in hooks)], float("inf"))
    for _ in range(runs):
        for name, arguments, event in [("bare", BARE, b""), *hooks]:
            least[name] = min(least[name], _cpu([python, *arguments], event, environment))
    known = loaded(python, BARE, b"", environment)
    return least["bare"] * 1000, [
        Cost(
            name,
            least[name] * 1000,
            least[name] / least["bare"],
            tuple(sorted(loaded(python, arguments, event, environment) - known)),
        )
        for name, arguments, event in hooks
    ]


def loaded(python: str, arguments: list[str], event: bytes, environment: dict[str, str]) -> set[str]:
    """Return the modules that a run imports, as the interpreter itself reports them."""
    command = [python, "-X", "importtime", *arguments]
    done = subprocess.run(command, input=event, capture_output=True, env=environment, check=True)
    lines = done.stderr.decode().splitlines()
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


def _cpu(command: list[str], event: bytes, environment: dict[str, str]) -> float:
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as output:
        stdin.write(event)
        stdin.seek(0)
        process = subprocess.Popen(command, stdin=stdin, stdout=output, stderr=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if process.returncode != 0 or output.read():
            raise SystemExit(f"{command[-1]} had something to say: exit {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Print the table; return 1 if a hook is beyond its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40, help="runs of each command, at least 20")
    parser.add_argument("--python", default=interpreter(), help="the interpreter (default: python3 on PATH)")
    options = parser.parse_args()
    runs = max(options.runs, 20)
    bare, costs = measure(options.python, runs)
    print(f"{options.python}, least user+sys of {runs} runs each\n")
    print(f"{'command':<16}{'CPU':>9}{'ratio':>8}  modules beyond the bare interpreter")
    print(f"{'bare':<16}{bare:>6.1f} ms{1:>8.2f}  (python3 -I -S -c 'import sys, os')")
    for cost in costs:
        loaded_too = f"{len(cost.modules)}: {', '.join(cost.modules)}"
        print(f"{cost.name:<16}{cost.milliseconds:>6.1f} ms{cost.ratio:>8.2f}  {loaded_too}")
    within = all(cost.ratio <= MOST_RATIO and len(cost.modules) <= MOST_MODULES for cost in costs)
    bounds = f"at most {MOST_RATIO} times and {MOST_MODULES} modules"
    print(f"\n{'within' if within else 'BEYOND'} the bounds: {bounds}")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
