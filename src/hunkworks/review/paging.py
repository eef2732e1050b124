"""Call a human: what they are told, and the three ways it reaches them. Once per stop; a failed call is tried again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

import msgspec

from hunkworks.config import Paging
from hunkworks.errors import EngineError
from hunkworks.review.finding import Finding
from hunkworks.review.manifest import ChangeRef
from hunkworks.review.memory import Memory

_TRIES = 3
_SECONDS = 20
_NOT_SENT = "the page was not sent: "


class Argued(msgspec.Struct, frozen=True):
    """An open finding with what the author's side said against it."""

    finding: Finding
    reopened: int
    disputes: tuple[str, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a human is told: why the machines stopped, and each open finding with both sides' arguments."""

    schema: int = 1
    why: str
    change: ChangeRef
    rounds: tuple[int, ...]
    open: tuple[Argued, ...]
    decide: str = "hunkworks review report; then dismiss, fix, or: hunkworks review resume"

    def text(self) -> str:
        """Return the page as Markdown, for a comment."""
        lines = [f"**Hunkworks stopped and asks a human**: {self.why}", ""]
        for item in self.open:
            finding = item.finding
            lines.append(
                f"- {finding.severity} `{finding.path}:{finding.line}` {finding.message} ({finding.scenario})"
            )
            lines += (f"  - the author's side: {dispute}" for dispute in item.disputes)
        return "\n".join([*lines, "", f"To decide: {self.decide}"])


def page_of(memory: Memory, change: ChangeRef) -> Page:
    """Return what a human is told about a loop that stopped."""
    return Page(
        why=memory.loop.paged,
        change=change,
        rounds=tuple(known.changed_lines for known in memory.loop.rounds),
        open=tuple(
            Argued(item.finding, item.reopened, item.disputes) for item in memory.findings if item.open
        ),
    )


def deliver(
    page: Page,
    config: Paging,
    trusted: Callable[[tuple[str, ...]], bool],
    pause: Callable[[float], None] = time.sleep,
    environment: Mapping[str, str] = os.environ,
) -> list[str]:
    """Send the page by every way that is configured and return how it went out; nothing configured is fine.

    Args:
        page: What to say.
        config: The base revision's ``[page]``.
        trusted: Whether the user agreed to a command.
        pause: Waits so many seconds between tries.
        environment: Holds the webhook's address and tokens.

    Raises:
        EngineError: A configured way did not take it.
    """
    ways = []
    if config.webhook:
        _post(config.webhook, environment.get(config.webhook, ""), page, pause)
        ways.append("webhook")
    if config.command:
        if not trusted(config.command):
            raise EngineError(
                "the paging command of hunkworks.toml is not trusted here", fix="hunkworks trust"
            )
        _run(config.command, msgspec.json.encode(page))
        ways.append("command")
    if config.github and (number := _pull_request(page.change.branch)):
        ways.append(_comment(number, page.text(), config.label))
    return ways


def _pull_request(branch: str) -> str:
    """Return the number of the change's pull request, that of the branch where it is no other; "" where it has none."""
    number = branch.removeprefix("pull request ")
    if number.isdigit():
        return number
    try:
        found = _run(("gh", "pr", "view", branch, "--json", "number", "--jq", ".number"), b"").strip()
    except EngineError as error:
        if "no pull requests found" in str(error):
            return ""
        raise
    return found if found.isdigit() else ""


def _comment(number: str, text: str, label: str) -> str:
    """Label the pull request, then comment on it: a label that cannot be set keeps no human from being called."""
    with contextlib.suppress(EngineError):  # it is there already, or may not be made: setting it tells
        _run(("gh", "label", "create", label, "--description", "Hunkworks stopped and asks a human"), b"")
    unlabelled = ""
    try:
        _run(("gh", "pr", "edit", number, "--add-label", label), b"")
    except EngineError as error:
        unlabelled = f" without its label ({str(error).removeprefix(_NOT_SENT)})"
    _run(("gh", "pr", "comment", number, "--body-file", "-"), text.encode("utf-8"))
    return f"github{unlabelled}"


def _post(variable: str, address: str, page: Page, pause: Callable[[float], None]) -> None:
    if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise EngineError(
            f"the page was not sent: {variable} holds no address",
            expected="https://…",
            fix=f"export {variable}=https://…",
        )
    request = urllib.request.Request(  # noqa: S310 (checked above)
        address, data=msgspec.json.encode(page), headers={"Content-Type": "application/json"}, method="POST"
    )
    for tries_left in reversed(range(_TRIES)):
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                raise EngineError(
                    f"the webhook in {variable} refused the page: {error.code} {error.reason}"
                ) from None
            reason = f"{error.code} {error.reason}"
        except OSError as error:
            reason = str(error)
        if tries_left:
            pause(2.0 ** (_TRIES - tries_left))
    raise EngineError(
        f"the webhook in {variable} did not take the page in {_TRIES} tries: {reason}", fix="run it again"
    )


def _run(command: tuple[str, ...], stdin: bytes) -> str:
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=_SECONDS * 3, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(f"{_NOT_SENT}{command[0]}: {error}") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
        raise EngineError(f"{_NOT_SENT}{command[0]} ended with {done.returncode}: {said[0]}")
    return done.stdout.decode("utf-8", "replace")
