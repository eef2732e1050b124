"""A Messages API on loopback that answers from cassettes, and asks the real one for what they lack, if it may."""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from evals.cassettes import Cassettes, Settled
from hunkworks.engine.failures import CallError
from hunkworks.engine.reply import Reply, assemble

_OWN = ("host", "connection", "content-length", "transfer-encoding", "accept-encoding")
_SESSION = "x-claude-code-session-id"
_SECONDS = 600


class Recorder:
    """Serves cassettes while it is entered.

    Args:
        cassettes: The answers on record.
        upstream: Whom to ask for what is not; "" refuses it, and says which field differs first.
    """

    def __init__(self, cassettes: Cassettes, upstream: str = "") -> None:
        self.cassettes = cassettes
        self.upstream = upstream
        self.recorded = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"recorder": self}))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Return a status and the message, from the record or from upstream; what fails is not recorded."""
        request = Settled(body, headers.get(_SESSION, ""))
        path = self.cassettes.next(request)
        answer = self.cassettes.find(path, request)
        if answer is not None:
            return 200, answer
        if not self.upstream:
            return 400, _error("invalid_request_error", self.cassettes.miss(request))
        try:
            reply = _ask(self.upstream, body, headers)
        except urllib.error.HTTPError as error:
            return error.code, _error("api_error", f"upstream answered {error.code}")
        except (OSError, CallError, ValueError) as error:
            return 529, _error("overloaded_error", f"upstream broke off: {error}")
        answer = {"content": reply.content, "stop_reason": reply.stop, "usage": reply.usage}
        if reply.stop != "refusal":
            self.cassettes.keep(path, request, answer)
            self.recorded += 1
        return 200, json.loads(json.dumps(answer))


def _ask(upstream: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
    kept = {name: value for name, value in headers.items() if name not in _OWN}
    data = json.dumps({**body, "stream": True}).encode()
    request = urllib.request.Request(f"{upstream}/v1/messages", data, kept, method="POST")
    with urllib.request.urlopen(request, timeout=_SECONDS) as response:
        return assemble(_read(response))


def _read(lines: Any) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith(b"data:"):
            yield json.loads(line[5:])


def _error(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}}


def _stream(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a message as the API streams it, each block in one piece."""
    usage = message["usage"]
    begun = {**message, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    yield {"type": "message_start", "message": begun}
    for index, block in enumerate(message["content"]):
        start, deltas = _pieces(block)
        yield {"type": "content_block_start", "index": index, "content_block": start}
        yield from ({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas)
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": usage.get("output_tokens", 0)}}
    yield {"type": "message_stop"}


def _pieces(block: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if block["type"] == "text":
        return {"type": "text", "text": ""}, [{"type": "text_delta", "text": block["text"]}]
    if block["type"] == "tool_use":
        partial = json.dumps(block["input"])
        return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": partial}]
    if block["type"] == "thinking":
        deltas = [{"type": "thinking_delta", "thinking": block["thinking"]}]
        deltas += [{"type": "signature_delta", "signature": block.get("signature", "")}]
        return {"type": "thinking", "thinking": "", "signature": ""}, deltas
    return dict(block), []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    recorder: Recorder

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.partition("?")[0] != "/v1/messages":
            self._send(404, "application/json", b"{}")
            return
        body = json.loads(raw)
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer = self.recorder.answer(body, headers)
        if status != 200:
            self._send(status, "application/json", json.dumps(answer).encode())
            return
        identity = {"id": f"msg_{secrets.token_hex(12)}", "type": "message", "role": "assistant"}
        message = {**identity, "model": body["model"], "stop_sequence": None, **answer}
        if not body.get("stream"):
            self._send(200, "application/json", json.dumps(message).encode())
            return
        events = (f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in _stream(message))
        self._send(200, "text/event-stream", "".join(events).encode())

    def do_GET(self) -> None:
        self._send(404, "application/json", b"{}")

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        with contextlib.suppress(OSError):  # a client that went away is its own matter
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""
