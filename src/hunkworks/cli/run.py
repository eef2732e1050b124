"""One run in the ledger, from a verb's first line to its last, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click

from hunkworks.errors import HunkworksError
from hunkworks.ledger.record import ChangeName, Clock, Outcome, Record, RouteTaken, Tokens, versions
from hunkworks.ledger.store import Ledger, new_id
from hunkworks.paths import repository_state


class Located(Protocol):
    """What this needs of a repository: where state of the clone lives."""

    @property
    def common_dir(self) -> Path: ...


class Named(Protocol):
    """What this needs of a change."""

    @property
    def id(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def head(self) -> str: ...


class Routed(Protocol):
    """What this needs of a route."""

    @property
    def tier(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def agent(self) -> str: ...


class Run:
    """What a verb tells about itself while it runs; ``recorded`` writes it down at the end.

    ``id`` is known from the start, so that a run can name itself as ``parent`` of those it starts.
    """

    def __init__(self, verb: str, ledger: Ledger | None, change: Named | None = None) -> None:
        self.id = new_id()
        self.verb = verb
        self.change = change
        self.route: Routed | None = None
        self.tokens = Tokens()
        self.cost: float | None = None
        self.bodies: dict[str, str] = {}
        self.session = os.environ.get("CLAUDE_CODE_SESSION_ID", "")
        self.parent = ""
        self.result = Outcome(exit=0)
        self._ledger = ledger
        self._clock = Clock()

    def body(self, name: str, data: bytes) -> None:
        """Keep ``data``, already redacted, beside the record under ``name``."""
        if self._ledger is None:
            return
        try:
            self.bodies[name] = self._ledger.put(data)
        except OSError as error:
            self._give_up(error)

    def outcome(self, exit_code: int = 0, verdict: str = "", **counts: int) -> None:
        """Say how the run ended; the last call counts, and an exception overrides it."""
        self.result = Outcome(exit=exit_code, verdict=verdict, counts=counts)

    def append(self) -> None:
        """Write the record; a ledger that cannot be written is a warning, and the verb goes on."""
        if self._ledger is None:
            return
        try:
            self._ledger.append(
                Record(
                    id=self.id,
                    verb=self.verb,
                    started=self._clock.started,
                    ended=self._clock.now(),
                    change=_change(self.change),
                    versions=versions(),
                    route=_route(self.route),
                    tokens=self.tokens,
                    cost=self.cost,
                    outcome=self.result,
                    bodies=self.bodies,
                    session=self.session,
                    parent=self.parent,
                )
            )
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._ledger = None
        click.echo(f"hunkworks: warning: this run is not in the ledger: {error}", err=True)


@contextmanager
def recorded(verb: str, repository: Located | None, change: Named | None = None) -> Iterator[Run]:
    """Append one record of what ran inside, also when it raises; the error itself passes through untouched.

    Args:
        verb: Group and verb, as in "review plan".
        repository: None outside of any (a diff on standard input): there is no ledger then, and no record.
        change: What it is about; a verb that learns it later sets ``run.change``.
    """
    run = Run(verb, ledger_of(repository) if repository is not None else None, change)
    try:
        yield run
    except BaseException as error:
        run.result = _ended_by(error, run.result)
        raise
    finally:
        run.append()


def ledger_of(repository: Located) -> Ledger:
    """Return the ledger that all worktrees of a clone share."""
    return Ledger(repository_state(repository.common_dir) / "ledger")


def _change(change: Named | None) -> ChangeName | None:
    try:
        return None if change is None else ChangeName(id=change.id, base=change.base, head=change.head)
    except (OSError, HunkworksError):  # the change could not be read: most likely what ended the run
        return None


def _route(route: Routed | None) -> RouteTaken | None:
    return None if route is None else RouteTaken(tier=str(route.tier), model=route.model, agent=route.agent)


def _ended_by(error: BaseException, so_far: Outcome) -> Outcome:
    """Translate an exception into the code that cli/main.py ends with; some are an ordinary end."""
    match error:
        case click.exceptions.Exit():
            code, verdict = error.exit_code, so_far.verdict
        case SystemExit():
            code, verdict = (
                error.code if isinstance(error.code, int) else int(bool(error.code)),
                so_far.verdict,
            )
        case BrokenPipeError():
            code, verdict = 0, so_far.verdict
        case _:
            code, verdict = _code(error), f"error: {type(error).__name__}"
    return Outcome(exit=code, verdict=verdict, counts=so_far.counts)


def _code(error: BaseException) -> int:
    match error:
        case HunkworksError():
            return error.exit_code
        case KeyboardInterrupt() | click.exceptions.Abort():
            return 130
        case click.ClickException():
            return 2
        case _:
            return 70
