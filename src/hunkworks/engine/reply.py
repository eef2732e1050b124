"""One answer of a model, put together from the events of its stream, or the failure that they show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hunkworks.engine.failures import CallError, Cause

# What is kept of a block, and sent back as part of the conversation: endpoints refuse fields that they do not know.
_KEPT = {
    "text": ("type", "text"),
    "tool_use": ("type", "id", "name", "input"),
    "thinking": ("type", "thinking", "signature"),
    "redacted_thinking": ("type", "data"),
}
_GROWING = {
    "text_delta": "text",
    "input_json_delta": "partial_json",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
}
Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said: its blocks, why it stopped, and the tokens that the endpoint counted, as it wrote them.

    ``unreadable`` holds the ids of tool calls whose arguments are not a JSON object.
    """

    content: tuple[Block, ...]
    stop: str
    usage: Mapping[str, Any]
    unreadable: tuple[str, ...] = ()

    @property
    def calls(self) -> list[Block]:
        """The tool calls, in the order the model made them."""
        return [block for block in self.content if block["type"] == "tool_use"]


def assemble(events: Iterable[Any]) -> Reply:
    """Return the message that a stream of events builds: https://docs.claude.com/en/api/messages-streaming.

    Raises:
        CallError: The stream ends before its message does, or holds something else than a message.
    """
    draft = _Draft()
    try:
        for event in events:
            draft.add(event)
            if draft.ended:
                return draft.reply()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise CallError(Cause.GARBLED, f"an event of an unknown form: {error!r}", charged=True) from error
    raise CallError(Cause.CUT, "the stream ended before the message did", charged=True)


@dataclass(slots=True)
class _Draft:
    blocks: dict[int, dict[str, Any]] = field(default_factory=dict)
    grown: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    stop: str = ""
    begun: bool = False
    ended: bool = False

    def add(self, event: Any) -> None:
        kind = event["type"]
        if kind == "message_start":
            self.begun = True
            self.usage.update(event["message"].get("usage") or {})
        elif kind == "content_block_start":
            self.blocks[event["index"]] = dict(event["content_block"])
            self.grown[event["index"]] = {}
        elif kind == "content_block_delta":
            name = _GROWING.get(event["delta"]["type"])
            if name:
                self.grown[event["index"]].setdefault(name, []).append(event["delta"][name])
        elif kind == "message_delta":
            self.stop = event["delta"].get("stop_reason") or self.stop
            self.usage.update({name: n for name, n in (event.get("usage") or {}).items() if n is not None})
        elif kind == "message_stop":
            self.ended = True

    def reply(self) -> Reply:
        if not (self.begun and self.stop and isinstance(self.stop, str)):
            raise ValueError("a message without its beginning or its reason to stop")
        unreadable: list[str] = []
        content = [self._finished(index, unreadable) for index in sorted(self.blocks)]
        return Reply(tuple(filter(None, content)), self.stop, self.usage, tuple(unreadable))

    def _finished(self, index: int, unreadable: list[str]) -> dict[str, Any]:
        block = self.blocks[index]
        grown = {name: "".join(parts) for name, parts in self.grown[index].items()}
        written = grown.pop("partial_json", "")
        for name, text in grown.items():
            block[name] = (block.get(name) or "") + text
        kept = {name: block[name] for name in _KEPT.get(block["type"], ()) if name in block}
        if not all(isinstance(value, str) for name, value in kept.items() if name != "input"):
            raise TypeError("a text that is no text")
        if block["type"] == "tool_use":
            arguments = _arguments(written, block.get("input"))
            if arguments is None:
                unreadable.append(block["id"])
            kept |= {"id": block["id"], "name": block["name"], "input": arguments or {}}
        result: dict[str, Any] = writable(kept)
        return result


def _arguments(written: str, given: Any) -> dict[str, Any] | None:
    """Return what a tool is called with, None where it is no object or does not read back as it is written down."""
    try:
        arguments = writable(json.loads(written) if written else given)
        lasting = msgspec.json.decode(msgspec.json.encode(arguments)) == arguments
    except (ValueError, TypeError, OverflowError, RecursionError, msgspec.DecodeError):
        return None
    return arguments if isinstance(arguments, dict) and lasting else None


def writable(value: Any) -> Any:
    """Return ``value`` with each half of a character, which JSON can escape and UTF-8 cannot hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {writable(key): writable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [writable(inner) for inner in value]
    return value
