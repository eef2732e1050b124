"""`hunkworks init`: adopt the pack in a project, and `--undo` it without a trace."""

from __future__ import annotations

import click

from hunkworks import paths
from hunkworks.change.pull_request import find_remote
from hunkworks.change.repository import Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import recorded
from hunkworks.errors import RepositoryError, UsageError
from hunkworks.scaffold.project import Step, steps
from hunkworks.splice import write_atomically


@click.command()
@click.option("--pre-commit/--no-pre-commit", default=True, help="The static review in pre-commit.")
@click.option("--client/--no-client", default=True, help="Marketplace and plugin for the team's Claude Code.")
@click.option("--alias", is_flag=True, help="Make the bare /review of this project ours.")
@click.option(
    "--no-git-status",
    is_flag=True,
    help="Keep the client from sending commit subjects and file names; its own commit instructions go with them.",
)
@click.option("--ci", type=click.Choice(["github"]), help="A workflow that reviews every pull request.")
@click.option(
    "--pack", default="", metavar="OWNER/NAME@COMMIT", help="Where the workflow takes the pack from."
)
@click.option("--undo", is_flag=True, help="Take back what init wrote; what you changed since stays.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@json_option
def init(
    pre_commit: bool,
    client: bool,
    alias: bool,
    no_git_status: bool,
    ci: str | None,
    pack: str,
    undo: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write configuration, pre-commit entry and the team's client settings; nothing else is touched.

    \b
    Example: hunkworks init --ci github
    """
    if pack and not ci:
        raise UsageError("--pack says where a workflow takes the pack from", fix="add --ci github")
    repository = Repository.discover()
    done: dict[str, str] = {}
    with recorded("init --undo" if undo else "init", repository) as run:
        if no_git_status and not client:
            raise UsageError("--no-git-status is a setting of the client", fix="leave out --no-client")
        everything = steps(pre_commit=True, client=True, alias=True, git_status=False, ci=True)
        pack = pack or (_pinned() if ci else "")
        chosen = steps(
            pre_commit=pre_commit,
            client=client,
            alias=alias,
            git_status=not no_git_status,
            ci=bool(ci),
            pack=pack,
        )
        for step in everything if undo else chosen:
            done[step.path] = _apply(repository, step, undo=undo, dry_run=dry_run)
        run.outcome(0, "", **{word: list(done.values()).count(word) for word in set(done.values())})
    if as_json:
        write_json({"files": done, "dry_run": dry_run})
        return
    for path, word in done.items():
        click.echo(f"{word:<9} {path}")


def _pinned() -> str:
    """Return this pack as ``OWNER/NAME@COMMIT`` where it is a clone of what a remote has, else "".

    A commit cannot be moved, as a tag can; one that was never pushed cannot be checked out.
    """
    root = paths.pack("")
    if not (root / ".git").exists():
        return ""
    clone = Repository.discover(root)
    if clone.head is None or not clone.git("for-each-ref", "--contains", clone.head, "refs/remotes").strip():
        return ""
    try:
        return f"{find_remote(clone).slug}@{clone.head}"
    except RepositoryError:  # it came from somewhere that no workflow can check out
        return ""


def _apply(repository: Repository, step: Step, *, undo: bool, dry_run: bool) -> str:
    """Do one step and say what it did: created, changed, removed, or as it was."""
    file = repository.root / step.path
    before = file.read_bytes() if file.is_file() else None
    after = _taken_back(step, before) if undo else step.add(before)
    if after == before:
        return "unchanged"
    if after is None:
        if not dry_run:
            file.unlink()
            _remove_empty(repository, step)
        return "removed"
    if not dry_run:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, after, expected=before or b"")
    return "created" if before is None else "changed"


def _taken_back(step: Step, before: bytes | None) -> bytes | None:
    return None if before is None else step.take_back(before)


def _remove_empty(repository: Repository, step: Step) -> None:
    for folder in (repository.root / step.path).parents:
        if folder == repository.root or any(folder.iterdir()):
            return
        folder.rmdir()
