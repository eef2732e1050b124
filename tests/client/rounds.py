"""Rounds of `/hunkworks:review --fix`: the change, the model that goes round, the webhook that takes pages."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.client.changes import GUARDED, RACING, TOOLS, agent, named, shell
from tests.client.messages_api import Reply, Request, Rule, ToolUse, Turn
from tests.repo import Repo

Talk = Generator[Reply, Request, None]

CONFIG = """\
[page]
webhook = "PAGE_URL"

[review]
packet_bytes = 2000

[verify]
skeptics = 0
deep_skeptics = 0
second_pass_packets = 0
"""

PAID = """
// Deposit adds money.
func (a *Account) Deposit(amount int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += amount
}
"""

HISTORY = """\
package bank

func last(amounts []int) int {
	return 0
}
"""

PANICKING = HISTORY.replace("	return 0\n", "	return amounts[len(amounts)-1]\n") + "".join(
    f"\n// Fee{n} is what transfer {n} costs.\nfunc Fee{n}(amount int) int {{\n	return amount / {n + 10}\n}}\n"
    for n in range(6)
)

PANIC: dict[str, Any] = {
    "class": "logic",
    "severity": "major",
    "path": "history.go",
    "quote": "	return amounts[len(amounts)-1]",
    "message": "An empty history is indexed at -1.",
    "scenario": "A new account has no amounts: last panics.",
    "evidence": "history.go:4",
    "confidence": 95,
}


def delicate(folder: Path, config: str = CONFIG) -> Repo:
    """A repository whose uncommitted change races, beside a method that is sound."""
    repo = Repo(folder)
    repo.write("hunkworks.toml", config)
    repo.write("account.go", GUARDED)
    repo.write("history.go", HISTORY)
    repo.commit()
    repo.write("account.go", RACING + PAID)
    return repo


def play(talk: Talk) -> Rule:
    """The main model, as a generator: it yields what it answers and is sent what it is asked next."""
    next(talk)
    return Rule([talk.send] * 60, when=lambda request: not request.agent_id)


def going_round(fix: Callable[[Request], Sequence[Turn] | None]) -> Talk:
    """The main model as the skill asks it to be.

    ``fix`` says what it does after a report that asks for changes; None: it gives up.
    """
    request = yield []
    while True:
        request = yield _now(shell("plan --fix"), request)
        plan = request.results[-1]
        if plan.is_error:
            break
        packets = named("p", "\n".join(re.findall(r"^Packet p\d{3}", plan.text, re.MULTILINE)))
        if packets:
            request = yield [agent("deep-reviewer", f"Review packets {', '.join(packets)}.")]
        request = yield _now(shell("verify"), request)
        request = yield _now(shell("report --format markdown"), request)
        turns = fix(request) if "**changes" in request.results[-1].text else None
        if turns is None:
            break
        for turn in turns:
            request = yield _now(turn, request)
    while True:
        yield [request.results[-1].text]


def edit(path: Path, old: str, new: str) -> Sequence[Turn]:
    """Read a file and change it, as the client wants it done."""
    change = {"file_path": str(path), "old_string": old, "new_string": new}
    return [[ToolUse("Read", {"file_path": str(path)})], [ToolUse("Edit", change)]]


def each_time(*findings: dict[str, Any], before: Callable[[str], None] = lambda _: None) -> Rule:
    """A reviewing agent that finds ``findings`` in every packet in which they stand.

    ``before`` is told the packet before it is recorded.
    """

    def read(request: Request) -> Reply:
        return [ToolUse(f"{TOOLS}packet", {"id": packet}) for packet in named("p", request.typed)]

    def record(number: int) -> Turn:
        def turn(request: Request) -> Reply:
            packets = named("p", request.typed)
            if number >= len(packets):
                return ["Recorded."]
            packet = packets[number]
            before(packet)
            (text,) = [item.text for item in request.results if f"Packet {packet}." in item.text]
            there = [item for item in findings if str(item["quote"]) in _plain(text)]
            return [ToolUse(f"{TOOLS}record", {"packet": packet, "findings": there})]

        return turn

    turns = [read, *(record(number) for number in range(8))]
    return Rule(turns, system="You review a change", when=lambda request: bool(request.agent_id))


@contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve an address on loopback that takes pages; yield it and the list of what it took."""
    taken: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/page", taken
    finally:
        server.shutdown()
        server.server_close()


def _now(turn: Turn, request: Request) -> Reply:
    return turn(request) if callable(turn) else turn


def _plain(packet: str) -> str:
    """The packet's code without its number columns and signs."""
    return "\n".join(line[16:] for line in packet.splitlines())
