"""The command that has to succeed after a recipe is applied: run only where the user agreed to exactly its words."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hunkworks import trust
from hunkworks.errors import UsageError
from hunkworks.refactor.template import fill

_FILES = "{{files}}"
_TOLD = 2_000
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a command did not succeed, and the end of what it said."""

    why: str
    said: str


def refuse_untrusted(common_dir: Path, command: Sequence[str], source: str) -> None:
    """Refuse a command that the user did not agree to.

    Raises:
        UsageError: It is not trusted.
    """
    if not trust.is_trusted(common_dir, command):
        raise UsageError(
            f"{source} is verified by a command that is not trusted here: {shlex.join(command)}",
            fix="hunkworks trust, or leave it out: --no-verify",
        )


def run(command: Sequence[str], root: Path, values: Mapping[str, str], files: Sequence[str]) -> Failed | None:
    """Run ``command`` at ``root`` without a shell, and return why it failed, or None.

    Args:
        command: Word by word; ``{{files}}`` as a word of its own stands for ``files``.
        root: The work tree.
        values: Parameters.
        files: The files that were written.
    """
    words: list[str] = []
    for word in command:
        words += [f"./{path}" for path in files] if word == _FILES else [fill(word, values)]
    try:
        done = subprocess.run(
            words,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        return Failed(f"{words[0]} cannot be started: {error.strerror}", "")
    if done.returncode == 0:
        return None
    said = _CONTROL.sub("", done.stdout.decode("utf-8", "replace").replace("\r\n", "\n"))[-_TOLD:]
    return Failed(f"{shlex.join(command)} ended with {done.returncode}", said.strip())
