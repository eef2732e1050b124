"""``hunkworks review post``: a saved report becomes comments on its pull request."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hunkworks.change.github import GitHub
from hunkworks.change.pull_request import find_remote
from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.errors import UsageError
from hunkworks.review.posting import Posted
from hunkworks.review.posting import post as post_review
from hunkworks.review.report.neutral import printable
from hunkworks.review.report.saved import read_saved
from hunkworks.review.report.wording import plural
from hunkworks.review.verdict import Review

_BRANCH = "pull request "  # how cli/selection.py names what a review of one is about


@click.command()
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--pr", "number", type=click.IntRange(1), metavar="N", help="Default: the one that was reviewed."
)
@click.option("--head", default="", metavar="COMMIT", help="Refuse a report about another commit.")
@click.option("--request-changes", is_flag=True, help="Ask for changes where the verdict does.")
@click.option(
    "--login", default="", metavar="NAME", help="Whose earlier comments are ours; default: the token's."
)
@json_option
def post(
    report: Path, number: int | None, head: str, request_changes: bool, login: str, as_json: bool
) -> None:
    """Post a report that --format json wrote; posting it twice changes nothing.

    Comments stand where GitHub's diff shows the lines, everything else in the review's text. Earlier comments are
    edited, not repeated. It never approves. The repository is GITHUB_REPOSITORY, the token GITHUB_TOKEN or GH_TOKEN.

    \b
    Example: hunkworks review post report.json --pr 17
    """
    review = read_saved(report)
    github = GitHub.of_environment()
    done = post_review(
        github,
        number or reviewed(review),
        review,
        head=head,
        login=login,
        request_changes=request_changes,
        tell=lambda text: click.echo(text, err=True),
    )
    tell(done, as_json=as_json)


def post_now(review: Review, repository: Repository | None = None) -> None:
    """Post a review to the pull request that it is about, on the forge that the clone's remote names."""
    if repository is None or os.environ.get("GITHUB_REPOSITORY"):
        github = GitHub.of_environment()
    else:
        remote = find_remote(repository)
        github = GitHub.of_environment(remote.slug, remote.host)
    done = post_review(github, reviewed(review), review)
    tell(done, as_json=False, err=True)


def reviewed(review: Review) -> int:
    """Return which pull request a review is about.

    Raises:
        UsageError: It is about none.
    """
    branch = review.manifest.change.branch
    number = branch.removeprefix(_BRANCH)
    if branch == number or not number.isdigit():
        raise UsageError(
            "this is not the review of a pull request", found=branch or "another change", fix="--pr N"
        )
    return int(number)


def tell(done: Posted, *, as_json: bool, err: bool = False) -> None:
    """Say what was posted."""
    for sentence in done.said:
        click.echo(" ".join(printable(sentence).split()), err=True)
    if as_json:
        counts = {
            "created": done.created,
            "updated": done.updated,
            "gone": done.gone,
            "resolved": done.resolved,
            "reviews": done.reviews,
        }
        write_json({**counts, "unplaced": done.unplaced, "why": done.why, "changed": done.changed})
    elif done.why:
        click.echo(f"Nothing is posted: {done.why}", err=err)
    elif not done.changed:
        click.echo("Nothing changed: it stands there already.", err=err)
    else:
        resolved = f" ({plural(done.resolved, 'thread')} resolved)" if done.resolved else ""
        click.echo(
            f"Posted: {plural(done.created, 'new comment')}, {done.updated} updated, {done.gone} reported no longer"
            f"{resolved}, {done.unplaced} refused by the diff, {plural(done.reviews, 'review')} written.",
            err=err,
        )
