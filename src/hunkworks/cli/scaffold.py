"""``hunkworks scaffold``: tests and documents for exactly what a change touched."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.change.symbol_changes import symbol_changes
from hunkworks.cli import scaffold_report as report
from hunkworks.cli.output import json_option, progress, write_json
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import Selected, change_options, selected
from hunkworks.errors import UsageError


@click.group()
def scaffold() -> None:
    """Test stubs for the functions a change touched, and the documents it made untrue."""


@scaffold.command()
@change_options
@json_option
def symbols(as_json: bool, **selection: Any) -> None:
    """List the functions, methods and types that a change added, changed, re-signed, renamed, moved or removed.

    \b
    Example: hunkworks scaffold symbols --base main
    """
    choice = selected(**selection)
    with recorded("scaffold symbols", choice.repository, choice.change) as run:
        found = symbol_changes(choice.change)
        run.outcome(0, "", symbols=len(found.changes), unread=len(found.unread))
    if as_json:
        write_json(report.symbols_document(choice.change, found))
    else:
        click.echo(report.symbols(found, choice.words), nl=False)


@scaffold.command()
@change_options
@click.option("--plan", "only_plan", is_flag=True, help="Show the stubs as a diff and write nothing.")
@click.option("--check", "checking", is_flag=True, help="Tell which functions no written test names.")
@click.option(
    "--run", "running", is_flag=True, help="With --check: run those tests, which is code of this change."
)
@json_option
@click.pass_context
def tests(
    ctx: click.Context, /, only_plan: bool, checking: bool, running: bool, as_json: bool, **selection: Any
) -> None:
    """Write a failing stub for each function that a change added or altered and that no test names.

    That a test names a function does not prove that it notices what changed: read both.

    Exit codes: 0 done · 1 with --check, a function that is unwritten or untested; with --run also failed or not run.

    \b
    Example: hunkworks scaffold tests --plan
    """
    from hunkworks.scaffold.plan import Planner
    from hunkworks.scaffold.writing import write_all

    if running and not checking:
        raise UsageError("--run goes with --check", fix="hunkworks scaffold tests --check --run")
    if checking and only_plan:
        raise UsageError("--plan and --check are two things", fix="leave one out")
    choice = selected(**selection)
    repository = _repository(choice)
    if checking:
        ctx.exit(_check(choice, repository, running=running, as_json=as_json))
    with recorded("scaffold tests", repository, choice.change) as run:
        with progress("Reading the tests"):
            planner = Planner(repository, choice.change)
            plan = planner.plan()
        if not only_plan and not planner.project.writable:
            raise UsageError(
                "the change ends in a commit that is not checked out",
                expected="a change that ends at HEAD or in the working tree",
                fix="check it out, or look at the stubs with --plan",
            )
        written = [] if only_plan else write_all(repository.root, plan.files)
        run.outcome(0, "", stubs=len(plan.stubs), refused=len(plan.refused), files=len(written))
    if as_json:
        write_json(report.plan_document(plan, written))
    else:
        check = shlex.join(["hunkworks", "scaffold", "tests", "--check", *_typed(selection)])
        click.echo(report.plan(plan, choice.words, written=not only_plan, check=check), nl=False)


def _typed(selection: Mapping[str, Any]) -> list[str]:
    """Return the options that chose the change, as they are typed."""
    named = {"staged": "--staged", "base": "--base", "range_": "--range", "pr": "--pr"}
    chosen = [(option, selection[name]) for name, option in named.items() if selection[name]]
    return [
        part for option, value in chosen for part in ([option] if value is True else [option, str(value)])
    ]


def _check(choice: Selected, repository: Repository, *, running: bool, as_json: bool) -> int:
    from hunkworks.scaffold.check import check

    with (
        recorded("scaffold tests --check", repository, choice.change) as run,
        progress("Running the tests" if running else "Reading the tests"),
    ):
        found = check(repository, choice.change, running=running)
        code = 0 if found.holds else 1
        run.outcome(code, "", **found.counts)
    if as_json:
        write_json({"change": found.change, **msgspec.to_builtins(found), "counts": found.counts})
    else:
        click.echo(report.proof(found), nl=False)
    return code


def _repository(choice: Selected) -> Repository:
    if choice.repository is None:
        raise UsageError("tests and documents are looked for in a repository", fix="leave out --stdin")
    return choice.repository


@scaffold.command()
@change_options
@click.option("--exit-zero", is_flag=True, help="End with 0 whatever is found.")
@json_option
@click.pass_context
def docs(ctx: click.Context, /, exit_zero: bool, as_json: bool, **selection: Any) -> None:
    """List the documents that a change made untrue: they name what it removed, renamed or called otherwise.

    Exit codes: 0 none · 1 a document names in code what is gone, or is anchored to what changed.

    \b
    Example: hunkworks scaffold docs --base main
    """
    from hunkworks.scaffold.documents import look

    choice = selected(**selection)
    repository = _repository(choice)
    with recorded("scaffold docs", repository, choice.change) as run, progress("Reading the documents"):
        found = look(repository, choice.change)
        code = 1 if found.failures and not exit_zero else 0
        run.outcome(code, "", failures=len(found.failures), hints=len(found.hints))
    if as_json:
        write_json(msgspec.to_builtins(found))
    else:
        click.echo(report.documents(found, choice.words), nl=False)
    ctx.exit(code)
