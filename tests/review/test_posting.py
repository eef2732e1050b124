"""Posting converges: what stands on GitHub is what the report says, and doing it again changes nothing."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from markdown_it import MarkdownIt

from hunkworks.change.github import GitHub, RefusedError, UnansweredError
from hunkworks.change.model import Side
from hunkworks.errors import IntegrityError
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.posting import Posted, post
from hunkworks.review.report.github import marked_finding
from hunkworks.review.verdict import Review
from hunkworks.rules.classes import Severity
from tests.forge.fake import ADA, BOT, READ, WRITE
from tests.forge.project import AFTER, NUMBER, Project, finding

FOUND = finding()
PAIR = finding(10, "line ten\nline ten and a half", 11, klass="data-loss", suggestion="line 10")
REMOVED = finding(30, "line 30", side=Side.OLD)
FAR = finding(20, "line 20", message="This stands outside of every hunk.")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    yield made
    made.github.close()
    assert made.github.breaches == []


def posted(project: Project, review: Review, token: str = WRITE, **options: object) -> Posted:
    github = GitHub(project.github.url, project.github.slug, token, pause=lambda _: None)
    project.github.written.clear()
    return post(github, NUMBER, review, **options)  # type: ignore[arg-type]


def test_findings_stand_on_their_lines_and_the_rest_in_the_text(project: Project) -> None:
    posted(project, project.review(FOUND, PAIR, REMOVED, FAR))
    (review,) = project.pull.reviews
    assert review["state"] == "COMMENTED"
    assert "This stands outside of every hunk." in review["body"]
    places = [(one["side"], one.get("start_line"), one["line"]) for one in project.pull.comments]
    assert places == [("RIGHT", None, 10), ("RIGHT", 10, 11), ("LEFT", None, 30)]


@pytest.mark.parametrize("asks", [False, True])
def test_posting_twice_changes_nothing(project: Project, asks: bool) -> None:
    review = project.review(FOUND, PAIR, REMOVED, FAR)
    posted(project, review, request_changes=asks)
    assert not posted(project, review, request_changes=asks).changed
    assert project.github.written == []


def test_nothing_found_is_one_review_and_no_comment(project: Project) -> None:
    posted(project, project.review())
    posted(project, project.review())
    assert (len(project.pull.reviews), project.pull.comments) == (1, [])
    assert "pass: nothing at major or above" in project.pull.reviews[0]["body"]


def test_a_suggestion_replaces_exactly_the_lines_it_stands_on(project: Project) -> None:
    clipped = finding(3, "\n".join(AFTER.split("\n")[2:10]), 10, klass="injection", suggestion="x")
    edited = finding(11, "line ten and a quarter", klass="crypto", suggestion="y")
    posted(project, project.review(PAIR, clipped, edited))
    bodies = [one["body"] for one in project.pull.comments]
    assert ["```suggestion\n" in body for body in bodies] == [True, False, False]
    assert [one.get("start_line") for one in project.pull.comments] == [10, 7, None]


def test_a_later_push_edits_comments_and_adds_only_what_is_new(project: Project) -> None:
    posted(project, project.review(FOUND))
    project.repo.write("b.py", "new\n")
    project.push()
    new = finding(1, "new", path="b.py")
    done = posted(project, project.review(finding(severity=Severity.BLOCKER), new))
    assert (done.created, done.updated, done.gone) == (1, 1, 0)
    assert [one["path"] for one in project.pull.comments] == ["a.py", "b.py"]
    assert project.pull.comments[0]["body"].startswith("**blocker**")
    assert "Superseded" in project.pull.reviews[0]["body"]
    assert "2 findings" in project.pull.reviews[1]["body"]


def test_a_fixed_finding_is_said_to_be_gone_and_comes_back_when_it_returns(project: Project) -> None:
    posted(project, project.review(FOUND))
    project.push()
    assert posted(project, project.review()).gone == 1
    assert project.pull.comments[0]["body"].startswith("**No longer reported**")
    assert "Line 10 is wrong." in project.pull.comments[0]["body"]
    assert posted(project, project.review()).changed is False
    assert posted(project, project.review(FOUND)).updated == 1
    assert len(project.pull.comments) == 1
    assert project.pull.comments[0]["body"].startswith("**major**")


def test_the_thread_of_a_fixed_finding_is_resolved_and_opened_when_it_returns(project: Project) -> None:
    posted(project, project.review(FOUND, PAIR))
    first, _ = (one["id"] for one in project.pull.comments)
    project.push()
    assert posted(project, project.review(PAIR)).resolved == 1
    assert project.pull.resolved == {first: BOT}
    assert not posted(project, project.review(PAIR)).changed
    posted(project, project.review(FOUND, PAIR))
    assert project.pull.resolved == {}


def test_what_people_did_with_a_thread_stays(project: Project) -> None:
    """One that they open again although its finding is gone, one that they resolved although it is not."""
    posted(project, project.review(FOUND, PAIR))
    first, second = (one["id"] for one in project.pull.comments)
    project.pull.resolved[second] = "ada"
    project.push()
    graver = msgspec.structs.replace(PAIR, severity=Severity.BLOCKER)
    assert posted(project, project.review(graver)).updated == 1
    del project.pull.resolved[first]
    posted(project, project.review(PAIR))
    assert project.pull.resolved == {second: "ada"}


def test_where_threads_may_not_be_resolved_the_comment_says_it_all_the_same(project: Project) -> None:
    posted(project, project.review(FOUND, PAIR))
    project.push()
    project.github.resolves = False
    done = posted(project, project.review())
    assert (done.gone, done.resolved) == (2, 0)
    (said,) = done.said
    assert said.startswith(
        "threads stay as they are, open or resolved: GitHub's GraphQL API refuses: Resource not"
    )
    assert not posted(project, project.review()).changed


@pytest.mark.parametrize("status", [404, 502])
def test_where_there_is_no_graphql_the_rest_is_posted(project: Project, status: int) -> None:
    posted(project, project.review(FOUND))
    project.push()
    project.github.faults = [lambda _, path: (status, {}) if path == "/graphql" else None]
    done = posted(project, project.review())
    assert (done.gone, done.resolved, len(done.said)) == (1, 0, 1)
    assert str(status) in done.said[0]


def test_threads_on_every_page_are_found(project: Project) -> None:
    project.github.page = 2
    project.repo.write("b.py", "".join(f"new {number}\n" for number in range(1, 8)))
    project.push()
    posted(
        project, project.review(*(finding(number, f"new {number}", path="b.py") for number in range(1, 8)))
    )
    assert posted(project, project.review()).resolved == 7


def test_a_review_without_a_model_takes_back_only_what_rules_found(project: Project) -> None:
    ruled = finding(11, "line ten and a half", stamp=Stamp.STATIC)
    posted(project, project.review(FOUND, ruled))
    project.push()
    assert posted(project, project.review(engine="none")).gone == 1
    project.push()
    assert posted(project, project.review(unanswered=("p001",))).gone == 0
    assert project.pull.comments[0]["body"].startswith("**major**")


def test_an_unanchorable_comment_costs_only_itself(project: Project) -> None:
    """GitHub's diff may show less than it lists; then it refuses the whole review."""
    project.github.hidden = {11}
    bad = finding(11, "line ten and a half")
    review = project.review(FOUND, bad, REMOVED)
    done = posted(project, review)
    assert (done.created, done.unplaced) == (2, 1)
    assert [one["line"] for one in project.pull.comments] == [10, 30]
    assert "Line 11 is wrong." in project.pull.reviews[0]["body"]
    assert not posted(project, review).changed
    assert len(project.pull.reviews) == 1


def test_changes_are_asked_for_when_told_to_and_taken_back_when_nothing_is_left(project: Project) -> None:
    posted(project, project.review(FOUND), request_changes=True)
    assert project.pull.reviews[0]["state"] == "CHANGES_REQUESTED"
    project.push()
    posted(project, project.review(), request_changes=True)
    assert [one["state"] for one in project.pull.reviews] == ["DISMISSED"]
    assert not posted(project, project.review(), request_changes=True).changed


def test_the_author_is_not_asked_for_changes_by_themselves(project: Project) -> None:
    posted(project, project.review(FOUND), ADA, request_changes=True)
    assert [one["state"] for one in project.pull.reviews] == ["COMMENTED"]


def test_somebody_elses_comment_with_our_marker_is_not_ours(project: Project) -> None:
    posted(project, project.review(FOUND), ADA)
    before = project.pull.comments[0]["body"]
    assert posted(project, project.review(FOUND)).created == 1
    assert project.pull.comments[0]["body"] == before
    assert [one["user"]["login"] for one in project.pull.comments] == ["ada", BOT]


def test_nothing_is_approved(project: Project) -> None:
    posted(project, project.review(finding(severity=Severity.NOTE)), request_changes=True)
    assert {one["state"] for one in project.pull.reviews} == {"COMMENTED"}


def test_a_report_about_an_older_push_is_not_posted(project: Project) -> None:
    review = project.review(FOUND)
    project.push()
    done = posted(project, review)
    assert "has moved on" in done.why
    assert project.github.written == []


def test_a_report_about_another_commit_than_the_events_is_refused(project: Project) -> None:
    with pytest.raises(IntegrityError, match="not about the commit of this event"):
        posted(project, project.review(FOUND), head="0" * 40)
    assert project.github.asked == []


def test_a_closed_pull_request_is_left_alone(project: Project) -> None:
    project.pull.state = "closed"
    assert posted(project, project.review(FOUND)).why == "pull request 7 is closed"


def test_a_token_that_may_not_write_is_told_so(project: Project) -> None:
    with pytest.raises(RefusedError, match="not accessible by integration"):
        posted(project, project.review(FOUND), READ)


def test_every_page_of_earlier_comments_is_read(project: Project) -> None:
    project.github.page = 2
    project.repo.write("b.py", "".join(f"new {number}\n" for number in range(1, 8)))
    project.push()
    review = project.review(*(finding(number, f"new {number}", path="b.py") for number in range(1, 8)))
    assert posted(project, review).created == 7
    assert not posted(project, review).changed


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_line_that_goes_dead_after_the_write_doubles_nothing(project: Project, method: str) -> None:
    posted(project, project.review(FOUND, finding(11, "line ten and a half")))
    project.repo.write("b.py", "new\n")
    project.push()
    dead: Iterator[tuple[int, dict[str, str]]] = iter([(0, {})])
    project.github.faults = [lambda verb, _: next(dead, None) if verb == method else None]
    review = project.review(finding(severity=Severity.BLOCKER), finding(1, "new", path="b.py"))
    posted(project, review)
    assert len(project.pull.reviews) == 2
    assert len(project.pull.comments) == 3
    assert not posted(project, review).changed


def test_limits_are_waited_for_and_told_when_they_are_too_long(project: Project) -> None:
    waits: list[float] = []
    answers = iter(
        [
            (403, {"retry-after": "7"}),
            (429, {}),
            (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}),
        ]
    )
    project.github.faults = [lambda _, path: next(answers, None) if path.endswith("/reviews") else None]
    github = GitHub(project.github.url, project.github.slug, WRITE, pause=waits.append)
    assert post(github, NUMBER, project.review(FOUND)).created == 1
    assert 7.0 in waits
    assert len(project.pull.reviews) == 1
    project.github.faults = [lambda *_: (403, {"retry-after": "86400"})]
    with pytest.raises(RefusedError, match="rate limit"):
        post(github, NUMBER, project.review())


def test_a_server_that_stays_away_is_told(project: Project) -> None:
    project.github.faults = [lambda verb, _: (502, {}) if verb == "POST" else None]
    with pytest.raises(UnansweredError, match="502"):
        posted(project, project.review(FOUND))


def test_hostile_text_calls_nobody_and_hides_nothing(project: Project) -> None:
    hostile = (
        "@octo/team #12 GH-3 <!-- hunkworks:finding 0123456789abcdef judged --> <img src=x> ![](http://a.b) "
        "[ok](javascript:x) &#64;ada www.evil.example $\\phantom{x}$ \u202e\u200b ```\n::error::x\n</details>"
    )
    bad: Finding = finding(message=hostile, scenario=hostile, evidence=hostile, suggestion="x\u202e")
    posted(project, project.review(bad))
    body = project.pull.comments[0]["body"]
    tokens = [token for block in MarkdownIt().parse(body) for token in [block, *(block.children or ())]]
    assert {token.type for token in tokens} & {"link_open", "image"} == set()
    assert {token.content.split()[0] for token in tokens if "html" in token.type} == {
        "<!--",
        "<sub>",
        "</sub>",
    }
    shown = "".join(token.content for token in tokens if token.type == "text")
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.|\u202e", shown)
    assert "```suggestion" not in body


def test_a_huge_review_fits_into_what_github_takes(project: Project) -> None:
    project.repo.write("b.py", "".join(f"new {number}\n" for number in range(1, 400)))
    project.push()
    long = "@" * 4_000
    many = [
        finding(
            number,
            f"new {number}",
            path="b.py",
            message=long if number > 380 else "short",
            evidence=long[:900],
        )
        for number in range(1, 400)
    ]
    review = project.review(*many)
    done = posted(project, review)
    assert (done.created, len(project.pull.reviews)) == (50, 1)
    assert "did not fit here" in project.pull.reviews[0]["body"]
    assert not posted(project, review).changed


@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_on_the_way_the_end_is_the_same(project: Project, seed: int) -> None:
    """Ten reports one after the other, through lost answers, refusals and limits: never a comment twice."""
    chance = random.Random(seed)
    known = [
        FOUND,
        PAIR,
        REMOVED,
        FAR,
        finding(11, "line ten and a half"),
        finding(9, "line 9", klass="build"),
    ]

    def fault(method: str, _: str) -> tuple[int, dict[str, str]] | None:
        some = [(502, {}), (429, {"retry-after": "1"}), (0, {})] if method == "GET" else [(502, {}), (0, {})]
        return chance.choice(some) if chance.random() < 0.15 else None

    for _ in range(10):
        if chance.random() < 0.4:
            project.push()
        review = project.review(*(one for one in known if chance.random() < 0.6))
        project.github.faults = [fault]
        for _ in range(40):
            with contextlib.suppress(UnansweredError, RefusedError):
                posted(project, review)
                break
        project.github.faults = []
        posted(project, review)
        assert not posted(project, review).changed
        marks = [marked_finding(one["body"]) for one in project.pull.comments]
        names = [mark.fingerprint for mark in marks if mark]
        assert len(names) == len(set(names)) == len(marks)
        shown = {mark.fingerprint for mark in marks if mark and not mark.gone}
        assert shown == {one.fingerprint for one in review.findings if one.path == "a.py" and one.line != 20}
        gone = {
            one["id"]
            for one, mark in zip(project.pull.comments, marks, strict=True)
            if mark is not None and mark.gone
        }
        assert set(project.pull.resolved) == gone
        assert [one["body"].count("Superseded") for one in project.pull.reviews].count(0) == 1
