"""The options that several verbs of ``hunkworks recipe`` share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from hunkworks.errors import UsageError

recipes_option = click.option(
    "--recipes",
    "folders",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of more recipes, laid out like the pack's; may be given several times.",
)
set_option = click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of a parameter; may be given several times.",
)
session_option = click.option(
    "--session",
    metavar="ID",
    help="Whose residue; default: the session this runs in, else this terminal's work tree.",
)


def settings(given: Sequence[str]) -> dict[str, str]:
    """Return the values that ``--set`` names.

    Raises:
        UsageError: One has no "=", or a name is given twice.
    """
    values: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            raise UsageError(f"--set {one} names no value", expected="NAME=VALUE")
        if name in values:
            raise UsageError(f"--set {name} is given twice")
        values[name] = value
    return values
