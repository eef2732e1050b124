"""A group of commands whose members are imported on use: the hot path of one verb costs nothing of the others."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """A click group that also has the commands of a table.

    Args:
        members: Name → ``module:function``; imported when it is called, or listed with its help.
    """

    def __init__(self, *arguments: Any, members: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all members, imported or not."""
        return sorted({*super().list_commands(ctx), *self._members})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the member called ``cmd_name``, imported now."""
        if cmd_name not in self._members:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._members[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{attribute} is not a command")
        return command
