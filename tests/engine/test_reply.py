"""A stream is a message or a named failure, whatever stands in its events."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.scripted_api import Asked, Call, Says, events
from hunkworks.engine.failures import CallError, Cause
from hunkworks.engine.reply import assemble

ASKED = Asked(0, {}, {"model": "m", "messages": [{"content": []}]}, 100, 0.0)
STREAM, _ = events(ASKED, Says(("I look.", Call("show", {"path": "a.py"}))))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    *("type", "index", "message", "content_block", "delta", "usage", "partial_json", "text", "id", "name"),
    *("input", "stop_reason", "thinking", "signature"),
]


def mutated(value: Any, name: str, new: Any) -> Any:
    """Replace every value that stands under ``name``."""
    if isinstance(value, dict):
        return {key: new if key == name else mutated(inner, name, new) for key, inner in value.items()}
    return value


@given(st.integers(0, len(STREAM) - 1), st.sampled_from(NAMES), JSON)
def test_a_strange_event_is_no_crash(at: int, name: str, new: Any) -> None:
    stream = [mutated(event, name, new) if number == at else event for number, event in enumerate(STREAM)]
    with contextlib.suppress(CallError):
        reply = assemble(stream)
        assert isinstance(reply.stop, str)
        assert all(isinstance(call["input"], dict) and isinstance(call["name"], str) for call in reply.calls)
        assert all(isinstance(block["text"], str) for block in reply.content if block["type"] == "text")


@given(JSON)
def test_anything_may_stand_for_a_stream(event: Any) -> None:
    with pytest.raises(CallError):
        assemble([event])


@given(st.integers(0, len(STREAM) - 1))
def test_a_stream_that_ends_early_is_no_message(length: int) -> None:
    with pytest.raises(CallError) as failure:
        assemble(STREAM[:length])
    assert failure.value.cause is Cause.CUT
    assert failure.value.charged


def test_blocks_and_fields_of_another_age_are_left_out() -> None:
    """They are sent back as part of the conversation, and endpoints refuse what they do not know."""
    block = {"type": "content_block_start", "index": 7, "content_block": {"type": "hologram", "data": "…"}}
    stream = [mutated(event, "input", {}) for event in STREAM]
    stream.insert(2, block)
    for event in stream:
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "text":
            event["content_block"]["citations"] = None
    reply = assemble(stream)
    assert [sorted(found) for found in reply.content] == [["text", "type"], ["id", "input", "name", "type"]]
