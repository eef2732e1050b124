"""`hunkworks doctor --engine`: what an endpoint leaves out is found, worked around, or refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from hunkworks.cli.main import run
from hunkworks.errors import ConfigError
from tests.engine.judging import Room, answer, engine

GOOD = Says((Call("report", {"ok": True}),))
COUNTED = {
    "input_tokens": 300,
    "output_tokens": 9,
    "cache_read_input_tokens": 0,
    "cache_creation_input_tokens": 0,
}
TIERS = 3  # each has its own model


def vendor(asked: Asked) -> Says | Fault:
    """Anthropic's manners: everything taken, unknown fields refused."""
    if "hunkworks_unknown_field" in asked.body:
        return Fault("status", 400, message="Extra inputs are not permitted")
    return Says(GOOD.blocks, usage=COUNTED)


def refusing(word: str) -> Callable[[Asked], Says | Fault]:
    return lambda asked: Fault("status", 400, message=f"{word}?") if word in json.dumps(asked.body) else GOOD


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> ScriptedAPI:
    serving = ScriptedAPI(vendor)
    monkeypatch.chdir(tmp_path_factory.mktemp("no-repository"))
    monkeypatch.setenv("ANTHROPIC_BASE_URL", serving.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-the-first")
    return serving


def doctor(api: ScriptedAPI, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with api:
        code = run(["doctor", "--engine", "--yes", *arguments])
    return code, capsys.readouterr().out


def test_an_endpoint_that_takes_everything(api: ScriptedAPI, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = doctor(api, capsys)
    assert code == 0
    assert out.count("✓ claude-") == TIERS
    assert "tools           called" in out
    assert "strict tools    taken" in out
    assert "caching         taken\n" in out
    assert "usage           counted in its answers" in out
    assert "unknown fields  refused; none is sent" in out
    assert len(api.asked) == 2 * TIERS


@pytest.mark.parametrize(
    ("script", "words", "then"),
    [
        (refusing('"strict"'), "strict tools    refused: sent without", '"strict"'),
        (refusing('"cache_control"'), "caching         refused: sent without", '"cache_control"'),
    ],
    ids=["strict", "caching"],
)
def test_what_an_endpoint_refuses_is_left_out_by_runs(
    api: ScriptedAPI,
    capsys: pytest.CaptureFixture[str],
    script: Callable[[Asked], Says | Fault],
    words: str,
    then: str,
) -> None:
    api.script = script
    api.script = lambda asked: script(asked) if asked.number < before[0] else answer(asked)
    before = [100]
    with api:
        assert run(["doctor", "--engine", "--yes"]) == 0
        assert words in capsys.readouterr().out
        before[0] = len(api.asked)
        with engine(api) as made:
            assert made.judge([Room().task()])[0].answered
    assert then not in json.dumps([asked.body for asked in api.asked[before[0] :]])


def test_a_key_in_the_other_header(api: ScriptedAPI, capsys: pytest.CaptureFixture[str]) -> None:
    api.script = lambda asked: GOOD if "x-api-key" in asked.headers else Fault("status", 401)
    code, out = doctor(api, capsys)
    assert code == 0
    assert "the key of ANTHROPIC_API_KEY is taken as x-api-key" in out


def test_without_tools_nothing_can_be_handed_in(api: ScriptedAPI, capsys: pytest.CaptureFixture[str]) -> None:
    api.script = lambda _: Says(("ok = true",), usage={})
    code, out = doctor(api, capsys)
    assert code == 1
    assert "cannot judge: it calls no tools" in out
    assert "not counted credibly" in out
    with engine(api) as made, pytest.raises(ConfigError, match="doctor --engine"):
        made.judge([Room().task()])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("status", 401, message="invalid key"), "refused the key (status 401: invalid key)"),
        (Fault("status", 404, message="no such model"), "refused the request (status 404: no such model)"),
        (Fault("html"), "content type text/html"),
    ],
    ids=["key", "model", "portal"],
)
def test_what_cannot_be_asked_is_told(
    api: ScriptedAPI, capsys: pytest.CaptureFixture[str], fault: Fault, words: str
) -> None:
    api.script = lambda _: fault
    code, out = doctor(api, capsys)
    assert code == 1
    assert words in out


def test_json_holds_the_same(api: ScriptedAPI, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = doctor(api, capsys, "--json")
    assert code == 0
    document = json.loads(out)
    assert document["schema"] == 1
    assert [endpoint["tiers"] for endpoint in document["endpoints"]] == [["fast"], ["default"], ["deep"]]
    assert all(endpoint["found"]["tools"] == "called" for endpoint in document["endpoints"])
    assert 0 < document["usd"] < 0.05


def test_nobody_is_asked_before_the_price_is_agreed_to(
    api: ScriptedAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    with api:
        assert run(["doctor", "--engine"]) == 2
    assert "USD at most" in capsys.readouterr().err
    assert not api.asked


def test_the_days_budget_holds_for_the_doctor_too(
    api: ScriptedAPI, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUNKWORKS_MAX_USD_PER_DAY", "0.0001")
    code, out = doctor(api, capsys)
    assert code == 1
    assert "max_usd_per_day" in out
    assert not api.asked
