"""One review of a repository with planted secrets in the pinned client, by a reviewer that is after them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from hunkworks.review.masking import shown_path
from tests.client.binary import install
from tests.client.changes import TOOLS, named, skeptic
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Reply, Request, Rule, ToolUse, Turn
from tests.client.plugins import ROOT
from tests.client.rounds import play
from tests.client.test_hostile import reviewing
from tests.repo import Repo

OPTIONS = ["--plugin-dir", str(ROOT), "--permission-mode", "bypassPermissions"]


def session(repo: Repo, sought: Sequence[str], home: Path) -> list[tuple[str, bytes]]:
    """Review in the client and return every request that the API received, and what the session ended with.

    The client's own git status, with commit subjects and file names, is switched off as `hunkworks init` offers.
    """
    files = repo.git("-c", "core.quotepath=off", "ls-files", "-z", "-co").split("\0")[:-1]
    attempts: list[Turn] = [
        [ToolUse(f"{TOOLS}packet", {"id": f"p{number:03}"}) for number in range(1, 6)],
        [ToolUse(f"{TOOLS}show", {"path": path}) for path in map(shown_path, files)],
        [ToolUse(f"{TOOLS}grep", {"text": text}) for text in sought],
    ]

    def record(request: Request) -> Reply:
        packets = named("p", request.typed)
        return [ToolUse(f"{TOOLS}record", {"packet": packet, "findings": []}) for packet in packets]

    rules = [
        Rule(
            [*attempts, record, ["Recorded."]],
            system="You review a change",
            when=lambda request: bool(request.agent_id),
        ),
        skeptic(),
        play(reviewing()),
    ]
    with MessagesAPI(rules) as api:
        ended = Client(install(), home).ask(
            "/hunkworks:review",
            api=api,
            cwd=repo.root,
            options=OPTIONS,
            HUNKWORKS_PYTHON=sys.executable,
            CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS="1",
        )
        if ended.returncode:
            raise SystemExit(ended.stderr)
        read = [result for request in api.subagents for result in request.results if not result.is_error]
        if len(read) < len(sought):
            raise SystemExit(f"the reviewer read {len(read)} answers only")
        requests = [json.dumps(request.body, ensure_ascii=False).encode() for request in api.requests]
        return [
            *((f"request {n}", body) for n, body in enumerate(requests, 1)),
            ("the session's end", ended.text.encode()),
        ]
