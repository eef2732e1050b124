"""Run the written workflow under act through everything a pull request goes through: `python -m evals.ci_act`.

Real: the workflow file, act's reading of it, every shell step, the program, git, a model's API by script, and GitHub's
API by a fake that keeps state over a real bare repository and whose every request and answer is held to GitHub's
OpenAPI description. Not proven here: the runner's image, GitHub's own permissions and concurrency (act enforces
neither), and actions/checkout, upload-artifact and download-artifact, for which stand-ins stand in tests/ci/actions.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.ci.scenarios import SCENARIOS, stage


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(SCENARIOS)))
def main(names: tuple[str, ...]) -> None:
    """Run these scenarios, or all, and print how each ended; exit 1 if one did not end as designed."""
    table = Table("pull request", "ended", "requests", "breaches", "seconds", title="the workflow under act")
    failed = False
    for name in names or SCENARIOS:
        began = time.monotonic()
        # What a cancelled run leaves behind may still be writing.
        temporary = tempfile.TemporaryDirectory(prefix="hunkworks-act-", ignore_cleanup_errors=True)
        with temporary as folder, stage(Path(folder)) as made:
            try:
                ended = SCENARIOS[name](made)
            except AssertionError as error:
                failed, ended = True, f"NOT AS DESIGNED: {str(error)[-3000:]}"
            asked, breaches = len(made.github.asked), len(made.github.breaches)
        table.add_row(name, ended, str(asked), str(breaches), f"{time.monotonic() - began:.1f}")
    Console(width=150).print(table)
    sys.exit(failed)


if __name__ == "__main__":
    main()
