"""How far judging is: a bar on a terminal, a line a task elsewhere; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hunkworks.cli.output import escape
from hunkworks.engine.port import Judged

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class JudgingProgress:
    """Told of each task as it ends, and of tasks that come later."""

    def __init__(self, total: int, bar: Progress | None) -> None:
        self._total = total
        self._done = 0
        self._usd = 0.0
        self._bar = bar
        self._row: TaskID | None = bar.add_task("Judging", total=total) if bar else None

    def more(self, tasks: int) -> None:
        """Count tasks that were not known at first."""
        self._total += tasks
        if self._bar is not None and self._row is not None:
            self._bar.update(self._row, total=self._total)

    def say(self, text: str) -> None:
        """Say something beside the bar: why it waits."""
        if self._bar is not None:
            self._bar.console.print(escape(text))
        else:
            click.echo(text, err=True)

    def done(self, judged: Judged) -> None:
        """Count one task that ended."""
        self._done += 1
        self._usd += (judged.usage.usd or 0.0) - (judged.unpaid.usd or 0.0)
        said = _said(judged)
        if self._bar is not None and self._row is not None:
            told = f"{escape(said)}, {self._usd:.2f} USD"
            self._bar.update(self._row, completed=self._done, description=told)
        else:
            click.echo(f"{self._done}/{self._total} {said}", err=True)


@contextmanager
def judging_progress(total: int) -> Iterator[JudgingProgress]:
    """Show how far ``total`` tasks are."""
    if not sys.stderr.isatty():
        yield JudgingProgress(total, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield JudgingProgress(total, bar)


def _said(judged: Judged) -> str:
    calls = f"{judged.calls} call{'' if judged.calls == 1 else 's'}"
    known = f", {judged.recorded} on record" if judged.recorded else ""
    return f"{judged.task} {judged.why or 'answered'} ({calls}{known})"
