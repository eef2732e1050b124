"""``hunkworks review``: plan a review, judge what needs no model, report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.cli import review_decisions, review_memory, review_post, review_run, review_state, review_tools
from hunkworks.cli.ledger_prune import prune_daily
from hunkworks.cli.output import json_option, progress, write_json
from hunkworks.cli.review_formats import format_option, output_option, print_review
from hunkworks.cli.review_options import fail_on_option, sarif_option
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import Selected, change_options, own_rules, selected
from hunkworks.errors import UsageError
from hunkworks.review.judged import counted, hold_vote, static_review
from hunkworks.review.manifest import Manifest
from hunkworks.review.plan import Planner
from hunkworks.review.report.document import manifest_document, review_document
from hunkworks.review.report.saved import held_against, read_saved
from hunkworks.review.session import Unkept
from hunkworks.rules.classes import Severity


@click.group(invoke_without_command=True)
@change_options
@fail_on_option
@json_option
@click.pass_context
def review(ctx: click.Context, /, fail_on: str | None, as_json: bool, **selection: Any) -> None:
    """Review a change: plan, record findings, report.

    Without a verb: plan, run the built-in rules, report. No model and no key is needed; the verdict is then
    "static-only". With nothing changed, the last commit is reviewed, and the report says so.

    \b
    Example: hunkworks review --base main
    """
    if ctx.invoked_subcommand is not None:
        return
    choice = selected(**selection, fall_back_to_last_commit=True)
    with recorded("review", choice.repository, choice.change) as run:
        manifest = _static_plan(choice)
        judged = static_review(manifest, Severity(fail_on or choice.config.review.fail_on))
        run.route = manifest.route
        run.body("report", msgspec.json.encode(review_document(judged)))
        code = judged.verdict.exit_code(bool(judged.failing))
        run.outcome(code, judged.verdict.value, **counted(judged))
    print_review(judged, "json" if as_json else "text")
    ctx.exit(code)


@review.command()
@change_options
@click.option("--full", is_flag=True, help="Read again what an earlier review of this branch has read.")
@click.option(
    "--fix", is_flag=True, help="A round of fixing and reviewing: rounds are counted, the last one pages."
)
@review_tools.session_option
@json_option
def plan(session: str | None, full: bool, fix: bool, as_json: bool, **selection: Any) -> None:
    """Write the packets that reviewers read, and print a small manifest.

    Only what changed since the branch's last review is handed out; what that left open is carried. What reviewers
    recorded in a review of the same change that was interrupted is taken over.

    \b
    Example: hunkworks review plan --staged --json
    """
    choice = selected(**selection)
    if choice.repository is None:
        raise UsageError("a plan is kept in a repository", fix="for a diff alone: hunkworks review --stdin")
    with recorded("review plan", choice.repository, choice.change) as run:
        manifest = review_state.plan(choice, choice.repository, session, full=full, fixing=fix, resuming=True)
        run.route = manifest.route
        run.body("manifest", msgspec.json.encode(manifest))
        run.outcome(0, "", packets=len(manifest.packets), files=len(manifest.files))
    if as_json:
        write_json(manifest_document(manifest))
    else:
        from hunkworks.review.report.plan import render

        click.echo(render(manifest), nl=False)


@review.command()
@format_option
@output_option
@click.option(
    "--from",
    "saved",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A report that --format json wrote, in place of this session's; needs no repository.",
)
@click.option("--post", "posts", is_flag=True, help="Post it to the pull request that was reviewed.")
@sarif_option
@review_tools.session_option
@fail_on_option
@json_option
@click.pass_context
def report(
    ctx: click.Context,
    form: str,
    output: Path | None,
    saved: Path | None,
    posts: bool,
    sarif: tuple[Path, ...],
    session: str | None,
    fail_on: str | None,
    as_json: bool,
) -> None:
    """Report what the session's reviewers recorded; a packet without an answer makes it incomplete.

    Exit codes: 0 pass · 1 findings at or above the threshold · 3 incomplete.

    \b
    Example: hunkworks review report --format markdown
    """
    if saved is not None:
        if sarif or session:
            raise UsageError("--from names a report that is finished", fix="leave out --sarif and --session")
        judged = read_saved(saved)
        judged = held_against(judged, Severity(fail_on)) if fail_on else judged
        print_review(judged, "json" if as_json else form, output)
        if posts:
            review_post.post_now(judged)
        ctx.exit(judged.verdict.exit_code(bool(judged.failing)))
    repository = Repository.discover()
    opened = review_tools.open_session(repository, session)
    with recorded("review report", repository) as run:
        manifest = opened.manifest()
        run.change, run.route = manifest.change, manifest.route
        judged = review_state.judge(repository, opened, Severity(fail_on) if fail_on else None, sarif)
        run.body("report", msgspec.json.encode(review_document(judged)))
        code = judged.verdict.exit_code(bool(judged.failing))
        run.outcome(code, judged.verdict.value, **counted(judged))
    print_review(judged, "json" if as_json else form, output)
    if posts:
        review_post.post_now(judged, repository)
    review_state.call_human(repository, manifest.change)
    prune_daily(repository, manifest.change.base)
    ctx.exit(code)


@review.command()
@review_tools.session_option
@json_option
def verify(session: str | None, as_json: bool) -> None:
    """Write the ballots on which skeptics vote about what reviewers found; none where the plan asks for none.

    \b
    Example: hunkworks review verify
    """
    repository = Repository.discover()
    opened = review_tools.open_session(repository, session)
    with recorded("review verify", repository) as run:
        run.change = opened.manifest().change
        ids = hold_vote(opened)
        run.outcome(0, "", ballots=len(ids))
    if as_json:
        write_json({"ballots": ids})
    else:
        click.echo(f"Ballots for skeptics: {', '.join(ids)}" if ids else "Nothing to vote on: report.")


for command in (
    review_run.run,
    review_tools.packet,
    review_tools.show,
    review_tools.grep,
    review_tools.record,
    review_tools.vote,
    review_decisions.dismiss,
    review_decisions.dispute,
    review_decisions.fix,
    review_decisions.resume,
    review_memory.memory,
    review_post.post,
):
    review.add_command(command)


def _static_plan(choice: Selected) -> Manifest:
    """Plan without a session: nobody is going to read the packets."""
    with progress("Reading the change") as tell:
        return Planner(choice.config, Unkept(), progress=tell, own_rules=own_rules(choice)).plan(
            choice.change, choice.words
        )
