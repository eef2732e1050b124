"""Threads of review comments as GraphQL shows and resolves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.forge.fake import FakeGitHub, Pull


class ForbiddenError(Exception):
    """GitHub's answer to a token without the right."""

    kind = "FORBIDDEN"


class Threads:
    """What one request may ask: the root of GitHub's schema, for one repository."""

    def __init__(self, github: FakeGitHub, login: str, *, writes: bool) -> None:
        self._github = github
        self._login = login
        self._writes = writes

    def repository(self, _info: Any, owner: str, name: str, **_: Any) -> dict[str, Any] | None:
        """Return the repository, where it is this one."""
        return {"pullRequest": self._pull} if f"{owner}/{name}" == self._github.slug else None

    def resolveReviewThread(self, _info: Any, input: dict[str, str]) -> dict[str, Any]:  # noqa: A002, N802
        """Resolve a thread; one that is resolved stays so."""
        return self._settled(input["threadId"], "resolve", resolved=True)

    def unresolveReviewThread(self, _info: Any, input: dict[str, str]) -> dict[str, Any]:  # noqa: A002, N802
        """Open a thread again."""
        return self._settled(input["threadId"], "unresolve", resolved=False)

    def _pull(self, _info: Any, number: int) -> dict[str, Any] | None:
        pull = self._github.pulls.get(number)

        def threads(_info: Any, first: int, after: str | None = None, **_: Any) -> dict[str, Any]:
            assert pull is not None
            start, size = int(after or 0), min(first, self._github.page)
            nodes = [_thread(pull, comment["id"]) for comment in pull.comments[start : start + size]]
            more = start + size < len(pull.comments)
            return {"nodes": nodes, "pageInfo": {"hasNextPage": more, "endCursor": str(start + size)}}

        return {"reviewThreads": threads} if pull else None

    def _settled(self, thread: str, verb: str, *, resolved: bool) -> dict[str, Any]:
        if not self._writes:
            raise ForbiddenError("Resource not accessible by integration")
        comment = int(thread.removeprefix("PRRT_"))
        (pull,) = [
            pull for pull in self._github.pulls.values() if comment in {one["id"] for one in pull.comments}
        ]
        if resolved:
            pull.resolved.setdefault(comment, self._login)
        else:
            pull.resolved.pop(comment, None)
        self._github.written.append(f"{verb} {comment}")
        return {"thread": _thread(pull, comment)}


def _thread(pull: Pull, comment: int) -> dict[str, Any]:
    by = pull.resolved.get(comment)
    # A program is no user: who resolved is null then.
    person = {"login": by} if by and not by.endswith("[bot]") else None
    begun = {"nodes": [{"fullDatabaseId": str(comment)}]}
    return {"id": f"PRRT_{comment}", "isResolved": by is not None, "resolvedBy": person, "comments": begun}
