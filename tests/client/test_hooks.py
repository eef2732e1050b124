"""The hooks as the real client runs them: the real hooks.json and door in a small plugin."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.client.client import Client, Session
from tests.client.messages_api import MessagesAPI, Reply, Request, Rule, ToolUse, Turn
from tests.client.plugins import small_plugin
from tests.hooks.asking import git

pytestmark = pytest.mark.client

KEY = "AK" + "IA" + "Q3EGRLZPA7BCDXYW"


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    return small_plugin(tmp_path / "plugin")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def run(claude: Client, api: MessagesAPI, place: Path, plugin: Path, **environment: str) -> Session:
    options = ["--plugin-dir", str(plugin), "--allowedTools", "Bash(git *)"]
    return claude.ask("go", api=api, cwd=place, options=options, **environment)


def agent(kind: str, model: str | None = None) -> ToolUse:
    call = {"description": "d", "prompt": "p", "subagent_type": f"hunkworks:{kind}"}
    return ToolUse("Agent", {**call, "model": model} if model else call)


def bash(command: str) -> ToolUse:
    return ToolUse("Bash", {"command": command, "description": "d"})


def planned(place: Path, kind: str, model: str, then: Reply) -> Rule:
    """Answer with ``then`` once the session's plan is written, as `review plan` writes it."""

    def first(request: Request) -> Reply:
        folder = place / ".git" / "hunkworks" / "sessions" / request.headers["x-claude-code-session-id"]
        folder.mkdir(parents=True)
        (folder / "route.json").write_text(json.dumps({"schema": 1, "agent": kind, "model": model}))
        return then

    return Rule([first, ["over"]], when=lambda request: not request.agent_id)


@pytest.mark.parametrize(
    "asked", [agent("reviewer"), agent("reviewer", "haiku"), agent("deep-reviewer", "sonnet")]
)
def test_the_plan_decides_agent_and_model(
    claude: Client, api: MessagesAPI, place: Path, plugin: Path, asked: ToolUse
) -> None:
    api.rules = [planned(place, "deep-reviewer", "opus", [asked])]
    session = run(claude, api, place, plugin)
    assert [
        (request.model, "You are the small deep-reviewer." in request.system) for request in api.subagents
    ] == [("claude-opus-5-5", True)]
    assert session.denials == []
    assert session.result["subagent_stats"]["started_in_background"] == 0


def test_without_a_plan_the_frontmatter_decides(
    claude: Client, api: MessagesAPI, place: Path, plugin: Path
) -> None:
    api.rules = [
        Rule([[agent("reviewer")], ["waiting"], ["over"]], when=lambda request: not request.agent_id)
    ]
    run(claude, api, place, plugin)
    assert [request.model for request in api.subagents] == ["claude-sonnet-5-5"]


def test_a_commit_of_a_secret_is_denied_and_the_model_reads_why(
    claude: Client, api: MessagesAPI, place: Path, plugin: Path
) -> None:
    (place / "settings.py").write_text(f"one = 1\nkey = '{KEY}'\n")
    api.rules = [Rule([[bash("git add settings.py && git commit -m settings")], ["over"]])]
    run(claude, api, place, plugin)
    (result,) = api.requests[-1].results
    assert result.is_error
    assert "settings.py:2: AWS access key" in result.text
    assert KEY not in result.text
    assert git(place, "status", "--short") == "?? settings.py\n"


def test_other_commands_start_no_hook(claude: Client, api: MessagesAPI, place: Path, plugin: Path) -> None:
    api.rules = [Rule([[bash("git status")], [bash("git commit-tree HEAD")], ["over"]])]
    assert [hook["hook_name"] for hook in run(claude, api, place, plugin).hooks] == ["SessionStart:startup"]


def test_a_session_start_says_nothing_to_the_model(
    claude: Client, api: MessagesAPI, place: Path, plugin: Path
) -> None:
    (hook,) = run(claude, api, place, plugin).hooks
    assert (hook["exit_code"], hook["output"]) == (0, "")
    assert "hunkworks" not in api.requests[0].said.replace("hunkworks:", "")


def test_the_build_outlives_the_session(claude: Client, api: MessagesAPI, place: Path, plugin: Path) -> None:
    """The launcher still waits when the session is over, and writes after it."""
    os.mkfifo(plugin / "go")
    os.mkfifo(plugin / "done")
    launcher = plugin / "bin" / "hunkworks"
    launcher.write_text('#!/bin/sh\ncd "$(dirname "$0")/.."\nread word <go\necho "$word $*" >done\n')
    assert run(claude, api, place, plugin).returncode == 0
    (plugin / "go").write_text("survived\n")
    assert (plugin / "done").read_text() == "survived environment build --quiet\n"


@pytest.mark.parametrize("missing", ["python", "door", "plugin"])
def test_a_session_without_the_door_goes_on(
    claude: Client, api: MessagesAPI, place: Path, plugin: Path, missing: str
) -> None:
    """The hooks are reported as failed; the commit is made and the agent runs on its own model."""
    (place / "a.txt").write_text("a\n")

    def take_away(_request: Request) -> Reply:
        if missing == "plugin":
            plugin.rename(plugin.with_name("moved"))
        else:
            {"python": claude.home / "bin" / "python3", "door": plugin / "hooks" / "door.py"}[
                missing
            ].unlink()
        return [bash("git add a.txt && git commit -q -m made")]

    turns: list[Turn] = [take_away, [agent("reviewer")], ["waiting"], ["over"]]
    api.rules = [Rule(turns, when=lambda request: not request.agent_id)]
    session = run(claude, api, place, plugin, PATH=claude.only_our_python())
    failed = [hook["exit_code"] for hook in session.hooks if hook["hook_name"].startswith("PreToolUse")]
    assert failed
    assert not {0, 2} & set(failed)
    assert git(place, "log", "--format=%s") == "made\n"
    assert [request.model for request in api.subagents] == ["claude-sonnet-5-5"]
