"""`hunkworks trust`: agree to the commands that this repository's configuration names, and to where it sends code."""

from __future__ import annotations

import os
import shlex

import click

from hunkworks import trust as trusting
from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import base_config
from hunkworks.config import Config
from hunkworks.engine.endpoints import named_endpoints


@click.command()
@click.option("--yes", is_flag=True, help="Agree without being asked.")
@json_option
def trust(yes: bool, as_json: bool) -> None:
    """Agree to the commands and endpoints that hunkworks.toml and recipes of HEAD name, here on this machine.

    Without it no command runs, and no code or key is sent to an endpoint; a changed word asks anew.

    \b
    Example: hunkworks trust
    """
    repository = Repository.discover()
    config = base_config(repository, repository.head or "empty")
    commands = list(dict.fromkeys([*named_commands(config), *recipe_commands(repository)]))
    endpoints = named_endpoints(config, os.environ)
    named = [*commands, *endpoints]
    new = [words for words in named if not trusting.is_trusted(repository.common_dir, words)]
    if not as_json:
        for words in named:
            shown = " ".join(words) if words in endpoints else shlex.join(words)
            click.echo(("new:     " if words in new else "trusted: ") + shown, err=True)
    if new and not yes:
        click.confirm("Let hunkworks do this here?", abort=True, err=True)
    with recorded("trust", repository) as run:
        trusting.agree(repository.common_dir, named)
        run.outcome(0, "", commands=len(commands), endpoints=len(endpoints), new=len(new))
    if as_json:
        write_json(
            {
                "commands": [list(command) for command in commands],
                "endpoints": [list(words) for words in endpoints],
                "new": len(new),
            }
        )
    elif not named:
        click.echo("hunkworks.toml names no command and no endpoint; there is nothing to trust")


def named_commands(config: Config) -> list[tuple[str, ...]]:
    """Return every command that a configuration names."""
    return [command for command in (config.page.command, config.refactor.verify) if command]


def recipe_commands(repository: Repository) -> list[tuple[str, ...]]:
    """Return every command that verifies a recipe: of the pack, of HEAD's own, of the add-ons in the environment."""
    from hunkworks.rules.sources import add_ons, gather

    found = gather(repository, add_ons(), revision=repository.head or "empty")
    return [one.rule.recipe.verify for one in found if one.rule.recipe.verify]
