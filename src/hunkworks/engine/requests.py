"""A question as a request of the Messages API: https://docs.claude.com/en/api/messages.

What all tasks share comes first (tools, then instructions, then the shared text) and ends in a cache breakpoint; the
conversation's newest message ends in another, so that each turn reads what the turns before have written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hunkworks.engine.endpoints import Endpoint
from hunkworks.engine.question import Message, Question

_CACHED = {"cache_control": {"type": "ephemeral"}}
# What a grammar cannot guarantee, and endpoints refuse in strict tools: the description says it instead, and the rooms
# check it themselves.
_UNCHECKED = {
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
    *("pattern", "format", "minItems", "maxItems", "uniqueItems", "default", "examples", "title"),
}
_SCHEMAS = ("properties", "$defs")


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an endpoint takes, as ``hunkworks doctor --engine`` found: everything, until it is known."""

    tools: bool = True
    strict: bool = True
    caching: bool = True
    header: str = "authorization"


def body(question: Question, endpoint: Endpoint, longest: int, able: Abilities) -> dict[str, Any]:
    """Return the request that asks ``endpoint``, without what somebody else has thought."""
    opening = question.opening
    system = [{"type": "text", "text": text} for text in (opening["instructions"], opening["shared"]) if text]
    own = question.spoken <= {str(endpoint)}
    messages = list(question.messages if own else _without_thinking(question.messages))
    if able.caching:
        system[-1:] = [{**block, **_CACHED} for block in system[-1:]]
        content = list(messages[-1]["content"])
        content[-1:] = [{**block, **_CACHED} for block in content[-1:]]
        messages[-1] = {**messages[-1], "content": content}
    return {
        "model": endpoint.model,
        "max_tokens": longest,
        **({"system": system} if system else {}),
        "tools": [_tool(tool, strict=able.strict) for tool in opening["tools"]],
        "messages": messages,
    }


def _without_thinking(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return a conversation as another model may read it: thinking is signed for the model that thought."""
    kept = []
    for message in messages:
        content = [block for block in message["content"] if "thinking" not in block["type"]]
        kept.append({**message, "content": content or [{"type": "text", "text": "…"}]})
    return tuple(kept)


def _tool(tool: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    schema = tool["schema"]
    asked = {"name": tool["name"], "description": tool["description"]}
    if strict and _closed(schema):
        return {**asked, "strict": True, "input_schema": _guaranteed(schema)}
    return {**asked, "input_schema": schema}


def _closed(schema: Any) -> bool:
    """Return whether every object of a schema says that it takes no other keys, as strict tools must."""
    if isinstance(schema, Mapping):
        open_object = schema.get("type") == "object" and schema.get("additionalProperties") is not False
        return not open_object and all(_closed(inner) for inner in schema.values())
    return not isinstance(schema, list) or all(_closed(inner) for inner in schema)


def _guaranteed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_guaranteed(inner) for inner in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept: dict[str, Any] = {}
    for name, inner in schema.items():
        if name in _SCHEMAS:
            kept[name] = {key: _guaranteed(value) for key, value in inner.items()}
        elif name not in _UNCHECKED:
            kept[name] = _guaranteed(inner)
    said = ", ".join(f"{name} {inner}" for name, inner in schema.items() if name in _UNCHECKED)
    if said:
        kept["description"] = f"{kept.get('description', '')} ({said})".strip()
    return kept
