"""What leaves the machine is what the allow-list holds, and whatever comes back is an answer or a named failure."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hunkworks
from evals.scripted_api import Call, Fault, Says, ScriptedAPI
from hunkworks.engine.api import Api
from hunkworks.engine.endpoints import Endpoint
from hunkworks.engine.failures import CallError, Cause
from hunkworks.engine.reply import Reply
from hunkworks.errors import ConfigError

BODY = {
    "model": "m",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": [{"type": "text", "text": "?"}]}],
}


@pytest.fixture
def api() -> Iterator[ScriptedAPI]:
    with ScriptedAPI(lambda _: Says(("Yes.",))) as serving:
        yield serving


def ask(api: ScriptedAPI, timeout: float = 5.0, path: str = "", header: str = "authorization") -> Reply:
    endpoint = Endpoint(api.url + path, "m", "KEY")
    client = Api({"KEY": "secret-of-this-vendor"}, timeout, {endpoint.base_url: header})
    try:
        return client.send(endpoint, BODY)
    finally:
        client.close()


def test_an_answer_comes_back_whole(api: ScriptedAPI) -> None:
    api.script = lambda _: Says(("I look.", Call("show", {"path": "a/ü.py", "lines": [1, 2]})))
    reply = ask(api)
    assert reply.content[0] == {"type": "text", "text": "I look."}
    assert reply.calls[0]["input"] == {"path": "a/ü.py", "lines": [1, 2]}
    assert (reply.stop, reply.unreadable) == ("tool_use", ())
    assert reply.usage["output_tokens"] > 1


HEADERS = {
    *("host", "connection", "content-type", "content-length", "accept", "accept-encoding"),
    *("anthropic-version", "user-agent", "authorization"),
}


def test_nothing_of_the_environment_leaves(api: ScriptedAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK reads all of these by itself, and would send some of them to any base URL."""
    for name in (
        "API_KEY",
        "AUTH_TOKEN",
        "PROFILE",
        "WEBHOOK_SIGNING_KEY",
        "IDENTITY_TOKEN",
        "ORGANIZATION_ID",
    ):
        monkeypatch.setenv(f"ANTHROPIC_{name}", f"leaked-{name}")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9/leaked")
    monkeypatch.setenv(
        "ANTHROPIC_CUSTOM_HEADERS", "Authorization: leaked\nX-Team: leaked\nUser-Agent: leaked"
    )
    monkeypatch.setenv("ANTHROPIC_OPEN_TELEMETRY", "1")
    ask(api)
    (asked,) = api.asked
    assert set(asked.headers) == HEADERS
    assert asked.headers["authorization"] == "Bearer secret-of-this-vendor"
    assert "leaked" not in repr(asked)
    assert asked.path == "/v1/messages"


def test_a_host_may_want_its_key_in_the_other_header(api: ScriptedAPI) -> None:
    ask(api, header="x-api-key", path="/anthropic")
    (asked,) = api.asked
    assert asked.headers["x-api-key"] == "secret-of-this-vendor"
    assert "authorization" not in asked.headers
    assert asked.path == "/anthropic/v1/messages"


def test_a_host_may_be_written_in_any_case(api: ScriptedAPI) -> None:
    endpoint = Endpoint(api.url.replace("127.0.0.1", "LocalHost"), "m", "KEY")
    client = Api({"KEY": "k"}, 5.0)
    assert client.send(endpoint, BODY).stop == "end_turn"
    client.close()


def test_a_redirect_is_not_followed(api: ScriptedAPI) -> None:
    """Another host would get the code, and in x-api-key the key."""
    with ScriptedAPI(lambda _: Says(("Yes.",))) as other:
        api.script = lambda _: Fault("redirect", location=f"{other.url}/v1/messages")
        with pytest.raises(CallError) as failure:
            ask(api)
        assert failure.value.cause is Cause.GARBLED
        assert not other.asked


@pytest.mark.parametrize(
    ("fault", "cause", "charged"),
    [
        (Fault("status", 429, "7"), Cause.BUSY, False),
        (Fault("status", 529, error="overloaded_error"), Cause.BUSY, False),
        (Fault("status", 500), Cause.BROKEN, False),
        (Fault("status", 503), Cause.BROKEN, False),
        (Fault("status", 504), Cause.SLOW, False),
        (Fault("status", 408), Cause.SLOW, False),
        (Fault("status", 400, error="invalid_request_error"), Cause.REJECTED, False),
        (Fault("status", 413, error="request_too_large"), Cause.REJECTED, False),
        (Fault("status", 401, error="authentication_error"), Cause.FORBIDDEN, False),
        (Fault("status", 403), Cause.FORBIDDEN, False),
        (Fault("reset"), Cause.UNREACHABLE, True),
        (Fault("cut"), Cause.CUT, True),
        (Fault("snapped"), Cause.CUT, True),
        (Fault("garbled"), Cause.GARBLED, True),
        (Fault("strange"), Cause.GARBLED, True),
        (Fault("html"), Cause.GARBLED, False),
        (Fault("json"), Cause.GARBLED, True),
        (Fault("event", error="overloaded_error"), Cause.BUSY, True),
        (Fault("event", error="invalid_request_error"), Cause.REJECTED, True),
        (Fault("event", error="something_new"), Cause.BROKEN, True),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if isinstance(value, Fault) else "",
)
def test_every_fault_has_its_cause(api: ScriptedAPI, fault: Fault, cause: Cause, charged: bool) -> None:
    """``charged`` decides whether the call counts as spent though no answer came."""
    api.script = lambda _: fault
    with pytest.raises(CallError) as failure:
        ask(api)
    assert (failure.value.cause, failure.value.charged) == (cause, charged)
    assert len(api.asked) == 1  # the SDK's own retries are off: they know no budget


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a_call_ends_in_time_whatever_arrives(api: ScriptedAPI, kind: str) -> None:
    """A host that sends a byte now and then never meets the timeout of a read."""
    api.script = lambda _: Fault(kind)
    with pytest.raises(CallError) as failure:
        ask(api, timeout=0.3)
    assert failure.value.cause is Cause.SLOW
    assert failure.value.charged


def test_nobody_at_home_is_unreachable_and_costs_nothing() -> None:
    with ScriptedAPI(lambda _: Says()) as gone:
        pass
    with pytest.raises(CallError) as failure:
        ask(gone)
    assert failure.value.cause is Cause.UNREACHABLE
    assert not failure.value.charged


@pytest.mark.parametrize(
    ("sent", "seconds"), [("7", 7.0), ("-3", 0.0), ("nan", None), ("99999999", None), ("soon", None)]
)
def test_retry_after_is_believed_within_reason(api: ScriptedAPI, sent: str, seconds: float | None) -> None:
    api.script = lambda _: Fault("status", 429, sent)
    with pytest.raises(CallError) as failure:
        ask(api)
    assert failure.value.retry_after == seconds


def test_what_a_vendor_writes_is_one_short_printable_line(api: ScriptedAPI) -> None:
    api.script = lambda _: Fault("status", 400, message="\x1b[31mred\n\n" + "x" * 5_000)
    with pytest.raises(CallError) as failure:
        ask(api)
    assert str(failure.value).isprintable()
    assert len(str(failure.value)) < 300


def test_half_of_a_character_is_replaced(api: ScriptedAPI) -> None:
    """JSON can escape what UTF-8 cannot hold, and neither the record nor the next request could be written."""
    api.script = lambda _: Says(("\ud800!", Call("show", {"path": "\udfff"})))
    reply = ask(api)
    assert reply.content[0]["text"] == "?!"
    assert reply.calls[0]["input"] == {"path": "?"}


def test_one_file_only_knows_the_sdk_and_pays_for_its_import_when_it_asks() -> None:
    """It takes two seconds, which neither an estimate nor a resumed run with all answers on record should."""
    folder = Path(hunkworks.__file__).parent
    knowing = [
        path.name for path in folder.rglob("*.py") if re.search(r"import (anthropic|httpx)", path.read_text())
    ]
    assert knowing == ["api.py"]
    opened = "from hunkworks.engine.engine import open_api; from hunkworks.config import Config; import sys; "
    opened += "open_api(Config(), None, None); sys.exit('anthropic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", opened], check=False).returncode == 0


def test_without_the_package_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(ConfigError, match=r"environment build --extra api|hunkworks\[api\]"):
        Api({}, 1.0)
