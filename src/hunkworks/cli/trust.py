"""`hunkworks trust`: agree to the commands that this repository's configuration names."""

from __future__ import annotations

import shlex

import click

from hunkworks import trust as trusting
from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import base_config
from hunkworks.config import Config


@click.command()
@click.option("--yes", is_flag=True, help="Agree without being asked.")
@json_option
def trust(yes: bool, as_json: bool) -> None:
    """Agree to the commands that hunkworks.toml of HEAD names, for this repository on this machine.

    Without it none of them runs; a changed word asks anew.

    \b
    Example: hunkworks trust
    """
    repository = Repository.discover()
    commands = named_commands(base_config(repository, repository.head or "empty"))
    new = [command for command in commands if not trusting.is_trusted(repository.common_dir, command)]
    if not as_json:
        for command in commands:
            click.echo(("new:     " if command in new else "trusted: ") + shlex.join(command), err=True)
    if new and not yes:
        click.confirm("Let hunkworks run these here?", abort=True, err=True)
    with recorded("trust", repository) as run:
        trusting.agree(repository.common_dir, commands)
        run.outcome(0, "", commands=len(commands), new=len(new))
    if as_json:
        write_json({"commands": [list(command) for command in commands], "new": len(new)})
    elif not commands:
        click.echo("hunkworks.toml names no command; there is nothing to trust")


def named_commands(config: Config) -> list[tuple[str, ...]]:
    """Return every command that a configuration names."""
    return [config.page.command] if config.page.command else []
