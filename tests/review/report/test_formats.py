"""Every form is valid by its published schema, the same bytes every time, and acted on by nobody that shows it."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec
import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from hunkworks.change.diff import parse_patch
from hunkworks.cli.review_formats import FORMATS
from hunkworks.paths import version
from hunkworks.review.report.annotations import render
from hunkworks.review.report.diffed import Diffed
from hunkworks.review.report.github import posting
from hunkworks.review.report.sarif import document as sarif
from hunkworks.review.verdict import Review
from tests.forge.contract import refused
from tests.review.report.held import FINDING, FULL, HEAD, REMOVED, STATIC, invalid, review, reviews

PATCH = """\
@@ -10,3 +10,4 @@ class Cache:
     def hit(self):
         # counted
-    self.hits = 0
+    self.hits += 1
+    self.size += 1
@@ -29,2 +30,1 @@ def close():
     close()
-    raise"""
DIFFED = Diffed.of_patches({"src/cache.py": PATCH})


def payload(of: Review) -> dict[str, Any]:
    made = posting(of, DIFFED)
    return made.payload(made.comments)


@pytest.mark.parametrize("form", ["sarif", "rdjson", "summary", "annotations"])
def test_what_people_and_programs_read(form: str, snapshot: SnapshotAssertion) -> None:
    assert FORMATS[form](FULL).decode().replace(f'"{version()}"', '"VERSION"') == snapshot


def test_what_github_reads(snapshot: SnapshotAssertion) -> None:
    assert json.dumps(payload(FULL), indent=2, ensure_ascii=False) == snapshot


@given(reviews())
def test_every_report_is_valid_by_the_published_schemas(drawn: Review) -> None:
    for form, schema in (("sarif", "sarif-2.1.0"), ("rdjson", "rdjson")):
        written = FORMATS[form](drawn)
        assert invalid(schema, json.loads(written)) == []
        assert written == FORMATS[form](drawn)
    sent = json.dumps(payload(drawn)).encode()
    assert refused("POST", "/repos/o/r/pulls/7/reviews", {}, sent) == []


@given(reviews())
def test_a_runner_is_told_nothing_but_annotations(drawn: Review) -> None:
    lines = render(drawn).encode("utf-8").decode().splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert 1 <= len(lines) <= len(drawn.findings) + 1


def test_annotations_stay_within_what_github_shows() -> None:
    lines = render(review(*[FINDING] * 25, STATIC)).splitlines()
    assert [line.split(" ")[0] for line in lines].count("::error") == 10
    assert lines[-1] == "::error title=Hunkworks::16 more: the job's summary names them"


def test_a_path_survives_sarif_whatever_its_bytes() -> None:
    odd = os.fsdecode(b"d/\xff \xc3\xa9#?.py")
    result = sarif(review(msgspec.structs.replace(FINDING, path=odd)))["runs"][0]["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == b"d/\xff \xc3\xa9#?.py"


def test_what_nobody_judged_is_no_successful_execution() -> None:
    (run,) = sarif(review(unanswered=("p001",)))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "nobody answered for p001" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_deleting_lines_leaves_no_empty_line() -> None:
    (result,) = sarif(review(STATIC))["runs"][0]["results"]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 1, "startColumn": 1, "endLine": 2, "endColumn": 1}


def test_a_suggestion_to_delete_deletes_and_one_that_hides_something_has_no_button() -> None:
    crlf = ("    a\r\n    b\r\n", "```suggestion\n    a\n    b\n```\n")
    for suggestion, shown in (
        crlf,
        ("", "```suggestion\n```\n"),
        ("a\u202eb", "Suggested:\n\n```\na�b\n```\n"),
    ):
        (comment,) = posting(review(msgspec.structs.replace(FINDING, suggestion=suggestion)), DIFFED).comments
        assert shown in comment.body


def test_offline_and_from_github_a_comment_finds_the_same_place() -> None:
    whole = f"diff --git a/src/cache.py b/src/cache.py\n--- a/src/cache.py\n+++ b/src/cache.py\n{PATCH}\n"
    files = parse_patch(line + b"\n" for line in whole.encode().removesuffix(b"\n").split(b"\n"))
    local = Diffed.of_files(files, {"src/cache.py"})
    for finding in (FINDING, REMOVED):
        assert local.place(finding) == DIFFED.place(finding) is not None


@pytest.mark.parametrize("patch", ["", "no patch", "@@ -1 +1 @@\n-a", "@@ -1,9 +1,9 @@\n a"])
def test_a_patch_that_github_cut_takes_no_comment(patch: str) -> None:
    assert Diffed.of_patches({"src/cache.py": patch}).place(FINDING) is None


def test_what_is_not_committed_names_no_commit() -> None:
    change = msgspec.structs.replace(FULL.manifest.change, head="worktree")
    of = msgspec.structs.replace(FULL, manifest=msgspec.structs.replace(FULL.manifest, change=change))
    assert "commit_id" not in payload(of)


def test_the_review_is_about_its_commit_and_never_approves() -> None:
    for one in (FULL, review(), review(engine="none"), review(unanswered=("p001",))):
        made = posting(one, DIFFED, request_changes=True)
        assert made.event in ("COMMENT", "REQUEST_CHANGES")
        assert made.head == HEAD
