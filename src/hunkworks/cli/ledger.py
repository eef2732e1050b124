"""`hunkworks ledger`: read, verify and prune the record of what ran."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hunkworks.cli import ledger_prune, ledger_replay
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import ledger_of
from hunkworks.errors import IntegrityError, RepositoryError, UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from hunkworks.ledger.record import Record
    from hunkworks.ledger.store import Ledger

UNKNOWN = "–"


@click.group()
def ledger() -> None:
    """Read, verify and prune the record of what ran.

    Every verb that decides or writes leaves one record in this clone: what ran, on which change, who judged,
    for how much, and how it ended. Nothing of it leaves the machine.

    \b
    Example: hunkworks ledger list
    """


@ledger.command("list")
@click.option("-n", "--limit", type=click.IntRange(min=0), default=20, show_default=True, help="0 lists all.")
@json_option
def list_runs(limit: int, as_json: bool) -> None:
    """List what ran in this clone, the newest first.

    \b
    Example: hunkworks ledger list -n 5
    """
    from hunkworks.ledger.record import Record

    with _opened() as store:
        lines = list(store.lines())
    records = [line for line in reversed(lines) if isinstance(line, Record)]
    damaged = len(lines) - len(records)
    shown = records[:limit] if limit else records
    if as_json:
        runs = [_document(record) for record in shown]
        write_json({"runs": runs, "total": len(records), "damaged": damaged})
    elif shown:
        _print(_table(shown))
        if len(shown) < len(records):
            click.echo(f"{len(shown)} of {len(records)} runs; all: hunkworks ledger list -n 0", err=True)
    else:
        click.echo("Nothing ran here yet. Try: hunkworks review", err=True)
    if damaged:
        click.echo(f"{damaged} damaged: hunkworks ledger verify", err=True)


@ledger.command()
@click.argument("run")
@click.option("--body", metavar="NAME|DIGEST", help="Print one body of the run instead.")
@json_option
def show(run: str, body: str | None, as_json: bool) -> None:
    """Show one run, named by the beginning of its id, and the bodies it left.

    \b
    Example: hunkworks ledger show 3f9a --body manifest
    """
    with _opened() as store:
        record = store.find(run)
        if body is None:
            sizes = {name: _size(store, digest) for name, digest in record.bodies.items()}
            _show_record(record, sizes, as_json=as_json)
            return
        name, digest = _body(record, body)
        _show_body(name, digest, store.get(digest), as_json=as_json)


@ledger.command()
@json_option
def verify(as_json: bool) -> int:
    """Compare every record with its checksum and every body with its digest; exit 1 and name what is damaged.

    \b
    Example: hunkworks ledger verify
    """
    with _opened() as store:
        found = store.verify()
    if as_json:
        write_json(dataclasses.asdict(found))
    else:
        for item in found.damage:
            click.echo(f"{item.where}{f' (run {item.run})' if item.run else ''}: {item.what}")
        click.echo(
            f"{found.records} records and {found.bodies} bodies ({found.orphans} of no record): "
            + (f"{len(found.damage)} damaged." if found.damage else "all intact.")
        )
    return 1 if found.damage else 0


ledger.add_command(ledger_prune.prune)
ledger.add_command(ledger_replay.export)
ledger.add_command(ledger_replay.replay)


@contextmanager
def _opened() -> Iterator[Ledger]:
    from hunkworks.change.repository import Repository

    try:
        yield ledger_of(Repository.discover())
    except OSError as error:
        raise RepositoryError(f"the ledger cannot be read: {error}") from error


def _document(record: Record) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(record)
    return document


def _table(records: list[Record]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("run", "when", "verb", "change", "route"):
        table.add_column(heading, no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for heading in ("cost", "took"):
        table.add_column(heading, justify="right", no_wrap=True)
    for record in records:
        cells = (
            Text(record.id[:8], "yellow"),
            Text(f"{record.started.astimezone():%Y-%m-%d %H:%M}"),
            Text(record.verb),
            Text(record.change.id[:12] if record.change else UNKNOWN),
            Text(record.route.tier if record.route else UNKNOWN),
            Text(_verdict(record), "red" if record.outcome.exit else ""),
            Text(_cost(record)),
            Text(_took(record)),
        )
        table.add_row(*cells)
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    # A pipe has no width: whoever reads it wants whole lines.
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(table)


def _show_record(record: Record, sizes: Mapping[str, int | None], *, as_json: bool) -> None:
    if as_json:
        bodies = {name: {"digest": record.bodies[name], "bytes": size} for name, size in sizes.items()}
        return write_json({"run": _document(record), "bodies": bodies})
    change, route, counts = record.change, record.route, record.outcome.counts
    facts = {
        "run": record.id + (f", started by {record.parent}" if record.parent else ""),
        "verb": record.verb,
        "change": f"{change.id} ({change.base} → {change.head})" if change else UNKNOWN,
        "route": " · ".join(filter(None, (route.tier, route.model, route.agent))) if route else UNKNOWN,
        "outcome": f"{_verdict(record)}, exit {record.outcome.exit}",
        "counts": ", ".join(f"{name} {number}" for name, number in counts.items()) or UNKNOWN,
        "tokens": _tokens(record),
        "cost": _cost(record),
        "when": f"{record.started.astimezone():%Y-%m-%d %H:%M:%S}, took {_took(record)}",
        "session": record.session or UNKNOWN,
        "versions": f"hunkworks {record.versions.pack}, Python {record.versions.python}",
    }
    for name, fact in facts.items():
        click.echo(f"{name:<9} {fact}")
    for name, size in sizes.items():
        held = "missing or damaged: hunkworks ledger verify" if size is None else f"{size:,} bytes"
        click.echo(f"body      {record.bodies[name][:12]} {name}, {held}")
    return None


def _show_body(name: str, digest: str, body: bytes, *, as_json: bool) -> None:
    text = body.decode("utf-8", "surrogateescape")
    if as_json:
        write_json({"name": name, "digest": digest, "text": text})
    elif sys.stdout.isatty():
        # A body quotes what strangers wrote: it must not move the cursor or set the title.
        shown = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
        click.echo(shown, nl=not shown.endswith("\n"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(body)


def _body(record: Record, wanted: str) -> tuple[str, str]:
    for name, digest in record.bodies.items():
        if name == wanted or (len(wanted) >= 4 and digest.startswith(wanted)):
            return name, digest
    raise UsageError(
        f"run {record.id} has no body {wanted!r}",
        expected=", ".join(record.bodies) or "none: it left no body",
        fix=f"hunkworks ledger show {record.id[:8]}",
    )


def _size(store: Ledger, digest: str) -> int | None:
    try:
        return len(store.get(digest))
    except (UsageError, IntegrityError):
        return None


def _verdict(record: Record) -> str:
    return record.outcome.verdict or ("done" if record.outcome.exit == 0 else f"exit {record.outcome.exit}")


def _cost(record: Record) -> str:
    return (
        UNKNOWN
        if record.cost is None
        else f"${record.cost:.2f}"
        if record.cost >= 0.01
        else f"${record.cost:.4f}"
    )


def _tokens(record: Record) -> str:
    tokens = record.tokens
    parts = {
        "in": tokens.input,
        "out": tokens.output,
        "cache read": tokens.cache_read,
        "cache written": tokens.cache_write,
    }
    counted = ", ".join(f"{number:,} {name}" for name, number in parts.items() if number is not None)
    return f"{counted} (source: {tokens.source})" if counted else "unknown"


def _took(record: Record) -> str:
    seconds = (record.ended - record.started).total_seconds()
    if seconds < 10:
        return f"{seconds:.2f} s"
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
