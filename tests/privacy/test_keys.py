"""Private keys are found whole, cut, quoted, indented, encoded, and behind a diff's signs."""

from __future__ import annotations

import base64
import random

import pytest

from hunkworks.privacy.secrets import find_secrets
from tests.privacy.planting import private_key

KEY = private_key(random.Random(1))
BODY = KEY.split("\n")[1:-1]


def assert_no_line_left(text: str, lines: list[str]) -> None:
    [secret] = find_secrets(text)
    assert secret.kind in {"private-key", "encoded-private-key"}
    for line in lines:
        start = text.index(line)
        assert secret.start <= start < start + len(line) <= secret.end


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        KEY.replace("\n", "\r\n"),
        "\n".join("+" + line for line in KEY.split("\n")),
        "\n".join(f"{number:>6} + {line}" for number, line in enumerate(KEY.split("\n"), 98)),
        "\n".join(f"    {line}" for line in KEY.split("\n")),
        "\n".join(f"# {line}" for line in KEY.split("\n")),
        "\n".join(f'    "{line}\\n"' for line in KEY.split("\n")),
        "\n".join(f'    "{line}\\n" +' for line in KEY.split("\n")),
        '{"private_key": "' + KEY.replace("\n", "\\n") + '"}',
        KEY.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n", 1),
        KEY.replace("RSA PRIVATE KEY", "OPENSSH PRIVATE KEY"),
        KEY.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
    ],
)
def test_a_key_is_covered_from_its_first_to_its_last_line(text: str) -> None:
    assert_no_line_left(f"before\n{text}\nafter = 1\n", BODY)


@pytest.mark.parametrize("sign", ["", "+", " "])
def test_a_key_cut_by_a_hunk_is_covered(sign: str) -> None:
    lines = [sign + line for line in KEY.split("\n")]
    assert_no_line_left("\n".join([*lines[:4], "@@ -9,1 +9,1 @@ def f():", "+code = 1"]), BODY[:3])
    assert_no_line_left("\n".join(["@@ -1 +1 @@ x", *lines[4:], "+code = 1"]), BODY[3:])


def test_what_follows_a_cut_key_stays_readable() -> None:
    text = "\n".join([*KEY.split("\n")[:4], "def function(argument):", "    return argument"])
    [secret] = find_secrets(text)
    assert text[secret.end :] == "\ndef function(argument):\n    return argument"


def test_two_keys_are_two_findings() -> None:
    assert len(find_secrets(f"{KEY}\nx = 1\n{private_key(random.Random(2))}")) == 2


def test_a_key_encoded_once_more_is_covered() -> None:
    encoded = base64.b64encode(KEY.encode()).decode()
    assert_no_line_left(f"  tls.key: {encoded}\n", [encoded])


def test_a_putty_key_is_covered() -> None:
    body = "\n".join(BODY)
    text = f"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 6\n{body}\nPrivate-MAC: {'0a' * 20}"
    assert_no_line_left(text, BODY)


@pytest.mark.parametrize(
    "text",
    [
        "PEM = re.compile(r'-----BEGIN (RSA )?PRIVATE KEY-----')",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\n" + "\n".join(BODY) + "\n-----END PUBLIC KEY-----",
    ],
)
def test_code_about_keys_is_no_key(text: str) -> None:
    assert find_secrets(text) == []
