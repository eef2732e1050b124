"""The mobile add-on in the real client: it brings the core along, works on it, is updated and goes alone."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from tests.client.changes import session_of
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Request, Rule, ToolUse
from tests.client.plugins import HOME_OF_THE_PACK, ROOT, pack_repository, publish
from tests.hooks.asking import git
from tests.repo import Repo

pytestmark = pytest.mark.client

MOST_TOKENS = 80
BADGE = 'import SwiftUI\n\nstruct Badge: View {{\n  var body: some View {{\n    Text("New"){0}\n  }}\n}}\n'


def plugins(claude: Client) -> dict[str, tuple[str, bool]]:
    listed = json.loads(claude.run("plugin", "list", "--json"))
    return {plugin["id"]: (plugin["version"], plugin["enabled"]) for plugin in listed}


def release(source: Path, bare: Path, version: str) -> None:
    """Release core and add-on together."""
    for manifest in (
        source / ".claude-plugin/plugin.json",
        source / "plugins/mobile/.claude-plugin/plugin.json",
    ):
        text = re.sub(r'"version": "[^"]+"', f'"version": "{version}"', manifest.read_text())
        manifest.write_text(text)
    git(source, "commit", "-q", "-a", "-m", f"release {version}")
    git(source, "push", "-q", str(bare), "main")


def test_it_is_installed_with_the_core_updated_and_removed(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    source = pack_repository(tmp_path / "source")
    bare = publish(claude, source)
    said = claude.run("plugin", "install", "hunkworks-mobile", "--marketplace", HOME_OF_THE_PACK)
    assert "1 dependency" in said
    version = str(json.loads((ROOT / ".claude-plugin/plugin.json").read_text())["version"])
    both = ("hunkworks@hunkworks", "hunkworks-mobile@hunkworks")
    assert plugins(claude) == dict.fromkeys(both, (version, True))

    repo = Repo(tmp_path / "repo")
    repo.write("App/Badge.swift", BADGE.format(""))
    repo.commit()
    repo.write("App/Badge.swift", BADGE.format(".foregroundColor(.red)"))
    api.rules = [conversation()]
    session = claude.ask(
        "/hunkworks-mobile:mobile-refactor swiftui-foreground-style",
        api=api, cwd=repo.root, HUNKWORKS_PYTHON=sys.executable,
    )  # fmt: skip
    assert not session.init.get("plugin_errors")
    assert {
        "hunkworks-mobile:mobile-refactor",
        "hunkworks-mobile:externalize-strings",
        "hunkworks:review",
    } <= set(session.init["skills"])
    assert session.denials == []
    assert "swiftui-foreground-style" in api.requests[0].typed, "the table holds the add-on's recipes"
    assert "1 applied" in session.text
    assert (repo.root / "App/Badge.swift").read_text() == BADGE.format(".foregroundStyle(.red)")

    release(source, bare, "99.0.0")
    claude.run("plugin", "marketplace", "update", "hunkworks")
    for plugin in both:
        claude.run("plugin", "update", plugin)
    assert plugins(claude) == dict.fromkeys(both, ("99.0.0", True))

    claude.run("plugin", "uninstall", "hunkworks-mobile@hunkworks")
    assert plugins(claude) == {"hunkworks@hunkworks": ("99.0.0", True)}


def conversation() -> Rule:
    """The main model as the skill asks it to be."""

    def run(request: Request) -> list[str | ToolUse]:
        (command,) = set(re.findall(r'hunkworks recipe run ID (--recipes "[^"]+") --session', request.typed))
        command = f"hunkworks recipe run swiftui-foreground-style {command} --session {session_of(request)}"
        return [ToolUse("Bash", {"command": command, "description": "run"})]

    return Rule([run, lambda request: [request.results[-1].text]])


def test_it_costs_little_in_every_session(claude: Client, tmp_path: Path) -> None:
    claude.run("plugin", "marketplace", "add", str(pack_repository(tmp_path / "source")))
    claude.run("plugin", "install", "hunkworks-mobile@hunkworks")
    table = claude.run("plugin", "details", "hunkworks-mobile")
    counted = re.search(r"Always-on:\s+~([\d,]+) tok", table)
    assert counted, table
    assert 0 < int(counted[1]) <= MOST_TOKENS, table
