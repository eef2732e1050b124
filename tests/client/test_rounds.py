"""`/hunkworks:review --fix` in the real client: rounds end, a human is called once, a killed client loses nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.changes import RACE, named
from tests.client.client import Client, Session
from tests.client.messages_api import MessagesAPI, Request, ToolUse, Turn
from tests.client.plugins import ROOT
from tests.client.rounds import PANIC, PANICKING, delicate, each_time, edit, going_round, play, webhook
from tests.repo import Repo

pytestmark = pytest.mark.client

FIX = "/hunkworks:review --fix"
PLUGIN = ["--plugin-dir", str(ROOT)]


@pytest.fixture
def pages() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with webhook() as served:
        yield served


def go(claude: Client, api: MessagesAPI, repo: Repo, address: str, *options: str) -> Session:
    """Type the command; nobody may be asked for anything."""
    environment = {"HUNKWORKS_PYTHON": sys.executable, "PAGE_URL": address}
    session = claude.ask(FIX, api=api, cwd=repo.root, options=[*PLUGIN, *options], **environment)
    assert session.returncode == 0, session.stderr
    assert api.requests[0].command == "/hunkworks:review"
    assert session.denials == []
    return session


def remembered(repo: Repo) -> dict[str, Any]:
    (path,) = (repo.root / ".git" / "hunkworks" / "branches").glob("*/memory.json")
    return dict(json.loads(path.read_bytes()))


def only_finding(repo: Repo) -> str:
    (item,) = remembered(repo)["findings"]
    return str(item["finding"]["fingerprint"])


def command(verb: str) -> Turn:
    return [ToolUse("Bash", {"command": f"hunkworks review {verb}", "description": verb})]


def test_a_model_that_never_fixes_ends_with_one_page(
    claude: Client, api: MessagesAPI, tmp_path: Path, pages: tuple[str, list[dict[str, Any]]]
) -> None:
    """It argues, does nothing, edits beside the point, and goes round and round: code stops it after three."""
    address, taken = pages
    repo = delicate(tmp_path / "repo")
    tries = 0

    def stubborn(request: Request) -> list[Turn]:
        nonlocal tries
        tries += 1
        if tries == 1:
            return [command(f"dispute {only_finding(repo)} --why 'Nobody withdraws twice.'")]
        return list(edit(repo.root / "account.go", "// Deposit adds", f"// Deposit, number {tries}, adds"))

    api.rules = [each_time(RACE), play(going_round(stubborn))]
    session = go(claude, api, repo, address, "--permission-mode", "acceptEdits")

    (page,) = taken
    assert page["why"] == "3 rounds did not settle it, the most that are allowed"
    (argued,) = page["open"]
    assert argued["finding"]["message"] == RACE["message"]
    assert argued["disputes"] == ["Nobody withdraws twice."]
    assert "a human was called" in session.text
    assert len(page["rounds"]) == 3
    reports = [item.text for item in api.main[-1].results if "## Review of" in item.text]
    assert ["A human was called" in text for text in reports] == [False, False, True]


def test_a_model_that_fixes_ends_with_a_pass_and_no_page(
    claude: Client, api: MessagesAPI, tmp_path: Path, pages: tuple[str, list[dict[str, Any]]]
) -> None:
    """It takes the suggestion, which needs no permission; the next round is clean, and the last."""
    address, taken = pages
    repo = delicate(tmp_path / "repo")
    quote = "	enough := a.balance >= amount\n	a.mu.Unlock()\n	if !enough {"
    repair = "	defer a.mu.Unlock()\n	if a.balance < amount {"
    fixed = 0

    def fix(request: Request) -> list[Turn]:
        nonlocal fixed
        fixed += 1
        return [command(f"fix {only_finding(repo)}")]

    api.rules = [each_time({**RACE, "quote": quote, "suggestion": repair}), play(going_round(fix))]
    session = go(claude, api, repo, address)

    assert "**pass" in session.text
    assert (fixed, taken) == (1, [])
    assert "defer a.mu.Unlock()\n	if a.balance < amount {" in (repo.root / "account.go").read_text()
    memory = remembered(repo)
    assert [item["finding"]["status"] for item in memory["findings"]] == ["resolved"]
    assert not memory["loop"], "a passed change begins its rounds anew"


def test_a_killed_client_is_resumed_without_a_finding_lost_or_doubled(
    claude: Client, api: MessagesAPI, tmp_path: Path, pages: tuple[str, list[dict[str, Any]]]
) -> None:
    """Killed in round one with one of two packets recorded; the user types the command again."""
    address, taken = pages
    repo = delicate(tmp_path / "repo")
    repo.write("history.go", PANICKING)
    environment = {**claude.environment, "HUNKWORKS_PYTHON": sys.executable, "PAGE_URL": address}
    environment["ANTHROPIC_BASE_URL"] = api.url
    running: list[subprocess.Popen[bytes]] = []

    def kill_before_the_second(packet: str) -> None:
        if packet == "p002":
            running[0].kill()
            running[0].wait()

    api.rules = [each_time(RACE, PANIC, before=kill_before_the_second), play(going_round(lambda _: None))]
    client = [str(claude.program), "-p", *PLUGIN, "--", FIX]
    running.append(
        subprocess.Popen(
            client, cwd=repo.root, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    )
    assert running[0].wait(timeout=120) != 0
    assert [request.results[-1].is_error for request in api.subagents[-1:]] == [False]
    assert len(remembered(repo)["loop"]["rounds"]) == 1

    with MessagesAPI([each_time(RACE, PANIC), play(going_round(lambda _: None))]) as again:
        session = go(claude, again, repo, address)
        asked = {packet for request in again.subagents for packet in named("p", request.typed)}

    assert asked == {"p002"}, "what was recorded before is not asked again"
    assert [session.text.count(str(finding["message"])) for finding in (RACE, PANIC)] == [1, 1]
    assert "changes: 2 findings" in session.text
    memory = remembered(repo)
    assert len(memory["findings"]) == 2
    assert len(memory["loop"]["rounds"]) == 1
    assert taken == []
