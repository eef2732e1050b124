"""The harness itself: what the scripted API streams arrives, and silent failures of the client are visible."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Refusal, Rule, ToolUse
from tests.client.plugins import small_plugin
from tests.hooks.asking import git

pytestmark = pytest.mark.client


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def test_text_and_tools_go_both_ways(claude: Client, api: MessagesAPI, place: Path) -> None:
    (place / "note.txt").write_text("a line of the note\n")
    api.rules = [
        Rule([[ToolUse("Read", {"file_path": str(place / "note.txt")})], ["Reading.", "I have read it."]])
    ]
    session = claude.ask("read the note", api=api, cwd=place)
    assert session.returncode == 0
    assert session.text == "I have read it."
    (result,) = api.requests[-1].results
    assert "a line of the note" in result.text
    assert not result.is_error
    assert (api.unscripted, api.other_paths) == ([], [])


@pytest.mark.parametrize("refusal", [Refusal(529, "overloaded_error"), Refusal(500, "api_error")])
def test_an_overloaded_api_is_asked_again(
    claude: Client, api: MessagesAPI, place: Path, refusal: Refusal
) -> None:
    api.rules = [Rule([refusal, ["At last."]])]
    assert claude.ask("hello", api=api, cwd=place).text == "At last."
    assert len(api.requests) == 2


def test_a_refused_request_is_an_error_in_the_result(claude: Client, api: MessagesAPI, place: Path) -> None:
    api.rules = [Rule([Refusal(400, "invalid_request_error", "no such thing")] * 9)]
    session = claude.ask("hello", api=api, cwd=place)
    assert session.result["is_error"]
    assert session.returncode != 0


def test_a_skill_expands_and_an_unknown_one_does_not(
    claude: Client, api: MessagesAPI, place: Path, tmp_path: Path
) -> None:
    skill = "---\nname: hello\ndescription: Says hello.\n---\nGreet $ARGUMENTS warmly.\n"
    options = ["--plugin-dir", str(small_plugin(tmp_path / "plugin", **{"skills/hello/SKILL.md": skill}))]
    claude.ask("/hunkworks:hello Ann", api=api, cwd=place, options=options)
    assert "Greet Ann warmly." in api.requests[0].typed
    assert api.requests[0].command == "/hunkworks:hello"
    claude.ask("/hunkworks:hallo Ann", api=api, cwd=place, options=options)
    assert api.requests[1].command is None
    assert "/hunkworks:hallo Ann" in api.requests[1].typed


def test_a_skill_whose_command_is_refused_asks_the_api_nothing(
    claude: Client, api: MessagesAPI, place: Path, tmp_path: Path
) -> None:
    """The client exits 0 and reports no error: only `Session.aborted` and the missing request tell."""
    skill = "---\nname: hello\ndescription: Says hello.\n---\n!`touch here`\n"
    options = ["--plugin-dir", str(small_plugin(tmp_path / "plugin", **{"skills/hello/SKILL.md": skill}))]
    session = claude.ask("/hunkworks:hello", api=api, cwd=place, options=options)
    assert (session.returncode, session.result["is_error"], api.requests) == (0, False, [])
    assert session.aborted


def test_two_agents_of_one_session_keep_their_own_turns(
    claude: Client, api: MessagesAPI, place: Path, tmp_path: Path
) -> None:
    ask = [
        ToolUse("Agent", {"description": "d", "prompt": f"part {n}", "subagent_type": "hunkworks:reviewer"})
        for n in (1, 2)
    ]
    api.rules = [
        Rule([["first"], ["second"]], system="You are the small reviewer."),
        Rule([ask, ["waiting"], ["over"], ["over"]]),
    ]
    claude.ask("go", api=api, cwd=place, options=["--plugin-dir", str(small_plugin(tmp_path / "plugin"))])
    assert len({request.agent_id for request in api.subagents}) == 2
    assert {request.tools[0] for request in api.subagents} == {"Read"}
    assert sum("part 1" in request.typed for request in api.subagents) == 1
