"""Repositories with a change to review, and the model that a script plays on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.client.messages_api import Request, Rule, ToolUse, Turn
from tests.repo import Repo

TOOLS = "mcp__plugin_hunkworks_hunkworks__"

GUARDED = """\
import threading


class Account:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.balance = 0

    def withdraw(self, amount: int) -> bool:
        with self._lock:
            if self.balance < amount:
                return False
            self.balance -= amount
            return True
"""

# The check now happens before the lock is taken: two threads withdraw the same money.
RACING = GUARDED.replace(
    """\
        with self._lock:
            if self.balance < amount:
                return False
            self.balance -= amount
            return True
""",
    """\
        if self.balance < amount:
            return False
        with self._lock:
            self.balance -= amount
        return True
""",
)

RACE: dict[str, str | int] = {
    "class": "concurrency",
    "severity": "major",
    "path": "account.py",
    "quote": "        if self.balance < amount:",
    "message": "The balance is checked before the lock is taken.",
    "scenario": "Two threads withdraw at once: both see enough, the balance ends below zero.",
    "evidence": "account.py:9",
    "confidence": 90,
}


def racing(folder: Path) -> Repo:
    """A repository whose uncommitted change moves a check out of its lock."""
    repo = Repo(folder)
    repo.write("account.py", GUARDED)
    repo.commit()
    repo.write("account.py", RACING)
    return repo


def plain(folder: Path) -> Repo:
    """A repository whose uncommitted change is about nothing delicate."""
    repo = Repo(folder)
    repo.write("names.py", "def full(first: str, last: str) -> str:\n    return first + last\n")
    repo.commit()
    repo.write("names.py", 'def full(first: str, last: str) -> str:\n    return f"{first} {last}"\n')
    return repo


def session_of(request: Request) -> str:
    return request.headers["x-claude-code-session-id"]


def shell(verb: str) -> Turn:
    """The main model runs a verb of `hunkworks review` for its session."""
    return lambda request: [
        ToolUse(
            "Bash",
            {"command": f"hunkworks review {verb} --session {session_of(request)}", "description": verb},
        )
    ]


def conversation(agent: str, model: str | None = None) -> Rule:
    """The main model as the skill asks it to be, but for the agent and the model that it starts."""

    def start(request: Request) -> list[str | ToolUse]:
        packets = ", ".join(sorted(set(re.findall(r"\bp\d{3}\b", request.typed))))
        call = {"description": "review", "prompt": f"Review packets {packets}.", "subagent_type": agent}
        return [ToolUse("Agent", {**call, "model": model} if model else call)]

    report: Turn = lambda request: [request.results[-1].text]  # noqa: E731
    turns: list[Turn] = [
        start,
        ["The reviewer is at work."],
        shell("verify"),
        shell("report --format markdown"),
        report,
    ]
    return Rule(turns, when=lambda request: not request.agent_id)


def reviewer(*findings: dict[str, Any], first: Turn | None = None) -> Rule:
    """A reviewing agent that reads packet p001 and records ``findings`` for it."""
    turns: list[Turn] = [first] if first else []
    turns += [
        [ToolUse(f"{TOOLS}packet", {"id": "p001"})],
        [ToolUse(f"{TOOLS}record", {"packet": "p001", "findings": list(findings)})],
        ["p001: recorded."],
    ]
    return Rule(turns, when=lambda request: bool(request.agent_id))
