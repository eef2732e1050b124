"""``hunkworks translate``: exactly the strings that a change touched, in every locale."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli import translate_report as report
from hunkworks.cli.output import json_option, progress, write_json
from hunkworks.cli.review_tools import session_option
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import base_config, change_options, selected
from hunkworks.cli.translate_edited import edited
from hunkworks.cli.translate_plan import backlog_option, locale_option, planned, prune_option, repository_of
from hunkworks.cli.translate_run import run
from hunkworks.errors import UsageError
from hunkworks.localize.apply import Answer, Applier
from hunkworks.localize.batches import render
from hunkworks.localize.check import Checker
from hunkworks.localize.families import discover
from hunkworks.localize.headless import Answers
from hunkworks.localize.plan import Wanted
from hunkworks.localize.session import Confirmed, Session


@click.group()
def translate() -> None:
    """Translate exactly the strings a change touched."""


@translate.command()
@json_option
def catalogs(as_json: bool) -> None:
    """Show the families of catalogs that were found, and why; and the catalogs that belong to none.

    \b
    Example: hunkworks translate catalogs
    """
    repository = Repository.discover()
    with recorded("translate catalogs", repository) as run:
        config = base_config(repository, WORKTREE)
        found = discover(repository.ls(WORKTREE), config.localize)
        run.outcome(0, "", families=len(found.families), left_out=len(found.left_out))
    if as_json:
        write_json(report.families_document(found))
    else:
        click.echo(report.families(found), nl=False)


@translate.command()
@change_options
@locale_option
@backlog_option
@session_option
@json_option
def plan(session: str | None, locales: Sequence[str], backlog: bool, as_json: bool, **selection: Any) -> None:
    """Say what has to be translated, and write the batches that translators read. No catalog is written.

    \b
    Example: hunkworks translate plan --base main
    """
    choice = selected(**selection)
    repository = repository_of(choice)
    with recorded("translate plan", repository, choice.change) as run:
        made = planned(choice, repository, Wanted(frozenset(locales), backlog))
        open_session(repository, session).keep(made)
        run.outcome(0, "", units=len(made.units), batches=len(made.batches))
    if as_json:
        write_json(report.plan_document(made))
    else:
        click.echo(report.plan(made), nl=False)


@translate.command()
@click.argument("batch", metavar="ID")
@session_option
def units(batch: str, session: str | None) -> None:
    """Print one batch of the plan, as a translator reads it.

    \b
    Example: hunkworks translate units b001
    """
    repository = Repository.discover()
    with recorded("translate units", repository) as run:
        made = open_session(repository, session).plan()
        run.change = made.change
        found = next((item for item in made.batches if item.id == batch), None)
        if found is None:
            known = " ".join(item.id for item in made.batches) or "no batch"
            raise UsageError(f"there is no batch {batch!r}", expected=known, found=batch)
        text = render(found, {unit.id: unit for unit in made.units}, made.source_locale)
        run.outcome(0, batch)
    click.echo(text)


@translate.command()
@prune_option
@click.option("--answered", is_flag=True, help="Leave what needs no translator to another run.")
@session_option
@json_option
@click.pass_context
def apply(ctx: click.Context, session: str | None, prune: bool, answered: bool, as_json: bool) -> None:
    """Take translations as JSON on standard input, check them, and write those that pass.

    The form: {"translations": [{"id", "text"} or {"id", "forms": {"one", "other"}}]}. An empty list writes what
    needs no translator: moved keys and exact matches of memory.

    Exit codes: 0 everything was written · 1 something was rejected.

    \b
    Example: hunkworks translate apply < translations.json
    """
    repository = Repository.discover()
    with recorded("translate apply", repository) as run:
        opened = open_session(repository, session)
        made = opened.plan()
        run.change = made.change
        answers = [] if sys.stdin.isatty() else _answers(sys.stdin.buffer.read())
        with opened.writing():
            confirmed, attempts = Confirmed(repository.common_dir), opened.attempts(made.attempts)
            applier = Applier(repository, made, confirmed, attempts)
            done = applier.apply(answers, prune=prune, answered_only=answered)
        code = 1 if done.rejected else 0
        run.outcome(code, "", written=len(done.written), rejected=len(done.rejected), files=len(done.files))
    if as_json:
        write_json(msgspec.to_builtins(done))
    else:
        click.echo(report.applied(made, done, aligned=sys.stdout.isatty()), nl=False)
    ctx.exit(code)


@translate.command()
@click.argument("paths", nargs=-1)
@change_options
@click.option("--all", "everything", is_flag=True, help="Every unit of every catalog, not only a change's.")
@json_option
@click.pass_context
def check(
    ctx: click.Context, /, paths: tuple[str, ...], everything: bool, as_json: bool, **selection: Any
) -> None:
    """Check translations: the units that a change touched, or everything in PATHS.

    Exit codes: 0 nothing blocking · 1 a translation that would not have been written, or a file that cannot be read.

    \b
    Example: hunkworks translate check --staged
    """
    if (paths or everything) and any(selection.values()):
        raise UsageError("PATHS and --all check whole files", fix="leave out the option that names a change")
    choice = selected(**selection)
    repository = repository_of(choice)
    with recorded("translate check", repository, choice.change) as record, progress("Checking") as tell:
        whole = bool(paths or everything)
        revision = WORKTREE if whole else choice.change.head
        checker = Checker(repository, choice.config.localize, revision)
        flaws = []
        for flaw in checker.paths(_inside(repository, paths)) if whole else checker.change(choice.change):
            tell(flaw.path)
            flaws.append(flaw)
        blocking = sum(flaw.severity == "blocking" for flaw in flaws)
        code = 1 if blocking else 0
        record.outcome(code, "", checked=checker.checked, blocking=blocking, warnings=len(flaws) - blocking)
    if as_json:
        write_json({"checked": checker.checked, "flaws": msgspec.to_builtins(flaws)})
    else:
        click.echo(report.flaws(flaws, checker.checked), nl=False)
    ctx.exit(code)


translate.add_command(edited)
translate.add_command(run)


def open_session(repository: Repository, name: str | None) -> Session:
    """Return the named session, the client's own, or that of somebody at a terminal."""
    from hunkworks.review.session import terminal_session

    chosen = name or os.environ.get("CLAUDE_CODE_SESSION_ID") or terminal_session(repository.root)
    return Session(repository.common_dir, chosen)


def _inside(repository: Repository, paths: Sequence[str]) -> list[str]:
    """Return paths from the repository's top; a folder stands for the files below it."""
    if not paths:
        return []
    here = repository.root / repository.prefix
    relative = [os.path.relpath(os.path.normpath(here / path), repository.root) for path in paths]
    if outside := next((path for path in relative if Path(path).parts[:1] == (os.pardir,)), ""):
        raise UsageError(f"{outside} is outside the repository {repository.root}")
    found = repository.ls(WORKTREE, [f":(top,literal){path.replace(os.sep, '/')}" for path in relative])
    if not found:
        raise UsageError(f"no file of the project is named by {' '.join(paths)}")
    return found


def _answers(data: bytes) -> list[Answer]:
    if not data.strip():
        return []
    try:
        return msgspec.json.decode(data, type=Answers).translations
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"standard input is no list of translations: {error}",
            expected='{"translations": [{"id": "u…", "text": "…"}]}',
        ) from None
