"""The verbs of ``hunkworks recipe`` for whoever judges what code could not decide."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.output import json_option, printable, write_json
from hunkworks.cli.recipe_options import session_option
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import base_config
from hunkworks.errors import UsageError
from hunkworks.refactor.answering import Answer, Rejected
from hunkworks.refactor.judging import Judged, Judging, together
from hunkworks.refactor.residue import Kept, Packet, Store, page
from hunkworks.refactor.running import session_name
from hunkworks.rules.model import Rule
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
        every = Store(repository.common_dir, session_name(repository, session)).some()
        known = {packet.id: (packet, kept) for kept in every for packet in kept.batch.packets}
        if strange := [ident for ident in idents if ident not in known]:
            raise UsageError(f"there is no residue {strange[0]!r}", expected=" ".join(known) or "none")
        asked = [ident for ident in known if known[ident][1].batch.states[ident] == "open"]
        found = [known[ident] for ident in idents or asked]
        run.outcome(0, "", packets=len(found))
    stopped = [f"{kept.batch.recipe}: {kept.batch.stopped}" for kept in every if kept.batch.stopped]
    if as_json:
        packets = [
            {**msgspec.to_builtins(packet), "state": kept.batch.states[packet.id]} for packet, kept in found
        ]
        write_json({"residue": packets, "stopped": stopped})
    else:
        click.echo("\n".join(_pages(found, stopped)))


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
        every = store.some()
        given = _answers(b"" if sys.stdin.isatty() else sys.stdin.buffer.read())
        folders = [Path(folder) for kept in every for folder in kept.batch.folders]
        known = gather(repository, add_ons(folders), revision=WORKTREE)
        rules = {kept.batch.recipe: named(known, kept.batch.recipe).rule for kept in every}
        config = base_config(repository, repository.head or "empty")
        judged = _judged(repository, store, rules, given, config.refactor.verify)
        run.outcome(judged.exit_code, "", accepted=len(judged.accepted), rejected=len(judged.rejected))
    if as_json:
        write_json(msgspec.to_builtins(judged))
    else:
        click.echo("\n".join(outcome(judged)))
    ctx.exit(judged.exit_code)


def _judged(
    repository: Repository,
    store: Store,
    rules: Mapping[str, Rule],
    given: Sequence[Answer],
    command: Sequence[str],
) -> Judged:
    """Take answers batch by batch: each may move what the next one is about."""
    done: list[Judged] = []
    known: set[str] = set()
    for recipe in [kept.batch.recipe for kept in store.some()]:
        batch, files = next(kept for kept in store.some() if kept.batch.recipe == recipe)
        known |= batch.states.keys()
        own = [answer for answer in given if answer.residue in batch.states]
        if own or (batch.open() and not batch.stopped):
            done.append(Judging(repository, store, rules, batch, files).take(own, command))
    strange = [Rejected(one.residue, "there is no such residue") for one in given if one.residue not in known]
    return together([*done, Judged((), (), tuple(strange), (), (), 0)])


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


def _pages(found: Sequence[tuple[Packet, Kept]], stopped: Sequence[str]) -> Iterator[str]:
    yield from (f"stopped: {why}" for why in stopped)
    if not found:
        yield "nothing is left to judge"
    for packet, kept in found:
        yield page(packet, kept.files[packet.path])
    if found:
        yield "Hand in: the tool `answers`, or hunkworks recipe answer (its --help tells the form)"


def outcome(judged: Judged) -> Iterator[str]:
    """Yield what became of answers, line by line."""
    for outside in judged.outside:
        yield f"edited outside of the allowed lines: {printable(outside.path)}:{outside.lines}; take that back first"
    for rejected in judged.rejected:
        yield f"rejected {rejected.residue}: {rejected.why}"
    for what, idents in (("accepted", judged.accepted), ("waived", judged.waived)):
        if idents:
            yield f"{what}: {', '.join(idents)}"
    if judged.files:
        yield f"written: {', '.join(map(printable, judged.files))}; take the run back: hunkworks recipe undo"
    if judged.stopped:
        yield f"stopped: {judged.stopped}"
    yield f"{judged.open} open in the whole batch"
