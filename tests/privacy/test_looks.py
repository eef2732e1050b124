"""Values read as a person reads them: generated, chosen, or standing in."""

from __future__ import annotations

import pytest

from hunkworks.privacy.looks import (
    is_generated,
    is_password,
    is_reference,
    is_stand_in,
    is_token,
    word_length,
)


@pytest.mark.parametrize(
    "value", ["${TOKEN}", "$TOKEN", "{{ token }}", "<token>", "%TOKEN%", "%s", "xxxxxxxx", "***"]
)
def test_references_and_fillings_hold_no_value(value: str) -> None:
    assert is_reference(value)


@pytest.mark.parametrize("value", ["password", "PASSWORD", "changeme", "secret", "${PW}"])
def test_everybody_knows_a_stand_in(value: str) -> None:
    assert is_stand_in(value)


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ("Tr0ub4dor&Zebra", True),
        ("Correct1Horse", True),
        ("password1!A", False),
        ("String!", False),
        ("Mot de passe 1A", False),
        ("config.value", False),
        ("aB3", False),
    ],
)
def test_passwords_mix_characters_and_are_no_joke(value: str, chosen: bool) -> None:
    assert is_password(value) == chosen


def test_what_is_generated_has_short_words() -> None:
    assert word_length("q7Xw2Lk9Vb4Nz8Rt5Yp1") < 2 < 4 < word_length("getTokenFromRequestHeader")


@pytest.mark.parametrize(
    "value", ["getTokenFromRequestHeader2", "com.example.app.AuthToken1", "with spaces 123456"]
)
def test_names_are_no_tokens(value: str) -> None:
    assert not is_token(value)


def test_a_hash_is_generated_only_where_a_name_says_so() -> None:
    commit = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    assert is_token(commit)
    assert not is_generated(commit)
