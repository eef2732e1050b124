"""A scripted Anthropic Messages API on loopback: it streams what a test wrote and keeps what it was asked.

A script is a list of rules. A rule says who it answers (words of the system prompt, or a test of the
request) and holds the turns it answers with, one a request; every conversation of every agent counts its
own turns. What nobody scripted is answered with a plain sentence and listed in ``unscripted``.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

MOST_TURNS = 40  # a client that loops is a failed test, not an endless one


@dataclass(frozen=True)
class ToolUse:
    """The model calls a tool."""

    name: str
    input: dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """The API answers with an error; the client's retry is the next turn."""

    status: int = 529
    kind: str = "overloaded_error"
    message: str = "scripted refusal"


@dataclass(frozen=True)
class ToolResult:
    """What the client handed back for a tool call."""

    text: str
    is_error: bool


@dataclass(frozen=True)
class Request:
    """One request to ``/v1/messages``, as the API saw it."""

    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def agent_id(self) -> str:
        """The subagent's id; empty for the main conversation (and for a fork skill that a user typed)."""
        return self.headers.get("x-claude-code-agent-id", "")

    @property
    def system(self) -> str:
        return _text(self.body.get("system", ""))

    @property
    def tools(self) -> list[str]:
        return [str(tool["name"]) for tool in self.body.get("tools", [])]

    @property
    def said(self) -> str:
        """Everything in the conversation that is text, whoever said it, tool results included."""
        return "\n".join(_text(message["content"]) for message in self.body["messages"])

    @property
    def typed(self) -> str:
        """What stands in the user's turns: the prompt or the expanded command, without tool results."""
        return "\n".join(
            _text(message["content"])
            if isinstance(message["content"], str)
            else _text(_texts(message["content"]))
            for message in self.body["messages"]
            if message["role"] == "user"
        )

    @property
    def command(self) -> str | None:
        """The slash command that was expanded; None if there was none, or it was sent on as plain text."""
        found = re.search(r"<command-name>(.*?)</command-name>", self.typed)
        return found and found[1]

    @property
    def results(self) -> list[ToolResult]:
        """The results of tool calls so far, oldest first."""
        return [
            ToolResult(_text(block.get("content", "")), bool(block.get("is_error")))
            for message in self.body["messages"]
            if isinstance(message["content"], list)
            for block in message["content"]
            if block.get("type") == "tool_result"
        ]


Reply = Sequence[str | ToolUse] | Refusal
Turn = Reply | Callable[[Request], Reply]


@dataclass(frozen=True)
class Rule:
    """Answers requests whose system prompt holds ``system`` and, if given, for which ``when`` is true."""

    turns: Sequence[Turn]
    system: str = ""
    when: Callable[[Request], bool] = field(default=lambda _request: True)

    def answers(self, request: Request) -> bool:
        return self.system in request.system and self.when(request)


class MessagesAPI:
    """Serves ``rules`` while it is entered; ``requests`` holds everything asked, in order of arrival."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.rules = list(rules)
        self.requests: list[Request] = []
        self.unscripted: list[Request] = []
        self.other_paths: list[str] = []
        self._turns: Counter[tuple[int, str]] = Counter()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def main(self) -> list[Request]:
        return [request for request in self.requests if not request.agent_id]

    @property
    def subagents(self) -> list[Request]:
        return [request for request in self.requests if request.agent_id]

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: Request) -> Reply:
        """Record ``request`` and return the turn that is due."""
        with self._lock:
            self.requests.append(request)
            turn = self._next_turn(request)
        return turn(request) if callable(turn) else turn

    def _next_turn(self, request: Request) -> Turn:
        for number, rule in enumerate(self.rules):
            if not rule.answers(request):
                continue
            taken = self._turns[number, request.agent_id]
            self._turns[number, request.agent_id] += 1
            if taken < len(rule.turns):
                return rule.turns[taken]
            break
        self.unscripted.append(request)
        if len(self.unscripted) > MOST_TURNS:
            return Refusal(400, "invalid_request_error", "the client asks without end")
        return ["Nothing is scripted for this turn."]


def _texts(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [block for block in blocks if block.get("type") == "text"]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(
        _text(block["text"] if "text" in block else block.get("content", "")) for block in content
    )


def _events(request: Request, blocks: Sequence[str | ToolUse], number: int) -> Iterator[dict[str, Any]]:
    """The stream of one message: https://docs.claude.com/en/api/messages-streaming."""
    usage = {"input_tokens": 10, "output_tokens": 10}
    message = {"id": f"msg_{number:06}", "type": "message", "role": "assistant", "model": request.model}
    yield {
        "type": "message_start",
        "message": {**message, "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage},
    }
    for index, block in enumerate(blocks):
        if isinstance(block, str):
            start: dict[str, Any] = {"type": "text", "text": ""}
            delta = {"type": "text_delta", "text": block}
        else:
            identity = f"toolu_{number:06}_{index}"
            start = {"type": "tool_use", "id": identity, "name": block.name, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block.input)}
        yield {"type": "content_block_start", "index": index, "content_block": start}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    called = any(isinstance(block, ToolUse) for block in blocks)
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": "tool_use" if called else "end_turn", "stop_sequence": None},
        "usage": usage,
    }
    yield {"type": "message_stop"}


def _handler(api: MessagesAPI) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path.partition("?")[0] != "/v1/messages":
                self._unknown()
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(headers, json.loads(body))
            reply = api.reply(request)
            if isinstance(reply, Refusal):
                error = {"type": "error", "error": {"type": reply.kind, "message": reply.message}}
                self._send(reply.status, "application/json", json.dumps(error).encode())
                return
            stream = "".join(
                f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
                for event in _events(request, reply, len(api.requests))
            )
            self._send(200, "text/event-stream", stream.encode())

        def do_GET(self) -> None:
            self._unknown()

        def do_HEAD(self) -> None:
            self._unknown()

        def _unknown(self) -> None:
            api.other_paths.append(f"{self.command} {self.path}")
            self._send(404, "application/json", b"{}")

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing: the tests read ``requests``."""

    return Handler
