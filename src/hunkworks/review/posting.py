"""Post a review to a pull request so that doing it again changes nothing.

What should stand there is computed from the report and GitHub's own diff, compared with what stands, and only the
difference is written: an earlier comment is edited, never repeated. Nothing here approves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hunkworks.change.github import GitHub, RefusedError, UnansweredError
from hunkworks.errors import IntegrityError, RepositoryError
from hunkworks.review.report.diffed import Diffed
from hunkworks.review.report.github import (
    COMMENT,
    REQUEST_CHANGES,
    Comment,
    Posting,
    comment_body,
    gone,
    marked_finding,
    marked_review,
    posting,
    superseded,
)
from hunkworks.review.threads import Threads
from hunkworks.review.verdict import Review, Verdict

_TRIES = 3
_UNPROCESSABLE = 422
_COMPLETE = (Verdict.PASS, Verdict.CHANGES)


@dataclass(slots=True)
class Posted:
    """What was written; ``why`` says why nothing was, and ``said`` what a person should know."""

    created: int = 0
    updated: int = 0
    gone: int = 0
    unplaced: int = 0
    reviews: int = 0
    resolved: int = 0
    why: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything on GitHub is other than before."""
        return bool(self.created or self.updated or self.gone or self.reviews)


def post(
    github: GitHub,
    number: int,
    review: Review,
    *,
    head: str = "",
    login: str = "",
    request_changes: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Posted:
    """Make the pull request say what the review says, once.

    Args:
        github: The repository.
        number: The pull request's number.
        review: A report that was read with :func:`hunkworks.review.report.saved.read_review`.
        head: The commit that the report must be about, as a trusted event names it.
        login: Whose earlier comments are ours; by default whom the token belongs to.
        request_changes: Ask for changes where the verdict does.
        tell: Takes progress in words.

    Raises:
        IntegrityError: The report is about another commit than ``head``.
        RepositoryError: GitHub refused, or gave no answer even when asked again.
    """
    about = review.manifest.change.head
    if head and about != head:
        raise IntegrityError(
            "the report is not about the commit of this event: nothing is posted", expected=head, found=about
        )
    pull = github.get(f"pulls/{number}")
    if not isinstance(pull, Mapping):
        raise RepositoryError(
            f"GitHub's answer for pull request {number} is none", fix="check GITHUB_API_URL"
        )
    now = str((pull.get("head") or {}).get("sha", ""))
    if now != about:
        return Posted(why=f"pull request {number} has moved on to {now[:12]}: a later run reports it")
    if pull.get("state") != "open":
        return Posted(why=f"pull request {number} is {pull.get('state')}")
    login = login or github.login()
    own = str((pull.get("user") or {}).get("login", "")) == login  # GitHub takes no request from the author
    done = Posted()
    threads = Threads(github, number, login)
    for left in reversed(range(_TRIES)):
        try:
            asks = request_changes and not own
            _converge(github, f"pulls/{number}", review, login, threads, done, asks=asks)
        except UnansweredError as error:
            if not left:
                raise
            tell(f"{error.what}; looking at what stands there and trying again")
        else:
            break
    if threads.refused:
        done.said.append(f"threads stay as they are, open or resolved: {threads.refused}")
    return done


def _converge(
    github: GitHub, pull: str, review: Review, login: str, threads: Threads, done: Posted, *, asks: bool
) -> None:
    """Write the difference between what stands there and what should."""
    patches = {
        str(file.get("filename")): str(file.get("patch") or "") for file in github.pages(f"{pull}/files")
    }
    reviews = [
        item for item in github.pages(f"{pull}/reviews") if _ours(item, login) and marked_review(_body(item))
    ]
    standing: dict[str, list[Mapping[str, Any]]] = {}
    for item in github.pages(f"{pull}/comments"):
        mark = marked_finding(_body(item)) if _ours(item, login) else None
        if mark is not None:
            standing.setdefault(mark.fingerprint, []).append(item)
    diffed = Diffed.of_patches(patches)
    plan = posting(review, diffed, request_changes=asks, refused=_refused_before(reviews, review))
    new = [comment for comment in plan.comments if comment.finding.fingerprint not in standing]
    if new or _asks_anew(reviews, plan):
        refused = _create(github, pull, plan, new, done)
        if refused:
            plan = posting(review, diffed, request_changes=asks, refused={*plan.refused, *refused})
            done.unplaced += len(refused)
            done.reviews += 1
            github.write("POST", f"{pull}/reviews", plan.payload([]))
    elif _body(reviews[-1]) != plan.body:
        github.write("PUT", f"{pull}/reviews/{reviews.pop()['id']}", {"body": plan.body})
        done.reviews += 1
    else:
        reviews.pop()
    _supersede(github, pull, reviews, done)
    _refresh(github, plan, standing, threads, done)
    if plan.event == COMMENT and review.verdict is Verdict.PASS:
        _withdraw(github, pull, login, done)


def _asks_anew(reviews: Sequence[Mapping[str, Any]], plan: Posting) -> bool:
    """Whether a review is due for its own sake: there is none, or the last one does not ask as this one does."""
    if not reviews:
        return True
    last = reviews[-1]
    decided = last.get("state") == "DISMISSED" and (marked_review(_body(last)) or ("",))[0] == plan.head
    return plan.event == REQUEST_CHANGES and last.get("state") != "CHANGES_REQUESTED" and not decided


def _create(github: GitHub, pull: str, plan: Posting, new: Sequence[Comment], done: Posted) -> list[str]:
    """Post the review with its new comments; where GitHub refuses it, comment by comment.

    Returns the findings that GitHub takes on no line; then the review itself is not posted yet.
    """
    try:
        github.write("POST", f"{pull}/reviews", plan.payload(new))
    except RefusedError as error:
        if error.status != _UNPROCESSABLE or not new:
            raise
        done.said.append(f"GitHub refused the review as a whole: {error.what}")
    else:
        done.created += len(new)
        done.reviews += 1
        return []
    refused = []
    for comment in new:
        try:
            github.write("POST", f"{pull}/comments", {"commit_id": plan.head, **comment.payload()})
            done.created += 1
        except RefusedError as error:
            if error.status != _UNPROCESSABLE:
                raise
            refused.append(comment.finding.fingerprint)
            done.said.append(
                f"{comment.finding.path}:{comment.finding.line} stands in the body: {error.what}"
            )
    if not refused:
        github.write("POST", f"{pull}/reviews", plan.payload([]))
        done.reviews += 1
    return refused


def _supersede(github: GitHub, pull: str, reviews: Sequence[Mapping[str, Any]], done: Posted) -> None:
    for item in reviews:
        head = (marked_review(_body(item)) or ("",))[0]
        if _body(item) != superseded(head):
            github.write("PUT", f"{pull}/reviews/{item['id']}", {"body": superseded(head)})
            done.reviews += 1


def _refresh(
    github: GitHub,
    plan: Posting,
    standing: Mapping[str, Sequence[Mapping[str, Any]]],
    threads: Threads,
    done: Posted,
) -> None:
    """Edit earlier comments: to what holds now, or to say that their finding is reported no longer.

    Their threads are resolved and opened together with that, and else left to people; the thread first, so that
    whatever fails in between is done by the next run.
    """
    placed = {comment.finding.fingerprint: comment for comment in plan.comments}
    found = {finding.fingerprint: finding for finding in plan.review.findings}
    for fingerprint, items in standing.items():
        for item in items:
            body = _body(item)
            if fingerprint in found:
                comment = placed.get(fingerprint)
                still = comment is not None and _stands(item, comment)
                wanted = (
                    comment.body if comment and still else comment_body(found[fingerprint], suggest=False)
                )
            elif plan.review.verdict in _COMPLETE or _is_static(body):
                wanted = gone(body, plan.head)
            else:
                continue  # nobody looked: a model's finding is not gone because no model was asked
            if wanted != body:
                if fingerprint not in found:
                    done.resolved += threads.resolve(item["id"])
                elif _is_gone(body):
                    threads.reopen(item["id"])
                github.write("PATCH", f"pulls/comments/{item['id']}", {"body": wanted})
                if fingerprint in found:
                    done.updated += 1
                else:
                    done.gone += 1


def _withdraw(github: GitHub, pull: str, login: str, done: Posted) -> None:
    """Take back what an earlier review of ours asked for: nothing else would, since we never approve."""
    for item in github.pages(f"{pull}/reviews"):
        if _ours(item, login) and item.get("state") == "CHANGES_REQUESTED" and marked_review(_body(item)):
            body = {"message": "Nothing that was asked for is reported any longer.", "event": "DISMISS"}
            try:
                github.write("PUT", f"{pull}/reviews/{item['id']}/dismissals", body)
                done.reviews += 1
            except RefusedError as error:
                done.said.append(
                    f"the request for changes stands until a maintainer dismisses it: {error.what}"
                )


def _refused_before(reviews: Sequence[Mapping[str, Any]], review: Review) -> list[str]:
    marks = [marked_review(_body(item)) for item in reviews[-1:]]
    return [name for mark in marks if mark and mark[0] == review.manifest.change.head for name in mark[1]]


def _stands(item: Mapping[str, Any], comment: Comment) -> bool:
    """Whether a comment of ours stands on exactly the lines that its suggestion would replace."""
    first = item.get("start_line") or item.get("line")
    return item.get("line") == comment.place.last and first == comment.place.first


def _is_static(body: str) -> bool:
    """Whether a comment is about what a built-in rule found, which every review looks for."""
    mark = marked_finding(body)
    return mark is not None and mark.static


def _is_gone(body: str) -> bool:
    """Whether a comment says that its finding is reported no longer."""
    mark = marked_finding(body)
    return mark is not None and mark.gone


def _ours(item: Any, login: str) -> bool:
    user = item.get("user") if isinstance(item, Mapping) else None
    return isinstance(user, Mapping) and user.get("login") == login and item.get("state") != "PENDING"


def _body(item: Mapping[str, Any]) -> str:
    return str(item.get("body") or "").replace("\r\n", "\n").strip()
