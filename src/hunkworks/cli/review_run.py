"""``hunkworks review run``: the review of a session, headless, judged through an engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.cli import review_state
from hunkworks.cli.judging_progress import judging_progress
from hunkworks.cli.ledger_prune import prune_daily
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.review_formats import format_option, output_option, print_review
from hunkworks.cli.review_options import fail_on_option, sarif_option
from hunkworks.cli.run import Run, ledger_of, recorded
from hunkworks.cli.selection import Selected, change_options, own_rules, selected
from hunkworks.cli.spending import capped, count, in_dollars
from hunkworks.engine.port import Judged, Usage
from hunkworks.errors import UsageError
from hunkworks.review import memory
from hunkworks.review.dossier import bodies
from hunkworks.review.headless import Headless
from hunkworks.review.headless_run import HeadlessRun, run_name
from hunkworks.review.judged import NO_ENGINE, conclude, counted, static_review
from hunkworks.review.judging import summed, total, uncounted
from hunkworks.review.manifest import Manifest
from hunkworks.review.memory import Memory
from hunkworks.review.plan import Planner
from hunkworks.review.project import Project
from hunkworks.review.report.document import review_document
from hunkworks.review.report.wording import plural
from hunkworks.review.session import Session, Unkept
from hunkworks.review.verdict import Review
from hunkworks.rules.classes import Severity

if TYPE_CHECKING:
    from hunkworks.engine.engine import ApiEngine

API = "api"
REPLAY = "replay"


@click.command("run")
@change_options
@click.option(
    "--engine",
    "kind",
    type=click.Choice([API, REPLAY, NO_ENGINE]),
    default=API,
    show_default=True,
    help="Who judges: the API; only what is on record, unpaid; or the built-in rules alone.",
)
@click.option("--max-usd", type=click.FloatRange(0), metavar="USD", help="The most that this run may cost.")
@click.option("--estimate", is_flag=True, help="Say what it would cost, and stop.")
@click.option("--fresh", is_flag=True, help="Read everything again, and pay again.")
@sarif_option
@format_option
@output_option
@fail_on_option
@json_option
@click.pass_context
def run(
    ctx: click.Context,
    /,
    kind: str,
    max_usd: float | None,
    estimate: bool,
    fresh: bool,
    sarif: tuple[Path, ...],
    form: str,
    output: Path | None,
    fail_on: str | None,
    as_json: bool,
    **selection: Any,
) -> None:
    """Review a change without a session: plan, judge through the API, vote, report.

    A run that was killed goes on where it ended when the same command is given again: no finished call is paid for
    twice. What nobody judged, for want of budget or of an answer, makes the verdict "incomplete", never "pass".

    Exit codes: 0 pass · 1 findings at or above the threshold · 3 incomplete.

    \b
    Example: hunkworks review run --base main --max-usd 2 --format markdown
    """
    choice = selected(**selection, fall_back_to_last_commit=True)
    threshold = Severity(fail_on) if fail_on else None
    if kind == NO_ENGINE and not estimate:
        judged = _unjudged(choice, threshold)
    elif choice.repository is None:
        raise UsageError("a run is kept in a repository", fix="for a diff alone: hunkworks review --stdin")
    else:
        headless = _Run(choice, choice.repository, max_usd)
        if estimate:
            headless.estimate(fresh=fresh, as_json=as_json)
            return
        if kind == REPLAY:
            judged = headless.replay()
        else:
            judged = headless.review(threshold, sarif, fresh=fresh)
            review_state.call_human(choice.repository, judged.manifest.change)
    print_review(judged, "json" if as_json else form, output)
    if choice.repository is not None:
        prune_daily(choice.repository, choice.change.base)
    ctx.exit(judged.verdict.exit_code(bool(judged.failing)))


def _unjudged(choice: Selected, threshold: Severity | None) -> Review:
    with recorded("review run", choice.repository, choice.change) as run:
        manifest = Planner(choice.config, Unkept(), own_rules=own_rules(choice)).plan(
            choice.change, choice.words
        )
        judged = static_review(manifest, threshold or Severity(choice.config.review.fail_on))
        run.route = manifest.route
        _conclude(run, judged)
    return judged


def _conclude(run: Run, judged: Review) -> None:
    run.body("report", msgspec.json.encode(review_document(judged)))
    run.outcome(judged.verdict.exit_code(bool(judged.failing)), judged.verdict.value, **counted(judged))


class _Run:
    """One headless run, from its plan to its record in the ledger."""

    def __init__(self, choice: Selected, repository: Repository, max_usd: float | None) -> None:
        name = run_name(choice.change, choice.words, choice.branch, choice.config)
        self._choice = choice
        self._repository = repository
        self._max_usd = max_usd
        self._session = Session(repository.common_dir, name)
        self._files = HeadlessRun(self._session)

    def review(self, threshold: Severity | None, sarif: tuple[Path, ...], *, fresh: bool) -> Review:
        """Judge the change and keep the record of it."""
        with self._files.alone(), recorded("review run", self._repository, self._choice.change) as run:
            run.session = self._session.name
            manifest = self._plan(fresh=fresh)
            run.change, run.route = manifest.change, manifest.route
            terms = review_state.terms_of(self._repository, manifest, threshold, sarif, engine=API)
            project = Project(self._repository, manifest)
            headless = Headless(self._session, project)
            judged = self._judge(headless, run)
            judging = summed(judged, headless.refused)
            review, after = conclude(self._session, project, terms, judging)
            kept = review_state.to_remember(self._repository, manifest.change, after)
            self._count(
                run, judged, kept
            )  # first: killed between the two, it still goes on from its own plan
            memory.save(self._repository.common_dir, manifest.change.branch, kept)
            for name, body in bodies(self._session, project, terms).items():
                run.body(name, body)
            _conclude(run, review)
        return review

    def replay(self) -> Review:
        """Return the newest run of this change and configuration on record, recomputed from it.

        Raises:
            UsageError: There is none.
        """
        from hunkworks.cli.replaying import replayed

        ledger = ledger_of(self._repository)
        own = (record for record in ledger.records() if record.session == self._session.name)
        runs = [record for record in own if "report" in record.bodies]
        if not runs:
            raise UsageError(
                "nothing of this change is on record for this configuration",
                fix="judge it once with --engine api",
            )
        return replayed(ledger, runs[-1])

    def _plan(self, *, fresh: bool) -> Manifest:
        """Return the standing plan where the run goes on, a new one where it begins."""
        remembered = memory.load(self._repository.common_dir, self._choice.branch)
        if not fresh and self._files.resumes(remembered):
            self._session.forget_answers()
            return self._session.manifest()
        self._files.forget()
        manifest = review_state.plan(self._choice, self._repository, self._session.name, full=fresh)
        self._files.planned(remembered)
        return manifest

    def estimate(self, *, fresh: bool, as_json: bool) -> None:
        """Print what the run would cost; the plan is kept for it."""
        with self._files.alone():
            manifest = self._plan(fresh=fresh)
            headless = Headless(self._session, Project(self._repository, manifest))
            with self._engine() as engine:
                low = engine.estimate(headless.tasks()).low
                high = engine.estimate(headless.most_tasks()).high
        if as_json:
            write_json({"estimate": {"low": msgspec.to_builtins(low), "high": msgspec.to_builtins(high)}})
        else:
            click.echo(_estimated(manifest, low, high))

    def _judge(self, headless: Headless, run: Run) -> list[Judged]:
        packets = len(self._session.manifest().packets)
        with judging_progress(packets) as told, self._engine(told.say) as engine:
            try:
                return headless.judge(engine, told.done, told.more)
            finally:
                run.bodies.update(engine.bodies)

    def _engine(self, tell: Callable[[str], None] = lambda _: None) -> ApiEngine:
        from hunkworks.engine.engine import open_api

        config = capped(self._choice.config, self._max_usd)
        return open_api(config, self._repository.common_dir, ledger_of(self._repository), tell=tell)

    def _count(self, run: Run, judged: list[Judged], kept: Memory) -> None:
        """Put into the ledger what was paid since it last counted, by a killed run too; note what is remembered."""
        standing = self._files.standing()
        paid = uncounted(judged, standing.counted if standing is not None else Usage())
        count(run, paid)
        self._files.ended(kept, total(one.usage for one in judged))


def _estimated(manifest: Manifest, low: Usage, high: Usage) -> str:
    if not manifest.packets:
        return "Nothing to judge: no changed line for a reviewer."
    tasks = plural(len(manifest.packets), "packet")
    return (
        f"{tasks}, {manifest.shape.why}: from {in_dollars(low)} (one call a packet, nothing found) "
        f"to {in_dollars(high)} (every turn used, a vote on as much as there may be). Nothing was sent."
    )
