"""The review as GitHub takes it: one body, and comments on lines of the diff. It comments or asks, it never approves.

Contract: https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request. Hidden markers name the
findings, so that a later run finds its own comments again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.report.diffed import Diffed, Place
from hunkworks.review.report.pieces import aside, finding_pieces, fitted, in_full, overview
from hunkworks.review.report.wording import plural
from hunkworks.review.verdict import Review, Verdict

COMMENT, REQUEST_CHANGES = "COMMENT", "REQUEST_CHANGES"
# GitHub takes 65,536 characters; the rest is room for what it may count otherwise, and for the markers.
_MOST_BODY = 65_536 - 2_048
_MOST_COMMENTS = 50
_SIDES = {Side.NEW: "RIGHT", Side.OLD: "LEFT"}
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FINDING = re.compile(r"<!-- hunkworks:finding ([0-9a-f]{16}) (static|judged)( gone)? -->\s*\Z")
_REVIEW = re.compile(r"\A<!-- hunkworks:review ([0-9a-z]+)((?: [0-9a-f]{16})*) -->")


class Mark(NamedTuple):
    """What the marker of a comment says: which finding, whether a built-in rule found it, whether it is gone."""

    fingerprint: str
    static: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a finding, where GitHub can show it."""

    finding: Finding
    place: Place

    @property
    def body(self) -> str:
        """What it says; a suggestion replaces exactly the lines that it stands on."""
        return comment_body(self.finding, suggest=self.place.exact and self.place.side is Side.NEW)

    @property
    def lines(self) -> dict[str, Any]:
        """Where it stands, as GitHub's API says it."""
        side = _SIDES[self.place.side]
        last = {"side": side, "line": self.place.last}
        if self.place.first == self.place.last:
            return last
        return {"start_side": side, "start_line": self.place.first, **last}

    def payload(self) -> dict[str, Any]:
        """Return it as GitHub's API takes it."""
        return {"path": self.finding.path, **self.lines, "body": self.body}


@dataclass(frozen=True, slots=True)
class Posting:
    """A review on its way to GitHub: ``comments`` stand on lines, ``loose`` findings in the body.

    ``refused`` names those of the loose ones that GitHub would not take on a line.
    """

    review: Review
    event: str
    comments: tuple[Comment, ...]
    loose: tuple[Finding, ...]
    refused: tuple[str, ...]

    @property
    def head(self) -> str:
        """The commit that it is about."""
        return self.review.manifest.change.head

    @property
    def body(self) -> str:
        """The review's own text, within GitHub's limit."""
        pieces = [f"<!-- hunkworks:review {' '.join([self.head, *self.refused])} -->", *overview(self.review)]
        if self.loose:
            pieces.append(f"{plural(len(self.loose), 'finding')} without a line in this diff:")
        return fitted([*pieces, *in_full(self.loose), *aside(self.review)], _MOST_BODY)

    def payload(self, comments: Iterable[Comment]) -> dict[str, Any]:
        """Return the review as GitHub's API takes it, with these of its comments."""
        own = [comment.payload() for comment in comments]
        about = (
            {"commit_id": self.head} if _COMMIT.fullmatch(self.head) else {}
        )  # else GitHub takes the last one
        return {**about, "event": self.event, "body": self.body, "comments": own}


def posting(
    review: Review, diffed: Diffed, *, request_changes: bool = False, refused: Collection[str] = ()
) -> Posting:
    """Return what to post.

    Args:
        review: A review of a pull request.
        diffed: What GitHub's diff of it shows.
        request_changes: Ask for changes where the verdict does, in place of a comment.
        refused: Findings, by fingerprint, that GitHub would not take on a line: they go into the body.
    """
    comments: list[Comment] = []
    loose: list[Finding] = []
    taken = set(refused)
    for finding in review.findings:
        place = diffed.place(finding) if finding.fingerprint not in taken else None
        taken.add(finding.fingerprint)
        if place is None or len(comments) >= _MOST_COMMENTS:
            loose.append(finding)
        else:
            comments.append(Comment(finding, place))
    asks = request_changes and review.verdict is Verdict.CHANGES
    known = sorted({finding.fingerprint for finding in loose} & set(refused))
    return Posting(review, REQUEST_CHANGES if asks else COMMENT, tuple(comments), tuple(loose), tuple(known))


def comment_body(finding: Finding, *, suggest: bool) -> str:
    """Return what a comment says on a finding, with its marker."""
    kind = "static" if finding.stamp is Stamp.STATIC else "judged"
    text = fitted(finding_pieces(finding, suggest=suggest), _MOST_BODY)
    return f"{text}\n\n<!-- hunkworks:finding {finding.fingerprint} {kind} -->"


def gone(body: str, head: str) -> str:
    """Return a comment of ours once its finding is reported no longer; what it said stays, folded."""
    mark = marked_finding(body)
    if mark is None or mark.gone:
        return body
    said = f"<details><summary>It said</summary>\n\n{_FINDING.sub('', body).rstrip()}\n\n</details>"
    marker = f"<!-- hunkworks:finding {mark.fingerprint} {'static' if mark.static else 'judged'} gone -->"
    return f"**No longer reported** as of {head[:12]}.\n\n{said}\n\n{marker}"


def superseded(head: str) -> str:
    """Return the body of an earlier review of ours, once a later one says what holds."""
    return f"<!-- hunkworks:review {head} -->\n\nSuperseded by a later review."


def marked_finding(body: str) -> Mark | None:
    """Return which finding a comment is about, or None where it is none of ours."""
    found = _FINDING.search(body)
    return Mark(found[1], found[2] == "static", bool(found[3])) if found else None


def marked_review(body: str) -> tuple[str, list[str]] | None:
    """Return which commit a review of ours is about, and the findings that GitHub would not take on a line then."""
    found = _REVIEW.match(body)
    return (found[1], found[2].split()) if found else None
