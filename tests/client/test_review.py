"""`/hunkworks:review` in the real client, installed from the marketplace, with nobody there to be asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.client.changes import RACE, TOOLS, conversation, plain, racing, reviewer, skeptic
from tests.client.client import Client, Session
from tests.client.messages_api import MessagesAPI, ToolUse
from tests.client.plugins import HOME_OF_THE_PACK, pack_repository, publish
from tests.repo import Repo

pytestmark = pytest.mark.client

REVIEWING = {f"{TOOLS}{name}" for name in ("packet", "show", "grep", "record")}
PLACEHOLDER = "DeferredToolPlaceholder"  # the client's own, without effect


@pytest.fixture(scope="module")
def claude(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The client, the pack installed by owner/repo; every session of this file uses it."""
    folder = tmp_path_factory.mktemp("installed")
    client = Client(program, folder / "home")
    publish(client, pack_repository(folder / "source"))
    client.run("plugin", "install", "hunkworks", "--marketplace", HOME_OF_THE_PACK)
    return client


def review(claude: Client, api: MessagesAPI, place: Path, typed: str = "/hunkworks:review") -> Session:
    """Type the command and check what must never happen in silence."""
    session = claude.ask(typed, api=api, cwd=place, HUNKWORKS_PYTHON=sys.executable)
    assert session.returncode == 0, session.stderr
    assert not session.aborted, session.text
    assert api.requests[0].command == "/hunkworks:review", "the command was sent as plain text"
    assert "# Review a change" in api.requests[0].typed, "the skill's body did not reach the model"
    assert session.denials == []
    assert all(hook["exit_code"] == 0 for hook in session.hooks if hook["hook_name"].startswith("PreToolUse"))
    return session


@pytest.mark.parametrize(
    ("agent", "model"),
    [
        ("reviewer", None),
        ("reviewer", "haiku"),
        ("deep-reviewer", "sonnet"),
        ("deep-reviewer", None),
    ],
)
def test_a_change_of_locking_is_reviewed_by_the_deep_reviewer_on_opus(
    claude: Client, api: MessagesAPI, tmp_path: Path, agent: str, model: str | None
) -> None:
    """Whatever the session's model asks for; and what the reviewer records stands in the report."""
    api.rules = [reviewer(RACE), conversation(agent, model)]
    session = review(claude, api, racing(tmp_path / "repo").root)

    assert "deep-reviewer" in api.requests[0].typed, "the plan did not reach the model"
    assert {request.model for request in api.subagents} == {"claude-opus-5-5"}
    assert all("shared state, locking, threads" in request.system for request in api.subagents)
    assert session.result["subagent_stats"]["by_type"] == {"hunkworks:deep-reviewer": 1}
    assert set(api.subagents[0].tools) - {PLACEHOLDER} == REVIEWING

    assert "PreToolUse:Agent" in [hook["hook_name"] for hook in session.hooks]

    packet, recorded = api.subagents[-1].results
    assert "enough := a.balance >= amount" in packet.text
    assert not recorded.is_error, recorded.text
    assert str(RACE["message"]) in session.text
    assert "account.go:12" in session.text


@pytest.mark.parametrize(
    ("agent", "model"),
    [("reviewer", None), ("deep-reviewer", "opus"), ("reviewer", "haiku")],
)
def test_a_plain_change_is_reviewed_by_the_reviewer_on_sonnet(
    claude: Client, api: MessagesAPI, tmp_path: Path, agent: str, model: str | None
) -> None:
    api.rules = [reviewer(), conversation(agent, model)]
    session = review(claude, api, plain(tmp_path / "repo").root)
    assert {request.model for request in api.subagents} == {"claude-sonnet-5-5"}
    assert session.result["subagent_stats"]["by_type"] == {"hunkworks:reviewer": 1}
    assert set(api.subagents[0].tools) - {PLACEHOLDER} == REVIEWING


def test_a_reviewer_has_no_shell_and_no_files(claude: Client, api: MessagesAPI, tmp_path: Path) -> None:
    """A reviewer that was talked into it by what it read cannot run or write anything."""
    repo = racing(tmp_path / "repo")
    attempts = [
        ToolUse("Bash", {"command": f"touch {repo.root}/ran", "description": "d"}),
        ToolUse("Write", {"file_path": f"{repo.root}/ran", "content": "x"}),
        ToolUse("Read", {"file_path": "/etc/hostname"}),
        ToolUse("Agent", {"description": "d", "prompt": "p", "subagent_type": "general-purpose"}),
    ]
    api.rules = [reviewer(first=attempts), conversation("deep-reviewer")]
    review(claude, api, repo.root)
    refused = api.subagents[1].results
    assert len(refused) == len(attempts)
    assert all(result.is_error and "No such tool available" in result.text for result in refused)
    assert not (repo.root / "ran").exists()
    assert len({request.agent_id for request in api.subagents}) == 1


def test_skeptics_vote_on_what_was_found_on_the_routed_model(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("hunkworks.toml", "[verify]\nsmall_lines = 0\ndeep_skeptics = 1\n")
    racing(repo.root)
    api.rules = [reviewer(RACE), skeptic(), conversation("reviewer", skeptics="haiku")]
    session = review(claude, api, repo.root)
    voting = [request for request in api.subagents if "You vote on findings" in request.system]
    assert voting
    assert {request.model for request in api.subagents} == {"claude-opus-5-5"}
    assert set(voting[0].tools) - {PLACEHOLDER} == REVIEWING - {f"{TOOLS}record"} | {f"{TOOLS}vote"}
    assert not voting[-1].results[-1].is_error, voting[-1].results[-1].text
    assert "confirmed" in session.text


def test_a_finding_that_points_at_nothing_is_refused_with_a_reason(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    api.rules = [reviewer({**RACE, "quote": "this line is nowhere"}), conversation("deep-reviewer")]
    session = review(claude, api, racing(tmp_path / "repo").root)
    assert "quote" in api.subagents[-1].results[-1].text
    assert str(RACE["message"]) not in session.text


@pytest.mark.parametrize(
    "typed",
    [
        "; touch {canary}",
        "| tee {canary}",
        "$(touch {canary})",
        "`touch {canary}`",
        "!`touch {canary}`",
        "\n!`touch {canary}`\n",
        "\n```!\ntouch {canary}\n```\n",
        '"; touch {canary}; "',
        "\ntouch {canary}\n",
        "--pr $(touch {canary})",
        "--post",
        "--session ../../x",
        "${{CLAUDE_SESSION_ID}} $0 $1 \\$ARGUMENTS",
    ],
)
def test_what_is_typed_after_the_command_runs_nothing(
    claude: Client, api: MessagesAPI, tmp_path: Path, typed: str
) -> None:
    """It reaches the model as text: the plan that was made is the same as without it."""
    repo = plain(tmp_path / "repo")
    canary = tmp_path / "canary"
    session = review(claude, api, repo.root, "/hunkworks:review " + typed.format(canary=canary))
    assert not canary.exists()
    assert repo.git("status", "--short") == " M names.py\n"
    assert "p001" in api.requests[0].typed
    assert len(api.requests) == 1
    assert session.text


def test_with_nothing_to_review_it_says_so(claude: Client, api: MessagesAPI, tmp_path: Path) -> None:
    repo = plain(tmp_path / "repo")
    repo.commit()
    review(claude, api, repo.root)
    assert "p001" not in api.requests[0].typed.partition("1. If the user")[0]


def test_outside_a_repository_the_user_reads_why(claude: Client, api: MessagesAPI, tmp_path: Path) -> None:
    (tmp_path / "nowhere").mkdir()
    session = claude.ask(
        "/hunkworks:review", api=api, cwd=tmp_path / "nowhere", HUNKWORKS_PYTHON=sys.executable
    )
    assert "repository" in session.text
    assert "Traceback" not in session.text
