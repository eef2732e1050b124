"""Spans in, bytes out: what is planned is done, and nothing else changes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.errors import InputError, IntegrityError
from hunkworks.splice import Edit, prove, splice, sweep, write_atomically


@st.composite
def planned(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    """Bytes and edits of them that do not overlap, in any order."""
    data = draw(st.binary(max_size=60))
    points = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    edits = [
        Edit(start, end, draw(st.binary(max_size=5)))
        for start, end in zip(points[::2], points[1::2], strict=False)
    ]
    return data, draw(st.permutations(edits))


@given(planned())
def test_edits_are_done_and_the_rest_stands(case: tuple[bytes, list[Edit]]) -> None:
    data, edits = case
    expected = bytearray(data)
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        expected[edit.start : edit.end] = edit.new
    if len({edit.start for edit in edits if edit.start == edit.end}) == sum(e.start == e.end for e in edits):
        assert splice(data, edits) == bytes(expected)
    else:
        assert len(splice(data, edits)) == len(expected)


@given(planned(), st.data())
def test_a_byte_outside_the_plan_never_passes_the_proof(
    case: tuple[bytes, list[Edit]], data: st.DataObject
) -> None:
    original, edits = case
    result = bytearray(splice(original, edits))
    if result:
        place = data.draw(st.integers(0, len(result) - 1))
        result[place] ^= 1
        with pytest.raises(IntegrityError):
            prove(original, bytes(result), sorted(edits, key=lambda edit: (edit.start, edit.end)))


def test_two_insertions_at_one_place_keep_their_order() -> None:
    assert splice(b"ab", [Edit(1, 1, b"1"), Edit(1, 1, b"2")]) == b"a12b"


@pytest.mark.parametrize("edits", [[Edit(0, 2, b""), Edit(1, 3, b"")], [Edit(0, 9, b"")], [Edit(-1, 0, b"")]])
def test_an_impossible_plan_is_refused(edits: list[Edit]) -> None:
    with pytest.raises(InputError):
        splice(b"abc", edits)


def test_writing_keeps_the_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    file = tmp_path / "run.sh"
    file.write_bytes(b"old")
    file.chmod(0o750)
    link = tmp_path / "link"
    link.symlink_to("run.sh")
    write_atomically(link, b"new", expected=b"old")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "run.sh"]


def test_a_new_file_gets_the_mode_that_the_user_asked_for(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_somebody_elses_edit_is_noticed_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"theirs")
    with pytest.raises(IntegrityError, match="changed while the plan was being made"):
        write_atomically(file, b"ours", expected=b"before")
    assert file.read_bytes() == b"theirs"


def test_what_a_killed_writer_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".de[1].json.abc.hunkworks").write_bytes(b"half")
    (tmp_path / ".fr.json.abc.hunkworks").write_bytes(b"another's")
    (tmp_path / "de[1].json").write_bytes(b"{}")
    sweep(tmp_path / "de[1].json")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fr.json.abc.hunkworks", "de[1].json"]
