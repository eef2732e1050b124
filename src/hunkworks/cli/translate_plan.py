"""What the verbs of ``hunkworks translate`` share: the options, the plan, and its price."""

from __future__ import annotations

import os

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.cli.output import progress
from hunkworks.cli.selection import Selected
from hunkworks.config import Config, Tier
from hunkworks.errors import ConfigError, UsageError
from hunkworks.localize.plan import Plan, Planner, Wanted
from hunkworks.localize.session import Confirmed

locale_option = click.option(
    "--locale",
    "locales",
    multiple=True,
    metavar="LOCALE",
    help="Only this locale; may be given several times.",
)
backlog_option = click.option("--backlog", is_flag=True, help="Also what was missing before this change.")
prune_option = click.option("--prune", is_flag=True, help="Also remove translations whose source is gone.")


def repository_of(choice: Selected) -> Repository:
    """Return the repository of a selected change.

    Raises:
        UsageError: It has none.
    """
    if choice.repository is None:
        raise UsageError("catalogs are translated in a repository", fix="leave out --stdin")
    return choice.repository


def planned(choice: Selected, repository: Repository, wanted: Wanted) -> Plan:
    """Plan a change, with the price of its batches."""
    confirmed = Confirmed(repository.common_dir)
    with progress("Reading the catalogs") as tell:
        planner = Planner(repository, choice.config.localize, confirmed.holds, tell)
        made = planner.plan(choice.change, choice.words, wanted)
    if not made.batches:
        return made
    usd = _price(choice.config, made.counts.tokens_in, made.counts.tokens_out)
    return msgspec.structs.replace(made, counts=msgspec.structs.replace(made.counts, usd=usd))


def _price(config: Config, read: int, written: int) -> float | None:
    """Return what so many tokens cost on the tier that translates; None where no price is known."""
    from hunkworks.engine.endpoints import chains
    from hunkworks.engine.prices import Prices, Tokens

    try:
        model = chains(config, os.environ)[Tier.DEFAULT][0].model
        return round(float(Prices(config.engine.prices).usd(model, Tokens(read, written))), 6)
    except ConfigError:
        return None
