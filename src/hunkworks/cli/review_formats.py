"""In which forms a review is printed: the one place where they are chosen."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from hunkworks.cli.output import write_json
from hunkworks.review.report.document import review_document
from hunkworks.review.verdict import Review


def _text(review: Review) -> None:
    from rich.console import Console

    from hunkworks.review.report.text import show

    width = None if sys.stdout.isatty() else 120
    show(review, Console(width=width, highlight=False, soft_wrap=False))


def _markdown(review: Review) -> None:
    from hunkworks.review.report.markdown import render

    click.echo(render(review), nl=False)


def _json(review: Review) -> None:
    write_json(review_document(review))


FORMATS: dict[str, Callable[[Review], None]] = {"text": _text, "markdown": _markdown, "json": _json}

format_option = click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True
)


def print_review(review: Review, form: str) -> None:
    """Print a review on stdout in one of ``FORMATS``."""
    FORMATS[form](review)
