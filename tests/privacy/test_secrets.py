"""Secrets are found wherever they stand, and what only looks like one is left alone."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkworks.privacy.secrets import find_secrets, kinds
from tests.privacy.planting import BASE62, private_key, secrets

CONTEXTS = {
    "alone": "%s",
    "assigned": 'api_token = "%s"',
    "in a diff": '@@ -1 +1 @@\n-old\n+  key: "%s",\n context',
    "in JSON": '{"token": "%s", "next": 1}',
    "in XML": "<value>%s</value>",
    "in a shell": "curl -H 'X-Token: %s' https://example.org",
    "in a sentence": "I rotated %s yesterday, so it is harmless.",
    "with Windows line ends": "a\r\n%s\r\nb",
    "beside other scripts": "ключ İ %s 鍵",
}


def found(text: str) -> dict[str, str]:
    return {text[secret.start : secret.end]: secret.kind for secret in find_secrets(text)}


def covered(text: str, value: str) -> bool:
    start = text.index(value)
    inside = {place for secret in find_secrets(text) for place in range(secret.start, secret.end)}
    return all(place in inside for place, char in enumerate(value, start) if char.isalnum())


@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
@pytest.mark.parametrize("kind", secrets(0))
def test_every_kind_is_covered_in_every_context(kind: str, context: str) -> None:
    for seed in range(3):
        value = secrets(seed)[kind]
        assert covered(context % value, value), value


@pytest.mark.parametrize("kind", secrets(0))
def test_a_kind_is_called_by_its_name(kind: str) -> None:
    assert found(secrets(1)[kind])[secrets(1)[kind]] == kind


@pytest.mark.parametrize("kind", sorted(set(secrets(0)) - {"private-key", "password-hash"}))
def test_secrets_in_paths_are_found(kind: str) -> None:
    value = secrets(2)[kind]
    assert covered(f"config/{value}/settings.py", value)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("postgres://app:kT4x9wLmQ2@db.internal:5432/app", "kT4x9wLmQ2", "url-password"),
        ("mongodb://app:s2Tf2k@rLMy@db1,db2/app", "s2Tf2k@rLMy", "url-password"),
        ("redis://:Zr8vQ1nTe5@cache/0", "Zr8vQ1nTe5", "url-password"),
        ("Authorization: Basic YWxhZGRpbjpvcGVuLXNlc2FtZQ==", "YWxhZGRpbjpvcGVuLXNlc2FtZQ==", "basic-auth"),
        ("password: 'Tr0ub4dor&Zebra'", "Tr0ub4dor&Zebra", "password"),
        ("PGPASSWORD=xK9#mPq2wLr", "xK9#mPq2wLr", "password"),
        (
            "aws_secret_key => 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzZ8kQ2vT9a'",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzZ8kQ2vT9a",
            "aws-secret-access-key",
        ),
        (
            "client_secret: 8f14e45fceea167a5a36dedd4bea2543",
            "8f14e45fceea167a5a36dedd4bea2543",
            "generic-secret",
        ),
        (
            "api key - 3b1f9c52-77aa-4c1d-9e0b-5d2f6a8c4e71",
            "3b1f9c52-77aa-4c1d-9e0b-5d2f6a8c4e71",
            "generic-secret",
        ),
        ("https://h/?access_token=q7Xw2Lk9Vb4Nz8Rt5Yp1&x=1", "q7Xw2Lk9Vb4Nz8Rt5Yp1", "generic-secret"),
    ],
)
def test_secrets_known_by_their_shape(text: str, value: str, kind: str) -> None:
    assert found(text).get(value) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "password = os.environ['DB_PASSWORD']",
        "password: ${DB_PASSWORD}",
        "password: String!",
        '"password": "Mot de passe",',
        "token = getTokenFromRequestHeader2(request)",
        "key: NSForegroundColorAttributeName",
        "postgres://user:password@localhost/test",
        "http://localhost:8080/a@b",
        "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
        '"integrity": "sha512-1/sA4dwrzBAyeUoQ6oxahHKmrZvsnLCg4RfxW3ZFGGmQkSNQPFNLV9CUEFQP1x9EYXHTo5p6xdhZM1Ne9p/g=="',
        "github.com/davecgh/go-spew v1.1.1 h1:vj9j/u1bqnvCEfJOwUhtlOARqs3+rkHYY13jYWTU97c=",
        "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        "id = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'",
        "if '-----BEGIN RSA PRIVATE KEY-----' in text:",
        "#include <folly/external/fast-crc32/avx512_crc32c_v8s3x4.h>",
        "func testHTTP2ServerPushPromise_Frame64BitAlignment() {",
        "api_key = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
        "secret: ****************",
    ],
)
def test_what_is_no_secret_raises_no_alarm(text: str) -> None:
    assert found(text) == {}


def test_kinds_are_stable_names() -> None:
    assert len(kinds()) > 300
    assert all(kind == kind.lower() and " " not in kind and "_" not in kind for kind in kinds())


def test_a_certificate_is_no_secret() -> None:
    body = private_key(random.Random(4), lines=12).split("\n")[1:-1]
    certificate = ["-----BEGIN CERTIFICATE-----", *body, "-----END CERTIFICATE-----"]
    assert found("\n".join(certificate)) == {}


@settings(max_examples=60)
@given(
    st.text(st.characters(codec=None), max_size=200), st.integers(0, 9), st.sampled_from(sorted(secrets(0)))
)
def test_any_text_around_a_secret_keeps_offsets_right(around: str, seed: int, kind: str) -> None:
    """Offsets count characters, whatever becomes longer when lowered, and undecodable bytes break nothing."""
    value = secrets(seed)[kind]
    text = f"{around}\n{value}\n{around}"
    spans = find_secrets(text)
    assert any(
        secret.start <= len(around) + 1 and secret.end >= len(around) + 1 + len(value) for secret in spans
    )
    assert all(0 <= secret.start < secret.end <= len(text) for secret in spans)
    assert all(first.end <= second.start for first, second in itertools.pairwise(spans))


def test_a_token_longer_than_the_window_is_covered_whole() -> None:
    value = "".join(random.Random(7).choices(BASE62, k=5000))
    assert covered(f'secret_token = "{value[:1900]}"', value[:1900])
    assert covered(f"secret_token={value}\n", value)


@pytest.mark.parametrize(
    "text", ["key=", "curl ", "-----BEGIN PRIVATE KEY-----\n", "kind: secret\ndata:\n", "://a:"]
)
def test_hostile_repetition_ends(text: str) -> None:
    """Nothing to assert but the end: a pattern that backtracks without bound would hang here."""
    find_secrets(text * 300)


def test_a_value_is_masked_wherever_it_stands_again() -> None:
    value = "Zr8QmK2vTbX9wLpN4c"
    assert covered(f'token = "{value}"\n', value)
    text = f'token = "{value}"\nlog("sent", {value})\n'
    assert len(find_secrets(text)) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("deploySECRETKEY-4f9aB27cQx81Lm3Zt6Vw", "4f9aB27cQx81Lm3Zt6Vw"),
        ("<secret>{AQAAABAAA 4f9ab27c0d814e3fa6b1c2d3e4f5a6b7}</secret>", "4f9ab27c0d814e3fa6b1c2d3e4f5a6b7"),
        ("service_token = '7ad3kq91zx'", "7ad3kq91zx"),
        ("Authorization: Bearer mK_9.B5f-4.1JqM", "mK_9.B5f-4.1JqM"),
        ("license key: IZAT6SA-AJUQES1-BZWZYWJ-VDIXPVG", "IZAT6SA-AJUQES1-BZWZYWJ-VDIXPVG"),
        ("paging: '0f9b2d3c-7a41-4c5e-9d1f-3b8a6c2e7d90'", "0f9b2d3c-7a41-4c5e-9d1f-3b8a6c2e7d90"),
        ("pass = 'qWe#rtYuiop9'", "qWe#rtYuiop9"),
        ('auth_secret: "u@D7GXt)t>8d(LtH^(lvZ<g="', "u@D7GXt)t>8d(LtH^(lvZ<g="),
    ],
)
def test_secrets_known_by_what_stands_before_them(text: str, value: str) -> None:
    assert covered(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "commit: 'ef185a67991484219a7ecd74aab25f186274d7dd'",
        "  Alamofire: ef185a67991484219a7ecd74aab25f186274d7dd",
        "request_id = '0f9b2d3c-7a41-4c5e-9d1f-3b8a6c2e7d90'",
        "D0C8847A2122A65800CCB501 /* KeychainAccess.framework */,",
        "access: CTRadioAccessTechnologyCDMAEVDORev0",
        "token = parse_token(next_line)",
        'key = "user:%s:session@%d"',
        "pass\nfor key in keys: pass",
        "(l1_accesses_line, l2_accesses_line)",
        "connect(keyfile=keyfile, ssl_version=ssl.TLSVersion.TLSv1_2)",
        'APIURL: "http://someapi.com/v1"',
        "github.com/nats-io/nkeys v0.4.7 h1:RwNJbbIdYCoClSDNY7QVKZlyb/wfT6ugvFCiKy6vDvI=",
        "run(repo_with_passing_hook, commit=False)",
    ],
)
def test_names_and_checksums_stay_readable(text: str) -> None:
    assert find_secrets(text) == []
