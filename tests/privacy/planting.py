"""Made-up secrets of many kinds, drawn anew from a seed: none of them stands in this repository."""

from __future__ import annotations

import base64
import random
import string

LOWER_HEX = string.digits + "abcdef"
BASE32 = string.ascii_uppercase + "234567"
BASE62 = string.ascii_letters + string.digits
BASE64 = BASE62 + "+/"


def _some(chance: random.Random, alphabet: str, length: int) -> str:
    return "".join(chance.choices(alphabet, k=length))


def _segment(chance: random.Random, text: str) -> str:
    return base64.urlsafe_b64encode((text + _some(chance, BASE62, 12) + '"}').encode()).decode().rstrip("=")


def private_key(
    chance: random.Random, *, lines: int = 6, label: str = "RSA PRIVATE KEY", newline: str = "\n"
) -> str:
    """A block that reads like a key in PEM."""
    body = [_some(chance, BASE64, 64) for _ in range(lines)] + [_some(chance, BASE64, 30) + "=="]
    return newline.join([f"-----BEGIN {label}-----", *body, f"-----END {label}-----"])


def secrets(seed: int) -> dict[str, str]:
    """Return one secret of each kind, by the kind it is expected to be called."""
    c = random.Random(seed)
    header, claims = _segment(c, '{"alg":"HS256","x":"'), _segment(c, '{"sub":"1","x":"')
    jwt = f"{header}.{claims}.{_some(c, BASE62, 43)}"
    return {
        "anthropic-api-key": "sk-ant-api03-" + _some(c, BASE62, 93) + "AA",
        "aws-access-key-id": "AKIA" + _some(c, BASE32, 16),
        "digitalocean-pat": "dop_v1_" + _some(c, LOWER_HEX, 64),
        "gcp-api-key": "AIza" + _some(c, BASE62, 35),
        "generated-token": "zq" + _some(c, BASE62, 18) + "4x9Q",
        "github-fine-grained-pat": "github_pat_" + _some(c, BASE62, 82),
        "github-oauth": "gho_" + _some(c, BASE62, 36),
        "github-pat": "ghp_" + _some(c, BASE62, 36),
        "gitlab-pat": "glpat-" + _some(c, BASE62, 20),
        "grafana-service-account-token": "glsa_" + _some(c, BASE62, 32) + "_" + _some(c, LOWER_HEX, 8),
        "huggingface-access-token": "hf_" + _some(c, string.ascii_letters, 34),
        "jwt": jwt,
        "linear-api-key": "lin_api_" + _some(c, BASE62, 40),
        "npm-access-token": "npm_" + _some(c, string.ascii_lowercase + string.digits, 36),
        "password-hash": "$2b$12$" + _some(c, BASE62, 53),
        "postman-api-token": "PMAK-" + _some(c, LOWER_HEX, 24) + "-" + _some(c, LOWER_HEX, 34),
        "private-key": private_key(c),
        "pulumi-api-token": "pul-" + _some(c, LOWER_HEX, 40),
        "pypi-upload-token": "pypi-AgEIcHlwaS5vcmc" + _some(c, BASE62, 60),
        "rubygems-api-token": "rubygems_" + _some(c, LOWER_HEX, 48),
        "sendgrid-api-token": "SG." + _some(c, BASE62, 22) + "." + _some(c, BASE62, 43),
        "shopify-access-token": "shpat_" + _some(c, LOWER_HEX, 32),
        "slack-bot-token": f"xoxb-{_some(c, '123456789', 12)}-{_some(c, '123456789', 12)}-{_some(c, BASE62, 24)}",
        "stripe-access-token": "sk_live_" + _some(c, BASE62, 24),
    }
