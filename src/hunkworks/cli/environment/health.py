"""What `doctor` looks at: each thing found or missing, and the command that mends it.

Standard library only, from Python 3.9 on: where the environment is missing, this says why.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from hunkworks import paths
from hunkworks.cli.environment import home, pins
from hunkworks.cli.environment.install import faults, find_uv
from hunkworks.cli.environment.interpreter import OLDEST, install_python
from hunkworks.errors import HunkworksError

FOUND, MISSING, BROKEN = "found", "missing", "broken"
_PACKAGE = Path(__file__).resolve().parents[2]


class Check(NamedTuple):
    """One line of the doctor's answer; ``needed`` decides whether its absence is a failure."""

    name: str
    state: str
    detail: str
    fix: str = ""
    needed: bool = True

    @property
    def mark(self) -> str:
        """The sign in front: a thing that is not needed and not there is no fault."""
        return "✓" if self.state == FOUND else "✗" if self.needed or self.state == BROKEN else "–"


def examine(folder: Path) -> list[Check]:
    """Look at this machine, and at the repository that ``folder`` is in."""
    checks: list[Callable[[Path], Iterator[Check]]] = [
        _git,
        _python,
        _environment,
        _api,
        _state,
        _configuration,
        _hooks,
        _client,
    ]
    return [check for look in checks for check in look(folder)]


def healthy(checks: Sequence[Check]) -> bool:
    """Return whether nothing that is needed is missing, and nothing that is there is broken."""
    return all(check.state == FOUND or (check.state == MISSING and not check.needed) for check in checks)


def document(checks: Sequence[Check]) -> dict[str, object]:
    """Return the answer as JSON values, without the schema number."""
    return {"healthy": healthy(checks), "checks": [check._asdict() for check in checks]}


def main(arguments: list[str]) -> int:
    """Answer without click and rich, as the launcher does when there is no environment."""
    if arguments and arguments != ["--json"]:
        print("usage: hunkworks doctor [--json]", file=sys.stderr)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    checks = examine(Path.cwd())
    if arguments:
        print(json.dumps({"schema": 1, **document(checks)}, indent=2))
    else:
        print("\n".join(plain(checks)))
    return 0 if healthy(checks) else 1


def plain(checks: Sequence[Check]) -> Iterator[str]:
    """Yield the answer as lines."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        yield f"{check.mark} {check.name:<{width}}  {check.detail}"
        if check.fix:
            yield f"  {'':<{width}}  fix: {check.fix}"


def _output(*command: str, folder: Path | None = None) -> str | None:
    """Return the first line a program prints; None when it is not there or fails."""
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return os.fsdecode(done.stdout.strip().split(b"\n")[0]) if done.returncode == 0 else None


def _git(folder: Path) -> Iterator[Check]:
    del folder
    version = _output("git", "--version")
    fix = (
        "xcode-select --install"
        if sys.platform == "darwin"
        else "install git with your system's package manager"
    )
    yield Check("git", FOUND, version) if version else Check("git", MISSING, "not on PATH", fix)


def _python(folder: Path) -> Iterator[Check]:
    del folder
    detail = f"{platform.python_version()} at {os.path.realpath(sys.executable)}"
    good = sys.version_info[:2] >= OLDEST
    yield (
        Check("Python", FOUND, detail)
        if good
        else Check("Python", MISSING, f"3.11 or newer; {detail} is too old", install_python())
    )


def _installed_as_package() -> bool:
    return not (_PACKAGE.parents[1] / "requirements" / pins.CORE).is_file()


def _environment(folder: Path) -> Iterator[Check]:
    """The plugin's environment: what would build it, where it would stand, whether it does and works."""
    del folder
    foreign = os.environ.get("HUNKWORKS_PYTHON")
    if _installed_as_package():
        yield Check("environment", FOUND, f"installed as a package in {sys.prefix}")
        return
    if foreign:
        yield Check("environment", FOUND, f"HUNKWORKS_PYTHON={foreign}, used as it is")
        return
    locks = _PACKAGE.parents[1] / "requirements"
    try:
        base = home.home()
        environment = home.current(base, pins.read_digest(locks))
        wrong = faults(environment, pins.lock_for(locks, home.extras(base))) if environment else ""
    except HunkworksError as error:
        yield Check("environment", BROKEN, f"{error.what}: {error.found or error.expected}", error.fix)
        return
    yield from _installer(needed=environment is None or bool(wrong))
    yield _writable("environment's home", base, "HUNKWORKS_HOME", needed=environment is None)
    if environment is None:
        yield Check(
            "environment",
            MISSING,
            "not built yet (the first use builds it)",
            home.command("environment", "build"),
        )
    elif wrong:
        yield Check("environment", BROKEN, wrong.splitlines()[0], home.command("environment", "build"))
    else:
        yield Check("environment", FOUND, os.fspath(environment))


def _installer(*, needed: bool) -> Iterator[Check]:
    uv = find_uv()
    if uv:
        yield Check("installer", FOUND, f"{_output(uv, '--version')} at {uv}")
    elif find_spec("venv") and find_spec("ensurepip"):
        yield Check("installer", FOUND, "venv and pip")
    else:
        yield Check(
            "installer", MISSING, "neither uv nor Python's venv and ensurepip", install_python(), needed
        )


def _api(folder: Path) -> Iterator[Check]:
    del folder
    if not find_spec("click"):
        return  # no environment: what is in it cannot be said
    fix = (
        "pip install 'hunkworks[api]'"
        if _installed_as_package()
        else home.command("environment", "build", "--extra", "api")
    )
    if find_spec("anthropic"):
        yield Check("model API", FOUND, "the anthropic package, for runs without a session", needed=False)
    else:
        yield Check("model API", MISSING, "only for runs without a session", fix, needed=False)


def _state(folder: Path) -> Iterator[Check]:
    common = _output("git", "rev-parse", "--git-common-dir", folder=folder)
    if common:
        yield _writable("repository's state", paths.repository_state(Path(folder, common).resolve()), "")
    else:
        yield Check("repository", MISSING, f"{folder} is in no git repository", "cd into one", needed=False)
    if os.environ.get("HUNKWORKS_STATE_DIR") or find_spec("platformdirs"):
        yield _writable("user's state", paths.user_state(), "HUNKWORKS_STATE_DIR")


def _writable(name: str, folder: Path, variable: str, *, needed: bool = True) -> Check:
    """Write into the nearest folder that exists: permission bits say nothing of sandboxes and read-only mounts."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            return Check(name, FOUND, f"{folder} can be written")
    except OSError as error:
        fix = f"export {variable}=/a/folder/you/may/write" if variable else "run outside the sandbox"
        return Check(name, MISSING, f"{folder} cannot be written: {error.strerror}", fix, needed)


def _configuration(folder: Path) -> Iterator[Check]:
    top = _output("git", "rev-parse", "--show-toplevel", folder=folder)
    file = Path(top or folder, "hunkworks.toml")
    if not file.is_file():
        yield Check("configuration", MISSING, "no hunkworks.toml; every key has a default", needed=False)
        return
    if not find_spec("msgspec"):
        return  # it cannot be read without the environment, which is reported
    from hunkworks import config

    try:
        config.parse(file.read_text(encoding="utf-8"), origin=os.fspath(file))
    except (HunkworksError, OSError, UnicodeDecodeError) as error:
        yield Check("configuration", BROKEN, str(error), f"edit {file}")
    else:
        yield Check("configuration", FOUND, os.fspath(file))


def _hooks(folder: Path) -> Iterator[Check]:
    if not _installed_as_package():
        there = paths.pack("hooks/hooks.json").is_file()
        fix = "claude plugin update hunkworks"
        yield (
            Check("session hooks", FOUND, "in the plugin")
            if there
            else Check("session hooks", MISSING, "", fix)
        )
    relative = _output("git", "rev-parse", "--git-path", "hooks/pre-commit", folder=folder)
    if not relative:
        return
    hook = Path(folder, relative).resolve()
    configured = Path(
        _output("git", "rev-parse", "--show-toplevel", folder=folder) or folder, ".pre-commit-config.yaml"
    )
    mentions = [file for file in (hook, configured) if file.is_file() and b"hunkworks" in file.read_bytes()]
    if mentions and hook.is_file():
        yield Check("pre-commit hook", FOUND, os.fspath(mentions[0]), needed=False)
    elif mentions:
        yield Check(
            "pre-commit hook",
            MISSING,
            f"{configured.name} names it, git does not run it",
            "pre-commit install",
            needed=False,
        )
    else:
        fix = "add hunkworks-review to .pre-commit-config.yaml, then: pre-commit install"
        yield Check("pre-commit hook", MISSING, "commits are not checked outside sessions", fix, needed=False)


def _client(folder: Path) -> Iterator[Check]:
    top = _output("git", "rev-parse", "--show-toplevel", folder=folder)
    settings = Path(top or folder, ".claude", "settings.json")
    if settings.is_file():
        quiet = b"CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS" in settings.read_bytes()
        yield (
            Check("client's git status", FOUND, "kept from agents by .claude/settings.json", needed=False)
            if quiet
            else Check(
                "client's git status",
                MISSING,
                "the client tells agents commit subjects and file names, unmasked",
                "if they may not leave: hunkworks init --no-git-status",
                needed=False,
            )
        )
    version = _output("claude", "--version") if shutil.which("claude") else None
    yield (
        Check("Claude Code", FOUND, version, needed=False)
        if version
        else Check("Claude Code", MISSING, "not on PATH; needed for the slash commands only", needed=False)
    )
