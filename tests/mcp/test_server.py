"""The MCP server: up at once on the standard library, each tool one command, no argument ever an option."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hunkworks.mcp import server
from hunkworks.rules.classes import CLASSES

ROOT = Path(__file__).resolve().parents[2]
AGENTS = sorted((ROOT / "agents").glob("*reviewer.md"))


def talk(*messages: object) -> dict[object, dict[str, Any]]:
    """Start the server as the client does, say everything, and return the responses by id."""
    lines = "".join(
        (message if isinstance(message, str) else json.dumps(message)) + "\n" for message in messages
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", server.__file__],
        input=lines.encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {answer["id"]: answer for answer in answers}


def request(number: int, method: str, **params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def test_it_introduces_itself_with_the_packs_version() -> None:
    answers = talk(request(1, "initialize", protocolVersion="2025-06-18"), request(2, "ping"))
    manifest = json.loads((ROOT / ".claude-plugin/plugin.json").read_text())
    assert answers[1]["result"]["serverInfo"] == {"name": "hunkworks", "version": manifest["version"]}
    assert answers[1]["result"]["protocolVersion"] == "2025-06-18"
    assert answers[2]["result"] == {}


def test_it_answers_an_unknown_revision_with_its_newest() -> None:
    answers = talk(request(1, "initialize", protocolVersion="2031-01-01"))
    assert answers[1]["result"]["protocolVersion"] == server.PROTOCOLS[-1]


def test_it_offers_reading_and_recording_and_nothing_else() -> None:
    tools = talk(request(1, "tools/list"))[1]["result"]["tools"]
    assert [tool["name"] for tool in tools] == [
        *("packet", "show", "grep", "record", "vote"),
        *("units", "translations"),
        *("residue", "answers"),
    ]


def test_notifications_and_noise_do_not_end_it() -> None:
    answers = talk(
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        "not json",
        "[]",
        "",
        request(7, "server/discover"),
    )
    assert answers[7]["error"]["code"] == -32601
    assert answers[None]["error"]["code"] in (-32700, -32600)


def test_a_call_of_another_form_is_an_error_the_agent_can_read() -> None:
    answers = talk(
        request(1, "tools/call", name="bash", arguments={"command": "id"}),
        request(2, "tools/call", name="packet", arguments={}),
        request(3, "tools/call", name="packet", arguments={"id": 1}),
        request(4, "tools/call", name="show", arguments={"path": "a", "revision": "HEAD"}),
    )
    texts = {number: answers[number]["result"]["content"][0]["text"] for number in (1, 2, 3, 4)}
    assert texts == {
        1: 'there is no tool "bash"',
        2: "packet needs id",
        3: "id has to be of type string",
        4: 'show takes no "revision"',
    }
    assert all(answers[number]["result"]["isError"] for number in texts)


@pytest.mark.parametrize("hostile", ["--session=other", "-h", "$(id)", "; id", "a\nb", "--"])
def test_no_argument_becomes_an_option(hostile: str) -> None:
    assert server.command("packet", {"id": hostile}) == (["packet", "--", hostile], None)
    line, _ = server.command("grep", {"text": hostile, "path": hostile, "side": "old"})
    assert line == ["grep", f"--path={hostile}", "--side=old", "--", hostile]


def test_findings_go_through_standard_input() -> None:
    line, stdin = server.command("record", {"packet": "p001", "findings": []})
    assert line == ["record", "--json"]
    assert json.loads(stdin or b"") == {"packet": "p001", "findings": []}


def test_translations_go_through_standard_input() -> None:
    given = {"translations": [{"id": "u1", "text": "--session=other"}]}
    line, stdin = server.command("translations", given)
    assert line == ["translations", "--json"]
    assert json.loads(stdin or b"") == given


def test_a_translator_reads_and_hands_in_units_and_can_do_nothing_else() -> None:
    text = (ROOT / "agents/translator.md").read_text(encoding="utf-8")
    tools = re.search(r"^tools: (.*)$", text, re.MULTILINE)
    assert tools is not None
    expected = {f"mcp__plugin_hunkworks_hunkworks__{name}" for name in ("units", "translations")}
    assert set(tools[1].split(", ")) == expected


def test_a_refactorer_reads_packets_and_answers_them_and_can_do_nothing_else() -> None:
    text = (ROOT / "agents/refactorer.md").read_text(encoding="utf-8")
    tools = re.search(r"^tools: (.*)$", text, re.MULTILINE)
    assert tools is not None
    expected = {f"mcp__plugin_hunkworks_hunkworks__{name}" for name in ("residue", "answers")}
    assert set(tools[1].split(", ")) == expected


@pytest.mark.parametrize("agent", AGENTS, ids=lambda path: path.stem)
def test_agents_know_exactly_the_classes_and_have_exactly_our_tools(agent: Path) -> None:
    text = agent.read_text(encoding="utf-8")
    listed = re.search(r"- `class`: ([^.]+)\.", text)
    assert listed is not None
    assert {word.strip() for word in listed[1].split(",")} == set(CLASSES)
    tools = re.search(r"^tools: (.*)$", text, re.MULTILINE)
    assert tools is not None
    offered = {tool["name"] for tool in server.TOOLS} - {"vote", *server.COMMANDS}
    expected = {f"mcp__plugin_hunkworks_hunkworks__{name}" for name in offered}
    assert set(tools[1].split(", ")) == expected


def test_there_are_two_reviewers() -> None:
    assert [agent.stem for agent in AGENTS] == ["deep-reviewer", "reviewer"]
