"""In which forms a review is printed or written: the one place where they are chosen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from hunkworks.change.compare import Comparison
from hunkworks.change.repository import Repository
from hunkworks.cli.output import SCHEMA, json_bytes
from hunkworks.errors import UsageError
from hunkworks.review.report.document import review_document
from hunkworks.review.verdict import Review
from hunkworks.splice import write_atomically


def _text(review: Review) -> bytes:
    import io

    from rich.console import Console

    from hunkworks.review.report.text import show

    drawn = io.StringIO()
    show(review, Console(file=drawn, width=120, highlight=False, soft_wrap=False))
    return _bytes(drawn.getvalue())


def _markdown(review: Review) -> bytes:
    from hunkworks.review.report.markdown import render

    return _bytes(render(review))


def _json(review: Review) -> bytes:
    return json_bytes({"schema": SCHEMA, **review_document(review)})


def _sarif(review: Review) -> bytes:
    from hunkworks.review.report.sarif import document

    return json_bytes(document(review))


def _rdjson(review: Review) -> bytes:
    from hunkworks.review.report.rdjson import document

    return json_bytes(document(review))


def _github(review: Review) -> bytes:
    from hunkworks.review.report.diffed import Diffed
    from hunkworks.review.report.github import posting

    change = review.manifest.change
    if change.head == "stdin":
        raise UsageError("a diff on standard input has no commit to comment on", fix="--format sarif")
    repository = Repository.discover()
    files = Comparison(repository, change.base, change.head).files()
    made = posting(review, Diffed.of_files(files, {finding.path for finding in review.findings}))
    return json_bytes(made.payload(made.comments))


def _summary(review: Review) -> bytes:
    from hunkworks.review.report.summary import render

    return _bytes(render(review))


def _annotations(review: Review) -> bytes:
    from hunkworks.review.report.annotations import render

    return _bytes(render(review))


FORMATS: dict[str, Callable[[Review], bytes]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
    "sarif": _sarif,
    "rdjson": _rdjson,
    "github": _github,
    "summary": _summary,
    "annotations": _annotations,
}

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="summary and annotations are for GitHub Actions, github is the payload of a review there.",
)
output_option = click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report there, in place of standard output.",
)


def print_review(review: Review, form: str, output: Path | None = None) -> None:
    """Print a review on stdout in one of ``FORMATS``, or write it to ``output`` in one step."""
    if output is not None:
        write_atomically(output, FORMATS[form](review))
    elif form == "text" and sys.stdout.isatty():
        from rich.console import Console

        from hunkworks.review.report.text import show

        show(review, Console(highlight=False, soft_wrap=False))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(FORMATS[form](review))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
