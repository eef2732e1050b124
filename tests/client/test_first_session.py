"""The first session after installing: nothing is built yet, and the user types the command at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.client.changes import plain
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI
from tests.client.plugins import HOME_OF_THE_PACK, pack_repository, publish
from tests.wheelhouse import wheelhouse

pytestmark = pytest.mark.client


def test_the_environment_is_built_once_and_the_review_waits_for_it(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    """The session's hook and the command's first line both ask for it; wheels come from a folder."""
    publish(claude, pack_repository(tmp_path / "source"))
    claude.run("plugin", "install", "hunkworks", "--marketplace", HOME_OF_THE_PACK)
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PATH": claude.only_our_python()}
    repo = plain(tmp_path / "repo")

    session = claude.ask(
        "/hunkworks:review", api=api, cwd=repo.root, **offline, PIP_FIND_LINKS=wheelhouse().as_uri()
    )

    assert not session.aborted, session.text
    assert "p001" in api.requests[0].typed
    environments = claude.home / ".local" / "share" / "hunkworks" / "environments"
    assert len([path for path in environments.iterdir() if path.is_dir()]) == 1

    api.requests.clear()
    claude.ask("/hunkworks:review", api=api, cwd=repo.root, **offline)
    assert "p001" in api.requests[0].typed
