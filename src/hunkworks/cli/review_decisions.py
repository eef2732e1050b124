"""What a person decides about a review: apply a suggestion, dismiss a finding, let the machines go on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import msgspec

from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.run import recorded
from hunkworks.errors import UsageError
from hunkworks.review import dismissals, memory, suggestions
from hunkworks.review.dismissals import Dismissal
from hunkworks.review.finding import Finding, FindingStatus
from hunkworks.review.memory import Loop, Memory
from hunkworks.splice import write_atomically


@click.command()
@click.argument("finding_id", metavar="ID")
@click.option("--why", required=True, help="The reason, for whoever asks next year.")
@click.option("--until", metavar="YYYY-MM-DD", help="The last day on which it holds; default: for good.")
@json_option
def dismiss(finding_id: str, why: str, until: str | None, as_json: bool) -> None:
    """Do not show a finding again: here from now on, for the team once the file it writes is committed.

    \b
    Example: hunkworks review dismiss 8aec7223 --why "guarded by the caller, see docs/cache.md"
    """
    if not why.strip():
        raise UsageError("a dismissal needs a reason", fix='--why "…"')
    day = _day(until)
    repository = Repository.discover()
    with recorded("review dismiss", repository) as run:
        kept, remembered, finding = _find(repository, finding_id)
        decision = Dismissal(
            fingerprint=finding.fingerprint,
            klass=finding.klass,
            path=finding.path,
            why=why.strip(),
            until=day,
        )
        memory.keep(kept, _dismissed(remembered, decision))
        path = repository.root / dismissals.PATH
        path.parent.mkdir(exist_ok=True)
        before = path.read_bytes() if path.exists() else b""
        known = dismissals.parse(before, origin=dismissals.PATH)
        write_atomically(path, dismissals.write([*known, decision]), expected=before)
        run.outcome(0, finding.fingerprint)
    if as_json:
        write_json({"dismissed": msgspec.to_builtins(decision), "file": dismissals.PATH})
    else:
        click.echo(
            f"dismissed {finding.klass} at {finding.path}:{finding.line}; for the team: commit {dismissals.PATH}"
        )


@click.command()
@click.argument("finding_id", metavar="ID")
@json_option
def fix(finding_id: str, as_json: bool) -> None:
    """Apply the suggestion of one finding to the working tree, once it is proven to apply and to parse.

    \b
    Example: hunkworks review fix 8aec7223
    """
    repository = Repository.discover()
    with recorded("review fix", repository) as run:
        _, _, finding = _find(repository, finding_id)
        repair = suggestions.prove(repository, WORKTREE, finding)
        if isinstance(repair, suggestions.Unfit):
            raise UsageError(f"the suggestion of {finding.fingerprint} is not applied: {repair.why}")
        write_atomically(repository.root / repair.path, repair.after, expected=repair.before)
        run.outcome(0, finding.fingerprint)
    if as_json:
        write_json({"fixed": finding.fingerprint, "path": repair.path})
    else:
        click.echo(f"applied to {repair.path}:{finding.line}; look at it: git diff {repair.path}")


@click.command()
@click.argument("finding_id", metavar="ID")
@click.option("--why", required=True, help="What speaks against the finding.")
@json_option
def dispute(finding_id: str, why: str, as_json: bool) -> None:
    """Say what speaks against a finding: it stays open, and a human who is called reads both sides.

    \b
    Example: hunkworks review dispute 8aec7223 --why "every caller holds the lock, see cache.py:40"
    """
    repository = Repository.discover()
    with recorded("review dispute", repository) as run:
        kept, remembered, finding = _find(repository, finding_id)
        items = tuple(
            msgspec.structs.replace(item, disputes=(*item.disputes, why.strip()))
            if item.finding.fingerprint == finding.fingerprint
            else item
            for item in remembered.findings
        )
        memory.keep(kept, msgspec.structs.replace(remembered, findings=items))
        run.outcome(0, finding.fingerprint)
    if as_json:
        write_json({"disputed": finding.fingerprint})
    else:
        click.echo(f"noted; {finding.klass} at {finding.path}:{finding.line} stays open")


@click.command()
@json_option
def resume(as_json: bool) -> None:
    """Let fixing and reviewing go on after a human was called: the rounds count anew.

    \b
    Example: hunkworks review resume
    """
    repository = Repository.discover()
    with recorded("review resume", repository) as run:
        remembered = memory.load(repository.common_dir, repository.branch)
        paged = remembered.loop.paged
        memory.save(
            repository.common_dir, repository.branch, msgspec.structs.replace(remembered, loop=Loop())
        )
        run.outcome(0, paged)
    if as_json:
        write_json({"paged": paged, "branch": repository.branch})
    else:
        click.echo(f"resumed on {repository.branch}" + (f"; it had stopped because {paged}" if paged else ""))


def _find(repository: Repository, wanted: str) -> tuple[Path, Memory, Finding]:
    """Return the one finding that is meant, and whose memory holds it: this branch's, else any that was reviewed."""
    listed: list[str] = []
    for path, remembered in memory.branches(repository.common_dir, repository.branch):
        known = [item.finding for item in remembered.findings]
        found = [finding for finding in known if finding.fingerprint.startswith(wanted)]
        if len(found) == 1:
            return path, remembered, found[0]
        if found:
            names = ", ".join(finding.fingerprint for finding in found)
            raise UsageError(
                f"{len(found)} findings begin with {wanted!r}", expected=f"one of {names}", found=wanted
            )
        listed += [finding.fingerprint for finding in known if finding.waits]
    expected = f"one of {', '.join(listed)}" if listed else "a finding that a report showed"
    raise UsageError(f"no finding begins with {wanted!r}", expected=expected, found=wanted)


def _dismissed(remembered: Memory, decision: Dismissal) -> Memory:
    items = []
    for item in remembered.findings:
        if item.finding.fingerprint == decision.fingerprint:
            finding = msgspec.structs.replace(item.finding, status=FindingStatus.DISMISSED)
            item = msgspec.structs.replace(item, finding=finding, why=decision.why, until=decision.until)
        items.append(item)
    return msgspec.structs.replace(remembered, findings=tuple(items))


def _day(text: str | None) -> str:
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError("--until is not a day", expected="YYYY-MM-DD", found=repr(text)) from None
    if day < date.today():  # noqa: DTZ011 (the user's own day)
        raise UsageError(
            "--until has passed: the dismissal would never hold", expected="today or later", found=text
        )
    return day.isoformat()
