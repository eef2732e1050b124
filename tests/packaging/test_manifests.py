"""The real client finds no fault with the manifests, and offers the server's tools under the names we use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.client.client import Client

pytestmark = pytest.mark.client


def validate(claude: Client, folder: Path) -> dict[str, Any]:
    said = claude.run(
        "plugin", "validate", "--strict", "--profile", "directory", "--json", str(folder), check=False
    )
    answer: dict[str, Any] = json.loads(said)
    return answer


def test_the_root_is_accepted_by_the_directory(claude: Client, checkout: Path) -> None:
    answer = validate(claude, checkout)
    assert answer["success"], json.dumps(answer, indent=2)
    assert answer["directory"]["findings"] == []


def test_every_add_on_is_accepted_by_the_directory(claude: Client, checkout: Path) -> None:
    for manifest in checkout.glob("plugins/*/.claude-plugin/plugin.json"):
        answer = validate(claude, manifest.parents[1])
        assert answer["success"], json.dumps(answer, indent=2)


def test_the_servers_tools_are_named_as_the_agents_call_them(claude: Client, checkout: Path) -> None:
    """A plugin's server `hunkworks` gives `mcp__plugin_hunkworks_hunkworks__…`."""
    provides = json.dumps(validate(claude, checkout)["provides"])
    assert "hunkworks" in provides
    servers = json.loads((checkout / ".mcp.json").read_text(encoding="utf-8"))["mcpServers"]
    prefix = f"mcp__plugin_hunkworks_{next(iter(servers))}__"
    agents = list(checkout.glob("agents/*.md"))
    assert agents
    for agent in agents:
        assert prefix in agent.read_text(encoding="utf-8"), agent.name
