"""The pack as this checkout holds it, through every way in: repository, local folder, --plugin-dir, update."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from evals.always_on import MOST_TOKENS, details
from evals.size import MOST_BYTES
from hunkworks.scaffold.project import RUN_FROM
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI
from tests.client.plugins import HOME_OF_THE_PACK, ROOT, pack_repository, publish, release

pytestmark = pytest.mark.client

VERSION = str(json.loads((ROOT / ".claude-plugin" / "plugin.json").read_text())["version"])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack's repository; a test that changes it makes its own."""
    return pack_repository(tmp_path_factory.mktemp("source") / "hunkworks")


def installed(claude: Client) -> dict[str, object]:
    (plugin,) = json.loads(claude.run("plugin", "list", "--json"))
    assert plugin["id"] == "hunkworks@hunkworks"
    assert plugin["enabled"]
    return dict(plugin)


def loads(claude: Client, api: MessagesAPI, place: Path, *options: str) -> Path:
    """Start a session; return the folder that the pack was loaded from, and that everything in it was loaded."""
    session = claude.ask("hello", api=api, cwd=place, options=options, HUNKWORKS_PYTHON=sys.executable)
    assert not session.init.get("plugin_errors")
    assert "hunkworks:review" in session.init["skills"]
    assert {"hunkworks:reviewer", "hunkworks:deep-reviewer"} <= set(session.init["agents"])
    assert [(server["name"], server["status"]) for server in session.init["mcp_servers"]] == [
        ("plugin:hunkworks:hunkworks", "connected")
    ]
    assert [hook["outcome"] for hook in session.hooks] == ["success"]
    (plugin,) = [plugin for plugin in session.init["plugins"] if plugin["name"] == "hunkworks"]
    return Path(plugin["path"])


def test_by_owner_and_repository_and_updated_to_the_next_version(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    source = pack_repository(tmp_path / "source")
    bare = publish(claude, source)
    claude.run("plugin", "marketplace", "add", HOME_OF_THE_PACK, "--sparse", *RUN_FROM)
    claude.run("plugin", "install", "hunkworks@hunkworks")
    assert installed(claude)["version"] == VERSION
    folder = loads(claude, api, tmp_path)
    assert folder.is_relative_to(claude.home / ".claude" / "plugins" / "cache")
    assert weight(folder) < MOST_BYTES

    release(source, bare, "99.0.0")
    claude.run("plugin", "marketplace", "update", "hunkworks")
    claude.run("plugin", "update", "hunkworks@hunkworks")
    assert installed(claude)["version"] == "99.0.0"
    updated = loads(claude, api, tmp_path)
    assert updated.name == "99.0.0"
    assert weight(updated) < MOST_BYTES


def weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_by_one_command_that_brings_tests_and_measurements_along(
    claude: Client, api: MessagesAPI, source: Path, tmp_path: Path
) -> None:
    publish(claude, source)
    claude.run("plugin", "install", "hunkworks", "--marketplace", HOME_OF_THE_PACK)
    assert (loads(claude, api, tmp_path) / "tests").is_dir()


def test_by_a_local_folder(claude: Client, api: MessagesAPI, source: Path, tmp_path: Path) -> None:
    claude.run("plugin", "marketplace", "add", str(source))
    claude.run("plugin", "install", "hunkworks@hunkworks")
    assert installed(claude)["version"] == VERSION
    assert loads(claude, api, tmp_path) == source


def test_by_plugin_dir(claude: Client, api: MessagesAPI, source: Path, tmp_path: Path) -> None:
    assert loads(claude, api, tmp_path, "--plugin-dir", str(source)) == source


def test_it_costs_little_in_every_session(claude: Client, source: Path) -> None:
    tokens, table = details(claude, source)
    assert 0 < tokens <= MOST_TOKENS, table
