"""``hunkworks ledger prune``, and the same once a day at the end of a review or a run: nothing grows for ever."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import click

from hunkworks import paths
from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import ledger_of, recorded
from hunkworks.cli.selection import base_config
from hunkworks.errors import RepositoryError
from hunkworks.ledger.retention import LEAST, due


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, or would go; ``days`` are accounts of what a day had cost."""

    older_than: int
    runs: int
    bodies: int
    calls: int
    sessions: int
    days: int
    bytes: int

    def __bool__(self) -> bool:
        return any(number for number, _, _ in self._counts)

    def __str__(self) -> str:
        parts = [f"{number:,} {one if number == 1 else many}" for number, one, many in self._counts if number]
        return f"{', '.join(parts)} older than {self.older_than} days, {self.bytes:,} bytes"

    @property
    def _counts(self) -> tuple[tuple[int, str, str], ...]:
        return (
            (self.runs, "run", "runs"),
            (self.bodies, "body", "bodies"),
            (self.calls, "answer on record", "answers on record"),
            (self.sessions, "session", "sessions"),
            (self.days, "day's account", "days' accounts"),
        )


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
    """Remove old runs with what they left, answers that no other run names, idle sessions, old days' accounts.

    A review, and every run without a session, does so at its end, once a day. What is under way stays.

    \b
    Example: hunkworks ledger prune --older-than 30 --dry-run
    """
    repository = Repository.discover()
    days = days or base_config(repository, repository.head or "empty").ledger.keep_days
    try:
        if dry_run:
            pruned = _pruned(repository, days, dry_run=True)
        else:
            with recorded("ledger prune", repository) as run:
                pruned = _pruned(repository, days)
                counts = {name: number for name, number in asdict(pruned).items() if name != "older_than"}
                run.outcome(0, "", **counts)
    except OSError as error:
        raise RepositoryError(f"the ledger cannot be pruned: {error}") from error
    if as_json:
        write_json({**asdict(pruned), "dry_run": dry_run})
    elif pruned:
        click.echo(f"{'Would remove' if dry_run else 'Removed'} {pruned}.")
    else:
        click.echo(f"Nothing is older than {days} days.")


def prune_daily(repository: Repository, base: str) -> None:
    """Remove once a day what is too old, by the configuration of ``base``, and say so on stderr.

    A ledger that cannot be written is a warning.
    """
    try:
        if not due(ledger_of(repository)):
            return
        pruned = _pruned(repository, base_config(repository, base).ledger.keep_days)
    except OSError as error:
        click.echo(f"hunkworks: warning: the ledger was not pruned: {error}", err=True)
    else:
        if pruned:
            click.echo(
                f"The ledger keeps {pruned.older_than} days ([ledger] keep_days): removed {pruned}.", err=True
            )


def _pruned(repository: Repository, days: int, *, dry_run: bool = False) -> Pruned:
    from hunkworks.engine import budget, journal
    from hunkworks.ledger import retention

    before = datetime.now(UTC) - timedelta(days=days)
    ledger, sessions = ledger_of(repository), paths.repository_state(repository.common_dir) / "sessions"
    removed = retention.prune(ledger, before, dry_run=dry_run)
    gone = {
        "calls": journal.prune(ledger, removed, before, dry_run=dry_run),
        "sessions": retention.prune_folders(sessions, before, dry_run=dry_run),
        "days": budget.prune(paths.user_state() / "engine", before.date(), dry_run=dry_run),
    }
    counts = {name: count for name, (count, _) in gone.items()}
    size = removed.size + sum(freed for _, freed in gone.values())
    return Pruned(older_than=days, runs=removed.runs, bodies=len(removed.bodies), bytes=size, **counts)
