"""A pull request, resolved to commits: asked through `gh` where it is installed, else through GitHub's REST API."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hunkworks.change.github import GitHub, LimitedError, RefusedError, UnansweredError
from hunkworks.change.repository import Repository
from hunkworks.errors import RepositoryError, UsageError

_TIMEOUT = 30
_GH_NOT_LOGGED_IN = 4  # https://cli.github.com/manual/gh_help_exit-codes
_REMOTE = re.compile(
    r"(?:\w[\w+.-]*://(?:[^/@]*@)?(?P<host>[^/:]+)(?::\d+)?/|(?:[^/@:]+@)?(?P<scp>[^/:]+):(?!//))"
    r"(?:.*/)?(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/?"
)
_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote of this clone, and the repository on the forge that its URL names."""

    name: str
    host: str
    slug: str


def fetch(repository: Repository, number: int) -> str:
    """Fetch a pull request's commits into no branch and return its range, ``<base>...<head>``.

    Args:
        repository: A clone with a remote on GitHub.
        number: The pull request's number.

    Raises:
        UsageError: ``number`` is not a pull request's number.
        RepositoryError: No remote fits, GitHub refused, or a commit cannot be fetched.
    """
    if number < 1:
        raise UsageError(f"{number} is not the number of a pull request", fix="--pr 17")
    remote = find_remote(repository)
    pull = _of_event(remote, number)
    if pull is None:
        pull = _ask_gh(remote, number) if shutil.which("gh") else _ask_rest(remote, number)
    base, head = _commit(pull, "base", number), _commit(pull, "head", number)
    _bring(repository, remote, head, f"refs/pull/{number}/head")
    _bring(repository, remote, base, base)
    return f"{base}...{head}"


def find_remote(repository: Repository) -> Remote:
    """Return the remote that holds the pull requests: ``upstream`` before ``origin`` before any other.

    In GitHub Actions, GITHUB_REPOSITORY says which one is meant.
    """
    found: list[Remote] = []
    for name in os.fsdecode(repository.git("remote")).split():
        expanded = repository.git("remote", "get-url", name)
        written = repository.git("config", "--get", f"remote.{name}.url", statuses=(0, 1))
        # url.<base>.insteadOf may turn a nickname into an address, or GitHub's address into a mirror's.
        matches = (_REMOTE.fullmatch(os.fsdecode(url).strip()) for url in (expanded, written))
        if match := next(filter(None, matches), None):
            found.append(Remote(name, match["host"] or match["scp"], f"{match['owner']}/{match['name']}"))
    wanted = os.environ.get("GITHUB_REPOSITORY", "").lower()
    found.sort(
        key=lambda remote: (remote.slug.lower() != wanted, remote.name != "upstream", remote.name != "origin")
    )
    if not found:
        raise RepositoryError(
            "no remote of this clone names a repository on GitHub",
            fix="git remote add origin https://github.com/OWNER/NAME",
        )
    return found[0]


def _of_event(remote: Remote, number: int) -> Any:
    """Return the pull request of the event that started this workflow, as it was then, or None.

    A later push is another run's work; asking would review that one twice and this one never.
    """
    if os.environ.get("GITHUB_ACTIONS") != "true" or not os.environ.get("GITHUB_EVENT_PATH"):
        return None
    path = Path(os.environ["GITHUB_EVENT_PATH"])
    event = _json(path.read_bytes(), str(path))
    pull = event.get("pull_request") if isinstance(event, dict) else None
    own = os.environ.get("GITHUB_REPOSITORY", "").lower() == remote.slug.lower()
    return pull if own and isinstance(pull, dict) and pull.get("number") == number else None


def _ask_gh(remote: Remote, number: int) -> Any:
    """Ask through `gh`, which knows the user's login; without one, ask as nobody."""
    command = ["gh", "api", "--hostname", remote.host, f"repos/{remote.slug}/pulls/{number}"]
    which = f"gh could not read pull request {number} of {remote.slug}"
    try:
        answer = subprocess.run(
            command, capture_output=True, check=False, timeout=_TIMEOUT, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RepositoryError(f"{which}: {error}", fix="gh auth status") from None
    if answer.returncode == _GH_NOT_LOGGED_IN:
        return _ask_rest(remote, number)
    if answer.returncode != 0:
        told = answer.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise RepositoryError(f"{which}: {told[0]}", fix="gh auth login")
    return _json(answer.stdout, "gh")


def _ask_rest(remote: Remote, number: int) -> Any:
    """Ask GitHub's REST API (https://docs.github.com/rest/pulls/pulls#get-a-pull-request), once: somebody waits."""
    github = GitHub.of_environment(remote.slug, remote.host, anonymous=True, tries=1)
    try:
        return github.get(f"pulls/{number}")
    except RefusedError as error:
        raise _refused(error, f"pull request {number} of {remote.slug}", github.variable) from None
    except UnansweredError as error:
        fix = f"{error.fix}, or fetch the branch and pass --range BASE...HEAD"
        raise RepositoryError(error.what, fix=fix) from None


def _refused(error: RefusedError, which: str, variable: str) -> RepositoryError:
    """Say what a refusal means for somebody who named a pull request; ``variable`` holds the token."""
    match error:
        case LimitedError():
            return RepositoryError(
                f"GitHub's rate limit is used up for {which}",
                fix=f"set {variable}, or wait {error.seconds:.0f} s",
            )
        case RefusedError(status=401):
            return RepositoryError(
                f"GitHub refused the token for {which}",
                fix=f"set {variable}, or install gh and run gh auth login",
            )
        case RefusedError(status=403):
            return RepositoryError(
                f"GitHub does not let us read {which}", fix=f"set {variable} to a token that may read it"
            )
        case RefusedError(status=404):
            return RepositoryError(
                f"there is no {which}, or it is private",
                fix=f"check the number, or set {variable} to a token that may read it",
            )
        case _:
            return error


def _json(text: bytes, source: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise RepositoryError(
            f"{source} did not answer with JSON: {error}", fix="check GITHUB_API_URL"
        ) from None


def _commit(pull: Any, side: str, number: int) -> str:
    end = pull.get(side) if isinstance(pull, dict) else None
    name = end.get("sha") if isinstance(end, dict) else None
    if not isinstance(name, str) or not _OBJECT.fullmatch(name):
        raise RepositoryError(
            f"the answer for pull request {number} names no {side} commit", fix="check GITHUB_API_URL"
        )
    return name


def _bring(repository: Repository, remote: Remote, commit: str, ref: str) -> None:
    """Make sure that a commit is in this clone; nothing is moved, no branch is made."""
    if repository.has(commit):
        return
    repository.git(
        "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", remote.name, ref
    )
    if not repository.has(commit):
        raise RepositoryError(
            f"{remote.name} does not hold commit {commit[:12]}",
            expected=f"it under {ref}",
            fix=f"git fetch {remote.name}",
        )
