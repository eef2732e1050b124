"""Options that several verbs of ``hunkworks review`` share."""

from __future__ import annotations

from pathlib import Path

import click

from hunkworks.rules.classes import Severity

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Exit 1 from this severity on; default: review.fail_on of hunkworks.toml, else major.",
)
sarif_option = click.option(
    "--sarif",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A linter's results: what it reports is not repeated.",
)
