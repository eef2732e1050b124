"""``hunkworks route``: which tier of model a change deserves, and why."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hunkworks.cli.output import escape, json_option, progress, write_json
from hunkworks.cli.run import ledger_of, recorded
from hunkworks.cli.selection import change_options, selected
from hunkworks.config import Config, Tier

if TYPE_CHECKING:
    from hunkworks.route.calibrate import History, Point
    from hunkworks.route.model import Reason, Route


@click.group(invoke_without_command=True)
@change_options
@json_option
@click.pass_context
def route(ctx: click.Context, /, as_json: bool, **selection: Any) -> None:
    """Say which tier of model a change deserves, and why.

    The diff alone decides, within milliseconds; no model is asked. Routing picks who reviews, never whether.

    \b
    Example: hunkworks route --base main
    """
    if ctx.invoked_subcommand is not None:
        return
    from hunkworks.route.router import Router

    choice = selected(**selection)
    with recorded("route", choice.repository, choice.change) as run, progress("Reading the change") as tell:
        router = Router(choice.config)
        for file in choice.change.files():
            tell(file.path)
            router.feed(file)
        decided = router.decide()
        run.route = decided
    document = _document(decided)
    if as_json:
        write_json(document)
    else:
        _explain(decided, document["reasons"])


@route.command()
@json_option
def calibrate(as_json: bool) -> None:
    """Refit the threshold from this clone's own reviews: their scores, and which findings proved useful.

    Useful is a finding that was confirmed and not dismissed, or that made the author change the code.

    \b
    Example: hunkworks route calibrate
    """
    from hunkworks.change.repository import Repository
    from hunkworks.route.calibrate import history, points, suggest

    repository = Repository.discover()
    config = _config(repository)
    known = history(ledger_of(repository))
    suggested = suggest(known, config.route.min_share)
    if as_json:
        write_json(
            {
                "threshold": config.route.threshold,
                "suggested": suggested.threshold if suggested else None,
                "min_share": config.route.min_share,
                "reviews": len(known.outcomes),
                "with_useful_findings": sum(outcome.useful > 0 for outcome in known.outcomes),
                "missing": known.missing,
                "unread": known.unread,
                "points": [asdict(point) for point in points(known.outcomes)],
            }
        )
    else:
        _print_calibration(known, suggested, config)


def _document(decided: Route) -> dict[str, Any]:
    return {
        "tier": decided.tier.value,
        "model": decided.model,
        "agent": decided.agent,
        "score": decided.score,
        "threshold": decided.threshold,
        "reasons": [_reason(reason) for reason in decided.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    from hunkworks.privacy.redact import redact, strip_hidden

    path = os.fsencode(reason.path).decode("utf-8", "backslashreplace")
    return {
        "rule": reason.rule,
        "path": redact(path).text,
        "line": reason.line,
        "text": strip_hidden(redact(reason.text).text)[0],
    }


def _explain(decided: Route, reasons: list[dict[str, Any]]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    style = "bold magenta" if decided.tier is Tier.DEEP else "bold"
    sign = "≥" if decided.score >= decided.threshold else "<"
    raised = ", raised by a team route" if decided.tier is Tier.DEEP and sign == "<" else ""
    console.print(
        f"[{style}]{decided.tier.value}[/] → {escape(decided.agent)} on {decided.model}, "
        f"score {decided.score:.2f} {sign} {decided.threshold:.2f}{raised}"
    )
    for reason in reasons:
        place = f"{escape(reason['path'])}:{reason['line']}" if reason["line"] else escape(reason["path"])
        console.print(f"  {escape(reason['rule'])}", f"[dim]{place}[/]" if place else "", soft_wrap=True)
        if reason["text"]:
            console.print(f"    [dim]│[/] {escape(reason['text'])}", overflow="ellipsis", no_wrap=True)


def _config(repository: Any) -> Config:
    from hunkworks.cli.selection import base_config

    return base_config(repository, "HEAD") if repository.head else Config()


def _print_calibration(known: History, suggested: Point | None, config: Config) -> None:
    from rich.console import Console
    from rich.table import Table

    from hunkworks.route.calibrate import points, thinned

    with_useful = sum(outcome.useful > 0 for outcome in known.outcomes)
    if known.outcomes:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("threshold", "routed deep", "useful findings kept deep", ""):
            table.add_column(heading, justify="right")
        for point in thinned(points(known.outcomes), suggested):
            mark = "← suggested" if point == suggested else ""
            table.add_row(f"{point.threshold:.4f}", f"{point.deep:.0%}", f"{point.kept:.0%}", mark)
        Console().print(table)
    click.echo(f"{len(known.outcomes)} reviews by a model, {with_useful} of them with a useful finding.")
    if known.unread:
        click.echo(f"{known.unread} reports could not be read: hunkworks ledger verify", err=True)
    if suggested is None:
        click.echo(
            f"Too little to go by: {known.missing} more reviews with a useful finding are needed. "
            f"The threshold stays {config.route.threshold}."
        )
    elif suggested.threshold == config.route.threshold:
        click.echo(f"The threshold {config.route.threshold} is the one to keep.")
    else:
        click.echo(
            f"To keep {config.route.min_share:.0%} of the useful findings deep, write into hunkworks.toml:\n\n"
            f"route.threshold = {suggested.threshold}"
        )
