"""A change's name depends on what it says, and on nothing else."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from hunkworks.change.diff import parse_patch
from hunkworks.change.identity import file_digest, name_change
from hunkworks.change.model import FileChange, Role

PATCH = b"diff --git a/f b/f\nindex 1234567..89abcde 100644\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@ def g():\n a\n-b\n+c\n"
BINARY = b"diff --git a/p b/p\nindex 1234567..89abcde 100644\nBinary files a/p and b/p differ\n"


def read(patch: bytes) -> FileChange:
    (file,) = parse_patch(io.BytesIO(patch))
    return file


def test_what_machines_differ_in_does_not_count() -> None:
    file = read(PATCH)
    other = replace(
        read(PATCH.replace(b" def g():", b"")), role=Role.TEST, why="", note="x", old_blob="1" * 40
    )
    assert file_digest(file) == file_digest(other)
    assert file_digest(read(BINARY)) == file_digest(replace(read(BINARY), old_blob="1234567" + "0" * 33))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"+c\n", b"+d\n"),
        (b"+c\n", b"+c\n\\ No newline at end of file\n"),
        (b"+c\n", b"+c\r\n"),
        (b"-b\n", b"-x\n"),
        (b"@@ -1,2 +1,2 @@", b"@@ -7,2 +7,2 @@"),
        (b"100644", b"100755"),
        (b"/f", b"/F"),
    ],
)
def test_what_a_reader_would_see_counts(before: bytes, after: bytes) -> None:
    assert file_digest(read(PATCH)) != file_digest(read(PATCH.replace(before, after)))


def test_binary_content_counts() -> None:
    assert file_digest(read(BINARY)) != file_digest(read(BINARY.replace(b"89abcde", b"89abcdf")))


def test_a_missing_line_break_is_not_confused_with_a_joined_line() -> None:
    one = b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n"
    two = b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x+y\n+\n\\ No newline at end of file\n"
    assert file_digest(read(one)) != file_digest(read(two))


def test_an_empty_change_has_a_name() -> None:
    assert len(name_change([])) == 16
