"""Points and matches follow edits; edits that would meet are noticed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.refactor.places import Edits, Moves, Place, meet
from hunkworks.refactor.site import TextEdit

TEXT = "abcdefghijklmnopqrst"
EDITS = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, 4), st.text("XY", max_size=3)).map(
        lambda one: TextEdit(one[0], min(len(TEXT), one[0] + one[1]), one[2])
    ),
    max_size=6,
)


def applied(edits: list[TextEdit]) -> str:
    text = TEXT
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


@given(EDITS)
def test_what_is_taken_in_never_meets(edits: list[TextEdit]) -> None:
    standing = Edits()
    for edit in edits:
        if not standing.meets([edit]):
            standing.add([edit])
    taken = list(standing)
    assert not meet(taken)
    assert sum(len(edit.new) - (edit.end - edit.start) for edit in taken) == len(applied(taken)) - len(TEXT)


@given(EDITS, st.integers(0, len(TEXT) - 1))
def test_a_character_that_no_edit_touches_is_found_where_it_moved_to(
    edits: list[TextEdit], point: int
) -> None:
    standing = Edits()
    for edit in edits:
        if not standing.meets([edit]):
            standing.add([edit])
    taken = list(standing)
    text = applied(taken)
    if any(edit.start <= point < edit.end for edit in taken):
        return
    places = Moves(taken).of(point)
    assert any(text[at : at + 1] == TEXT[point] for at in places)


def test_a_match_whose_end_is_replaced_is_nowhere() -> None:
    place = Place(2, 8)
    place.move(Moves([TextEdit(6, 10, "X")]))
    assert list(place.spans()) == []
    place = Place(2, 8)
    place.move(Moves([TextEdit(4, 6, "X"), TextEdit(8, 8, "!")]))
    assert set(place.spans()) == {(2, 7), (2, 8)}
