"""Old content + hunks = new content, byte for byte, whatever the bytes."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hunkworks.change.content import apply, split_lines
from hunkworks.change.model import Side
from hunkworks.change.patch import Patch
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.errors import InputError
from tests.repo import Repo

# Bytes that other line splitters take for line ends, that look like a patch, or that are no UTF-8.
PIECES = [
    b"a",
    b"b",
    b"",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\x0b",
    b"\x0c",
    b"\x85",
    b"\x1c",
    b"\xe2\x80\xa8",
    b"\xff",
]
PIECES += [b"-- a/x", b"++ b/x", b"@@ -1 +1 @@", b"diff --git a/x b/x", b"\\ No newline at end of file", b" "]
CONTENT = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)


@given(CONTENT)
def test_lines_join_to_what_was_split(content: bytes) -> None:
    assert b"".join(split_lines(content)) == content


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=CONTENT, new=CONTENT)
def test_any_two_contents_through_git(repo: Repo, old: bytes, new: bytes) -> None:
    repo.write("f", old)
    repo.git("config", "core.autocrlf", "false")
    repo.commit()
    repo.write("f", new)
    repo.git("update-index", "--refresh", "--really-refresh") if old == new else None
    made = select(Repository.discover(repo.root), Selector())
    found = list(made.files())
    assert bool(found) is (old != new)
    for file in found:
        assert made.content(file, Side.OLD) == old
        assert made.content(file, Side.NEW) == new
        assert apply(old, file.hunks) == new
        assert [line.text for hunk in file.hunks for line in hunk.lines if line.old] == [
            text for number, text in enumerate(split_lines(old), 1) if number in numbers(file.hunks)
        ]


def numbers(hunks: object) -> set[int]:
    return {line.old for hunk in hunks for line in hunk.lines if line.old}  # type: ignore[attr-defined]


def test_a_hunk_that_does_not_fit_is_refused_with_the_place() -> None:
    (file,) = Patch(io.BytesIO(b"--- a/f\n+++ b/f\n@@ -2 +2 @@\n-two\n+TWO\n")).files()
    assert apply(b"one\ntwo\n", file.hunks) == b"one\nTWO\n"
    for other in (b"one\nother\n", b"one\n", b"one\ntwo"):
        with pytest.raises(InputError, match="old line 2 does not fit"):
            apply(other, file.hunks)
