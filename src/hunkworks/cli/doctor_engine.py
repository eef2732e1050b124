"""``hunkworks doctor --engine``: ask each endpoint of the configuration what it takes, for a price told before."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hunkworks.cli.output import write_json
from hunkworks.errors import ConfigError, RepositoryError, UsageError

if TYPE_CHECKING:
    from hunkworks.config import Config
    from hunkworks.engine.endpoints import Endpoint
    from hunkworks.engine.probing import Found


def doctor_engine(*, yes: bool, as_json: bool) -> int:
    """Probe every endpoint, print what was found, and keep it for runs; 1 where one of them cannot judge."""
    from hunkworks.engine import abilities
    from hunkworks.engine.endpoints import chains
    from hunkworks.engine.prices import Prices
    from hunkworks.engine.probing import most

    config, common_dir = _configuration()
    prices = Prices(config.engine.prices)
    tiers: dict[Endpoint, list[str]] = {}
    for tier, chain in chains(config, os.environ).items():
        for place, endpoint in enumerate(chain):
            name = f"{tier}" if place == 0 else f"{tier} (fallback {place})"
            tiers.setdefault(endpoint, []).append(name)
    refused = {endpoint: why for endpoint in tiers if (why := _refused(endpoint, prices, common_dir))}
    asked = [endpoint for endpoint in tiers if endpoint not in refused]
    limit = sum((most(endpoint, prices) for endpoint in asked), Decimal(0))
    if asked:
        _agreed(asked, limit, yes=yes)
    found = _probed(config, asked)
    abilities.keep({one.endpoint: one.able for one in found if "tools" in one.rows})
    spent = sum((one.usd for one in found), Decimal(0))
    if as_json:
        write_json(_document(tiers, refused, found, spent))
    else:
        _print(tiers, refused, found)
        click.echo(
            f"It cost {spent:.4f} USD. Prices are of {prices.dated}. Runs use what was found.", err=True
        )
    return 1 if refused or any(one.problem for one in found) else 0


def _configuration() -> tuple[Config, Path | None]:
    from hunkworks.change.repository import Repository
    from hunkworks.cli.selection import base_config
    from hunkworks.config import Config

    try:
        repository = Repository.discover()
    except RepositoryError:
        return Config(), None
    return base_config(repository, repository.head or "empty"), repository.common_dir


def _refused(endpoint: Endpoint, prices: Any, common_dir: Path | None) -> str:
    """Return why an endpoint may not even be asked, "" where it may."""
    from hunkworks.engine.endpoints import allow

    try:
        prices.check([endpoint.model])
        allow([endpoint], common_dir, os.environ)
    except ConfigError as error:
        return str(error)
    return ""


def _agreed(asked: Sequence[Endpoint], limit: Decimal, *, yes: bool) -> None:
    names = ", ".join(str(endpoint) for endpoint in asked)
    click.echo(
        f"Asks {names}: two small calls each, more where one is refused; {limit:.2f} USD at most.", err=True
    )
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nobody is here to agree to that price", fix="hunkworks doctor --engine --yes")
    click.confirm("Ask them?", abort=True, err=True)


def _probed(config: Config, endpoints: Sequence[Endpoint]) -> list[Found]:
    from hunkworks.engine.api import Api
    from hunkworks.engine.budget import SpentError
    from hunkworks.engine.engine import open_budget
    from hunkworks.engine.prices import Prices
    from hunkworks.engine.probing import Found, probe

    budget = open_budget(config.engine, os.environ)
    prices = Prices(config.engine.prices)
    found = []
    for endpoint in endpoints:
        senders = {
            header: Api(os.environ, min(60.0, config.engine.timeout), {endpoint.base_url: header})
            for header in ("authorization", "x-api-key")
        }
        try:
            found.append(probe(endpoint, senders.__getitem__, prices, budget))
        except SpentError as error:
            found.append(Found(endpoint, problem=f"not asked: what is left of {error} might not pay for it"))
        finally:
            for sender in senders.values():
                sender.close()
    return found


def _document(
    tiers: Mapping[Endpoint, list[str]],
    refused: Mapping[Endpoint, str],
    found: Sequence[Found],
    spent: Decimal,
) -> dict[str, Any]:
    by_endpoint = {one.endpoint: one for one in found}
    endpoints = []
    for endpoint, names in tiers.items():
        one = by_endpoint.get(endpoint)
        endpoints.append(
            {
                "model": endpoint.model,
                "base_url": endpoint.base_url,
                "key": endpoint.key,
                "tiers": names,
                "problem": one.problem if one else refused[endpoint],
                "found": one.rows if one else {},
            }
        )
    return {"endpoints": endpoints, "usd": float(spent)}


def _print(
    tiers: Mapping[Endpoint, list[str]], refused: Mapping[Endpoint, str], found: Sequence[Found]
) -> None:
    by_endpoint = {one.endpoint: one for one in found}
    for endpoint, names in tiers.items():
        one = by_endpoint.get(endpoint)
        problem = one.problem if one else refused[endpoint]
        click.echo(f"{'✗' if problem else '✓'} {endpoint}, for {', '.join(names)}")
        for name, words in (one.rows if one else {}).items():
            click.echo(f"    {name:<15} {words}")
        if problem:
            click.echo(f"    cannot judge: {problem}")
