"""The one place that starts git: argument lists only, and nothing of the user's taste in between.

What is kept, what is shut out, and why this is no library, is told in docs/decisions/0002-git.md.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from hunkworks.errors import HunkworksError, RepositoryError

# Of GIT_* only what finds git, its configuration files and a remote is passed on: GIT_DIR, GIT_INDEX_FILE,
# GIT_EXTERNAL_DIFF, GIT_DIFF_OPTS, GIT_LITERAL_PATHSPECS, … would silently answer another question.
_KEPT = re.compile(
    r"GIT_(ASKPASS|CEILING_DIRECTORIES|CONFIG_\w+|CURL_\w+|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|HTTP_\w+"
    r"|PROTOCOL\w*|PROXY_\w+|SSH|SSH_\w+|SSL_\w+|TERMINAL_PROMPT)"
)
_ALWAYS = (
    "--no-pager",
    "--no-optional-locks",  # reading never takes index.lock
    *("-c", "core.quotePath=false", "-c", "color.ui=false", "-c", "diff.suppressBlankEmpty=false"),
)


def run(
    folder: Path,
    arguments: tuple[str, ...],
    *,
    stdin: bytes | None = None,
    index: Path | None = None,
    statuses: Collection[int] = (0,),
) -> bytes:
    """Run git in ``folder`` and return what it printed.

    Args:
        folder: Where git stands.
        arguments: The verb and its arguments.
        stdin: What git reads; by default nothing.
        index: An index file to use in place of the repository's own.
        statuses: Exit statuses that are answers, not failures.

    Raises:
        RepositoryError: git refused, in its own words, or is not installed.
    """
    process = start(folder, arguments, stderr=subprocess.PIPE, index=index)
    output, complaint = process.communicate(stdin)
    if process.returncode not in statuses:
        raise _refusal(folder, arguments, complaint)
    return output


@contextmanager
def stream(
    folder: Path, arguments: tuple[str, ...], *, index: Path | None = None, statuses: Collection[int] = (0,)
) -> Iterator[BinaryIO]:
    """Run git and give its output while it comes; the exit status is checked once everything is read.

    Leaving early ends git and checks nothing. Arguments and errors as in :func:`run`.
    """
    import tempfile  # with all that it imports, it costs a fast command more than what starts git

    with tempfile.TemporaryFile() as complaints:
        process = start(folder, arguments, stdin=subprocess.DEVNULL, stderr=complaints, index=index)
        output = cast("BinaryIO", process.stdout)
        complete = False
        try:
            yield output
            complete = output.read(1) == b""
        except HunkworksError:
            # A reader that finds the output cut is right, but git knows why.
            complete = output.read(1) == b"" and process.wait() not in statuses
            if not complete:
                raise
        finally:
            if not complete:
                process.kill()
            output.close()
            process.wait()
        if complete and process.returncode not in statuses:
            complaints.seek(0)
            raise _refusal(folder, arguments, complaints.read())


def start(
    folder: Path,
    arguments: tuple[str, ...],
    *,
    stdin: int = subprocess.PIPE,
    stderr: IO[bytes] | int,
    index: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start git in ``folder`` with a pipe from its output."""
    command = ["git", *_ALWAYS, "-C", str(folder), *arguments]
    environment = _environment(index)
    try:
        return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=environment)
    except FileNotFoundError as error:
        raise RepositoryError(
            "git is not installed", fix="install it from https://git-scm.com/downloads"
        ) from error


def _environment(index: Path | None) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _KEPT.fullmatch(key)
    }
    kept["LC_ALL"] = "C"
    kept.setdefault("GIT_TERMINAL_PROMPT", "0")
    if index is not None:
        kept["GIT_INDEX_FILE"] = str(index)
    return kept


def _refusal(folder: Path, arguments: tuple[str, ...], complaint: bytes) -> RepositoryError:
    lines = [line.strip() for line in complaint.decode("utf-8", "replace").splitlines() if line.strip()]
    told = (
        [line for line in lines if line.startswith(("fatal: ", "error: "))]
        or lines[-1:]
        or ["no reason given"]
    )
    sentence = "; ".join(line.removeprefix("fatal: ").removeprefix("error: ").rstrip(".") for line in told)
    # A remote's URL may carry a password.
    sentence = re.sub(r"://[^/\s@]+@", "://", sentence)
    if "not a git repository" in sentence:
        return RepositoryError(f"there is no git repository in {folder} or above it", fix="git init")
    fix = next((line for line in lines if "safe.directory" in line), "")
    verb = next(
        (argument for argument in arguments if not argument.startswith("-") and "=" not in argument), ""
    )
    return RepositoryError(f"git {verb}: {sentence}", fix=fix)
