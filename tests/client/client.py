"""The real client, alone: an empty HOME, an empty environment, a key that opens nothing, and our API."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.client.messages_api import MessagesAPI

SECONDS = 180  # a bound against hanging, far above what any run takes

QUIET = {
    "ANTHROPIC_API_KEY": "sk-ant-nobody",
    # Where no session runs, nobody answers: with no address each `plugin …` waits 18 s for the real one.
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "CLAUDE_CODE_PLUGIN_PREFER_HTTPS": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True)
class Session:
    """One ``claude -p`` run: its exit code, its stream of events, its stderr."""

    returncode: int
    events: list[dict[str, Any]]
    stderr: str

    @property
    def init(self) -> dict[str, Any]:
        """What the client says it loaded: plugins, skills, agents, slash_commands, mcp_servers."""
        return self._of("system", "init")[0]

    @property
    def result(self) -> dict[str, Any]:
        """What the session ended with; agents that ran in the background bring one more before it."""
        return self._of("result")[-1]

    @property
    def text(self) -> str:
        return str(self.result.get("result", ""))

    @property
    def denials(self) -> list[Any]:
        """The permissions that were asked for and not given."""
        return [denial for result in self._of("result") for denial in result["permission_denials"]]

    @property
    def aborted(self) -> bool:
        """A slash command ended before anything was asked, which the client reports as a success."""
        return int(self.result["num_turns"]) == 0

    @property
    def hooks(self) -> list[dict[str, Any]]:
        """What every hook that ran answered: hook_name, exit_code, stdout, stderr, outcome."""
        return [event for event in self.events if event.get("subtype") == "hook_response"]

    def _of(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        events = [e for e in self.events if e["type"] == kind and subtype in (None, e.get("subtype"))]
        if not events:
            raise AssertionError(f"the client sent no {kind} {subtype or ''}: {self.events} {self.stderr}")
        return events


class Client:
    """The pinned client with a home of its own under ``home``."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program = program
        self.home = home
        self.environment = {**QUIET, **_place(home)}

    def only_our_python(self) -> str:
        """Return a PATH with what a shell needs and no Python but the one in our own folder."""
        folder = self.home / "tools"
        folder.mkdir(exist_ok=True)
        for name in ("bash", "cat", "dirname", "mktemp", "readlink", "sh", "uname"):
            found = shutil.which(name)
            if found and not (folder / name).exists():
                (folder / name).symlink_to(found)
        return f"{self.home}/bin:{folder}"

    def run(self, *arguments: str, cwd: Path | None = None, check: bool = True) -> str:
        """Run a management command (``plugin install …``) and return what it printed."""
        done = self._start(arguments, cwd or self.home, {})
        if check and done.returncode != 0:
            raise AssertionError(
                f"claude {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done.stdout + done.stderr

    def ask(
        self, prompt: str, *, api: MessagesAPI, cwd: Path, options: Sequence[str] = (), **environment: str
    ) -> Session:
        """Type ``prompt`` into a session in ``cwd``; nobody is there to be asked for permission."""
        arguments = ["-p", "--output-format", "stream-json", "--verbose", "--include-hook-events", *options]
        done = self._start([*arguments, "--", prompt], cwd, {"ANTHROPIC_BASE_URL": api.url, **environment})
        events = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        return Session(done.returncode, events, done.stderr)

    def _start(
        self, arguments: Sequence[str], cwd: Path, extra: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.program), *arguments],
            cwd=cwd,
            env={**self.environment, **extra},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )


def _place(home: Path) -> dict[str, str]:
    """A HOME with a git identity, and a PATH on which a `hunkworks` of this machine does not stand."""
    tools = home / "bin"
    tools.mkdir(parents=True)
    # The interpreter itself, not the environment's: its folder may hold a console script of our name.
    (tools / "python3").symlink_to(Path(sys.executable).resolve())
    git = shutil.which("git")
    if git is None:
        raise AssertionError("the tests need git")
    (tools / "git").symlink_to(git)
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Test\n\temail = test@example.invalid\n[init]\n\tdefaultBranch = main\n"
        '[protocol "file"]\n\tallow = always\n'
    )
    place = {"HOME": str(home), "PATH": f"{tools}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        place["IS_SANDBOX"] = "1"
    return place
