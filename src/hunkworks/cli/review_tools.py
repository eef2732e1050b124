"""The verbs of ``hunkworks review`` that a reviewing agent uses, through the MCP server or by hand."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import recorded
from hunkworks.errors import UsageError
from hunkworks.review import agent_tools
from hunkworks.review.masking import shown_path
from hunkworks.review.project import Project
from hunkworks.review.record import record as record_answer
from hunkworks.review.session import Session, terminal_session

F = TypeVar("F", bound=Callable[..., Any])

session_option = click.option(
    "--session",
    metavar="ID",
    help="Which review in progress; default: the session this runs in, else this terminal's work tree.",
)
side_option = click.option(
    "--side",
    type=click.Choice(["new", "old"]),
    default="new",
    show_default=True,
    help="After or before the change.",
)


def open_session(repository: Repository, name: str | None) -> Session:
    """Return the named session, the client's own, or that of somebody at a terminal."""
    chosen = name or os.environ.get("CLAUDE_CODE_SESSION_ID") or terminal_session(repository.root)
    return Session(repository.common_dir, chosen)


@click.command()
@click.argument("packet_id", metavar="ID")
@session_option
def packet(packet_id: str, session: str | None) -> None:
    """Print one packet of the plan, or one ballot, as an agent reads it.

    \b
    Example: hunkworks review packet p001
    """
    repository = Repository.discover()
    opened = open_session(repository, session)
    with recorded("review packet", repository) as run:
        run.change = opened.manifest().change
        text = agent_tools.packet(opened, Project(repository, opened.manifest()), packet_id)
        run.outcome(0, packet_id)
    click.echo(text)


@click.command()
@click.argument("path")
@click.option("--first", type=click.IntRange(1), default=1, show_default=True, help="First line.")
@click.option("--last", type=click.IntRange(1), help="Last line; default: 400 lines.")
@side_option
@session_option
def show(path: str, first: int, last: int | None, side: str, session: str | None) -> None:
    """Print numbered lines of a file of the project, secrets masked.

    \b
    Example: hunkworks review show src/cache.py --first 40 --last 80
    """
    repository = Repository.discover()
    opened = open_session(repository, session)
    with recorded("review show", repository) as run:
        run.change = opened.manifest().change
        project = Project(repository, opened.manifest())
        text = agent_tools.show(opened, project, path, first, last, side)
        run.outcome(0, f"{shown_path(path)}:{first} ({side})")
    click.echo(text)


@click.command(context_settings={"ignore_unknown_options": True})  # a text may begin with a dash
@click.argument("text")
@click.option("--path", default="", help="Only in this file or below this folder.")
@side_option
@session_option
def grep(text: str, path: str, side: str, session: str | None) -> None:
    """Print the project's lines that hold TEXT literally, secrets masked.

    \b
    Example: hunkworks review grep "invalidate(" --path src
    """
    repository = Repository.discover()
    opened = open_session(repository, session)
    with recorded("review grep", repository) as run:
        run.change = opened.manifest().change
        found = agent_tools.grep(opened, Project(repository, opened.manifest()), text, path, side)
        run.outcome(0, f"{shown_path(path) or 'everywhere'} ({side})")
    click.echo(found)


@click.command()
@session_option
@json_option
def record(session: str | None, as_json: bool) -> None:
    """Take findings as JSON on standard input; refuse, with the reason, what stands nowhere in the change.

    The form: {"packet": "p001", "findings": [{"class", "severity", "path", "quote", "message", "scenario",
    "confidence": 0-100, "line"?: number, "side"?: "new" or "old", "evidence"?: text or list, "suggestion"?}],
    "fixed"?: [{"finding", "evidence"}]}. No findings is an answer too.

    Exit codes: 0 everything was taken · 1 something was refused.

    \b
    Example: hunkworks review record < findings.json
    """
    repository = Repository.discover()
    opened = open_session(repository, session)
    with recorded("review record", repository) as run:
        run.change = opened.manifest().change
        answer = record_answer(opened, _document(sys.stdin.buffer.read()))
        code = 1 if answer.rejected else 0
        run.body("answer", msgspec.json.encode(answer))
        run.outcome(code, answer.packet, accepted=len(answer.accepted), rejected=len(answer.rejected))
    if as_json:
        write_json(msgspec.to_builtins(answer))
    else:
        said = f"{len(answer.accepted)} accepted, {len(answer.rejected)} refused"
        click.echo(
            f"{answer.packet}: {said if answer.accepted or answer.rejected else 'recorded, no findings'}"
        )
        for rejected in answer.rejected:
            click.echo(f"finding {rejected.index}: {rejected.why}")
    click.get_current_context().exit(code)


@click.command()
@session_option
@json_option
def vote(session: str | None, as_json: bool) -> None:
    """Take a skeptic's votes as JSON on standard input; refuse, with the reason, what does not count.

    The form: {"ballot": "v001", "votes": [{"finding", "true", "new", "reachable", "defended", "asked", "places",
    "why"}]}. A vote needs a checked place, as path:line, outside of the finding itself.

    Exit codes: 0 everything was taken · 1 something was refused.

    \b
    Example: hunkworks review vote < votes.json
    """
    repository = Repository.discover()
    opened = open_session(repository, session)
    with recorded("review vote", repository) as run:
        run.change = opened.manifest().change
        project = Project(repository, opened.manifest())
        voted = agent_tools.vote(opened, project, _document(sys.stdin.buffer.read()))
        code = 1 if voted.rejected else 0
        run.body("votes", msgspec.json.encode(voted))
        run.outcome(code, voted.ballot, accepted=len(voted.accepted), rejected=len(voted.rejected))
    if as_json:
        write_json(msgspec.to_builtins(voted))
    else:
        click.echo(f"{voted.ballot}: {len(voted.accepted)} accepted, {len(voted.rejected)} refused")
        for rejected in voted.rejected:
            click.echo(f"vote {rejected.index}: {rejected.why}")
    click.get_current_context().exit(code)


def _document(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise UsageError(
            f"standard input is not JSON: {error}", expected='{"packet": "p001", "findings": [...]}'
        ) from None
