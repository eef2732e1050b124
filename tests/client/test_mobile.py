"""The mobile add-on in the real client: it brings the core along, works on it, is updated and goes alone."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from evals.always_on import MOST_TOKENS_OF_AN_ADD_ON, counted
from tests.client.changes import TOOLS, session_of
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Request, Rule, ToolUse
from tests.client.plugins import HOME_OF_THE_PACK, ROOT, pack_repository, publish
from tests.hooks.asking import git
from tests.repo import Repo

pytestmark = pytest.mark.client

BOTH = ("hunkworks@hunkworks", "hunkworks-mobile@hunkworks")
BADGE = 'import SwiftUI\n\nstruct Badge: View {{\n  var body: some View {{\n    Text("New"){0}\n  }}\n}}\n'


@pytest.fixture(scope="module")
def home(program: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Client, Path, Path]:
    """A client into which the add-on was installed by owner/repo, the pack's repository, and where it is hosted."""
    folder = tmp_path_factory.mktemp("mobile")
    client = Client(program, folder / "home")
    source = pack_repository(folder / "source")
    bare = publish(client, source)
    said = client.run("plugin", "install", "hunkworks-mobile", "--marketplace", HOME_OF_THE_PACK)
    assert "1 dependency" in said
    return client, source, bare


def plugins(claude: Client) -> dict[str, tuple[str, bool]]:
    listed = json.loads(claude.run("plugin", "list", "--json"))
    return {plugin["id"]: (plugin["version"], plugin["enabled"]) for plugin in listed}


def test_it_brings_the_core_along_and_costs_little(home: tuple[Client, Path, Path]) -> None:
    claude = home[0]
    version = str(json.loads((ROOT / ".claude-plugin/plugin.json").read_text())["version"])
    assert plugins(claude) == dict.fromkeys(BOTH, (version, True))
    tokens, table = counted(claude, "hunkworks-mobile")
    assert 0 < tokens <= MOST_TOKENS_OF_AN_ADD_ON, table


def test_its_skill_hands_its_recipes_to_the_core(
    home: tuple[Client, Path, Path], api: MessagesAPI, tmp_path: Path
) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("App/Badge.swift", BADGE.format(""))
    repo.commit()
    repo.write("App/Badge.swift", BADGE.format(".foregroundColor(.red)"))

    def run(request: Request) -> list[str | ToolUse]:
        (folder,) = set(re.findall(r'hunkworks recipe run ID (--recipes "[^"]+") --session', request.typed))
        command = f"hunkworks recipe run swiftui-foreground-style {folder} --session {session_of(request)}"
        return [ToolUse("Bash", {"command": command, "description": "run"})]

    api.rules = [Rule([run, lambda request: [request.results[-1].text]])]
    typed = "/hunkworks-mobile:mobile-refactor swiftui-foreground-style"
    session = home[0].ask(typed, api=api, cwd=repo.root, HUNKWORKS_PYTHON=sys.executable)
    assert not session.init.get("plugin_errors")
    skills = set(session.init["skills"])
    assert {
        "hunkworks-mobile:mobile-refactor",
        "hunkworks-mobile:externalize-strings",
        "hunkworks:review",
    } <= skills
    assert session.denials == []
    assert "swiftui-on-change" in api.requests[0].typed, "the table holds the add-on's recipes"
    assert "1 applied" in session.text
    assert (repo.root / "App/Badge.swift").read_text() == BADGE.format(".foregroundStyle(.red)")


def test_an_agent_names_the_key_and_code_writes_entry_and_call_site(
    home: tuple[Client, Path, Path], api: MessagesAPI, tmp_path: Path
) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("App/Badge.swift", BADGE.format(""))
    repo.write("App/en.lproj/Localizable.strings", '"title" = "Title";\n')
    repo.commit()
    repo.write("App/Badge.swift", BADGE.format('\n    Text("Sign in")'))

    def run(request: Request) -> list[str | ToolUse]:
        (folder,) = set(
            re.findall(r'hunkworks recipe run RECIPE (--recipes "[^"]+") --session', request.typed)
        )
        command = f"hunkworks recipe run swift-externalize-string {folder} --session {session_of(request)}"
        return [ToolUse("Bash", {"command": command, "description": "run"})]

    def done(request: Request) -> list[str | ToolUse]:
        command = f"hunkworks recipe answer --session {session_of(request)}"
        return [ToolUse("Bash", {"command": command, "description": "what is open"})]

    judging = {
        "subagent_type": "hunkworks:refactorer",
        "description": "name keys",
        "prompt": "Judge packets r001.",
        "run_in_background": False,
    }
    answer = {"residue": "r001", "values": {"key": "sign_in"}}
    agent = (
        [ToolUse(f"{TOOLS}residue", {"residue": "r001"})],
        [ToolUse(f"{TOOLS}answers", {"answers": [answer]})],
    )
    api.rules = [
        Rule([*agent, ["Judged."]], system="refactoring recipe", when=lambda request: bool(request.agent_id)),
        Rule(
            [run, [ToolUse("Agent", judging)], done, lambda request: [request.results[-1].text]],
            when=lambda request: not request.agent_id,
        ),
    ]
    session = home[0].ask(
        "/hunkworks-mobile:externalize-strings", api=api, cwd=repo.root, HUNKWORKS_PYTHON=sys.executable
    )
    assert session.denials == []
    assert (repo.root / "App/Badge.swift").read_text() == BADGE.format('\n    Text("sign_in")')
    catalog = (repo.root / "App/en.lproj/Localizable.strings").read_text()
    assert catalog == '"sign_in" = "Sign in";\n"title" = "Title";\n'


def test_both_are_updated_and_the_add_on_goes_alone(home: tuple[Client, Path, Path]) -> None:
    """The last test of this module: it changes the installation that the others share."""
    claude, source, bare = home
    for manifest in (
        source / ".claude-plugin/plugin.json",
        source / "plugins/mobile/.claude-plugin/plugin.json",
    ):
        manifest.write_text(re.sub(r'"version": "[^"]+"', '"version": "99.0.0"', manifest.read_text()))
    git(source, "commit", "-q", "-a", "-m", "release 99.0.0")
    git(source, "push", "-q", str(bare), "main")
    claude.run("plugin", "marketplace", "update", "hunkworks")
    for plugin in BOTH:
        claude.run("plugin", "update", plugin)
    assert plugins(claude) == dict.fromkeys(BOTH, ("99.0.0", True))
    claude.run("plugin", "uninstall", "hunkworks-mobile@hunkworks")
    assert plugins(claude) == {"hunkworks@hunkworks": ("99.0.0", True)}
