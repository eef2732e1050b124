"""Ask a hook as the client does: the literal command of hooks.json, an event on stdin, an answer on stdout."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.repo import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
HOOKS: dict[str, list[dict[str, Any]]] = json.loads((ROOT / "hooks" / "hooks.json").read_text())["hooks"]


@dataclass(frozen=True)
class Answer:
    """What the client gets to see."""

    code: int
    stdout: str
    stderr: str

    @property
    def silent(self) -> bool:
        return (self.code, self.stdout, self.stderr) == (0, "", "")

    @property
    def undecided(self) -> bool:
        """Said in words why it could not decide, without a traceback, and let the call pass."""
        return self.code == 1 and not self.stdout and self.stderr.startswith("hunkworks: ")

    @property
    def decision(self) -> dict[str, Any]:
        assert self.code == 0, self.stderr
        decision: dict[str, Any] = json.loads(self.stdout)["hookSpecificOutput"]
        assert decision.pop("hookEventName") == "PreToolUse"
        return decision


def commands() -> dict[str, dict[str, Any]]:
    """Return every hook of hooks.json by its name, with its matcher."""
    return {
        hook["args"][-1]: {**hook, "matcher": matcher["matcher"]}
        for matchers in HOOKS.values()
        for matcher in matchers
        for hook in matcher["hooks"]
    }


def ask(
    hook: str, event: object, *, python: str = sys.executable, root: Path = ROOT, **environment: str
) -> Answer:
    """Run a hook with ``event`` (bytes as they are, anything else as JSON) and nothing of our environment."""
    arguments = [part.replace("${CLAUDE_PLUGIN_ROOT}", str(root)) for part in commands()[hook]["args"]]
    done = subprocess.run(
        [python, *arguments],
        input=event if isinstance(event, bytes) else json.dumps(event).encode(),
        capture_output=True,
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", **environment},
        check=False,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def interpreters() -> list[str]:
    """Return this interpreter, and the oldest that the door promises to run on if this machine has it."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.9*/bin/python3.9"))
    named = shutil.which("python3.9")
    for old in [*map(str, pyenv), *([named] if named else [])]:
        if subprocess.run([old, "-c", ""], capture_output=True, check=False).returncode == 0:
            return [sys.executable, old]
    return [sys.executable]


def load_door() -> ModuleType:
    """Return the door as a module, for what cannot be asked from outside."""
    return _load("door")


def load_edited() -> ModuleType:
    """Return what the door imports for edited catalogs."""
    return _load("edited")


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "hooks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def git(folder: Path, *arguments: str) -> str:
    """Run git in ``folder`` and return what it printed."""
    command = ["git", "-C", str(folder), *arguments]
    environment = {**os.environ, **ENVIRONMENT}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
