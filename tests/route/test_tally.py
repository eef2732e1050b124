"""Scores: between 0 and 1, never lowered by another file, and the shipped weights as promised."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hunkworks.route.observation import Observation, Place
from hunkworks.route.tally import Tally
from hunkworks.route.weights import frozen

FEATURES = sorted([*frozen().classes, *frozen().words])
FILES = st.builds(
    lambda names, lines: Observation(dict.fromkeys(names, Place("a.c", 1, "x")), lines),
    st.lists(st.sampled_from(FEATURES), max_size=20),
    st.integers(0, 50),
)


def score(files: list[Observation]) -> float:
    tally = Tally(frozen())
    for file in files:
        tally.add(file)
    return tally.score


@given(st.lists(FILES, min_size=1, max_size=6), FILES)
def test_another_file_never_lowers_the_score(files: list[Observation], more: Observation) -> None:
    before = score(files)
    assert 0 <= before <= 1
    assert score([*files, more]) >= before
    assert score([more, *files]) == score([*files, more])


def test_no_class_of_the_lexicon_counts_against() -> None:
    assert all(weight > 0 for weight in frozen().classes.values())


def test_a_guarded_name_has_a_weight() -> None:
    assert frozen().classes["guarded"] >= 0.2


def test_nothing_seen_scores_nothing() -> None:
    assert score([]) == 0
    assert score([Observation({"gained:#lock": Place("a.c", 1, "lock")}, 0)]) == 0
