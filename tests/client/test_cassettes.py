"""Recorded answers of evals: found by what was asked, given back as they were, and told apart by the first field."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from evals.cassettes import Cassettes, Settled
from evals.recorder import Recorder
from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI

SESSIONS = ("0f0e0d0c-0000-4000-8000-000000000001", "0f0e0d0c-0000-4000-8000-000000000002")


def asked(session: str = SESSIONS[0], nonce: str = "0123456789abcdef", text: str = "Look.") -> dict[str, Any]:
    """A request of a client's session that was handed a packet."""
    said = (
        f"{text} Session {session}.\n<change {nonce}>\n+ x = 1\n</change {nonce}>\nduration_ms: {len(nonce)}"
    )
    message = {"role": "user", "content": [{"type": "text", "text": said}]}
    return {
        "model": "claude-sonnet-5-5",
        "metadata": {"user_id": session},
        "system": "You review.",
        "tools": [{"name": "Bash", "input_schema": {"type": "object"}}],
        "messages": [message],
        "max_tokens": 100,
    }


def script(request: Asked) -> Says | Fault:
    session = request.said.partition("Session ")[2].partition(".")[0]
    return Says(("I report.", Call("Bash", {"command": f"hunkworks review report --session {session}"})))


def post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(f"{url}/v1/messages", json.dumps(body).encode(), {"x-api-key": "k"})
    with urllib.request.urlopen(request) as response:
        answer: dict[str, Any] = json.loads(response.read())
    return answer


def test_what_was_recorded_comes_back_with_the_values_of_the_session_that_asks(tmp_path: Path) -> None:
    with ScriptedAPI(script) as api, Recorder(Cassettes(tmp_path), api.url) as recorder:
        live = post(recorder.url, asked())
    assert live["content"][1]["input"]["command"].endswith(SESSIONS[0])
    with Recorder(Cassettes(tmp_path)) as recorder:
        again = post(recorder.url, asked(SESSIONS[1], "fedcba9876543210"))
    assert again["content"][1]["input"]["command"].endswith(SESSIONS[1])
    assert again["content"][0] == live["content"][0]
    assert not any(session in path.read_text() for path in tmp_path.glob("*/*") for session in SESSIONS)


def test_a_miss_names_the_first_field_that_differs(tmp_path: Path) -> None:
    with ScriptedAPI(script) as api, Recorder(Cassettes(tmp_path), api.url) as recorder:
        post(recorder.url, asked())
    for changed, field in (
        ({"max_tokens": 200}, "is max_tokens, now 200"),
        ({"system": "You translate."}, 'is system[0], now "You translate."'),
        ({"tools": []}, "is tools.Bash, it is not asked now"),
        (asked(text="Look twice."), "is messages[0].content[0], now"),
    ):
        with Recorder(Cassettes(tmp_path)) as recorder:
            with pytest.raises(urllib.error.HTTPError) as refused:
                post(recorder.url, {**asked(), **changed})
            assert field in json.loads(refused.value.read())["error"]["message"]
            assert len(recorder.cassettes.misses) == 1


def test_equal_requests_are_answered_each_with_its_own(tmp_path: Path) -> None:
    counting = ScriptedAPI(lambda request: Says((f"answer {request.number}",)))
    with counting as api, Recorder(Cassettes(tmp_path), api.url) as recorder:
        live = [post(recorder.url, asked())["content"] for _ in range(2)]
    with Recorder(Cassettes(tmp_path)) as recorder:
        assert [post(recorder.url, asked())["content"] for _ in range(2)] == live
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(recorder.url, asked())
        assert "asked more often" in refused.value.read().decode()


def test_what_nothing_asks_for_is_an_orphan(tmp_path: Path) -> None:
    with ScriptedAPI(script) as api, Recorder(Cassettes(tmp_path), api.url) as recorder:
        post(recorder.url, asked())
        post(recorder.url, asked(text="Look again."))
        assert recorder.recorded == 2
    cassettes = Cassettes(tmp_path)
    with Recorder(cassettes) as recorder:
        post(recorder.url, asked())
    (orphan,) = cassettes.orphans()
    assert orphan.stem.startswith(Settled(asked(text="Look again.")).key[2:])


@pytest.mark.parametrize(
    "fault", [Fault("status", 529), Fault("cut"), Fault("garbled"), Says((), stop="refusal")]
)
def test_what_fails_is_not_recorded(tmp_path: Path, fault: Says | Fault) -> None:
    cassettes = Cassettes(tmp_path)
    with ScriptedAPI(lambda _: fault) as api, Recorder(cassettes, api.url) as recorder:
        if isinstance(fault, Fault):
            with pytest.raises(urllib.error.HTTPError):
                post(recorder.url, asked())
        else:
            post(recorder.url, asked())
    assert not cassettes
