"""Offsets in the text are offsets in the bytes, in every encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.catalogs.source import Replacement, Source, Span
from hunkworks.errors import InputError
from hunkworks.splice import splice

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "shift-jis"]


@given(st.text(st.sampled_from("aé😀日\n")), st.sampled_from(ENCODINGS), st.data())
def test_edits_of_the_text_are_edits_of_the_bytes(text: str, encoding: str, data: st.DataObject) -> None:
    try:
        original = text.encode(encoding)
    except UnicodeEncodeError:
        return
    source = Source.decode(original, encoding.removesuffix("-sig") if encoding != "utf-16" else "utf-16-le")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    replacements = [Replacement(cuts[0], cuts[1], "xy"), Replacement(cuts[2], cuts[3], "z")]
    expected = text[: cuts[0]] + "xy" + text[cuts[1] : cuts[2]] + "z" + text[cuts[3] :]
    assert splice(original, source.edits(replacements)) == expected.encode(encoding)


def test_a_span_is_shown_in_bytes() -> None:
    assert Source.decode("\ufeffé=1".encode()).byte_span(Span(2, 3)) == (6, 7)


@pytest.mark.parametrize(
    ("data", "encoding", "reason"),
    [
        (b"a\n\xe9", "utf-8", "line 2 is not UTF-8.*at byte 2"),
        (b"\xff\xfe\x00\xd8", "utf-8", "not UTF-16"),
        (b"\xff\xfea", "utf-8", "not UTF-16"),
        (b"a", "klingon", "unknown"),
        (b"\xff\xfe\x00\x00", "utf-8", "UTF-32"),
        (b"+AGE-", "utf-7", "does not spell the same bytes back"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Source.decode(data, encoding)


def test_a_text_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(InputError, match=r"'日' cannot be written in latin-1.*U\+65E5"):
        Source.decode(b"abc", "latin-1").edits([Replacement(0, 1, "x日")])
