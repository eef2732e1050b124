"""`/hunkworks:scaffold-tests` and `scaffold-docs` in the real client: stubs written, checked, nothing run unasked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Request, Rule, ToolUse, Turn
from tests.client.plugins import HOME_OF_THE_PACK, pack_repository, publish
from tests.repo import Repo

pytestmark = pytest.mark.client

STUB = '    raise NotImplementedError("unwritten test of cache.py#purge_all")\n'
WRITTEN = "    from cache import purge_all\n\n    assert purge_all([1]) == []\n"


@pytest.fixture(scope="module")
def claude(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The client, the pack installed by owner/repo."""
    folder = tmp_path_factory.mktemp("installed")
    client = Client(program, folder / "home")
    publish(client, pack_repository(folder / "source"))
    client.run("plugin", "install", "hunkworks", "--marketplace", HOME_OF_THE_PACK)
    return client


def project(folder: Path) -> Repo:
    """A module with a test and a document, and a change that adds a function and renames another."""
    body = "    first = start(a)\n    second = finish(first, key=a)\n    return first + second\n"
    repo = Repo(folder)
    repo.write("cache.py", f"def load_cache(a):\n{body}")
    repo.write("test_cache.py", 'def test_nothing():\n    assert "x"\n')
    repo.write("README.md", "Call `load_cache(1)`.\n")
    repo.commit()
    repo.write("cache.py", f"def read_cache(a):\n{body}\n\ndef purge_all(cache):\n    return []\n")
    return repo


def bash(command: str) -> list[str | ToolUse]:
    return [ToolUse("Bash", {"command": command, "description": "as the skill says"})]


def test_stubs_are_written_checked_and_run_only_when_allowed(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    repo = project(tmp_path / "repo")
    file = str(repo.root / "test_cache.py")
    turns: list[Turn] = [
        bash("hunkworks scaffold tests"),
        [ToolUse("Read", {"file_path": file})],
        [ToolUse("Edit", {"file_path": file, "old_string": STUB, "new_string": WRITTEN})],
        bash("hunkworks scaffold tests --check"),
        bash("hunkworks scaffold tests --check --run"),
        lambda request: [request.results[-1].text],
    ]
    api.rules = [Rule(turns, when=lambda request: not request.agent_id)]
    session = claude.ask(
        "/hunkworks:scaffold-tests",
        api=api,
        cwd=repo.root,
        options=["--permission-mode", "acceptEdits"],
        HUNKWORKS_PYTHON=sys.executable,
    )
    assert session.returncode == 0, session.stderr
    assert not session.aborted, session.text
    assert "stub      cache.py:7 purge_all -> test_cache.py: test_purge_all (pytest)" in api.requests[0].typed
    assert WRITTEN in (repo.root / "test_cache.py").read_text()
    assert "1 named" in said(api.requests, "to test:"), session.text
    assert [denial["tool_input"]["command"] for denial in session.denials] == [
        "hunkworks scaffold tests --check --run"
    ]


def test_untrue_documents_are_shown_before_the_model_is_asked(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    repo = project(tmp_path / "repo")
    api.rules = [Rule([["Read."]], when=lambda request: not request.agent_id)]
    session = claude.ask("/hunkworks:scaffold-docs", api=api, cwd=repo.root, HUNKWORKS_PYTHON=sys.executable)
    assert not session.aborted, session.text
    assert "untrue   README.md:1 load_cache renamed, now read_cache" in api.requests[0].typed


def said(requests: list[Request], words: str) -> str:
    """Return the first result of a tool that holds ``words``."""
    texts = [result.text for request in requests for result in request.results]
    return next((text for text in texts if words in text), f"nobody said {words!r}: {texts}")
