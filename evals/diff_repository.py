"""A repository whose working tree holds a real change, made from its diff alone.

Every file of the diff is committed as it was, as far as hunks show it: the lines between them are empty. Then the diff
is applied to the working tree and left uncommitted.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from unidiff.patch import PatchedFile, PatchSet

_IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false")
_ENVIRONMENT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def make(root: Path, diff: bytes, settings: str = "") -> str:
    """Make the repository at ``root``; return "" or why it cannot be made of this diff.

    Args:
        root: Where; its parent exists.
        diff: As git prints it.
        settings: The project's ``hunkworks.toml``.
    """
    root.mkdir()
    try:
        files = PatchSet(diff.decode("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        return f"not read: {type(error).__name__}"
    for file in files:
        if file.is_binary_file or file.is_rename or not len(file):
            return "binary files, renames or modes"
        if not file.is_added_file:
            path = root / file.source_file.removeprefix("a/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_before(file))
    if settings:
        (root / "hunkworks.toml").write_text(settings)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A", "-f")
    git(root, "commit", "-q", "--allow-empty", "-m", "before")
    applied = git(root, "apply", "--whitespace=nowarn", "-", stdin=diff, check=False)
    return "" if applied.returncode == 0 else "git does not apply it to what it shows"


def git(
    root: Path, *arguments: str, stdin: bytes = b"", check: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """Run git in the repository, with nobody's own configuration."""
    environment = {**os.environ, **_ENVIRONMENT}
    command = ["git", *_IDENTITY, *arguments]
    return subprocess.run(command, cwd=root, env=environment, input=stdin, capture_output=True, check=check)


def _before(file: PatchedFile) -> bytes:
    lines: list[str] = []
    for hunk in file:
        lines += ["\n"] * (hunk.source_start - 1 - len(lines))
        for line in hunk:
            if line.line_type in (" ", "-"):
                lines.append(line.value)
            elif line.line_type == "\\" and lines:
                lines[-1] = lines[-1].removesuffix("\n")
    return "".join(lines).encode("utf-8")
