"""``hunkworks translate run``: plan, translate and write without a session."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import click
import msgspec

from hunkworks import paths
from hunkworks.change.repository import Repository
from hunkworks.cli import translate_report as report
from hunkworks.cli.judging_progress import judging_progress
from hunkworks.cli.ledger_prune import prune_daily
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import Run, ledger_of, recorded
from hunkworks.cli.selection import Selected, change_options, selected
from hunkworks.cli.spending import capped, count, in_dollars, paid_now
from hunkworks.cli.translate_plan import backlog_option, locale_option, planned, prune_option, repository_of
from hunkworks.engine.port import Judged
from hunkworks.errors import IntegrityError, UsageError
from hunkworks.ledger.lock import locked
from hunkworks.localize import pseudo
from hunkworks.localize.apply import Answer, Applied, Applier
from hunkworks.localize.headless import Headless, unanswered
from hunkworks.localize.plan import Plan, Wanted
from hunkworks.localize.session import Confirmed, Session
from hunkworks.privacy.redact import redact

API, REPLAY, PSEUDO = "api", "replay", "pseudo"
_PLAN = "plan"


@click.command("run")
@change_options
@locale_option
@backlog_option
@prune_option
@click.option(
    "--engine",
    "kind",
    type=click.Choice([API, REPLAY, PSEUDO]),
    default=PSEUDO,
    show_default=True,
    help="Who translates: the API; only what is on record, unpaid; or accents, without a model.",
)
@click.option("--max-usd", type=click.FloatRange(0), metavar="USD", help="The most that this run may cost.")
@click.option("--estimate", is_flag=True, help="Say what the API would cost, and stop.")
@click.option("--right-to-left", is_flag=True, help="Mark pseudo-translations as written from the right.")
@json_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    locales: Sequence[str],
    backlog: bool,
    prune: bool,
    kind: str,
    max_usd: float | None,
    estimate: bool,
    right_to_left: bool,
    as_json: bool,
    **selection: Any,
) -> None:
    """Plan, translate and write without a session; "pseudo" accents and lengthens, and needs no model.

    Each batch is checked and written as it is answered: a run that was killed goes on with what is open when the same
    command is given again.

    Exit codes: 0 everything was written · 1 something was rejected · 3 the engine did not answer to the end.

    \b
    Example: hunkworks translate run --engine api --max-usd 2 --base main
    """
    choice = selected(**selection)
    wanted = Wanted(frozenset(locales), backlog)
    repository = repository_of(choice)
    headless = _Run(choice, repository, wanted, max_usd)
    if estimate:
        headless.estimate(as_json=as_json)
        return
    if kind == PSEUDO:
        made, done, judged = headless.accented(prune=prune, right_to_left=right_to_left)
    elif kind == REPLAY:
        made, done, judged = headless.replayed(prune=prune)
    else:
        made, done, judged = headless.translated(prune=prune)
    left = unanswered(judged)
    if as_json:
        spent = msgspec.to_builtins(paid_now(judged))
        told = [{"batch": batch, "why": why} for batch, why in left]
        write_json({**msgspec.to_builtins(done), "engine": kind, "spent": spent, "unanswered": told})
    else:
        click.echo(report.applied(made, done, aligned=sys.stdout.isatty()), nl=False)
        for batch, why in left:
            click.echo(f"Not translated to the end: batch {batch}: {why}")
    prune_daily(repository, choice.change.base)
    ctx.exit(_code(done, left))


def _code(done: Applied, left: Sequence[tuple[str, str]]) -> int:
    return 3 if left else 1 if done.rejected else 0


class _Run:
    """One run, from its plan to its record in the ledger."""

    def __init__(
        self, choice: Selected, repository: Repository, wanted: Wanted, max_usd: float | None
    ) -> None:
        self._choice = choice
        self._repository = repository
        self._wanted = wanted
        self._config = capped(choice.config, max_usd)
        said = [choice.change.id, choice.words, sorted(wanted.locales), wanted.backlog]
        digest = hashlib.sha256(msgspec.json.encode([*said, choice.config.localize, choice.config.tiers]))
        self._session = Session(repository.common_dir, f"translate-{digest.hexdigest()[:16]}")

    def accented(self, *, prune: bool, right_to_left: bool) -> tuple[Plan, Applied, list[Judged]]:
        """Write pseudo-translations."""
        with recorded(f"translate run {PSEUDO}", self._repository, self._choice.change) as record:
            made = planned(self._choice, self._repository, self._wanted)
            answers = []
            for unit in made.units:
                if unit.answer is None:
                    said = pseudo.translate(unit, right_to_left=right_to_left)
                    answers.append(
                        Answer(unit.id, said) if isinstance(said, str) else Answer(unit.id, None, said)
                    )
            with self._session.writing():
                applier = Applier(self._repository, made, Confirmed(self._repository.common_dir))
                done = applier.apply(answers, prune=prune)
            _conclude(record, done, [])
        return made, done, []

    def translated(self, *, prune: bool) -> tuple[Plan, Applied, list[Judged]]:
        """Ask the API for what is open, and keep on record what it said."""
        from hunkworks.engine.engine import open_api

        with (
            self._alone(),
            recorded(f"translate run {API}", self._repository, self._choice.change) as record,
        ):
            record.session = self._session.name
            made = planned(self._choice, self._repository, self._wanted)
            self._session.keep(made)
            headless = Headless(self._repository, self._session, made)
            _keep_plan(record, made)
            judged: list[Judged] = []
            if made.batches:
                ledger = ledger_of(self._repository)
                with (
                    judging_progress(len(made.batches)) as told,
                    open_api(self._config, self._repository.common_dir, ledger, tell=told.say) as engine,
                ):
                    try:
                        judged = headless.judge(engine, told.done)
                    finally:
                        record.bodies.update(engine.bodies)
            done = headless.finish(prune=prune)
            count(record, paid_now(judged))
            _conclude(record, done, judged)
        return made, done, judged

    def replayed(self, *, prune: bool) -> tuple[Plan, Applied, list[Judged]]:
        """Write what the newest recorded run of this change was answered, asking nobody.

        Raises:
            UsageError: There is none.
        """
        from hunkworks.engine.engine import open_replay

        ledger = ledger_of(self._repository)
        runs = [
            found
            for found in ledger.records()
            if found.session == self._session.name
            and _PLAN in found.bodies
            and found.outcome.counts.get("batches")
        ]
        if not runs:
            raise UsageError(
                "nothing of this change is on record for this configuration",
                fix="translate it once with --engine api",
            )
        with recorded(f"translate run {REPLAY}", self._repository, self._choice.change) as record:
            made = msgspec.json.decode(ledger.get(runs[-1].bodies[_PLAN]), type=Plan)
            session = Session(self._repository.common_dir, f"{self._session.name}-replay")
            session.keep(made)
            headless = Headless(self._repository, session, made)
            judged = headless.judge(open_replay(ledger, runs[-1]), lambda _: None)
            done = headless.finish(prune=prune)
            _conclude(record, done, judged)
        return made, done, judged

    def estimate(self, *, as_json: bool) -> None:
        """Print what the API would cost."""
        from hunkworks.engine.engine import open_api

        made = planned(self._choice, self._repository, self._wanted)
        headless = Headless(self._repository, self._session, made)
        with open_api(self._config, self._repository.common_dir, None) as engine:
            costs = engine.estimate(headless.tasks())
        if as_json:
            sums = {"low": msgspec.to_builtins(costs.low), "high": msgspec.to_builtins(costs.high)}
            write_json({"estimate": sums, "batches": len(made.batches)})
        elif not made.batches:
            click.echo("Nothing to translate through the API.")
        else:
            click.echo(
                f"{len(made.batches)} batches: from {in_dollars(costs.low)} (one call a batch) "
                f"to {in_dollars(costs.high)} (every turn used). Nothing was sent."
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the run: two of one change would pay for everything twice."""
        folder = paths.repository_state(self._repository.common_dir) / "sessions" / self._session.name
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            try:
                held.enter_context(locked(folder / "lock"))
            except TimeoutError:
                raise IntegrityError(
                    "the same change is being translated already in another process", fix="wait for it to end"
                ) from None
            yield


def _keep_plan(record: Run, made: Plan) -> None:
    """Keep the plan for a replay, unless a translation in it looks like a secret."""
    data = msgspec.json.encode(made)
    if not redact(data.decode("utf-8")).redactions:
        record.body(_PLAN, data)


def _conclude(record: Run, done: Applied, judged: Sequence[Judged]) -> None:
    record.outcome(
        _code(done, unanswered(judged)),
        "",
        written=len(done.written),
        rejected=len(done.rejected),
        files=len(done.files),
        batches=len(judged),
    )
