"""Which change a command is about: the options every such command shares, and what they choose."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from hunkworks.change.repository import Repository

if TYPE_CHECKING:
    from hunkworks.change.model import Change
    from hunkworks.config import Config
    from hunkworks.rules.model import Rule

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = [
    click.option("--staged", is_flag=True, help="What the next commit would hold."),
    click.option("--base", metavar="REF", help="From where this branch left REF to the working tree."),
    click.option("--range", "range_", metavar="A..B", help="Between two commits."),
    click.option("--pr", type=click.IntRange(1), metavar="N", help="A pull request."),
    click.option("--stdin", "from_stdin", is_flag=True, help="A unified diff on standard input."),
]


class Selected(NamedTuple):
    """A change, the repository it lies in (None for ``--stdin``), and which change it is in words.

    ``branch`` says whose memory it shares: the branch's, or that of a pull request or a range.
    """

    repository: Repository | None
    change: Change
    words: str
    branch: str
    config: Config


def change_options(function: F) -> F:
    """Add the options that select a change; the command takes them as ``**selection``."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def selected(
    *,
    staged: bool,
    base: str | None,
    range_: str | None,
    pr: int | None,
    from_stdin: bool,
    fall_back_to_last_commit: bool = False,
) -> Selected:
    """Return the change that the options choose, with the configuration of its base revision.

    Args:
        fall_back_to_last_commit: Take the last commit when the working tree holds no change.

    Raises:
        UsageError: Two options contradict each other.
        RepositoryError: There is no repository, or no such revision.
        ConfigError: The base revision's ``hunkworks.toml`` is wrong.
    """
    # What compares costs more than the rest of a fast command's imports, and not every command compares.
    from hunkworks.change.select import Selector, last_commit, select
    from hunkworks.config import Config

    selector = Selector(staged, base, range_, pr, sys.stdin.buffer if from_stdin else None)
    repository = None if from_stdin else Repository.discover()
    change = select(repository, selector)
    words = _words(staged, base, range_, pr, from_stdin)
    unselected = fall_back_to_last_commit and selector == Selector()
    if unselected and repository and repository.head and next(change.files(), None) is None:
        change = select(repository, last_commit(repository))
        words = "the last commit, since the working tree holds no change"
    config = Config() if repository is None else base_config(repository, change.base)
    own = f"pull request {pr}" if pr else f"range {range_}" if range_ else ""
    branch = own or (repository.branch if repository is not None else "")
    # A reference's name is handed on to agents, pages and the ledger, and may hold what should not leave.
    from hunkworks.review.masking import shown_path

    return Selected(repository, change, shown_path(words), shown_path(branch), config)


def base_config(repository: Repository, base: str) -> Config:
    """Return the configuration as it stands at a change's base: a change must not choose its own judge."""
    from hunkworks.config import Config, parse

    text = repository.show(base, "hunkworks.toml")
    if text is None:
        return Config()
    return parse(text.decode("utf-8", "replace"), origin=f"{base[:12]}:hunkworks.toml")


def own_rules(choice: Selected) -> tuple[Rule, ...]:
    """Return the project's own rules as they stand at the change's base: a change must not choose its own judge.

    Raises:
        ConfigError: A file of ``.hunkworks/recipes`` is no recipe.
    """
    if choice.repository is None:
        return ()
    from hunkworks.rules.sources import project

    return project(choice.repository, choice.change.base)


def _words(staged: bool, base: str | None, range_: str | None, pr: int | None, from_stdin: bool) -> str:
    if staged:
        return "what is staged"
    if base:
        return f"from where this branch left {base} to the working tree"
    if range_:
        return f"the range {range_}"
    if pr:
        return f"pull request {pr}"
    if from_stdin:
        return "a diff on standard input"
    return "the working tree against HEAD"
