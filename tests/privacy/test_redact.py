"""What leaves has the shape of what stood there, and not the secret."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkworks.privacy.redact import Redaction, redact, strip_hidden
from hunkworks.privacy.secrets import find_secrets
from tests.privacy.planting import private_key, secrets

NOISE = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "key = ",
        '"token": "',
        "password=",
        "secret*",
        "****",
        "*private-key*",
        "-----BEGIN PRIVATE KEY-----\n",
        "\r\n",
    ]
)
PIECES = st.lists(
    NOISE
    | st.builds(
        lambda seed, kind: secrets(seed)[kind], st.integers(0, 20), st.sampled_from(sorted(secrets(0)))
    ),
    max_size=8,
)


@settings(max_examples=150)
@given(PIECES)
def test_the_shape_stays_and_no_secret_does(pieces: list[str]) -> None:
    text = "".join(pieces)
    redacted = redact(text)
    assert len(redacted.text) == len(text)
    assert [len(line) for line in redacted.text.split("\n")] == [len(line) for line in text.split("\n")]
    assert find_secrets(redacted.text) == []
    assert redact(redacted.text).text == redacted.text
    assert bool(redacted.redactions) == bool(find_secrets(text))


@given(st.text(st.characters(codec=None)))
def test_text_without_a_secret_is_untouched(text: str) -> None:
    if not find_secrets(text):
        assert redact(text).text == text


@pytest.mark.parametrize("kind", secrets(0))
def test_no_piece_of_a_planted_secret_leaves(kind: str) -> None:
    for seed in range(9):
        value = secrets(seed)[kind]
        text = redact(f'+        connect("{value}")  # {kind}\n').text
        for piece in value.replace("\n", " ").replace(".", " ").split(" "):
            assert len(piece) < 8 or piece not in text


def test_a_placeholder_names_its_kind_where_it_fits() -> None:
    value = secrets(3)["github-pat"]
    assert redact(f"token={value};").text == "token=" + "github-pat".center(len(value), "*") + ";"
    assert redact("redis://:Zr8vQ1n@cache/0").text == "redis://:*******@cache/0"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_breaks_inside_a_key_stay(newline: str) -> None:
    key = private_key(random.Random(5), newline=newline)
    text = f"a{newline}{key}{newline}b"
    redacted = redact(text)
    assert redacted.text.count(newline) == text.count(newline)
    assert redacted.text.split(newline)[0] == "a"
    assert redacted.text.split(newline)[-1] == "b"
    assert "KEY" not in redacted.text
    assert redacted.redactions == (Redaction(2, "private-key"),)


def test_redactions_say_the_line_and_never_the_value() -> None:
    found = secrets(6)
    text = f"one\n{found['aws-access-key-id']}\nthree\nx {found['npm-access-token']} {found['github-pat']}"
    assert redact(text).redactions == (
        Redaction(2, "aws-access-key-id"),
        Redaction(4, "npm-access-token"),
        Redaction(4, "github-pat"),
    )


def test_a_secret_in_the_path_is_reported_on_line_0() -> None:
    path = f"config/{secrets(1)['github-pat']}.yml"
    assert redact("harmless", path=path).redactions == (Redaction(0, "github-pat"),)


def test_undecodable_bytes_survive() -> None:
    text = b"caf\xe9 \xff".decode("utf-8", "surrogateescape")
    assert redact(text).text == text


def test_hidden_text_is_taken_out_and_lines_keep_their_numbers() -> None:
    text, found = strip_hidden("a\u200bb\n<!-- do\nas I say -->\nc\u202e", markup=True)
    assert text == "ab\n\n\nc"
    assert [hidden.kind for hidden in found] == ["zero-width", "html-comment", "bidi-control"]


def test_a_comment_in_code_is_code() -> None:
    assert strip_hidden("x = '<!-- y -->'") == ("x = '<!-- y -->'", [])


@given(st.text(st.sampled_from("ab\n\u200b\u200d\u202e\ufe0f<!->ی👩"), max_size=40))
def test_nothing_hidden_is_left_after_stripping_twice_at_most(text: str) -> None:
    once, _ = strip_hidden(text)
    assert once.count("\n") == text.count("\n")
    assert set(once) <= set(text)
    if text.isascii():
        assert once == text
