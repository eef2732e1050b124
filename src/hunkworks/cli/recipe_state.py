"""What outlives a run of ``hunkworks recipe``: its way back, and the baseline of a migration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.output import json_option, progress, write_json
from hunkworks.cli.recipe_options import recipes_option, session_option
from hunkworks.cli.run import recorded
from hunkworks.errors import UsageError
from hunkworks.refactor import ratchet as ratcheting
from hunkworks.refactor.journal import Writer
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.planning import Planner
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.residue import Store
from hunkworks.refactor.running import session_name
from hunkworks.rules.model import Rule
from hunkworks.rules.sources import add_ons, gather, named


@click.command()
@session_option
@json_option
def undo(session: str | None, as_json: bool) -> None:
    """Take back what the last recipe wrote, with the answers to its residue; refused where a file changed since.

    \b
    Example: hunkworks recipe undo
    """
    repository = Repository.discover()
    with recorded("recipe undo", repository) as run:
        writer = Writer(repository.root, repository.git_dir)
        with writer.alone() as recovered:
            undone = recovered or [entry.path for entry in writer.undo().undo]
        Store(repository.common_dir, session_name(repository, session)).forget()
        run.outcome(0, "", files=len(undone))
    if as_json:
        write_json({"files": undone})
    else:
        click.echo(f"as before: {', '.join(undone)}")


@click.command()
@click.argument("idents", metavar="[ID]...", nargs=-1)
@click.option(
    "--start", is_flag=True, help="Take down how many matches there are now, for recipes without a baseline."
)
@click.option("--shrink", is_flag=True, help="Lower the baseline to what is left; it never grows.")
@recipes_option
@json_option
@click.pass_context
def ratchet(
    ctx: click.Context,
    idents: tuple[str, ...],
    start: bool,
    shrink: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Hold a migration to its baseline (.hunkworks/ratchet.json, committed): a file may lose matches, never gain any.

    Without ID every recipe that has a baseline. What a comment excuses or a guard refuses does not count.

    Exit codes: 0 nothing grew · 1 at least one file did.

    \b
    Example: hunkworks recipe ratchet go-interface-any --start
    """
    repository = Repository.discover()
    known = gather(repository, add_ons(folders), revision=WORKTREE)
    baseline = ratcheting.read(repository.root)
    rules = [named(known, ident).rule for ident in idents or sorted(baseline.recipes)]
    _refuse(rules, baseline, start=start)
    with recorded("recipe ratchet", repository) as run, progress("Counting") as tell:
        planner = Planner(repository, tell)
        found = {
            rule.id: ratcheting.standing(planner.whole(Job(rule, chosen(rule.recipe, {})))) for rule in rules
        }
        grown = [
            growth
            for ident, counts in found.items()
            if ident in baseline.recipes
            for growth in ratcheting.growth(ident, baseline.recipes[ident], counts)
        ]
        if start or (shrink and not grown):
            for ident, counts in found.items():
                baseline.recipes[ident] = counts
            ratcheting.write(repository.root, baseline)
        run.outcome(1 if grown else 0, "", recipes=len(rules), grown=len(grown))
    if as_json:
        write_json(
            {
                "recipes": {ident: sum(counts.values()) for ident, counts in found.items()},
                "grown": [msgspec.to_builtins(growth) for growth in grown],
            }
        )
    else:
        _print(found, baseline, grown)
    ctx.exit(1 if grown else 0)


def _refuse(rules: Sequence[Rule], baseline: ratcheting.Baseline, *, start: bool) -> None:
    if not rules:
        raise UsageError("no recipe has a baseline here", fix="hunkworks recipe ratchet ID --start")
    standing = [rule.id for rule in rules if rule.id in baseline.recipes]
    missing = [rule.id for rule in rules if rule.id not in baseline.recipes]
    if start and standing:
        raise UsageError(
            f"{standing[0]} has a baseline already, which only shrinks",
            fix=f"hunkworks recipe ratchet {standing[0]} --shrink",
        )
    if missing and not start:
        raise UsageError(
            f"{missing[0]} has no baseline", fix=f"hunkworks recipe ratchet {missing[0]} --start"
        )
    for rule in rules:
        if rule.config is None:
            raise UsageError(
                f"{rule.id} looks at single lines: only recipes with a syntax rule have a baseline"
            )


def _print(
    found: Mapping[str, Mapping[str, int]], baseline: ratcheting.Baseline, grown: Sequence[ratcheting.Growth]
) -> None:
    for growth in grown:
        click.echo(
            f"{growth.path}: {growth.found} matches of {growth.recipe}, {growth.allowed} allowed by {ratcheting.FILE}"
        )
    for ident, counts in found.items():
        click.echo(f"{ident}: {sum(counts.values())} left of {sum(baseline.recipes[ident].values())}")
