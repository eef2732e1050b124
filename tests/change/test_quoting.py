"""Paths come out of git's quotes as the bytes they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.change.quoting import split_quoted, unquote


@pytest.mark.parametrize(
    ("quoted", "path"),
    [
        (b"plain name", b"plain name"),
        (rb'"a\tb"', b"a\tb"),
        (rb'"a\nb\r\v\f\a\b"', b"a\nb\r\v\f\a\b"),
        (rb'"say \"hi\" \\ bye"', rb'say "hi" \ bye'),
        (rb'"\303\274.txt"', "ü.txt".encode()),
        (rb'"\377"', b"\xff"),
        (b'"', b'"'),
    ],
)
def test_unquote(quoted: bytes, path: bytes) -> None:
    assert unquote(quoted) == path


@given(st.binary(min_size=1).filter(lambda path: b"\0" not in path))
def test_every_path_survives_octal_quoting(path: bytes) -> None:
    quoted = b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
    assert split_quoted(quoted + b" rest") == (path, b"rest")
