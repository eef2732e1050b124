"""Whom each tier asks, in which order: model, base URL, and the name of the variable that holds the key.

A key goes to one host only. Where a repository's configuration chooses the host, it counts once the user agreed to
that host with that key (``hunkworks trust``), or the environment names both in HUNKWORKS_TRUST_ENDPOINTS
(``KEY@BASE_URL``, several separated by spaces): for machines where nobody can be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hunkworks import trust
from hunkworks.config import Config, Fallback, Judge, Tier
from hunkworks.errors import ConfigError

MODELS = {Tier.FAST: "claude-haiku-5-5", Tier.DEFAULT: "claude-sonnet-5-5", Tier.DEEP: "claude-opus-5-5"}
ANTHROPIC = "https://api.anthropic.com"
_PORTS = {"https": 443, "http": 80}
TRUSTED = "HUNKWORKS_TRUST_ENDPOINTS"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place to ask. ``chosen`` says that the repository's configuration, not the user, named host or key."""

    base_url: str
    model: str
    key: str
    chosen: bool = False

    @property
    def host(self) -> str:
        """Scheme, host and port: who gets the key and the code; rates and breakers are kept for it."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{self.place}"

    @property
    def place(self) -> str:
        """Host, and port where it is not the usual one."""
        parts = urlsplit(self.base_url)
        usual = parts.port in {None, _PORTS[parts.scheme]}
        return (parts.hostname or "") + ("" if usual else f":{parts.port}")

    @property
    def words(self) -> tuple[str, ...]:
        """What the user agrees to."""
        return ("send code to", self.base_url, "with the key in", self.key)

    def __str__(self) -> str:
        return f"{self.model} at {self.place}"


Chains = Mapping[Tier, tuple[Endpoint, ...]]


def chains(config: Config, environment: Mapping[str, str]) -> Chains:
    """Return who is asked on each tier, first choice first.

    What the configuration leaves open is the user's own: ANTHROPIC_BASE_URL with ANTHROPIC_API_KEY or
    ANTHROPIC_AUTH_TOKEN, else Anthropic's API.

    Raises:
        ConfigError: A base URL without the name of its key, or one key for two hosts.
    """
    found = {tier: tuple(_chain(tier, config.tiers[tier], environment)) for tier in Tier}
    _one_host_per_key([endpoint for chain in found.values() for endpoint in chain], environment)
    return found


def _chain(tier: Tier, judge: Judge, environment: Mapping[str, str]) -> Iterable[Endpoint]:
    first = f"tiers.{tier}"
    yield _endpoint(first, judge, judge.id or MODELS[tier], environment)
    for number, fallback in enumerate(judge.fallback):
        yield _endpoint(f"{first}.fallback[{number}]", fallback, fallback.id, environment)


def _endpoint(place: str, named: Judge | Fallback, model: str, environment: Mapping[str, str]) -> Endpoint:
    if named.base_url and not named.key:
        raise ConfigError(
            f"{place} names a base_url without a key: the key of another host is never sent there",
            fix=f'add key = "NAME_OF_THE_VARIABLE" to {place}',
        )
    own = environment.get("ANTHROPIC_BASE_URL") or ANTHROPIC
    token = not environment.get("ANTHROPIC_API_KEY") and environment.get("ANTHROPIC_AUTH_TOKEN")
    key = named.key or ("ANTHROPIC_AUTH_TOKEN" if token else "ANTHROPIC_API_KEY")
    base_url = (named.base_url or own).rstrip("/")
    _check_address(f"base_url of {place}" if named.base_url else "ANTHROPIC_BASE_URL", base_url)
    return Endpoint(base_url, model, key, chosen=bool(named.base_url or named.key))


def _check_address(name: str, base_url: str) -> None:
    """Refuse what is no address of an API, without repeating it: there may be a password in it."""
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in _PORTS and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # a port that is no number
        good = False
    if not good or not base_url.isascii() or not base_url.isprintable() or set(base_url) & set(" ?#"):
        raise ConfigError(
            f"{name} is no address of an API",
            expected="http:// or https://, host and path, without user, password and query",
            fix="put the key into the variable that key names",
        )


def _one_host_per_key(endpoints: Iterable[Endpoint], environment: Mapping[str, str]) -> None:
    """Refuse what would show one vendor's key to another, under one name or under two."""
    owner: dict[str, Endpoint] = {}
    for endpoint in endpoints:
        for secret in filter(None, (f"name {endpoint.key}", environment.get(endpoint.key, ""))):
            other = owner.setdefault(secret, endpoint)
            if other.host != endpoint.host:
                names = " and ".join(dict.fromkeys((other.key, endpoint.key)))
                raise ConfigError(
                    f"the key in {names} would go to {other.host} and to {endpoint.host}",
                    expected="one key for each host",
                    fix="give each its own variable in hunkworks.toml",
                )


def allow(endpoints: Iterable[Endpoint], common_dir: Path | None, environment: Mapping[str, str]) -> None:
    """Refuse an endpoint that may not be asked from here.

    Raises:
        ConfigError: Nobody agreed to it, or its key is not set.
    """
    stated = environment.get(TRUSTED, "").split()
    for endpoint in endpoints:
        agreed = f"{endpoint.key}@{endpoint.base_url}" in {item.rstrip("/") for item in stated}
        agreed = agreed or (common_dir is not None and trust.is_trusted(common_dir, endpoint.words))
        if endpoint.chosen and not agreed:
            raise ConfigError(
                f"hunkworks.toml sends code to {endpoint.base_url} with the key in {endpoint.key}, "
                "to which nobody agreed here",
                fix=f"hunkworks trust; in CI: export {TRUSTED}={endpoint.key}@{endpoint.base_url}",
            )
        key = environment.get(endpoint.key, "").strip()
        if not key or not key.isascii() or not key.isprintable():
            wrong = "holds what no header can" if key else "is not set"
            raise ConfigError(
                f"{endpoint} needs a key, and {endpoint.key} {wrong}", fix=f"export {endpoint.key}=…"
            )


def named_endpoints(config: Config, environment: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return what each endpoint that a configuration chooses asks the user to agree to, in words."""
    found = chains(config, environment)
    return list(dict.fromkeys(e.words for chain in found.values() for e in chain if e.chosen))
