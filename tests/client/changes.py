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


def agent(kind: str, prompt: str, model: str | None = None) -> ToolUse:
    """The main model starts an agent of ours; it names a model only if it was told to."""
    call = {"description": kind, "prompt": prompt, "subagent_type": f"hunkworks:{kind}"}
    return ToolUse("Agent", {**call, "model": model} if model else call)


def named(letter: str, text: str) -> list[str]:
    """Return the packets (p001, …) or ballots (v001, …) that ``text`` names."""
    return sorted(set(re.findall(rf"\b{letter}\d{{3}}\b", text)))


def conversation(kind: str, model: str | None = None, *, skeptics: str | None = None) -> Rule:
    """The main model as the skill asks it to be, but for the agents and the models that it starts.

    Args:
        kind: The agent that it starts to review.
        model: The model that it asks for, if any.
        skeptics: The model that it asks for the skeptics; None starts none.
    """

    def start(request: Request) -> list[str | ToolUse]:
        planned = "\n".join(re.findall(r"^Packet p\d{3}", request.typed, re.MULTILINE))
        return [agent(kind, f"Review packets {', '.join(named('p', planned))}.", model)]

    def vote(request: Request) -> list[str | ToolUse]:
        ballots = named("v", request.results[-1].text)
        return [agent("skeptic", f"Vote on ballot {ballot}.", skeptics) for ballot in ballots]

    def repeat(request: Request) -> list[str]:
        return [request.results[-1].text]

    voting: list[Turn] = [vote] if skeptics else []
    turns: list[Turn] = [start, shell("verify"), *voting, shell("report --format markdown"), repeat]
    return Rule(turns, when=lambda request: not request.agent_id)


def reviewer(*findings: dict[str, Any], first: Turn | None = None) -> Rule:
    """A reviewing agent that reads its packets and records ``findings`` for each of them."""

    def read(request: Request) -> list[str | ToolUse]:
        return [ToolUse(f"{TOOLS}packet", {"id": packet}) for packet in named("p", request.typed)]

    def record(request: Request) -> list[str | ToolUse]:
        packets = named("p", request.typed)
        return [
            ToolUse(f"{TOOLS}record", {"packet": packet, "findings": list(findings)}) for packet in packets
        ]

    turns: list[Turn] = [*([first] if first else []), read, record, ["Recorded."]]
    return Rule(turns, system="You review a change", when=lambda request: bool(request.agent_id))


def skeptic() -> Rule:
    """A skeptic that reads its ballot and finds every claim on it true and worth asking for."""

    def read(request: Request) -> list[str | ToolUse]:
        return [ToolUse(f"{TOOLS}packet", {"id": ballot}) for ballot in named("v", request.typed)]

    def vote(request: Request) -> list[str | ToolUse]:
        (ballot,) = named("v", request.typed)
        yes = {"true": True, "new": True, "reachable": True, "defended": False, "asked": 90}
        seen = {"places": ["account.go:5"], "why": "Nothing else guards the balance."}
        findings = re.findall(r"# finding ([0-9a-f]{16})", request.results[-1].text)
        votes = [{"finding": finding, **yes, **seen} for finding in findings]
        return [ToolUse(f"{TOOLS}vote", {"ballot": ballot, "votes": votes})]

    turns: list[Turn] = [read, vote, ["Voted."]]
    return Rule(turns, system="You vote on findings", when=lambda request: bool(request.agent_id))
