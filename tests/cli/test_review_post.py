"""`hunkworks review report --from`, `post` and `memory`, as a build machine runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hunkworks.change.repository import Repository
from hunkworks.cli.review_formats import FORMATS
from hunkworks.review import memory
from hunkworks.review.memory import Memory
from tests.cli.invoke import Hunkworks
from tests.forge.fake import WRITE
from tests.forge.project import NUMBER, Project, finding
from tests.review.report.held import invalid


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    made = Project(tmp_path / "forge")
    made.repo.git("remote", "add", "origin", f"https://github.com/{made.github.slug}")
    monkeypatch.chdir(made.repo.root)
    monkeypatch.setenv("GITHUB_API_URL", made.github.url)
    monkeypatch.setenv("GITHUB_REPOSITORY", made.github.slug)
    monkeypatch.setenv("GITHUB_TOKEN", WRITE)
    monkeypatch.setattr("hunkworks.change.github._BETWEEN_WRITES", 0.0)
    yield made
    made.github.close()
    assert made.github.breaches == []


@pytest.fixture
def report(project: Project, tmp_path: Path) -> str:
    file = tmp_path / "report.json"
    file.write_bytes(FORMATS["json"](project.review(finding(), finding(11, "line ten and a half"))))
    return str(file)


def test_a_saved_report_is_rendered_without_a_repository(
    report: str, tmp_path: Path, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")
    result = hunkworks("review", "report", "--from", report, "--format", "sarif")
    assert (result.code, invalid("sarif-2.1.0", result.json)) == (1, [])
    again = hunkworks("review", "report", "--from", report, "--format", "json", "--output", "again.json")
    assert (again.code, again.out) == (1, "")
    assert Path("again.json").read_bytes() == Path(report).read_bytes()
    assert (
        hunkworks("review", "report", "--from", report, "--fail-on", "blocker", "--json").json["verdict"]
        == "pass"
    )
    assert hunkworks("review", "report", "--from", report, "--session", "s1").code == 2


def test_a_report_of_another_change_still_becomes_a_payload_where_its_commits_are(
    report: str, hunkworks: Hunkworks
) -> None:
    payload = hunkworks("review", "report", "--from", report, "--format", "github").json
    assert [comment["line"] for comment in payload["comments"]] == [10, 11]


def test_posting_says_what_it_did_and_the_second_time_that_it_did_nothing(
    project: Project, report: str, hunkworks: Hunkworks
) -> None:
    first = hunkworks("review", "post", report, "--head", project.pull.head)
    assert (first.code, first.out) == (
        0,
        "Posted: 2 new comments, 0 updated, 0 reported no longer, 0 refused by the diff, 1 review written.\n",
    )
    again = hunkworks("review", "post", report, "--json").json
    assert (again["changed"], again["created"], len(project.pull.comments)) == (False, 0, 2)
    assert WRITE not in first.out + first.err


def test_report_post_posts_what_it_reports(project: Project, report: str, hunkworks: Hunkworks) -> None:
    result = hunkworks("review", "report", "--from", report, "--format", "json", "--post")
    assert result.json["verdict"] == "changes"
    assert "Posted: 2 new comments" in result.err
    assert len(project.pull.comments) == 2


def test_a_review_of_something_else_is_not_posted(report: str, hunkworks: Hunkworks) -> None:
    document = json.loads(Path(report).read_bytes())
    document["change"]["branch"] = "main"
    Path(report).write_text(json.dumps(document))
    result = hunkworks("review", "post", report)
    assert (result.code, "fix: --pr N" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("GITHUB_TOKEN", "", "there is no token for GitHub"),
        ("GITHUB_TOKEN", "ghs_wrong", "GitHub answered 401"),
        ("GITHUB_REPOSITORY", "", "which repository on GitHub is meant"),
        ("GITHUB_REPOSITORY", "a/b/../c", "is not a repository on GitHub"),
        ("GITHUB_REPOSITORY", "octo/other", "GitHub answered 404"),
        ("GITHUB_API_URL", "file:///etc/passwd", "is not a web address"),
        ("GITHUB_API_URL", "http://127.0.0.1:9", "GitHub did not answer at 127.0.0.1:9"),
    ],
)
def test_what_is_missing_is_told(
    report: str, hunkworks: Hunkworks, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.setattr("hunkworks.change.github.time.sleep", lambda _: None)
    monkeypatch.setattr("hunkworks.change.github._TRIES", 1)
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.setenv(variable, value)
    result = hunkworks("review", "post", report)
    assert (result.code, told in result.err) == (2, True), result.err
    assert "ghs_wrong" not in result.err


def test_memory_goes_from_machine_to_machine(project: Project, tmp_path: Path, hunkworks: Hunkworks) -> None:
    repository = Repository.discover()
    branch, kept = f"pull request {NUMBER}", tmp_path / "memory.json"
    arguments = ("--pr", str(NUMBER))
    assert hunkworks("review", "memory", "fetch", *arguments).out == "refs/hunkworks/pr-7: nothing yet\n"
    known = Memory(read={"0123456789abcdef": "default"})
    memory.save(repository.common_dir, branch, known)
    assert hunkworks("review", "memory", "export", *arguments, str(kept)).code == 0
    assert hunkworks("review", "memory", "push", *arguments, str(kept)).code == 0
    memory.save(repository.common_dir, branch, Memory())
    told = hunkworks("review", "memory", "fetch", *arguments).out
    assert told == "refs/hunkworks/pr-7: 1 hunk read, 0 findings open\n"
    assert memory.load(repository.common_dir, branch) == known
    late = json.dumps({"schema": 1, "parent": "", "memory": {"read": {"fedcba9876543210": "deep"}}})
    kept.write_text(late)
    result = hunkworks("review", "memory", "push", *arguments, str(kept))
    assert (result.code, "moved while this review ran" in result.err) == (1, True)


def test_the_memory_of_closed_pull_requests_is_forgotten(project: Project, hunkworks: Hunkworks) -> None:
    project.github.git("update-ref", "refs/hunkworks/pr-7", project.base)
    kept = "Deleted: the memory of 0 closed pull requests. Kept: 1, for the next time: 0.\n"
    assert hunkworks("review", "memory", "prune").out == kept
    project.pull.state = "closed"
    told = "the memory of 1 closed pull request (#7). Kept: 0, for the next time: 0.\n"
    assert hunkworks("review", "memory", "prune", "--dry-run").out == f"Would delete: {told}"
    assert hunkworks("review", "memory", "prune").out == f"Deleted: {told}"
    assert hunkworks("review", "memory", "prune", "--json").json == {
        "schema": 1,
        "closed": [],
        "open": 0,
        "waiting": 0,
        "dry_run": False,
    }
    assert hunkworks("review", "memory", "fetch", "--pr", "7").out == "refs/hunkworks/pr-7: nothing yet\n"
