"""``hunkworks translate edited``: what the Claude Code hook asks after an agent edited a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from hunkworks.catalogs import detect, syntax_error
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.output import printable
from hunkworks.cli.selection import base_config
from hunkworks.errors import RepositoryError, UsageError
from hunkworks.localize.check import Checker

_MOST_SHOWN = 10
_LONGEST = 400
_SWITCH = "`check_catalogs = false` under [hooks] in hunkworks.toml switches this check off"


class _Input(msgspec.Struct):
    file_path: str


class _Response(msgspec.Struct):
    before: str | None = msgspec.field(default=None, name="originalFile")


class _Event(msgspec.Struct):
    """What the client tells after a tool call, as far as it matters here."""

    call: _Input = msgspec.field(name="tool_input")
    response: _Response | None = msgspec.field(default=None, name="tool_response")


@click.command(hidden=True)
@click.pass_context
def edited(ctx: click.Context) -> None:
    """Say what an edit broke in a catalog: reads the event of a PostToolUse hook. Silent where nothing is broken.

    Exit codes: 0 nothing is broken · 1 something is.

    \b
    Example: hunkworks translate edited < event.json
    """
    try:
        event = msgspec.json.decode(sys.stdin.buffer.read(), type=_Event)
    except msgspec.DecodeError as error:
        raise UsageError(f"standard input is no event of an edit: {error}") from None
    path = Path(event.call.file_path)
    try:
        data = path.read_bytes()
    except OSError:
        return
    if not detect(path.as_posix(), data):
        return
    before = None if event.response is None else event.response.before
    found = list(_flaws(path, None if before is None else before.encode("utf-8", "surrogatepass"), data))
    if not found:
        return
    lines = [f"hunkworks: {path.name} is broken since this edit:", *found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        lines.append(f"  and {len(found) - _MOST_SHOWN} more: hunkworks translate check {path.name}")
    lines.append(f"Mend it before you go on. If it is meant to be so, ask the user: {_SWITCH}.")
    click.echo(printable("\n".join(lines), "\n"))
    ctx.exit(1)


def _flaws(path: Path, before: bytes | None, data: bytes) -> Iterator[str]:
    """Yield a line for each thing that is wrong with what was edited; outside of a repository only whether it reads."""
    try:
        repository = Repository.discover(path.parent)
        relative = path.resolve().relative_to(repository.root).as_posix()
    except (RepositoryError, ValueError):
        if why := syntax_error(path.as_posix(), data):
            yield f"  {why[:_LONGEST]}"
        return
    checker = Checker(repository, base_config(repository, WORKTREE).localize)
    for flaw in checker.edited(relative, before, data):
        if flaw.severity == "blocking":
            where = f"line {flaw.line}: {'/'.join(flaw.key)}: " if flaw.key else ""
            yield f"  {where}{flaw.check}: {flaw.message}"[:_LONGEST]
