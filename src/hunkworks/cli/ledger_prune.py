"""``hunkworks ledger prune``, and the same once a day at the end of runs without a session: nothing grows for ever."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import click

from hunkworks import paths
from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import ledger_of, recorded
from hunkworks.cli.selection import base_config
from hunkworks.config import Config
from hunkworks.errors import RepositoryError
from hunkworks.ledger.retention import LEAST, due
from hunkworks.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, or would go; ``days`` are accounts of what a day had cost."""

    older_than: int
    runs: int
    bodies: int
    calls: int
    days: int
    bytes: int

    def __bool__(self) -> bool:
        return bool(self.runs or self.bodies or self.calls or self.days)

    def __str__(self) -> str:
        counts = {
            "run": self.runs,
            "body": self.bodies,
            "answer on record": self.calls,
            "day's account": self.days,
        }
        parts = [
            f"{number:,} {_PLURALS[name] if number != 1 else name}"
            for name, number in counts.items()
            if number
        ]
        return f"{', '.join(parts)} older than {self.older_than} days, {self.bytes:,} bytes"


_PLURALS = {
    "run": "runs",
    "body": "bodies",
    "answer on record": "answers on record",
    "day's account": "days' accounts",
}


@click.command()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(LEAST, 36_500),
    metavar="DAYS",
    help="Default: [ledger] keep_days of hunkworks.toml, else 90.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@json_option
def prune(days: int | None, dry_run: bool, as_json: bool) -> None:
    """Remove old runs with what they left, answers on record that none of the others names, and old days' accounts.

    A run without a session does so by itself, once a day. Whatever a run under way needs stays.

    \b
    Example: hunkworks ledger prune --older-than 30 --dry-run
    """
    repository = Repository.discover()
    days = days or base_config(repository, repository.head or "empty").ledger.keep_days
    try:
        if dry_run:
            pruned = _pruned(ledger_of(repository), days, dry_run=True)
        else:
            with recorded("ledger prune", repository) as run:
                pruned = _pruned(ledger_of(repository), days)
                run.outcome(
                    0, "", runs=pruned.runs, bodies=pruned.bodies, calls=pruned.calls, days=pruned.days
                )
    except OSError as error:
        raise RepositoryError(f"the ledger cannot be pruned: {error}") from error
    if as_json:
        write_json({**asdict(pruned), "dry_run": dry_run})
    elif pruned:
        click.echo(f"{'Would remove' if dry_run else 'Removed'} {pruned}.")
    else:
        click.echo(f"Nothing is older than {days} days.")


def prune_daily(repository: Repository, config: Config) -> None:
    """Remove what is too old, once a day, and say so on stderr; a ledger that cannot be written is a warning."""
    ledger = ledger_of(repository)
    try:
        pruned = _pruned(ledger, config.ledger.keep_days) if due(ledger) else None
    except OSError as error:
        click.echo(f"hunkworks: warning: the ledger was not pruned: {error}", err=True)
    else:
        if pruned:
            click.echo(
                f"The ledger keeps {pruned.older_than} days ([ledger] keep_days): removed {pruned}.", err=True
            )


def _pruned(ledger: Ledger, days: int, *, dry_run: bool = False) -> Pruned:
    from hunkworks.engine import budget, journal
    from hunkworks.ledger import retention

    before = datetime.now(UTC) - timedelta(days=days)
    removed = retention.prune(ledger, before, dry_run=dry_run)
    calls, freed = journal.prune(ledger, removed, before, dry_run=dry_run)
    accounts, size = budget.prune(paths.user_state() / "engine", before.date(), dry_run=dry_run)
    return Pruned(days, removed.runs, len(removed.bodies), calls, accounts, removed.size + freed + size)
