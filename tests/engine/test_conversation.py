"""A task ends with an answer that the room accepted, or with an honest reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.scripted_api import Asked, Call, Says, ScriptedAPI
from hunkworks.config import Tier
from hunkworks.engine.port import Judged, Result, Task, Tool
from hunkworks.errors import IntegrityError
from tests.engine.judging import Room, answer, at_first, engine

GOOD = Says((Call("hand_in", {"text": "good"}),))


def judge(*turns: Says, task: Task | None = None) -> tuple[Judged, list[Asked], Room]:
    room = Room()
    with ScriptedAPI(at_first(*turns, then=lambda _: turns[-1])) as api, engine(api) as made:
        (judged,) = made.judge([task or room.task()])
        return judged, api.asked, room


def told(asked: Asked) -> str:
    """What the model is told in its newest message."""
    return repr(asked.body["messages"][-1]["content"])


def test_tools_answer_the_model_until_one_accepts() -> None:
    judged, asked, room = judge(Says((Call("look"), Call("look"))), GOOD)
    assert judged.answered
    assert (judged.calls, judged.recorded) == (2, 0)
    assert told(asked[1]).count("lines of p001") == 2
    assert room.handed == {"p001": ["good"]}


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (Call("hand_in", {"text": ""}), "expected a text"),
        (Call("hand_in", {}), "expected a text"),
        (Call("hand_in", written='{"text": "never clo'), "not a JSON object"),
        (Call("hand_in", written='["text"]'), "not a JSON object"),
        (Call("hand_in", written='{"text": 1' + "0" * 400 + "}"), "expected a text"),
        (Call("hand_in", written='{"text": ' + "[" * 900 + "]" * 900 + "}"), "not a JSON object"),
        (Call("hand_in", written='{"text": ' + "[" * 90_000), "not a JSON object"),
        (Call("hand_in", written='{"text": NaN}'), "not a JSON object"),
        (Call("delete_everything", {}), "There is no tool 'delete_everything'. Tools: hand_in, look."),
        ("It looks fine to me.", "text alone is not read"),
        ("", "text alone is not read"),
    ],
    ids=[
        "refused",
        "incomplete",
        "cut",
        "list",
        "large",
        "deep",
        "deeper",
        "NaN",
        "unknown",
        "prose",
        "empty",
    ],
)
def test_what_cannot_be_taken_goes_back_to_the_model(wrong: Call | str, word: str) -> None:
    judged, asked, room = judge(Says((wrong,)), GOOD)
    assert judged.answered
    assert word in told(asked[1])
    assert room.handed == {"p001": ["good"]}


def test_a_message_without_anything_is_answered_too() -> None:
    """The API refuses empty messages, so that the conversation says something in its place."""
    judged, asked, _ = judge(Says(()), GOOD)
    assert judged.answered
    assert all(block.get("text", "x").strip() for block in asked[1].body["messages"][1]["content"])


def test_turns_are_bounded_and_the_last_is_announced() -> None:
    room = Room()
    judged, asked, _ = judge(Says((Call("look"),)), task=room.task(turns=3))
    assert judged.why == "no answer was accepted in 3 turns"
    assert len(asked) == 3
    assert "last turn" not in told(asked[1])
    assert "last turn" in told(asked[2])


@pytest.mark.parametrize(
    ("stop", "why"),
    [
        ("refusal", "the model refused to answer"),
        ("max_tokens", "the answer was longer than engine.answer_tokens allows"),
        ("model_context_window_exceeded", "the conversation is longer than the model can read"),
    ],
)
def test_a_model_that_stops_is_quoted_not_believed(stop: str, why: str) -> None:
    """Even a complete tool call does not count then: what follows it was cut."""
    judged, _, room = judge(Says((Call("hand_in", {"text": "half"}),), stop=stop))
    assert judged.why == why
    assert (judged.usage.usd or 0) > 0
    assert not room.handed


def test_a_tool_that_fails_ends_its_task_only() -> None:
    def broken(_: Mapping[str, Any]) -> Result:
        raise IntegrityError("the index is damaged", fix="git fsck")

    room = Room()
    broken_tool = Tool("hand_in", "", {"type": "object"}, broken)
    bad = Task(
        name="bad",
        tier=Tier.FAST,
        agent="a",
        instructions="",
        text="t",
        tools=(broken_tool,),
        until="hand_in",
    )
    with ScriptedAPI(lambda _: GOOD) as api, engine(api) as made:
        first, second = made.judge([bad, room.task("good")])
    assert first.why == "hand_in: the index is damaged. fix: git fsck"
    assert second.answered


def test_an_accepted_call_of_another_tool_is_no_answer() -> None:
    generous = Tool("look", "", {"type": "object"}, lambda _: Result("seen", accepted=True))
    room = Room()
    task = room.task()
    tools = (task.tools[0], generous)
    changed = Task(
        name="t", tier=Tier.FAST, agent="a", instructions="i", text="t", tools=tools, until="hand_in", turns=2
    )
    judged, _, _ = judge(Says((Call("look"),)), task=changed)
    assert judged.why == "no answer was accepted in 2 turns"


def test_results_come_in_the_order_of_the_tasks_and_progress_as_they_end() -> None:
    tasks = [Room().task(f"p{number}") for number in range(9)]
    seen: list[str] = []
    with ScriptedAPI(answer) as api, engine(api) as made:
        judged = made.judge(tasks, lambda one: seen.append(one.task))
    assert [one.task for one in judged] == [task.name for task in tasks]
    assert sorted(seen) == sorted(task.name for task in tasks)


def test_many_threads_end_together(tmp_path: Path) -> None:
    tasks = [Room().task(f"p{number}") for number in range(60)]
    with ScriptedAPI(answer) as api:
        for _ in range(2):
            with engine(api, "[engine]\nconcurrency = 16\nrequests_per_minute = 0", tmp_path) as made:
                assert all(one.answered for one in made.judge(tasks))


def test_nothing_to_judge_asks_nobody() -> None:
    with ScriptedAPI(answer) as api, engine(api) as made:
        assert made.judge([]) == []
        assert not api.asked


def test_an_error_of_ours_is_raised_not_hidden() -> None:
    def wrong(_: Mapping[str, Any]) -> Result:
        raise ZeroDivisionError

    task = Room().task()
    tools = (Tool("hand_in", "", {"type": "object"}, wrong),)
    changed = Task(
        name="t", tier=Tier.FAST, agent="a", instructions="i", text="t", tools=tools, until="hand_in"
    )
    with ScriptedAPI(lambda _: GOOD) as api, engine(api) as made, pytest.raises(ZeroDivisionError):
        made.judge([changed, task])
