"""``hunkworks doctor``: what is found, what is missing, and the command that mends it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hunkworks.cli.environment import health
from hunkworks.cli.output import json_option, write_json


@click.command()
@click.option("--engine", is_flag=True, help="Ask the endpoints of runs without a session what they take.")
@click.option("--yes", is_flag=True, help="Agree to the price of asking them.")
@json_option
def doctor(engine: bool, yes: bool, as_json: bool) -> int:
    """Tell what is found, what is missing and what mends it.

    Exit code 1 when something that is needed is missing, or something that is there is broken. With --engine each
    endpoint that hunkworks.toml of HEAD names is asked, for a price that is told before: what it leaves out (strict
    tools, caching, counting) is remembered and worked around, and what it cannot do without is refused in words.

    \b
    Example:
      hunkworks doctor --json
    """
    if engine:
        from hunkworks.cli.doctor_engine import doctor_engine

        return doctor_engine(yes=yes, as_json=as_json)
    checks = health.examine(Path.cwd())
    if as_json:
        write_json(health.document(checks))
    elif sys.stdout.isatty():
        _table(checks)
    else:
        click.echo("\n".join(health.plain(checks)))
    return 0 if health.healthy(checks) else 1


def _table(checks: list[health.Check]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("what", no_wrap=True)
    # Folded, never cut: a path or a command that lost its end is of no use.
    table.add_column("found", overflow="fold")
    table.add_column("what mends it", overflow="fold")
    style = {"✓": "green", "✗": "bold red", "–": "dim"}
    for check in checks:
        # As Text: a path in square brackets is not markup.
        row = [Text(check.mark, style[check.mark]), Text(check.name), Text(check.detail), Text(check.fix)]
        table.add_row(*row)
    Console().print(table)
