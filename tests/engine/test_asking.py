"""Who is asked, how often, and who next: only for the causes that say "not now"."""

from __future__ import annotations

import json

import pytest

from evals.scripted_api import Asked, Call, Fault, Says, ScriptedAPI
from hunkworks.config import Tier
from hunkworks.engine.breaker import State
from hunkworks.errors import ConfigError
from tests.engine.judging import Room, answer, at_first, engine, hurry

BUSY = Fault("status", 529, error="overloaded_error")


def two_vendors(first: ScriptedAPI, second: ScriptedAPI, more: str = "") -> tuple[str, dict[str, str]]:
    """A configuration that falls back to ``second``, and the environment that agrees to it."""
    config = f"""
        {more}
        [[tiers.default.fallback]]
        id = "kimi-k2.6"
        base_url = "{second.url}/anthropic"
        key = "SECOND_KEY"
    """
    trusted = f"SECOND_KEY@{second.url}/anthropic"
    return config, {"SECOND_KEY": "key-of-the-second", "HUNKWORKS_TRUST_ENDPOINTS": trusted}


@pytest.mark.parametrize(
    "fault",
    [
        BUSY,
        Fault("status", 429),
        Fault("status", 500),
        Fault("reset"),
        Fault("cut"),
        Fault("garbled"),
        Fault("html"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_what_may_pass_is_asked_again(fault: Fault) -> None:
    room = Room()
    with ScriptedAPI(at_first(fault, fault)) as api, engine(api) as made:
        (judged,) = made.judge([room.task()])
        assert judged.answered
        assert room.handed == {"p001": ["judged packet p001"]}
        assert len(api.asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_what_cannot_pass_ends_the_task_with_its_reason(status: int) -> None:
    with ScriptedAPI(lambda _: Fault("status", status, message="no such thing")) as api, engine(api) as made:
        (judged,) = made.judge([Room().task()])
        assert f"status {status}: no such thing" in judged.why
        assert len(api.asked) == 1


def test_a_refused_key_is_not_tried_for_every_task() -> None:
    tasks = [Room().task(f"p{number}") for number in range(8)]
    with (
        ScriptedAPI(lambda _: Fault("status", 401)) as api,
        engine(api, "[engine]\nconcurrency = 1") as made,
    ):
        judged = made.judge(tasks)
        assert all("refused the key" in one.why for one in judged)
        assert len(api.asked) == 1


def test_retry_after_is_waited_for() -> None:
    with ScriptedAPI(at_first(Fault("status", 429, "17"))) as api, engine(api) as made:
        waits = hurry(made)
        assert made.judge([Room().task()])[0].answered
        assert sum(waits) >= 17


def test_patience_ends() -> None:
    with ScriptedAPI(lambda _: BUSY) as api, engine(api, "[engine]\npatience = 100") as made:
        waits = hurry(made)
        (judged,) = made.judge([Room().task()])
        assert "status 529: scripted" in judged.why
        assert sum(waits) <= 100
        assert 3 < len(api.asked) < 20


def test_a_long_wait_is_told_once_and_the_other_tasks_do_not_repeat_it() -> None:
    """Nothing ever worked: after the first task has given up, the others end at once."""
    told: list[str] = []
    with ScriptedAPI(lambda _: BUSY) as api, engine(api, "[engine]\nconcurrency = 1") as made:
        made._asking.tell = told.append
        waits = hurry(made)
        judged = made.judge([Room().task(f"p{number}") for number in range(20)])
    assert sum(waits) <= 600
    assert len({one.why for one in judged}) == 1
    assert "gave no answer: left alone after 5 failures, the last: status 529: scripted" in judged[9].why
    assert any("status 529" in line and "asks again in" in line for line in told)
    assert len(told) == len(set(told)) < 5


def test_standing_in_line_takes_no_patience() -> None:
    config = "[engine]\npatience = 0\nrequests_per_minute = 2\nconcurrency = 3"
    with ScriptedAPI(answer) as api, engine(api, config) as made:
        waits = hurry(made)
        judged = made.judge([Room().task(f"p{number}") for number in range(6)])
    assert all(one.answered for one in judged)
    assert sum(waits) >= 5 * 60


def test_a_host_that_is_not_there_is_not_waited_for_long() -> None:
    with ScriptedAPI(answer) as gone:
        pass
    with engine(gone) as made:
        waits = hurry(made)
        (judged,) = made.judge([Room().task()])
    assert "Connection refused" in judged.why
    assert sum(waits) <= 30


def test_the_next_endpoint_is_asked_when_the_first_cannot_answer_now() -> None:
    room = Room()
    with ScriptedAPI(lambda _: BUSY) as first, ScriptedAPI(answer) as second:
        config, environment = two_vendors(first, second)
        with engine(first, config, **environment) as made:
            (judged,) = made.judge([room.task()])
        assert judged.answered
        assert judged.model == "kimi-k2.6"
        assert any("judged instead of claude-sonnet-5-5" in step for step in judged.steps)
        assert len(first.asked) == 5  # three times for the first turn, two more until its breaker opened
        seen = repr(first.asked), repr(second.asked)
        assert "key-of-the-first" in seen[0]
        assert "key-of-the-second" not in seen[0]
        assert "key-of-the-second" in seen[1]
        assert "key-of-the-first" not in seen[1]
        assert {asked.path for asked in second.asked} == {"/anthropic/v1/messages"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", 400),
        Fault("status", 401),
        Fault("garbled"),
        Fault("cut"),
        Fault("html"),
        Says(("I cannot help with that.",), stop="refusal"),
        Says(("…",), stop="max_tokens"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}" if isinstance(fault, Fault) else fault.stop,
)
def test_the_next_endpoint_is_not_asked_for_anything_else(fault: Fault | Says) -> None:
    with ScriptedAPI(lambda _: fault) as first, ScriptedAPI(answer) as second:
        config, environment = two_vendors(first, second)
        with engine(first, config, **environment) as made:
            (judged,) = made.judge([Room().task()])
        assert judged.why
        assert not second.asked


def test_the_breaker_opens_and_closes() -> None:
    down = True

    def sometimes(asked: Asked) -> Says | Fault:
        return BUSY if down else answer(asked)

    with ScriptedAPI(sometimes) as first, ScriptedAPI(answer) as second:
        config, environment = two_vendors(first, second, "[engine]\nconcurrency = 1")
        with engine(first, config, **environment) as made:
            waits = hurry(made)
            made.judge([Room().task(f"p{number}") for number in range(6)])
            assert len(first.asked) == 5  # then it was left alone
            down = False
            waits.append(30.0)
            (judged,) = made.judge([Room().task("later")])
            assert judged.model == "claude-sonnet-5-5"
            assert made._asking.breakers[first.url].history == [
                State.CLOSED,
                State.OPEN,
                State.HALF_OPEN,
                State.CLOSED,
            ]


def test_thinking_of_another_model_is_left_out() -> None:
    """It is signed for the model that thought."""
    thinking = {"type": "thinking", "thinking": "hm", "signature": "s"}
    with ScriptedAPI(answer) as first, ScriptedAPI(answer) as second:
        config, environment = two_vendors(first, second)
        with engine(first, config, **environment) as made:
            send = made._asking.sender.send

            def think(endpoint: object, body: object) -> object:
                reply = send(endpoint, body)  # type: ignore[arg-type]
                object.__setattr__(reply, "content", (thinking, *reply.content))
                first.script = lambda _: BUSY
                return reply

            made._asking.sender.send = think  # type: ignore[method-assign,assignment]
            assert made.judge([Room().task()])[0].answered
        assert "thinking" in repr(first.asked[1].body)
        assert "thinking" not in repr(second.asked[0].body)


SHARED = "[engine]\nconcurrency = 1\nanswer_tokens = 1000\n"


@pytest.mark.parametrize(
    ("ceiling", "name"), [("max_usd = 0.05", "max_usd"), ("max_usd_per_day = 0.05", "max_usd_per_day")]
)
def test_near_the_ceiling_lower_tiers_judge_then_nobody(ceiling: str, name: str) -> None:
    """Each step down is told; the reservation never passes what is left."""
    usage = {"input_tokens": 1_500, "output_tokens": 900}

    def costly(asked: Asked) -> Says:
        return Says((Call("hand_in", {"text": "x"}),), usage=usage)

    with ScriptedAPI(costly) as api, engine(api, SHARED + ceiling) as made:
        judged = made.judge([Room().task(f"p{number:02}", Tier.DEEP) for number in range(40)])
        models = [one.model for one in judged if one.answered]
        assert models[0] == "claude-opus-5-5"
        assert (
            sorted(models, key=["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"].index) == models
        )
        assert len(set(models)) == 3
        lowered = next(one for one in judged if one.model == "claude-haiku-5-5")
        assert lowered.steps == (
            f"default judges: what is left of {name} might not pay for a higher tier",
            f"fast judges: what is left of {name} might not pay for a higher tier",
        )
        assert lowered.tier is Tier.FAST
        assert judged[-1].why == f"the budget is spent: what is left of {name} might not pay for another call"
        assert sum(one.usage.usd or 0 for one in judged) <= 0.05


def test_tokens_have_a_ceiling_too() -> None:
    with ScriptedAPI(answer) as api, engine(api, SHARED + "max_tokens = 6000") as made:
        judged = made.judge([Room().task(f"p{number:02}", Tier.FAST) for number in range(20)])
        assert judged[0].answered
        assert "max_tokens" in judged[-1].why
        used = sum(one.usage.input + one.usage.output for one in judged)
        assert used <= 6_000


def test_the_users_own_ceiling_lowers_the_repositorys() -> None:
    with ScriptedAPI(answer) as api:
        with engine(api, "[engine]\nmax_usd = 500", HUNKWORKS_MAX_USD="0") as made:
            (judged,) = made.judge([Room().task()])
        assert "max_usd" in judged.why
        assert not api.asked


@pytest.mark.parametrize("stated", ["nan", "-1", "five"])
def test_a_ceiling_that_is_no_amount_is_refused(stated: str) -> None:
    with ScriptedAPI(answer) as api, pytest.raises(ConfigError, match="HUNKWORKS_MAX_USD is no amount"):
        engine(api, HUNKWORKS_MAX_USD=stated)


def test_an_endpoint_that_counts_nothing_is_counted_here() -> None:
    says = Says((Call("hand_in", {"text": "x" * 1_000}),), usage={})
    with ScriptedAPI(lambda _: says) as api, engine(api) as made:
        (judged,) = made.judge([Room().task()])
        assert judged.usage.input >= api.asked[0].size // 4
        assert judged.usage.output >= 250
        assert "counted here" in judged.steps[0]


def test_the_shared_beginning_is_sent_first_and_cached() -> None:
    """Tools, instructions and rules are the same bytes in every task: one task writes the cache before others read."""
    tasks = [Room().task(f"p{number}", shared="The project's rules.") for number in range(6)]
    running: list[str] = []

    def first_alone(asked: Asked) -> Says:
        running.append(asked.said)
        return answer(asked)

    with ScriptedAPI(first_alone) as api, engine(api, "[engine]\nconcurrency = 6") as made:
        made.judge(tasks)
        beginnings = {json.dumps([a.body["tools"], a.body["system"]]) for a in api.asked}
        assert len(beginnings) == 1
        assert api.asked[0].body["system"][-1]["cache_control"] == {"type": "ephemeral"}
        assert api.asked[0].body["messages"][-1]["content"][-1]["cache_control"] == {"type": "ephemeral"}


def test_strict_tools_promise_only_what_a_grammar_can_keep() -> None:
    with ScriptedAPI(answer) as api, engine(api) as made:
        made.judge([Room().task()])
        hand_in, look = api.asked[0].body["tools"]
        assert hand_in["strict"] is True
        assert hand_in["input_schema"]["properties"] == {
            "text": {"type": "string", "description": "(minLength 1)"}
        }
        assert "strict" not in look  # its schema is open
