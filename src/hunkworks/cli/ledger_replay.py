"""``hunkworks ledger export`` and ``replay``: a recorded review anywhere, at any time, without network or clone."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from hunkworks.cli.output import json_option
from hunkworks.cli.review_formats import format_option, output_option, print_review
from hunkworks.cli.run import ledger_of
from hunkworks.errors import UsageError
from hunkworks.ledger.export import export as exported
from hunkworks.ledger.export import unpack
from hunkworks.ledger.record import Record
from hunkworks.ledger.store import Ledger
from hunkworks.splice import write_atomically

ledger_option = click.option(
    "--ledger",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A ledger elsewhere; default: this clone's.",
)


@click.command()
@click.argument("run", metavar="RUN|FILE")
@ledger_option
@format_option
@output_option
@json_option
def replay(run: str, folder: Path | None, form: str, output: Path | None, as_json: bool) -> None:
    """Recompute the report of a recorded `review run`, byte for byte, and print it.

    Plan, answers of models and what git said come from the record; conversation, votes and verdict are computed anew.
    No network, key or repository is needed. RUN is the beginning of a run's id, FILE what `ledger export` wrote.

    Exit codes: 0 the same report · 1 it comes out differently, or a body was changed · 3 it asks what was never asked.

    \b
    Example: hunkworks ledger replay 3f9a --format markdown
    """
    from hunkworks.cli.replaying import replayed

    with ExitStack() as held:
        if Path(run).is_file():
            aside = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="hunkworks-")))
            store, record = unpack(Path(run).read_bytes(), run, aside)
        else:
            store = _ledger(folder)
            record = store.find(run)
        review = replayed(store, record)
    print_review(review, "json" if as_json else form, output)
    click.echo(f"run {record.id}: the same report again, {_calls(record)} from the record", err=True)


@click.command()
@click.argument("run")
@ledger_option
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Not stdout."
)
def export(run: str, folder: Path | None, output: Path | None) -> None:
    """Write one run, with everything it left, into one file that `ledger replay` takes anywhere.

    \b
    Example: hunkworks ledger export 3f9a --output run.json
    """
    store = _ledger(folder)
    data = exported(store, store.find(run))
    if output is not None:
        write_atomically(output, data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def _ledger(folder: Path | None) -> Ledger:
    from hunkworks.change.repository import Repository

    if folder is None:
        return ledger_of(Repository.discover())
    found = [place for place in (folder, folder / "ledger") if any(place.glob("????-??.jsonl"))]
    if not found:
        raise UsageError(
            f"{folder} is no ledger", expected="a folder with records such as 2026-11.jsonl", found="none"
        )
    return Ledger(found[0])


def _calls(record: Record) -> str:
    count = sum(name.startswith("call/") for name in record.bodies)
    return f"{count} call{'' if count == 1 else 's'}"
