"""The route-agent hook: a plan's route holds, whatever the call asked for."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.hooks.asking import ROOT, ask, git, interpreters, load_door

SESSION = "12865d73-dce4-4adb-9230-d39ecc574f3f"


def plan(common: Path, content: object, session: str = SESSION) -> None:
    folder = common / "hunkworks" / "sessions" / session
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "route.json").write_text(content if isinstance(content, str) else json.dumps(content))


def deep(common: Path) -> None:
    plan(common, {"schema": 1, "agent": "deep-reviewer", "model": "opus"})


def event(
    cwd: object, agent: object = "hunkworks:reviewer", session: object = SESSION, **call: Any
) -> dict[str, Any]:
    return {
        "session_id": session,
        "cwd": str(cwd) if isinstance(cwd, Path) else cwd,
        "hook_event_name": "PreToolUse",
        "tool_name": "Agent",
        "tool_input": {
            "description": "review",
            "prompt": "packet 1 “é\ud800",
            "subagent_type": agent,
            **call,
        },
    }


@pytest.mark.parametrize("python", interpreters())
def test_the_routed_agent_and_model_replace_what_was_asked_for(repository: Path, python: str) -> None:
    deep(repository / ".git")
    asked = event(repository, model="haiku", run_in_background=True, effort="low")
    routed = {**asked["tool_input"], "subagent_type": "hunkworks:deep-reviewer", "model": "opus"}
    routed["run_in_background"] = False
    assert ask("route-agent", asked, python=python).decision == {"updatedInput": routed}


def test_a_plain_change_takes_the_deep_reviewer_back(repository: Path) -> None:
    plan(repository / ".git", {"schema": 1, "agent": "reviewer", "model": "sonnet"})
    answer = ask("route-agent", event(repository, "hunkworks:deep-reviewer")).decision["updatedInput"]
    assert (answer["subagent_type"], answer["model"]) == ("hunkworks:reviewer", "sonnet")


def test_a_skeptic_stays_a_skeptic_and_gets_the_model(repository: Path) -> None:
    deep(repository / ".git")
    answer = ask("route-agent", event(repository, "hunkworks:skeptic", model="haiku")).decision[
        "updatedInput"
    ]
    assert (answer["subagent_type"], answer["model"]) == ("hunkworks:skeptic", "opus")


def test_it_grants_no_permission(repository: Path) -> None:
    deep(repository / ".git")
    assert "permissionDecision" not in ask("route-agent", event(repository)).decision


def test_a_call_that_is_right_already_is_left_alone(repository: Path) -> None:
    deep(repository / ".git")
    right = event(repository, "hunkworks:deep-reviewer", model="opus", run_in_background=False)
    assert ask("route-agent", right).silent


@pytest.mark.parametrize(
    "agent",
    [
        "Explore",
        "general-purpose",
        "reviewer",
        "other:reviewer",
        "hunkworks:translator",
        "hunkworks:",
        None,
        7,
        [],
    ],
)
def test_other_agents_are_none_of_its_business(repository: Path, agent: object) -> None:
    deep(repository / ".git")
    assert ask("route-agent", event(repository, agent, note='"hunkworks:reviewer"')).silent


def test_every_agent_that_judges_a_review_is_routed() -> None:
    """An agent that may record or vote, and that the door does not know, would run on any model."""
    tools = {
        path.stem: re.search(r"^tools: (.*)$", path.read_text(), re.MULTILINE)
        for path in (ROOT / "agents").glob("*.md")
    }
    judging = {name for name, listed in tools.items() if listed and re.search("__(record|vote)", listed[1])}
    assert judging == set(load_door().ROUTED)


def test_without_a_plan_of_this_session_the_frontmatter_decides(repository: Path) -> None:
    plan(repository / ".git", {"schema": 1, "agent": "deep-reviewer", "model": "opus"}, session="another")
    assert ask("route-agent", event(repository)).silent


def test_it_finds_the_plan_from_a_folder_inside_and_from_a_linked_work_tree(
    repository: Path, tmp_path: Path
) -> None:
    deep(repository / ".git")
    inside = repository / "src" / "deep"
    inside.mkdir(parents=True)
    linked = tmp_path / "linked work tree"
    git(repository, "worktree", "add", "-q", "--detach", str(linked))
    for place in (inside, linked):
        assert ask("route-agent", event(place)).decision["updatedInput"]["model"] == "opus"


def test_it_finds_the_plan_of_a_submodule(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    git(tmp_path, "init", "-q", str(outer))
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository), "inner")
    deep(outer / ".git" / "modules" / "inner")
    assert ask("route-agent", event(outer / "inner")).decision["updatedInput"]["model"] == "opus"
    assert ask("route-agent", event(outer)).silent


def test_a_session_that_moved_away_keeps_its_route(repository: Path, tmp_path: Path) -> None:
    deep(repository / ".git")
    answer = ask("route-agent", event(tmp_path), CLAUDE_PROJECT_DIR=str(repository))
    assert answer.decision["updatedInput"]["model"] == "opus"


def test_it_needs_no_git(repository: Path, tmp_path: Path) -> None:
    deep(repository / ".git")
    assert (
        ask("route-agent", event(repository), PATH=str(tmp_path)).decision["updatedInput"]["model"] == "opus"
    )


@pytest.mark.parametrize(
    "session",
    ["../../stolen", "..", "", "a/b", "a\\b", "/etc", "x" * 65, "١٢٣", "a\0b", "a\nb", None, 7, ["x"]],
)
def test_a_session_id_never_becomes_a_path(repository: Path, session: object) -> None:
    plan(
        repository / ".git" / "hunkworks" / "stolen", {"schema": 1, "agent": "deep-reviewer", "model": "opus"}
    )
    stolen = repository / ".git" / "stolen"
    stolen.mkdir()
    (stolen / "route.json").write_text('{"schema": 1, "agent": "deep-reviewer", "model": "opus"}')
    assert ask("route-agent", event(repository, session=session)).undecided


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1]",
        {"schema": 2, "agent": "deep-reviewer", "model": "opus"},
        {"schema": 1, "agent": "general-purpose", "model": "opus"},
        {"schema": 1, "agent": "deep-reviewer", "model": "claude-opus-5-5"},
        {"schema": 1, "agent": ["deep-reviewer"], "model": "opus"},
        {"schema": 1},
    ],
)
def test_a_route_it_does_not_know_is_named_and_not_applied(repository: Path, content: object) -> None:
    plan(repository / ".git", content)
    assert ask("route-agent", event(repository)).undecided


@pytest.mark.parametrize(
    "text",
    [
        "[hooks]\nroute_agent = false\n",
        "[review]\nx = 1\n\n[ hooks ]  # ours\r\nguard_commit = true\r\nroute_agent=false # not here\r\n[route]\n",
    ],
)
def test_it_can_be_switched_off(repository: Path, text: str) -> None:
    deep(repository / ".git")
    (repository / "hunkworks.toml").write_bytes(text.encode())
    assert ask("route-agent", event(repository)).silent


@pytest.mark.parametrize(
    "text",
    [
        "[hooks]\nroute_agent = true\n",
        "[hooks]\n# route_agent = false\n",
        "[hooks]\nguard_commit = false\n",
        "[other]\nroute_agent = false\n",
        "[hooks]\n[other]\nroute_agent = false\n",
        "route_agent = false\n",
        "\udcff\udcfe",
    ],
)
def test_nothing_else_switches_it_off(repository: Path, text: str) -> None:
    deep(repository / ".git")
    (repository / "hunkworks.toml").write_bytes(os.fsencode(text))
    assert ask("route-agent", event(repository)).decision


def test_a_change_under_review_cannot_switch_off_its_own_routing(repository: Path) -> None:
    """What the plan read from the base holds, both ways, whatever the work tree says."""
    route = {"schema": 1, "agent": "deep-reviewer", "model": "opus"}
    (repository / "hunkworks.toml").write_text("[hooks]\nroute_agent = false\n")
    plan(repository / ".git", {**route, "enforced": True})
    assert ask("route-agent", event(repository)).decision
    (repository / "hunkworks.toml").write_text("[hooks]\nroute_agent = true\n")
    plan(repository / ".git", {**route, "enforced": False})
    assert ask("route-agent", event(repository)).silent


@pytest.mark.parametrize(
    "cwd",
    [
        "C:\\Users\\ann\\repo",
        "\\\\server\\share\\repo",
        "relative",
        "",
        "/nowhere/at/all",
        "a\0b",
        "/\0",
        None,
        7,
    ],
)
def test_a_place_that_is_no_repository_here_is_no_plan(cwd: object) -> None:
    assert ask("route-agent", event(cwd)).silent


@pytest.mark.parametrize(
    "pointer", ["", "gitdir: ", "gitdir: gone", "gitdir: .git", "gitdir: /dev/null", "x" * 9999]
)
def test_a_git_file_that_leads_nowhere_is_no_repository(tmp_path: Path, pointer: str) -> None:
    (tmp_path / ".git").write_text(pointer)
    assert ask("route-agent", event(tmp_path)).silent
