"""``hunkworks review memory``: what reviews of a pull request remember, carried between build machines."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from hunkworks.change.github import GitHub
from hunkworks.change.repository import Repository
from hunkworks.cli.output import SCHEMA, json_bytes, json_option, write_json
from hunkworks.errors import IntegrityError
from hunkworks.review import kept
from hunkworks.review import memory as remembered
from hunkworks.review.report.wording import plural
from hunkworks.splice import write_atomically

_PARENT = "parent"
_number = click.option(
    "--pr", "number", type=click.IntRange(1), required=True, metavar="N", help="Which pull request."
)


@click.group()
def memory() -> None:
    """Carry what reviews of a pull request remember between build machines, in refs/hunkworks/pr-N.

    What was read is not read again, and what is open stays open, although every machine begins empty.

    \b
    Example: hunkworks review memory fetch --pr 17
    """


@memory.command()
@_number
def fetch(number: int) -> None:
    """Take over what earlier reviews left in the ref; nothing where there was none.

    \b
    Example: hunkworks review memory fetch --pr 17
    """
    repository = Repository.discover()
    found = kept.load(GitHub.of_environment(), number)
    branch = _branch(number)
    remembered.save(repository.common_dir, branch, found.memory)
    write_atomically(remembered.folder(repository.common_dir, branch) / _PARENT, found.parent.encode("ascii"))
    known = f"{plural(len(found.memory.read), 'hunk')} read, {plural(len(found.memory.open), 'finding')} open"
    click.echo(f"refs/{kept.ref(number)}: {known if found.parent else 'nothing yet'}")


@memory.command()
@_number
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(number: int, file: Path) -> None:
    """Write what this clone remembers of a pull request to FILE, for a job that may write to the repository.

    \b
    Example: hunkworks review memory export --pr 17 memory.json
    """
    repository = Repository.discover()
    parent = remembered.folder(repository.common_dir, _branch(number)) / _PARENT
    document = {
        "schema": SCHEMA,
        "parent": parent.read_text("ascii") if parent.is_file() else "",
        "memory": remembered.load(repository.common_dir, _branch(number)),
    }
    write_atomically(file, json_bytes(document))


@memory.command()
@_number
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def push(number: int, file: Path) -> None:
    """Keep FILE in the ref, if that still stands where FILE was read from.

    Where another review was faster nothing is written, and the next review reads again what this one read.

    \b
    Example: hunkworks review memory push --pr 17 memory.json
    """
    read = kept.read(file.read_bytes(), origin=str(file))
    if not kept.save(GitHub.of_environment(), number, read):
        raise IntegrityError(
            f"refs/{kept.ref(number)} moved while this review ran: its memory is not kept",
            expected=read.parent[:12] or "no such ref",
            fix="nothing is lost: the next review reads again what this one read",
        )
    click.echo(f"kept in refs/{kept.ref(number)}")


@memory.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and delete nothing.")
@json_option
def prune(dry_run: bool, as_json: bool) -> None:
    """Delete the refs of pull requests that GitHub says are closed; one that is opened again is read whole.

    At most 50 at once. The token needs the right to write contents and to read pull requests.

    \b
    Example: hunkworks review memory prune --dry-run
    """
    pruned = kept.prune(GitHub.of_environment(), dry_run=dry_run)
    if as_json:
        write_json({**asdict(pruned), "dry_run": dry_run})
        return
    names = ", ".join(f"#{number}" for number in pruned.closed)
    click.echo(
        f"{'Would delete' if dry_run else 'Deleted'}: the memory of {plural(len(pruned.closed), 'closed pull request')}"
        f"{f' ({names})' if names else ''}. Kept: {pruned.open}, for the next time: {pruned.waiting}."
    )


def _branch(number: int) -> str:
    """The name under which cli/selection.py keeps the memory of a pull request."""
    return f"pull request {number}"
