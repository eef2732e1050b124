"""`hunkworks stats`: what reviews were worth, from the ledger and from the code as it stands now."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from typing import Any

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import ledger_of
from hunkworks.errors import IntegrityError
from hunkworks.ledger.record import Record
from hunkworks.ledger.store import Ledger
from hunkworks.review import dismissals
from hunkworks.review.finding import Finding
from hunkworks.review.standing import locator
from hunkworks.review.stats import Stats, count, findings_of

_REVIEWS = {"review", "review report"}


@click.command()
@click.option("--since", metavar="YYYY-MM-DD", help="Only what ran from this day on.")
@json_option
def stats(since: str | None, as_json: bool) -> None:
    """Count what became of findings, by class: addressed, dismissed, still standing.

    Addressed means that the quoted code is gone from the files of this work tree. Costs are known only where an engine
    reported them.

    \b
    Example: hunkworks stats --since 2026-01-01
    """
    first = date.fromisoformat(since) if since else date.min
    repository = Repository.discover()
    ledger = ledger_of(repository)
    records = [record for record in ledger.records() if record.started.date() >= first]
    found = _count(repository, ledger, records)
    if as_json:
        write_json(_document(found))
    else:
        _print(found)


def _count(repository: Repository, ledger: Ledger, records: list[Record]) -> Stats:
    reports = [record for record in records if record.verb in _REVIEWS]
    shared = repository.show(WORKTREE, dismissals.PATH) or b""
    decided = {decision.fingerprint for decision in dismissals.parse(shared, origin=dismissals.PATH)}
    decided |= {record.outcome.verdict for record in records if record.verb == "review dismiss"}
    costs = [record.cost for record in records if record.cost is not None]
    return Stats(
        reviews=len(reports),
        incomplete=sum(record.outcome.verdict == "incomplete" for record in reports),
        pages=sum(record.verb == "page" for record in records),
        deep=sum(record.route is not None and record.route.tier == "deep" for record in reports),
        cost=sum(costs) if costs else None,
        classes=count(
            _findings(ledger, reports), decided, locator(lambda path: repository.show(WORKTREE, path), {})
        ),
    )


def _findings(ledger: Ledger, reports: list[Record]) -> Iterator[Finding]:
    for record in reports:
        digest = record.bodies.get("report")
        if digest is None:
            continue
        try:
            yield from findings_of(msgspec.json.decode(ledger.get(digest)))
        except IntegrityError as error:
            click.echo(f"hunkworks: warning: {error}", err=True)


def _document(found: Stats) -> dict[str, Any]:
    total = dataclasses.asdict(found.total)
    per = found.cost / found.total.addressed if found.cost is not None and found.total.addressed else None
    return {**dataclasses.asdict(found), "total": total, "cost_per_addressed": per}


def _print(found: Stats) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    cost = "unknown" if found.cost is None else f"{found.cost:.2f} USD"
    console.print(
        f"{found.reviews} reviews ({found.deep} deep, {found.incomplete} incomplete), {found.pages} pages, cost {cost}"
    )
    if not found.classes:
        console.print("No finding was shown yet.")
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("class")
    for title in ("said", "addressed", "dismissed", "standing", "of decided, addressed"):
        table.add_column(title, justify="right")
    ordered = sorted(found.classes.items(), key=lambda item: (-item[1].said, item[0]))
    for name, fates in [*ordered, ("all", found.total)]:
        share = "–" if fates.accepted is None else f"{fates.accepted:.0%}"
        counts = (fates.said, fates.addressed, fates.dismissed, fates.standing)
        table.add_row(name, *map(str, counts), share, style="bold" if name == "all" else "")
    console.print(table)
