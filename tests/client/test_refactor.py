"""`/hunkworks:refactor` in the real client: code applies, an agent judges, an edit out of range is rejected."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.client.changes import TOOLS, session_of
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Rule, ToolUse, Turn
from tests.client.plugins import HOME_OF_THE_PACK, pack_repository, publish
from tests.repo import Repo

pytestmark = pytest.mark.client

RECIPE = """\
id: use-logger
language: Python
severity: hint
message: print in a service.
rule: {pattern: print($TEXT)}
fix: log.info($TEXT)
metadata:
  title: print becomes log.info
  why: Nobody reads a service's output.
  safety: mechanical
  brief: Pass values as arguments of log.info, so that they are only formatted where they are shown.
  guard:
    - {judge: the text is formatted, rule: {has: {kind: interpolation, stopBy: end}}}
  imports: {add: [from service import log]}
  examples:
    rewrite:
      - {before: "print('a')\\n", after: "from service import log\\n\\nlog.info('a')\\n"}
      - {before: "print(b)\\n", after: "from service import log\\n\\nlog.info(b)\\n"}
    no-match: ["log.info('a')\\n", "pprint('a')\\n"]
    refused: [{text: "print(f'{a}')\\n"}]
"""
BEFORE = "import os\n\n\ndef old() -> None:\n    print('old')\n"
ADDED = "\n\ndef new(name: str) -> None:\n    print('new')\n    print(f'hello {name}')\n"
AFTER = (
    "import os\n\nfrom service import log\n\n\ndef old() -> None:\n    print('old')\n"
    "\n\ndef new(name: str) -> None:\n    log.info('new')\n    log.info('hello %s', name)\n"
)


@pytest.fixture(scope="module")
def claude(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The client, the pack installed by owner/repo."""
    folder = tmp_path_factory.mktemp("installed")
    client = Client(program, folder / "home")
    publish(client, pack_repository(folder / "source"))
    client.run("plugin", "install", "hunkworks", "--marketplace", HOME_OF_THE_PACK)
    return client


def project(folder: Path) -> Repo:
    repo = Repo(folder)
    repo.write(".hunkworks/recipes/python/use-logger.yml", RECIPE)
    repo.write("app.py", BEFORE)
    repo.commit()
    repo.write("app.py", BEFORE + ADDED)
    return repo


def shell(verb: str) -> Turn:
    return lambda request: [
        ToolUse(
            "Bash",
            {"command": f"hunkworks recipe {verb} --session {session_of(request)}", "description": verb},
        )
    ]


def edit(repo: Repo, old: str, new: str) -> Turn:
    return [ToolUse("Edit", {"file_path": str(repo.root / "app.py"), "old_string": old, "new_string": new})]


def judged() -> Turn:
    """The main model starts the agent on the one packet."""
    asked = {
        "subagent_type": "hunkworks:refactorer",
        "description": "judge",
        "prompt": "Judge packets r001.",
        "run_in_background": False,
    }
    return [ToolUse("Agent", asked)]


def refactorer() -> Rule:
    """Reads its packet, hands in the allowed line, and again when it is told that this did not hold."""
    answer = {"residue": "r001", "replacement": "    log.info('hello %s', name)"}
    handed_in: Turn = [ToolUse(f"{TOOLS}answers", {"answers": [answer]})]
    return Rule(
        [[ToolUse(f"{TOOLS}residue", {"residue": "r001"})], handed_in, ["Judged."]],
        system="refactoring recipe",
        when=lambda request: bool(request.agent_id),
    )


def test_code_applies_the_agent_judges_and_an_edit_out_of_range_is_rejected(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    repo = project(tmp_path / "repo")
    main = Rule(
        [
            shell("run use-logger"),
            [ToolUse("Read", {"file_path": str(repo.root / "app.py")})],
            edit(repo, "print('old')", "print('OLD')"),
            judged(),
            edit(repo, "print('OLD')", "print('old')"),
            judged(),
            shell("answer"),
            lambda request: [request.results[-1].text],
        ],
        when=lambda request: not request.agent_id,
    )
    api.rules = [refactorer(), main]
    session = claude.ask(
        "/hunkworks:refactor use-logger",
        api=api,
        cwd=repo.root,
        options=["--permission-mode", "acceptEdits"],
        HUNKWORKS_PYTHON=sys.executable,
    )
    assert session.returncode == 0, session.stderr
    assert not session.aborted, session.text
    assert session.denials == []
    assert "use-logger" in api.requests[0].typed, "the project's own recipes stand in the table"

    answers = [
        json.loads(result.text)
        for request in api.subagents
        for result in request.results[-1:]
        if result.text.startswith("{")
    ]
    rejected, accepted = answers
    assert [item["residue"] for item in rejected["rejected"]] == ["r001"]
    assert "app.py was edited outside of the allowed lines, at line 7" in rejected["rejected"][0]["why"]
    assert rejected["outside"] == [{"path": "app.py", "lines": "7"}]
    assert accepted["accepted"] == ["r001"]
    assert "0 open in the whole batch" in session.text
    assert (repo.root / "app.py").read_text() == AFTER
    assert repo.git("status", "--porcelain").split() == ["M", "app.py"]
