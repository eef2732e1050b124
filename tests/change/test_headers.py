"""A file's name is told exactly, whatever it is made of and whatever prefixes a user likes."""

from __future__ import annotations

import pytest

from hunkworks.change.headers import parse_header
from hunkworks.change.model import Status
from hunkworks.errors import InputError


def names(header: bytes) -> tuple[str, str, Status]:
    parsed = parse_header(header.splitlines(keepends=True), 1)
    return parsed.path, parsed.old_path, parsed.status


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (b"a/f b/f", "f"),
        (b"a/x b/x b/x b/x", "x b/x"),
        (b"a/with space b/with space", "with space"),
        (b'"a/tab\\there" "b/tab\\there"', "tab\there"),
        (b"i/src/f w/src/f", "src/f"),  # diff.mnemonicPrefix
        (b"src/f src/f", "src/f"),  # diff.noprefix
        (b"a/f a/f", "a/f"),  # diff.noprefix, in a folder called a
        (b"old/src/f new/src/f", "src/f"),  # --src-prefix=old/ --dst-prefix=new/
        (b"b/f a/f", "f"),  # -R
    ],
)
def test_name_of_a_file_without_hunks(line: bytes, path: str) -> None:
    header = b"diff --git " + line + b"\nold mode 100644\nnew mode 100755\n"
    assert names(header) == (path, path, Status.MODIFIED)


@pytest.mark.parametrize(
    ("old", "new", "path", "status"),
    [
        (b"a/f", b"b/f", "f", Status.MODIFIED),
        (b"a/f\t2026-01-01 10:00:00", b"b/f\t2026-01-02 10:00:00", "f", Status.MODIFIED),
        (b"f.orig", b"f", "f", Status.MODIFIED),
        (b"before/src/f", b"after/src/f", "after/src/f", Status.MODIFIED),
        (b"/dev/null", b"b/f", "f", Status.ADDED),
        (b"a/f", b"/dev/null", "f", Status.DELETED),
        (b'"a/\\303\\274"', b'"b/\\303\\274"', "ü", Status.MODIFIED),
    ],
)
def test_name_in_a_patch_that_git_did_not_make(old: bytes, new: bytes, path: str, status: Status) -> None:
    assert names(b"--- " + old + b"\n+++ " + new + b"\n") == (path, path, status)


def test_a_rename_has_two_names_without_prefix() -> None:
    header = b"diff --git a/b/x b/a/x\nsimilarity index 100%\nrename from b/x\nrename to a/x\n"
    assert names(header) == ("a/x", "b/x", Status.RENAMED)


def test_a_patch_with_windows_line_ends_names_the_same_file() -> None:
    assert names(b"diff --git a/f b/f\r\nindex 1..2 100644\r\n--- a/f\r\n+++ b/f\r\n")[0] == "f"


def test_modes_and_blobs() -> None:
    parsed = parse_header(
        [b"diff --git a/f b/f\n", b"deleted file mode 100755\n", b"index abc1234..0000000\n"], 1
    )
    assert (parsed.old_mode, parsed.new_mode, parsed.old_blob, parsed.new_blob) == (
        0o100755,
        None,
        "abc1234",
        "",
    )


def test_binary_outside_git() -> None:
    parsed = parse_header([b"Binary files old/a and b.png and new/a and b.png differ\n"], 1)
    assert (parsed.path, parsed.binary) == ("a and b.png", True)


def test_a_file_without_a_name_is_refused() -> None:
    with pytest.raises(InputError, match="line 7 of the patch has no name"):
        parse_header([b"diff --git \n"], 7)
