"""Repositories with a change to review, and the model that a script plays on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.client.messages_api import Request, Rule, ToolUse, Turn
from tests.repo import Repo

TOOLS = "mcp__plugin_hunkworks_hunkworks__"

GUARDED = """\
package bank

import "sync"

type Account struct {
	mu      sync.Mutex
	balance int
}

func (a *Account) Withdraw(amount int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < amount {
		return false
	}
	a.balance -= amount
	return true
}
"""

# The lock is given back between the check and the use: two goroutines withdraw the same money.
RACING = GUARDED.replace(
    "	defer a.mu.Unlock()\n	if a.balance < amount {\n",
    "	enough := a.balance >= amount\n	a.mu.Unlock()\n	if !enough {\n",
)

RACE: dict[str, str | int] = {
    "class": "concurrency",
    "severity": "major",
    "path": "account.go",
    "quote": "	enough := a.balance >= amount",
    "message": "The lock is given back between the check and the withdrawal.",
    "scenario": "Two goroutines withdraw at once: both see enough, the balance ends below zero.",
    "evidence": "account.go:16",
    "confidence": 90,
}


def racing(folder: Path) -> Repo:
    """A repository whose uncommitted change opens a lock between check and use."""
    repo = Repo(folder)
    repo.write("account.go", GUARDED)
    repo.commit()
    repo.write("account.go", RACING)
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

    def repeat(request: Request) -> list[str]:
        return [request.results[-1].text]

    turns: list[Turn] = [start, shell("verify"), shell("report --format markdown"), repeat]
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
