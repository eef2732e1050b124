"""A repository's configuration starts only what its user agreed to, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks.errors import InputError
from hunkworks.trust import agree, is_trusted


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_nothing_is_trusted_before_it_was_agreed_to() -> None:
    assert not is_trusted(Path("/r/.git"), ["make", "page"])


def test_exactly_the_agreed_words_are_trusted_for_that_repository() -> None:
    agree(Path("/r/.git"), [["make", "page"]])
    assert is_trusted(Path("/r/.git"), ["make", "page"])
    assert not is_trusted(Path("/r/.git"), ["make", "page", "-k"])
    assert not is_trusted(Path("/r/.git"), ["make page"])
    assert not is_trusted(Path("/other/.git"), ["make", "page"])


def test_agreeing_anew_forgets_what_is_not_named_any_more() -> None:
    agree(Path("/r/.git"), [["make", "page"]])
    agree(Path("/r/.git"), [["make", "call"]])
    assert not is_trusted(Path("/r/.git"), ["make", "page"])


def test_a_damaged_file_trusts_nothing_and_says_so(state: Path) -> None:
    agree(Path("/r/.git"), [["make"]])
    (state / "trust.json").write_text("{")
    with pytest.raises(InputError, match="hunkworks trust"):
        is_trusted(Path("/r/.git"), ["make"])
