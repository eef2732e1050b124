"""Threads of our comments on a pull request, which only GraphQL knows: resolved once their finding is gone.

https://docs.github.com/graphql/reference/mutations#resolvereviewthread. A workflow's token needs ``contents: write``
for it beside ``pull-requests: write`` (github/gh-aw issue 35726). What is refused is told once, and is no failure: the
comment says the same in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hunkworks.change.github import GitHub, UnansweredError
from hunkworks.errors import RepositoryError

_MOST_PAGES = 40
_LIST = """query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id isResolved resolvedBy { login } comments(first: 1) { nodes { fullDatabaseId } } }
    }
  } }
}"""
_RESOLVE = (
    "mutation($thread: ID!) { resolveReviewThread(input: {threadId: $thread}) { thread { isResolved } } }"
)
_UNRESOLVE = (
    "mutation($thread: ID!) { unresolveReviewThread(input: {threadId: $thread}) { thread { isResolved } } }"
)


@dataclass(slots=True)
class _Thread:
    id: str
    resolved: bool
    by: str  # "" also for a program, which is no user to GraphQL


class Threads:
    """The threads of one pull request, asked for when the first is needed.

    Args:
        github: The repository.
        number: The pull request's number.
        login: Who we are.
    """

    def __init__(self, github: GitHub, number: int, login: str) -> None:
        self._github = github
        self._number = number
        self._login = login.removesuffix("[bot]")
        self._known: dict[str, _Thread] | None = None
        self.refused = ""

    def resolve(self, comment: int) -> bool:
        """Resolve the thread that a comment began; return whether it was open until now."""
        thread = self._of(comment)
        return thread is not None and not thread.resolved and self._write(thread, resolved=True)

    def reopen(self, comment: int) -> bool:
        """Open the thread again that we resolved; one that a person resolved stays so."""
        thread = self._of(comment)
        if thread is None or not thread.resolved or thread.by not in ("", self._login):
            return False
        return self._write(thread, resolved=False)

    def _of(self, comment: int) -> _Thread | None:
        if self._known is None:
            self._known = {}
            try:
                self._known.update(self._list())
            except RepositoryError as error:
                self.refused = error.what
        return self._known.get(str(comment))

    def _write(self, thread: _Thread, *, resolved: bool) -> bool:
        if self.refused:
            return False
        try:
            self._github.graphql(_RESOLVE if resolved else _UNRESOLVE, thread=thread.id)
        except RepositoryError as error:
            self.refused = error.what
            return False
        thread.resolved = resolved
        return True

    def _list(self) -> Iterator[tuple[str, _Thread]]:
        """Yield each thread under the number of the comment that began it.

        Raises:
            RepositoryError: GitHub refused, or its answer is none.
        """
        owner, _, name = self._github.slug.partition("/")
        after = None
        for _ in range(_MOST_PAGES):
            data = self._github.graphql(_LIST, owner=owner, name=name, number=self._number, after=after)
            try:
                found = data["repository"]["pullRequest"]["reviewThreads"]
                yield from filter(None, map(_thread, found["nodes"]))
                if not found["pageInfo"]["hasNextPage"]:
                    return
                after = found["pageInfo"]["endCursor"]
            except (KeyError, TypeError):
                raise UnansweredError("GitHub's list of threads is of another form") from None
        raise UnansweredError("GitHub's list of threads has no end")


def _thread(node: Any) -> tuple[str, _Thread] | None:
    if not node or not node["comments"]["nodes"]:
        return None
    by = node["resolvedBy"] or {}
    thread = _Thread(str(node["id"]), bool(node["isResolved"]), str(by.get("login", "")))
    return str(node["comments"]["nodes"][0]["fullDatabaseId"]), thread
