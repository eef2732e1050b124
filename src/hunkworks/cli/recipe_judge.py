"""``hunkworks recipe judge``: residue judged without a session, through an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.judging_progress import judging_progress
from hunkworks.cli.ledger_prune import prune_daily
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.recipe_options import session_option
from hunkworks.cli.run import Run, ledger_of, recorded
from hunkworks.cli.selection import base_config
from hunkworks.cli.spending import capped, count, paid_now
from hunkworks.config import Config
from hunkworks.engine.port import Judged as TaskJudged
from hunkworks.refactor.answering import Answer
from hunkworks.refactor.judging import Judged, Judging, together
from hunkworks.refactor.planning import Planner
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.residue import Kept, Store
from hunkworks.refactor.running import session_name
from hunkworks.rules.model import Rule
from hunkworks.rules.sources import add_ons, gather, named

if TYPE_CHECKING:
    from hunkworks.refactor.headless import Headless


@click.command()
@click.option("--max-usd", type=click.FloatRange(0), metavar="USD", help="The most that this may cost.")
@click.option("--estimate", is_flag=True, help="Say what it would cost, and stop.")
@session_option
@json_option
@click.pass_context
def judge(
    ctx: click.Context, max_usd: float | None, estimate: bool, session: str | None, as_json: bool
) -> None:
    """Have open residue judged through the API; every answer is checked as a session's is, and written at the end.

    Exit codes: 0 nothing is left open · 1 an answer was rejected · 3 some packets have no answer.

    \b
    Example: hunkworks recipe judge --max-usd 1
    """
    repository = Repository.discover()
    config = capped(base_config(repository, repository.head or "empty"), max_usd)
    store = Store(repository.common_dir, session_name(repository, session))
    folders = [Path(folder) for kept in store.some() for folder in kept.batch.folders]
    known = gather(repository, add_ons(folders), revision=WORKTREE)
    rules = {kept.batch.recipe: named(known, kept.batch.recipe).rule for kept in store.some()}
    if estimate:
        _estimate(repository, config, store, rules, as_json=as_json)
        return
    with recorded("recipe judge", repository) as run:
        done, missing = _judged(repository, config, store, rules, run)
        code = 1 if done.rejected or done.outside or done.stopped else 3 if missing else 0
        run.outcome(code, "", accepted=len(done.accepted), waived=len(done.waived), left=len(missing))
    if as_json:
        write_json({**msgspec.to_builtins(done), "left": missing})
    else:
        click.echo("\n".join(_said(done, missing)))
    prune_daily(repository, repository.head or "empty")
    ctx.exit(code)


def _judged(
    repository: Repository, config: Config, store: Store, rules: dict[str, Rule], run: Run
) -> tuple[Judged, dict[str, str]]:
    """Judge batch by batch: what one writes may move what the next one is about."""
    from hunkworks.refactor.headless import Headless, left

    done: list[Judged] = []
    asked: list[TaskJudged] = []
    missing: dict[str, str] = {}
    for recipe in rules:
        kept = next(one for one in store.some() if one.batch.recipe == recipe)
        if kept.batch.stopped or not kept.batch.open():
            continue
        headless = Headless(rules[recipe], kept, _project(repository))
        judged, answers = _asked(repository, config, headless, kept, run)
        asked += judged
        count(run, paid_now(asked))
        missing |= left(judged, answers)
        missing |= dict.fromkeys(headless.withheld, "it shows a secret, which is not sent")
        done.append(
            Judging(repository, store, rules, kept.batch, kept.files).take(answers, config.refactor.verify)
        )
    return together(done), missing


def _asked(
    repository: Repository, config: Config, headless: Headless, kept: Kept, run: Run
) -> tuple[list[TaskJudged], list[Answer]]:
    from hunkworks.engine.engine import open_api

    ledger = ledger_of(repository)
    with (
        judging_progress(len(kept.batch.open())) as told,
        open_api(config, repository.common_dir, ledger, tell=told.say) as engine,
    ):
        try:
            judged, answers = headless.judge(engine, told.done)
        finally:
            run.bodies.update(engine.bodies)
    return judged, answers


def _estimate(
    repository: Repository, config: Config, store: Store, rules: dict[str, Rule], *, as_json: bool
) -> None:
    from hunkworks.engine.engine import open_api
    from hunkworks.refactor.headless import Headless

    tasks = [
        task
        for kept in store.some()
        if not kept.batch.stopped
        for task in Headless(rules[kept.batch.recipe], kept, _project(repository)).tasks()
    ]
    with open_api(config, repository.common_dir, ledger_of(repository)) as engine:
        found = engine.estimate(tasks)
    if as_json:
        write_json({"packets": len(tasks), "estimate": msgspec.to_builtins(found)})
    else:
        low, high = ("?" if usage.usd is None else f"{usage.usd:.4f}" for usage in (found.low, found.high))
        click.echo(f"{len(tasks)} packets: {low} to {high} USD. Nothing was sent.")


def _project(repository: Repository) -> Overlay:
    planner = Planner(repository)
    return Overlay(planner.read, planner.paths)


def _said(done: Judged, missing: dict[str, str]) -> Iterator[str]:
    from hunkworks.cli.recipe_residue import outcome

    yield from outcome(done)
    yield from (f"no answer to {ident}: {why}" for ident, why in missing.items())
