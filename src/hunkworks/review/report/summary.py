"""The review as a job's summary: everything in full, within what GitHub shows of one."""

from __future__ import annotations

from hunkworks.review.report.neutral import prose
from hunkworks.review.report.pieces import aside, facts, fitted, in_full, overview
from hunkworks.review.verdict import Review

# https://docs.github.com/actions/reference/workflow-commands-for-github-actions: one step may write 1 MiB.
_MOST = 1_000_000


def render(review: Review) -> str:
    """Return Markdown for ``$GITHUB_STEP_SUMMARY``, ending in a newline."""
    title = f"## Review of {prose(review.manifest.change.words)}"
    pieces = [title, *facts(review), *overview(review), *in_full(review.findings), *aside(review)]
    return fitted(pieces, _MOST) + "\n"
