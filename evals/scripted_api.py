"""A scripted Messages API on loopback that can fail in every way that a network and a vendor can, and keeps the books.

What a request is answered with is a function of the test; ``books`` holds what arrived and what was sent back whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Call:
    """The model calls a tool; ``written`` replaces the JSON of its arguments by any text."""

    name: str
    input: Mapping[str, Any] = field(default_factory=dict)
    written: str = ""


@dataclass(frozen=True)
class Says:
    """A whole answer. ``usage`` None counts like a tokenizer of four bytes; {} leaves it out."""

    blocks: tuple[str | Call, ...] = ()
    stop: str = ""
    usage: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """What goes wrong instead of, or in the middle of, an answer.

    ``kind``: status, reset, hang, redirect, html, json (instead of a stream), and inside one: cut, snapped (without its
    end), garbled, strange, drip, event (an error).
    """

    kind: str
    status: int = 500
    retry_after: str = ""
    error: str = "api_error"
    message: str = "scripted"
    location: str = ""


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    number: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    size: int
    at: float
    path: str = ""

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def digest(self) -> str:
        """Names the question: equal requests have equal digests."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()

    @property
    def said(self) -> str:
        """The text that the conversation began with."""
        return "".join(block["text"] for block in self.body["messages"][0]["content"])

    @property
    def turn(self) -> int:
        return len(self.body["messages"]) // 2


Script = Callable[[Asked], Says | Fault]


@dataclass
class Books:
    """What arrived, what was sent back whole, and the tokens of that as the API would bill them."""

    asked: list[Asked] = field(default_factory=list)
    answered: list[tuple[Asked, Mapping[str, int]]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that a client was killed is what some tests are about."""


class ScriptedAPI:
    """Serves ``script`` while it is entered."""

    def __init__(self, script: Script, drip: float = 0.05) -> None:
        self.script = script
        self.books = Books()
        self.drip = drip
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        self._server.daemon_threads = True
        self._server.block_on_close = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def asked(self) -> list[Asked]:
        return self.books.asked

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()


def events(asked: Asked, says: Says) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the stream of one answer and what it is billed as."""
    written = sum(
        len(b) if isinstance(b, str) else len(b.written or json.dumps(b.input)) for b in says.blocks
    )
    billed = {"input_tokens": asked.size // 4 + 1, "output_tokens": written // 4 + 1}
    usage = billed if says.usage is None else dict(says.usage)
    called = any(isinstance(block, Call) for block in says.blocks)
    stop = says.stop or ("tool_use" if called else "end_turn")
    start: dict[str, Any] = {"id": f"msg_{asked.digest[:16]}", "type": "message", "role": "assistant"}
    start |= {"model": asked.model, "content": [], "stop_reason": None}
    if usage:
        start["usage"] = {**usage, "output_tokens": 1}
    stream: list[dict[str, Any]] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, block in enumerate(says.blocks):
        if isinstance(block, str):
            head: dict[str, Any] = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": part} for part in _pieces(block)]
        else:
            identity = f"toolu_{asked.digest[:16]}_{index}"  # of the question: arrival must not matter
            head = {"type": "tool_use", "id": identity, "name": block.name, "input": {}}
            text = block.written or json.dumps(block.input)
            deltas = [{"type": "input_json_delta", "partial_json": part} for part in _pieces(text)]
        stream.append({"type": "content_block_start", "index": index, "content_block": head})
        stream += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        stream.append({"type": "content_block_stop", "index": index})
    end: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}}
    if usage:
        end["usage"] = {"output_tokens": usage.get("output_tokens", 0)}
    return [*stream, end, {"type": "message_stop"}], usage or billed


def _pieces(text: str) -> list[str]:
    return [text[at : at + 40] for at in range(0, len(text), 40)] or [""]


def _error(fault: Fault) -> bytes:
    return json.dumps({"type": "error", "error": {"type": fault.error, "message": fault.message}}).encode()


def _encoded(stream: list[dict[str, Any]]) -> list[bytes]:
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in stream]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: ScriptedAPI

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.api.lock:
            number = len(self.api.books.asked)
            asked = Asked(number, headers, json.loads(raw), len(raw), time.time(), self.path)
            self.api.books.asked.append(asked)
        says = self.api.script(asked)
        with contextlib.suppress(OSError):
            if isinstance(says, Says):
                stream, billed = events(asked, says)
                with (
                    self.api.lock
                ):  # before it is sent: the client may look at the books as soon as it has it
                    self.api.books.answered.append((asked, billed))
                self._send(200, "text/event-stream; charset=utf-8", b"".join(_encoded(stream)))
                return
            self.close_connection = True
            half = _encoded(events(asked, Says(("half an answer " * 20,)))[0])
            getattr(self, f"_{says.kind}")(says, half[: len(half) // 2])

    def _status(self, fault: Fault, half: list[bytes]) -> None:
        del half
        extra = {"retry-after": fault.retry_after} if fault.retry_after else {}
        self._send(fault.status, "application/json", _error(fault), extra)

    def _reset(self, fault: Fault, half: list[bytes]) -> None:
        del fault, half
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _hang(self, fault: Fault, half: list[bytes]) -> None:
        del fault, half
        self.api.ended.wait(60)

    def _cut(self, fault: Fault, half: list[bytes]) -> None:
        del fault
        self._stream(half)

    def _snapped(self, fault: Fault, half: list[bytes]) -> None:
        self._stream(half, finish=False)
        self._reset(fault, half)

    def _garbled(self, fault: Fault, half: list[bytes]) -> None:
        del fault
        self._stream([*half, b'event: content_block_delta\ndata: {"type": nonsense\n\n'])

    def _strange(self, fault: Fault, half: list[bytes]) -> None:
        del fault
        self._stream([*half, b'event: content_block_delta\ndata: ["not", "an", "event"]\n\n'])

    def _event(self, fault: Fault, half: list[bytes]) -> None:
        self._stream([*half, b"event: error\ndata: " + _error(fault) + b"\n\n"])

    def _drip(self, fault: Fault, half: list[bytes]) -> None:
        del fault
        self._stream(half, finish=False)
        while not self.api.ended.wait(self.api.drip):
            self._chunk(b":")

    def _redirect(self, fault: Fault, half: list[bytes]) -> None:
        del half
        self._send(307, "text/plain", b"", {"location": fault.location})

    def _html(self, fault: Fault, half: list[bytes]) -> None:
        del fault, half
        self._send(200, "text/html", b"<html><h1>Sign in to the network</h1></html>")

    def _json(self, fault: Fault, half: list[bytes]) -> None:
        del fault, half
        self._send(200, "application/json", b'{"type": "message", "content": []}')

    def _stream(self, chunks: list[bytes], *, finish: bool = True) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self._chunk(chunk)
        if finish:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(self, status: int, kind: str, body: bytes, extra: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the books tell."""
