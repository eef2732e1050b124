"""A patch is cut where its files begin, and nowhere else; what is damaged is refused."""

from __future__ import annotations

import pytest

from hunkworks.change.sections import sections
from hunkworks.errors import InputError

GIT = b"diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"


def cut(patch: bytes) -> list[tuple[int, int]]:
    return [(section.line, len(section.hunks)) for section in sections(patch.splitlines(keepends=True))]


def test_a_removed_line_that_looks_like_a_header_stays_in_its_hunk() -> None:
    patch = b"--- a/f.sql\n+++ b/f.sql\n@@ -1,3 +1,2 @@\n a\n--- a/old\n-++ b/x\n+++ b/new\n"
    patch += b"--- a/g\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n"
    assert cut(patch) == [(1, 1), (8, 1)]


def test_mail_around_a_patch_is_passed_over() -> None:
    mail = (
        b"From 1234 Mon Sep 17\nSubject: [PATCH] x\n\n--- a thought\n---\n f | 2 +-\n\n"
        + GIT
        + b"-- \n2.39.5\n\n"
    )
    assert cut(mail + mail.replace(b"/f", b"/g")) == [(8, 1), (26, 1)]


def test_a_last_line_without_its_line_break_is_whole() -> None:
    (section,) = sections(GIT.removesuffix(b"\n").splitlines(keepends=True))
    assert section.hunks[0][-1] == b"+c\n"


def test_context_lines_whose_blank_a_mailer_cut_off_are_context() -> None:
    assert cut(b"--- a\n+++ b\n@@ -1,3 +1,3 @@\n\n-b\n+c\n\r\n") == [(1, 1)]


def test_a_translated_marker_for_a_missing_line_break_is_understood() -> None:
    (section,) = sections((GIT + b"\\ Kein Zeilenumbruch am Dateiende.\n").splitlines(keepends=True))
    assert section.hunks[0][-1] == b"\\ No newline at end of file\n"


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        (GIT[:-3], "ends at line 7, within a hunk"),
        (GIT.replace(b"-1,2 +1,2", b"-1,3 +1,2"), "within a hunk"),
        (GIT.replace(b"-1,2 +1,2", b"-1,1 +1,1"), "longer than its header says"),
        (GIT.replace(b"+1,2 @@", b"+1,1 @@"), "longer than its header says"),
        (GIT + b"+d\n", "longer than its header says"),
        (GIT + b"--- d\n", "longer than its header says"),
        (GIT.replace(b"-b", b"*b"), "stands within a hunk but is no part of it"),
        (GIT[: GIT.index(b"@@")], "has no hunk"),
        (b"@@ -1 +1 @@\n-a\n+b\n", "a hunk of no file"),
        (b"diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n", "combined diff"),
        (b"Only in new: x.c\n--- old/f\n+++ new/f\n@@ -1 +1 @@\n-a\n+b\n", "without its content"),
        (b"Submodule lib 1234567..89abcde:\n  > a commit\n" + GIT, "submodule's log"),
    ],
)
def test_a_patch_that_is_cut_or_damaged_is_refused_with_the_place(patch: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        cut(patch)
    assert caught.value.fix
