"""Who is asked, and that no key and no code goes where nobody agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.scripted_api import ScriptedAPI
from hunkworks.config import Config, Tier, parse
from hunkworks.engine.endpoints import allow, chains, named_endpoints
from hunkworks.engine.engine import open_api
from hunkworks.errors import ConfigError
from hunkworks.trust import agree
from tests.engine.judging import Room, answer

KIMI = '{id = "kimi-k2.6", base_url = "https://api.moonshot.ai/anthropic", key = "MOONSHOT_API_KEY"}'
HERE = Path("/repository/.git")


def configured(text: str) -> Config:
    return parse(text, origin="hunkworks.toml")


def test_without_configuration_each_tier_asks_anthropic() -> None:
    found = chains(Config(), {})
    assert [(e.base_url, e.model, e.key) for tier in Tier for e in found[tier]] == [
        ("https://api.anthropic.com", "claude-haiku-5-5", "ANTHROPIC_API_KEY"),
        ("https://api.anthropic.com", "claude-sonnet-5-5", "ANTHROPIC_API_KEY"),
        ("https://api.anthropic.com", "claude-opus-5-5", "ANTHROPIC_API_KEY"),
    ]


def test_the_users_own_endpoint_is_asked_with_the_users_own_key() -> None:
    environment = {"ANTHROPIC_BASE_URL": "https://gateway.example/", "ANTHROPIC_AUTH_TOKEN": "t"}
    (endpoint,) = chains(Config(), environment)[Tier.FAST]
    assert (endpoint.base_url, endpoint.key) == ("https://gateway.example", "ANTHROPIC_AUTH_TOKEN")
    allow([endpoint], None, environment)


def test_one_line_is_enough_for_another_endpoint() -> None:
    found = chains(configured(f"tiers.deep = {KIMI}"), {})
    assert str(found[Tier.DEEP][0]) == "kimi-k2.6 at api.moonshot.ai"
    assert found[Tier.FAST][0].model == "claude-haiku-5-5"


def test_fallbacks_keep_their_order() -> None:
    text = f"[tiers.deep]\nfallback = [{KIMI}, {{id = 'claude-sonnet-5-5'}}]"
    models = [endpoint.model for endpoint in chains(configured(text), {})[Tier.DEEP]]
    assert models == ["claude-opus-5-5", "kimi-k2.6", "claude-sonnet-5-5"]


def test_another_host_never_gets_anthropics_key() -> None:
    with pytest.raises(ConfigError, match="never sent there"):
        chains(configured('[tiers.deep]\nbase_url = "https://evil.example"'), {})
    other = 'tiers.deep = {base_url = "https://evil.example", key = "ANTHROPIC_API_KEY"}'
    with pytest.raises(ConfigError, match="one key for each host"):
        chains(configured(other), {})


@pytest.mark.parametrize(
    "address",
    [
        "https://user:pass@gateway.example",
        "https://gateway.example:port",
        "https://gateway.example/?key=pass",
        "ftp://gateway.example",
        "gateway.example/pass",
        "https://",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ConfigError, match="ANTHROPIC_BASE_URL is no address") as refusal:
        chains(Config(), {"ANTHROPIC_BASE_URL": address})
    assert "pass@" not in str(refusal.value)
    assert "=pass" not in str(refusal.value)


def test_a_host_has_one_name_however_it_is_written() -> None:
    written = ("https://Gateway.example", "https://gateway.example:443/v2/")
    found = [chains(Config(), {"ANTHROPIC_BASE_URL": url})[Tier.FAST][0].host for url in written]
    assert found == ["https://gateway.example"] * 2


def test_one_key_under_two_names_is_noticed() -> None:
    environment = {"ANTHROPIC_API_KEY": "same", "MOONSHOT_API_KEY": "same"}
    with pytest.raises(ConfigError, match="ANTHROPIC_API_KEY and MOONSHOT_API_KEY") as refusal:
        chains(configured(f"tiers.deep = {KIMI}"), environment)
    assert "same" not in str(refusal.value)


KEYS = {"ANTHROPIC_API_KEY": "a", "MOONSHOT_API_KEY": "m"}


def test_a_repositorys_endpoint_counts_once_the_user_agreed_to_exactly_it() -> None:
    config = configured(f"tiers.deep = {KIMI}")
    endpoints = chains(config, KEYS)[Tier.DEEP]
    with pytest.raises(ConfigError, match="hunkworks trust"):
        allow(endpoints, HERE, KEYS)
    agree(HERE, named_endpoints(config, KEYS))
    allow(endpoints, HERE, KEYS)
    with pytest.raises(ConfigError, match="nobody agreed"):
        allow(endpoints, Path("/another/.git"), KEYS)
    moved = chains(configured(f"tiers.deep = {KIMI}".replace("MOONSHOT_API", "AWS_SECRET")), KEYS)
    with pytest.raises(ConfigError, match="AWS_SECRET_KEY"):
        allow(moved[Tier.DEEP], HERE, KEYS)


@pytest.mark.parametrize(
    ("stated", "allowed"),
    [
        ("MOONSHOT_API_KEY@https://api.moonshot.ai/anthropic", True),
        ("OTHER@https://x.example MOONSHOT_API_KEY@https://api.moonshot.ai/anthropic/", True),
        ("https://api.moonshot.ai/anthropic", False),
        ("OTHER_KEY@https://api.moonshot.ai/anthropic", False),
        ("MOONSHOT_API_KEY@https://api.moonshot.ai", False),
        ("", False),
    ],
)
def test_where_nobody_can_be_asked_the_environment_agrees(stated: str, allowed: bool) -> None:
    environment = {**KEYS, "HUNKWORKS_TRUST_ENDPOINTS": stated}
    endpoints = chains(configured(f"tiers.deep = {KIMI}"), environment)[Tier.DEEP]
    if allowed:
        allow(endpoints, None, environment)
    else:
        with pytest.raises(ConfigError, match="HUNKWORKS_TRUST_ENDPOINTS"):
            allow(endpoints, None, environment)


@pytest.mark.parametrize(
    ("text", "environment", "word"),
    [
        ("", {"ANTHROPIC_API_KEY": " "}, "export ANTHROPIC_API_KEY"),
        ("", {"ANTHROPIC_API_KEY": "sk-…"}, "holds what no header can"),
        ("tiers.fast.id = 'claude-opus-9'", {}, "no ceiling could hold"),
        (f"tiers.fast = {KIMI}", {}, "nobody agreed"),
        ("[[tiers.fast.fallback]]\nid = 'gpt-9'", {}, "no ceiling could hold"),
    ],
    ids=["no key", "a key cut short", "no price", "no trust", "no price of a fallback"],
)
def test_nothing_is_sent_before_all_is_known(text: str, environment: dict[str, str], word: str) -> None:
    """Even where only a lower tier, or a fallback, would need it."""
    with ScriptedAPI(answer) as api:
        variables = {**KEYS, "ANTHROPIC_BASE_URL": api.url, **environment}
        with (
            open_api(configured(text), HERE, None, environment=variables) as engine,
            pytest.raises(ConfigError, match=word),
        ):
            engine.judge([Room().task(tier=Tier.DEEP)])
        assert not api.asked
