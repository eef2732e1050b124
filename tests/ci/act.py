"""Run the written workflow under act, on this machine, against the fake GitHub.

What is real: the workflow file, act's reading of it, every step's shell, the program, git, the API by its contract.
What is not: the runner image, GitHub's permissions and concurrency (act enforces neither), and the three actions, for
which small stand-ins stand in ``actions/``.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hunkworks.scaffold.ci.workflow import Workflow
from tests.forge.fake import WRITE
from tests.forge.project import NUMBER, Project

HERE = Path(__file__).resolve().parent
HOME = "hunkworks/hunkworks"
# The environment is the one that runs this: building another is what tests/launcher proves.
_LAUNCHER = """#!/bin/sh
[ "$1" = environment ] || exec '{python}' -m hunkworks "$@"
"""
WORKFLOW = Workflow(HOME, "v0.1.0")


@dataclass(frozen=True)
class Ran:
    """How a run of the workflow ended: act's exit code, its log, and each job's summary."""

    code: int
    log: str

    def step(self, name: str) -> str:
        """Return how a step ended: Success, Failure, or "" where it did not run."""
        found = re.findall(rf"(Success|Failure) - Main {re.escape(name)} ", self.log + " ")
        return str(found[-1]) if found else ""


class Act:
    """One project whose pull request 7 is reviewed by the workflow."""

    def __init__(self, folder: Path, project: Project) -> None:
        self.project = project
        self.folder = folder
        self.artifacts = folder / "artifacts"
        self.artifacts.mkdir(parents=True)
        self.place = folder / "place"
        workflow = self.place / WORKFLOW.path
        workflow.parent.mkdir(parents=True)
        self.pack = folder / "pack"
        launcher = self.pack / "bin" / "hunkworks"
        launcher.parent.mkdir(parents=True)
        launcher.write_text(_LAUNCHER.format(python=sys.executable))
        launcher.chmod(0o755)
        for command in (
            ("init", "-q"),
            ("remote", "add", "origin", f"https://github.com/{project.github.slug}"),
        ):
            subprocess.run(["git", *command], cwd=self.place, check=True)
        nobody = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(
            ["git", *nobody, "commit", "-q", "--allow-empty", "-m", "x"], cwd=self.place, check=True
        )

    def event(self, action: str = "opened", **pull: Any) -> dict[str, Any]:
        """Return the event as GitHub sends it."""
        slug = self.project.github.slug
        repo = {"full_name": slug}
        head = {"sha": self.project.pull.head, "ref": "topic", "repo": repo}
        base = {"sha": self.project.base, "ref": "main", "repo": repo}
        own = {"number": NUMBER, "draft": False, "user": {"login": "ada"}, "head": head, "base": base}
        owner, name = slug.split("/")
        repository = {"full_name": slug, "name": name, "owner": {"login": owner}, "default_branch": "main"}
        return {"action": action, "number": NUMBER, "pull_request": own | pull, "repository": repository}

    def fork(self) -> dict[str, Any]:
        """Return the event of a pull request from a fork."""
        event = self.event()
        event["pull_request"]["head"]["repo"] = {"full_name": "mallory/hello"}
        return event

    def run(
        self,
        event: dict[str, Any],
        *,
        token: str = WRITE,
        tamper: str = "",
        unsealed: bool = False,
        secrets: dict[str, str] | None = None,
        variables: dict[str, str] | None = None,
        during: Callable[[subprocess.Popen[bytes]], None] = lambda _: None,
    ) -> Ran:
        """Run the workflow for an event and return how it ended.

        Args:
            event: As :meth:`event` makes it.
            token: What ``github.token`` is.
            tamper: A shell line that edits the report between the two jobs.
            unsealed: Leave out the comparison of digests, so that the report's own checks stand alone.
            secrets: The repository's secrets.
            variables: More of the environment.
            during: Called once act has started.
        """
        text = WORKFLOW.content()
        opening = b'if [ "$(cd out'
        assert opening in text
        (self.place / WORKFLOW.path).write_bytes(
            text.replace(opening, b'if false && [ "$(cd out') if unsealed else text
        )
        (self.folder / "event.json").write_text(json.dumps(event))
        machine = tempfile.mkdtemp(prefix="machine-", dir=self.folder)  # every run has one of its own
        variables = {
            "GITHUB_API_URL": self.project.github.url,
            "HUNKWORKS_STATE_DIR": machine,
            "STAND_IN_ARTIFACTS": str(self.artifacts),
            "STAND_IN_BARE": str(self.project.bare),
            "STAND_IN_HOME": HOME,
            "STAND_IN_PACK": str(self.pack),
            "STAND_IN_TAMPER": tamper,
            **(variables or {}),
        }
        command = self._command({"GITHUB_TOKEN": token, **(secrets or {})}, variables)
        own = {"HOME": machine, "PATH": os.environ["PATH"]}
        with (self.folder / "log").open("wb+") as log:
            process = subprocess.Popen(command, cwd=self.place, env=own, stdout=log, stderr=subprocess.STDOUT)
            during(process)
            code = process.wait()
            log.seek(0)
            return Ran(code, log.read().decode("utf-8", "replace"))

    def _command(self, secrets: dict[str, str], variables: dict[str, str]) -> list[str]:
        command = [str(Path(sys.executable).parent / "act"), "pull_request", "--actor", "ada"]
        command += ["--eventpath", str(self.folder / "event.json"), "--workflows", WORKFLOW.path]
        command += ["-P", "ubuntu-latest=-self-hosted", "--no-cache-server", "--no-skip-checkout"]
        command += [part for name, value in secrets.items() for part in ("--secret", f"{name}={value}")]
        command += [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
        for uses in sorted(set(re.findall(r"uses: (\S+)", WORKFLOW.content().decode()))):
            action = uses.partition("@")[0].removeprefix("actions/")
            command += ["--local-repository", f"{uses}={HERE / 'actions' / action}"]
        return command

    def memory(self) -> str:
        """Return the commit of the pull request's memory, "" where there is none."""
        listed = self.project.github.git("for-each-ref", "--format=%(objectname)", "refs/hunkworks")
        return listed.decode().strip()


def cancel(process: subprocess.Popen[bytes]) -> None:
    """End a run as somebody who presses Cancel."""
    process.send_signal(signal.SIGINT)
