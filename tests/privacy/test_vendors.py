"""Formats that issuers publish are found in a sentence, and their beginnings alone are not."""

from __future__ import annotations

import random
import string
import uuid

import pytest

from hunkworks.privacy.secrets import find_secrets
from hunkworks.privacy.vendors import VENDORS

HEX, DIGITS = string.digits + "abcdef", string.digits
WORD = string.ascii_letters + string.digits
UPPER, LOWER = string.ascii_uppercase + string.digits, string.ascii_lowercase + string.digits


def made(seed: int) -> dict[str, tuple[str, str]]:
    """Return for each kind a text, and what of it is secret."""
    chance = random.Random(seed)

    def some(alphabet: str, length: int) -> str:
        return "".join(chance.choices(alphabet, k=length))

    ident = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    teams = f"https://a.webhook.office.com/webhookb2/{ident}@{ident}/IncomingWebhook/"
    whole = {
        "appsync-api-key": "da2-" + some(LOWER, 26),
        "bitbucket-access-token": "ATCTT3xFf" + some(WORD, 160),
        "discord-webhook": f"https://discord.com/api/webhooks/{some('123456789', 18)}/{some(WORD, 68)}",
        "hubspot-private-app-token": f"pat-eu1-{ident}",
        "mapbox-token": "sk.eyJ1" + some(WORD, 60) + "." + some(WORD, 22),
        "maxmind-license-key": f"{some(WORD, 6)}_{some(WORD, 29)}_mmk",
        "microsoft-teams-webhook": f"{teams}{some(HEX, 32)}/{ident}",
        "new-relic-user-key": "NRAK-" + some(UPPER, 27),
        "nuget-api-key": "oy2" + some(LOWER, 43),
        "prefixed-key": "pri_" + some(HEX, 32),
        "slack-rotated-token": "xoxe.xoxp-1-" + some(WORD, 140),
        "typeform-api-token": "tfp_" + some(WORD, 44),
    }
    key, unseal, device, hook = (
        some(WORD + "+/", 43) + "=",
        some(WORD + "+/", 44),
        some(WORD, 20),
        some(WORD, 14),
    )
    asana = f"{some('123456789', 16)}/{some('123456789', 16)}:{some(HEX, 32)}"
    apart = {
        "asana-token": (f"asana {asana}", asana),
        "azure-app-configuration": (f"Endpoint=https://a.azconfig.io;Id=ab-l0-s0:x;Secret={key}", key),
        "thingsboard-device-token": (f"https://thingsboard.cloud/api/v1/{device}/telemetry", device),
        "vault-unseal-key": (f"vault operator unseal {unseal}", unseal),
        "zapier-webhook": (f"https://hooks.zapier.com/hooks/catch/{hook}/", hook),
    }
    return {kind: (text, text) for kind, text in whole.items()} | apart


def test_every_issuer_has_an_example() -> None:
    assert made(0).keys() == {vendor.kind for vendor in VENDORS}


@pytest.mark.parametrize("kind", made(0))
@pytest.mark.parametrize("context", ["{}", "I rotated {} yesterday.", "x = '{}';"])
def test_a_secret_of_every_issuer_is_covered(kind: str, context: str) -> None:
    for seed in range(3):
        text, secret = made(seed)[kind]
        told = context.format(text)
        start = told.index(secret)
        inside = {place for found in find_secrets(told) for place in range(found.start, found.end)}
        assert set(range(start, start + len(secret))) - inside <= {
            place for place, char in enumerate(told) if not char.isalnum()
        }


@pytest.mark.parametrize(
    "text",
    [
        "pat-na1-CLIENT is the prefix",
        "tfp_ and NRAK- are prefixes",
        "POST https://hooks.zapier.com/hooks/catch/",
        "see discord.com/api/webhooks/ID/TOKEN",
        "vault operator unseal KEY",
        "key_derivation_function_of_the_session",
    ],
)
def test_a_prefix_alone_is_no_secret(text: str) -> None:
    assert find_secrets(text) == []
