"""Names become safe path components that stay readable and never collide."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import paths


def test_the_packs_own_files_are_found() -> None:
    assert paths.pack("agents/reviewer.md").is_file()
    assert paths.version().count(".") == 2


@pytest.mark.parametrize("home", ["/home/me", "relative", ""])
@pytest.mark.parametrize("state", ["", " ", "/x/y", " /x", "relative", "~/z"])
def test_state_of_a_user_lies_where_platformdirs_says(
    state: str, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUNKWORKS_STATE_DIR", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", state)
    monkeypatch.setenv("HOME", home)
    assert paths.user_state() == Path(platformdirs.user_state_dir("hunkworks", appauthor=False))


@pytest.mark.parametrize(("one", "other"), [("feature/a", "feature-a"), ("A", "a"), ("ä", "o"), ("..", ".")])
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert paths.slug(one) != paths.slug(other)


@given(st.text(min_size=1))
def test_a_slug_is_one_harmless_component(name: str) -> None:
    made = paths.slug(name)
    assert Path(made).name == made
    assert made not in {".", ".."}
    assert len(made) < 80
    assert paths.slug(name) == made
