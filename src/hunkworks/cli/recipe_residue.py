"""The verbs of ``hunkworks recipe`` for whoever judges what code could not decide."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.recipe_options import session_option
from hunkworks.cli.recipe_report import shown
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import base_config
from hunkworks.errors import UsageError
from hunkworks.refactor.answering import Answer
from hunkworks.refactor.judging import Judged, Judging
from hunkworks.refactor.residue import Batch, Packet, Store, page
from hunkworks.refactor.running import session_name
from hunkworks.rules.sources import add_ons, gather, named


@click.command()
@click.argument("idents", metavar="[ID]...", nargs=-1)
@session_option
@json_option
def residue(idents: tuple[str, ...], session: str | None, as_json: bool) -> None:
    """Print the packets of residue that are open, or those named: what to judge, where, why, and what may be edited.

    \b
    Example: hunkworks recipe residue r001 r002
    """
    repository = Repository.discover()
    with recorded("recipe residue", repository) as run:
        batch, files = Store(repository.common_dir, session_name(repository, session)).load()
        known = {packet.id: packet for packet in batch.packets}
        if strange := [ident for ident in idents if ident not in known]:
            raise UsageError(f"there is no residue {strange[0]!r}", expected=" ".join(known) or "none")
        found = [known[ident] for ident in idents] or batch.open()
        run.outcome(0, "", packets=len(found))
    if as_json:
        packets = [{**msgspec.to_builtins(packet), "state": batch.states[packet.id]} for packet in found]
        write_json({"recipe": batch.recipe, "residue": packets, "stopped": batch.stopped})
    else:
        click.echo("\n".join(_pages(batch, found, files)))


@click.command()
@session_option
@json_option
@click.pass_context
def answer(ctx: click.Context, session: str | None, as_json: bool) -> None:
    """Take answers to residue as JSON on standard input, check them, and write those that hold.

    The form: {"answers": [{"residue": "r001", "replacement": "the allowed lines as they should read"}]}. In place of
    replacement: "waive": "why the match stays", or "values": {"name": "…"} where values are asked for ({} takes the
    proposal). "imports": ["…"] names statements that a replacement needs. Allowed lines that were edited in the file
    itself count as answers; an edit anywhere else in it is named, and nothing of that file is accepted.

    Exit codes: 0 every answer holds · 1 one was rejected, or an edit stands outside of the allowed lines.

    \b
    Example: hunkworks recipe answer < answers.json
    """
    repository = Repository.discover()
    with recorded("recipe answer", repository) as run:
        store = Store(repository.common_dir, session_name(repository, session))
        batch, files = store.load()
        given = _answers(b"" if sys.stdin.isatty() else sys.stdin.buffer.read())
        known = gather(repository, add_ons([Path(folder) for folder in batch.folders]), revision=WORKTREE)
        config = base_config(repository, repository.head or "empty")
        judging = Judging(repository, store, named(known, batch.recipe).rule, batch, files)
        judged = judging.take(given, config.refactor.verify)
        run.outcome(judged.exit_code, "", accepted=len(judged.accepted), rejected=len(judged.rejected))
    if as_json:
        write_json(msgspec.to_builtins(judged))
    else:
        click.echo("\n".join(_outcome(judged)))
    ctx.exit(judged.exit_code)


class _Answers(msgspec.Struct, forbid_unknown_fields=True):
    answers: list[Answer]


def _answers(data: bytes) -> list[Answer]:
    if not data.strip():
        return []
    try:
        return msgspec.json.decode(data, type=_Answers).answers
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"standard input is no list of answers: {error}",
            expected='{"answers": [{"residue": "r001", "replacement": "…"}]}',
        ) from None


def _pages(batch: Batch, found: list[Packet], files: Mapping[str, bytes]) -> Iterator[str]:
    if batch.stopped:
        yield f"stopped: {batch.stopped}"
    if not found:
        yield "nothing is left to judge"
    for packet in found:
        yield page(packet, files[packet.path])
    if found:
        yield "Answer: hunkworks recipe answer (its --help tells the form)"


def _outcome(judged: Judged) -> Iterator[str]:
    for outside in judged.outside:
        yield f"edited outside of the allowed lines: {shown(outside.path)}:{outside.lines}; take that back first"
    for rejected in judged.rejected:
        yield f"rejected {rejected.residue}: {rejected.why}"
    for what, idents in (("accepted", judged.accepted), ("waived", judged.waived)):
        if idents:
            yield f"{what}: {', '.join(idents)}"
    if judged.files:
        yield f"written: {', '.join(map(shown, judged.files))}; take the run back: hunkworks recipe undo"
    if judged.stopped:
        yield f"stopped: {judged.stopped}"
    yield f"{judged.open} open"
