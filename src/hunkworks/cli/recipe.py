"""``hunkworks recipe``: apply a recipe to what a change touched, and everything about recipes themselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hunkworks.change.repository import EMPTY, WORKTREE, Repository
from hunkworks.cli import recipe_report
from hunkworks.cli.lazy import LazyGroup
from hunkworks.cli.output import json_option, progress, write_json
from hunkworks.cli.recipe_options import recipes_option, session_option, set_option, settings
from hunkworks.cli.run import Run, recorded
from hunkworks.cli.selection import Selected, base_config, change_options, selected
from hunkworks.errors import UsageError
from hunkworks.refactor.done import Done, planned
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.planning import Plan, Planner
from hunkworks.refactor.proposing import Job
from hunkworks.rules.recipe import Safety
from hunkworks.rules.sources import PROJECT, add_ons, gather, named

if TYPE_CHECKING:
    from hunkworks.refactor.running import Runner
    from hunkworks.rules.model import Rule

# The verbs that another module holds; what only they need is not imported for the others.
_VERBS = {
    "answer": "hunkworks.cli.recipe_residue:answer",
    "dump": "hunkworks.cli.recipe_authoring:dump",
    "judge": "hunkworks.cli.recipe_judge:judge",
    "lint": "hunkworks.cli.recipe_authoring:lint",
    "list": "hunkworks.cli.recipe_authoring:list_recipes",
    "new": "hunkworks.cli.recipe_authoring:new",
    "ratchet": "hunkworks.cli.recipe_state:ratchet",
    "residue": "hunkworks.cli.recipe_residue:residue",
    "schema": "hunkworks.cli.recipe_authoring:schema",
    "show": "hunkworks.cli.recipe_authoring:show",
    "test": "hunkworks.cli.recipe_authoring:test",
    "undo": "hunkworks.cli.recipe_state:undo",
}


@click.group(cls=LazyGroup, members=_VERBS)
def recipe() -> None:
    """Apply recipes to what a change touched, and list, test and write recipes.

    A recipe is one file: what it looks for, what becomes of it, who decides, and the examples that prove it. How to
    write one: docs/how-to/write-a-recipe.md.

    \b
    Example: hunkworks recipe run go-interface-any --plan
    """


@recipe.command()
@click.argument("idents", metavar="ID...", nargs=-1, required=True)
@change_options
@click.option(
    "--all", "everything", is_flag=True, help="Every file of the project, not only the change's lines."
)
@click.option(
    "--paths", multiple=True, metavar="PATH", help="All of this file or folder; may be given several times."
)
@click.option("--plan", "plan_only", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--commit", is_flag=True, help="Commit what each recipe wrote, one commit a recipe.")
@click.option("--no-verify", is_flag=True, help="Leave out the commands that verify.")
@set_option
@recipes_option
@session_option
@json_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    idents: tuple[str, ...],
    everything: bool,
    paths: tuple[str, ...],
    plan_only: bool,
    commit: bool,
    no_verify: bool,
    given: tuple[str, ...],
    folders: tuple[Path, ...],
    session: str | None,
    as_json: bool,
    **selection: Any,
) -> None:
    """Apply recipes to the lines of a change; what code cannot decide becomes residue.

    A match that lies wholly in changed lines is applied, one that the change touches in part is residue, any other is
    left alone. All files are written or none; `hunkworks recipe undo` takes the run back.

    Exit codes: 0 nothing is left to do · 1 residue is left, or what was written did not stand its proof.

    \b
    Example: hunkworks recipe run kotlin-collect-lifecycle --base main
    """
    if (everything or paths) and any(selection.values()):
        raise UsageError("--all and --paths take whole files", fix="leave out the option that names a change")
    if everything and paths:
        raise UsageError("--all and --paths contradict each other", fix="leave out one of them")
    whole = everything or bool(paths)
    # Whole files are not about a change, and none is read for them.
    choice = None if whole else selected(**selection)
    repository = Repository.discover() if choice is None else in_repository(choice)
    # Somebody else's change does not bring the recipes that are applied to it.
    revision = choice.change.base if choice is not None and selection["pr"] else WORKTREE
    waiting = set() if plan_only else _waiting(repository, session)
    known = gather(repository, add_ons(folders), revision=revision, ids={*idents, *waiting})
    jobs = [_job(named(known, ident).rule, given) for ident in idents]
    runner = None
    if not plan_only:
        config = (
            base_config(repository, repository.head or EMPTY)
            if choice is None or revision == WORKTREE
            else choice.config
        )
        rules = {one.rule.id: one.rule for one in known}
        runner = _runner(repository, session, rules, () if no_verify else config.refactor.verify, no_verify)
    done: list[Done] = []
    for job in jobs:
        about = None if choice is None else choice.change
        with recorded(f"recipe run {job.rule.id}", repository, about) as record:
            plan = _plan(repository, job, choice, None if everything else paths)
            done.append(_carried_out(runner, plan, record, folders, commit=commit))
    if as_json:
        documents = [recipe_report.run_document(one) for one in done]
        write_json(documents[0] if len(documents) == 1 else {"runs": documents})
    else:
        for one in done:
            # Piped, the diff keeps what the files hold: click would take their own escape sequences away.
            click.echo(
                recipe_report.run(one, whole=whole, terminal=sys.stdout.isatty()), nl=False, color=True
            )
    ctx.exit(max(one.exit_code for one in done))


@recipe.command()
@click.argument("idents", metavar="[ID]...", nargs=-1)
@change_options
@set_option
@recipes_option
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    /,
    idents: tuple[str, ...],
    given: tuple[str, ...],
    folders: tuple[Path, ...],
    as_json: bool,
    **selection: Any,
) -> None:
    """Say where a change holds what recipes would rewrite; write nothing.

    Without ID: the recipes that hunkworks.toml names under [refactor] check, and the mechanical ones of
    .hunkworks/recipes.

    Exit codes: 0 nothing · 1 at least one match in the lines of the change.

    \b
    Example: hunkworks recipe check --staged
    """
    choice = selected(**selection)
    known = gather(choice.repository, add_ons(folders), revision=_base(choice))
    chosen_ids = idents or (
        *choice.config.refactor.check,
        *(
            one.rule.id
            for one in known
            if one.source == PROJECT and one.rule.recipe.safety is Safety.MECHANICAL
        ),
    )
    jobs = [_job(named(known, ident).rule, given) for ident in dict.fromkeys(chosen_ids)]
    with recorded("recipe check", choice.repository, choice.change) as record:
        planner = Planner(choice.repository)
        plans = [planner.change(job, choice.change, on_disk=False) for job in jobs]
        found = recipe_report.standing(plans)
        record.outcome(1 if found else 0, "", recipes=len(jobs), matches=len(found))
    if as_json:
        write_json(recipe_report.check_document(jobs, found, plans))
    else:
        click.echo(recipe_report.check(jobs, found, plans), nl=False)
    ctx.exit(1 if found else 0)


def in_repository(choice: Selected) -> Repository:
    """Return the repository of a change, which a diff on standard input has not.

    Raises:
        UsageError: There is none.
    """
    if choice.repository is None:
        raise UsageError("recipes are applied in a repository", fix="leave out --stdin")
    return choice.repository


def inside(repository: Repository, paths: Sequence[str]) -> list[str]:
    """Return the project's files that ``paths`` name, from the top; a folder stands for the files below it.

    Raises:
        UsageError: A path outside of the repository, or one that names no file.
    """
    here = repository.root / repository.prefix
    found: list[str] = []
    for path in paths:
        relative = os.path.relpath(os.path.normpath(here / path), repository.root)
        if Path(relative).parts[:1] == (os.pardir,) or Path(relative).is_absolute():
            raise UsageError(f"{path} is outside the repository {repository.root}")
        pathspecs = [f":(top,literal){relative.replace(os.sep, '/')}"] if relative != os.curdir else []
        listed = repository.ls(WORKTREE, pathspecs)
        if not listed:
            raise UsageError(f"no file of the project is named by {path!r}")
        found += listed
    return sorted(set(found))


def _base(choice: Selected) -> str:
    """Return where the project's recipes are read: at the base, so that a change does not choose its own checks."""
    return WORKTREE if choice.repository is None or choice.repository.head is None else choice.change.base


def _job(rule: Rule, given: Sequence[str]) -> Job:
    if rule.recipe.safety is Safety.DETECT:
        raise UsageError(
            f"{rule.id} only detects: it has nothing to apply", fix=f"hunkworks recipe show {rule.id}"
        )
    return Job(rule, chosen(rule.recipe, settings(given)))


def _waiting(repository: Repository, session: str | None) -> set[str]:
    """Return the recipes whose residue waits in a session: this run may move it."""
    from hunkworks.refactor.residue import Store
    from hunkworks.refactor.running import session_name

    store = Store(repository.common_dir, session_name(repository, session))
    return {kept.batch.recipe for kept in store.every()}


def _runner(
    repository: Repository,
    session: str | None,
    rules: Mapping[str, Rule],
    command: Sequence[str],
    no_verify: bool,
) -> Runner:
    """Return what writes, after it took back what an earlier run left half done."""
    from hunkworks.refactor.running import Runner

    runner = Runner(repository, session, rules, command, verified=not no_verify)
    if recovered := runner.recover():
        click.echo(f"a run that was cut off is taken back: {', '.join(recovered)}", err=True)
    return runner


def _plan(repository: Repository, job: Job, choice: Selected | None, paths: Sequence[str] | None) -> Plan:
    """Plan for a change, or without one for whole files: these, or (None) every one."""
    with progress("Looking for matches") as tell:
        planner = Planner(repository, tell)
        if choice is None:
            return planner.whole(job, None if paths is None else inside(repository, paths))
        return planner.change(job, choice.change)


def _carried_out(
    runner: Runner | None, plan: Plan, record: Run, folders: Sequence[Path], *, commit: bool
) -> Done:
    done = planned(plan) if runner is None else runner.apply(plan, folders, commit=commit)
    counts = recipe_report.counts(done.plan)
    record.outcome(done.exit_code, "planned" if runner is None else "", **counts)
    return done
