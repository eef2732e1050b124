"""`hunkworks stats`: what reviews were worth, from the ledger and from the code as it stands now."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
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
from hunkworks.review.stats import Fates, Stats, count, findings_of

_REVIEWS = {"review", "review report", "review run"}


@click.command()
@click.option("--since", metavar="YYYY-MM-DD", help="Only what ran from this day on.")
@json_option
def stats(since: str | None, as_json: bool) -> None:
    """Count what became of findings, by class: addressed, dismissed, still standing.

    Addressed means that the quoted code is gone from the files of this work tree; ignored, that it stands there.
    Costs are known only where an engine reported them.

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
        classes=count(_findings(ledger, reports), decided, _locator(repository)),
    )


def _locator(repository: Repository) -> Callable[[Finding], Finding | None]:
    """Return a function that finds a finding's code in the work tree, in another file where its own is gone."""
    locate = locator(lambda path: repository.show(WORKTREE, path), {})

    def anywhere(finding: Finding) -> Finding | None:
        place = locate(finding)
        text = finding.quote.split("\n")[0].strip()
        if place or not text or repository.show(WORKTREE, finding.path) is not None:
            return place
        paths = {match.path for match in repository.grep(text, WORKTREE, [])}
        moved = (locate(msgspec.structs.replace(finding, path=path)) for path in sorted(paths))
        return next((found for found in moved if found is not None), None)

    return anywhere


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
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    pages = "no human was called" if not found.pages else f"a human was called {found.pages} times"
    console.print(f"{found.reviews} reviews ({found.deep} deep, {found.incomplete} incomplete); {pages}")
    console.print(f"cost: {_cost(found)}")
    if not found.classes:
        console.print("No finding was shown yet.")
        return
    table = Table(
        box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False, show_footer=True, footer_style="bold"
    )
    total = found.total
    table.add_column("class", footer="all")
    for title, number in (
        ("findings", total.said),
        ("addressed", total.addressed),
        ("dismissed", total.dismissed),
        ("ignored", total.standing),
    ):
        table.add_column(title, str(number), justify="right")
    table.add_column("addressed of all", _share(total), justify="right")
    ordered = sorted(found.classes.items(), key=lambda item: (-item[1].said, item[0]))
    for name, fates in ordered:
        counts = (fates.said, fates.addressed, fates.dismissed, fates.standing)
        table.add_row(name, *map(str, counts), _share(fates))
    console.print(table)
    console.print(
        "addressed: its code is gone from today's files; ignored: it stands there, and nobody dismissed it"
    )


def _share(fates: Fates) -> str:
    return f"{fates.addressed / fates.said:.0%}"


def _cost(found: Stats) -> str:
    if found.cost is None:
        return "not known (a session does not tell it)"
    each = (
        f", {found.cost / found.total.addressed:.2f} for each addressed finding"
        if found.total.addressed
        else ""
    )
    return f"{found.cost:.2f} USD{each}"
