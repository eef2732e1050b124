"""What a review reads and leaves behind: the session's plan, the branch's memory, the team's dismissals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.cli.output import progress
from hunkworks.cli.review_tools import open_session
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import Selected, base_config
from hunkworks.review import cycles, dismissals, linters, memory, paging, suggestions
from hunkworks.review.finding import Finding
from hunkworks.review.guidance import guidance
from hunkworks.review.judged import Bounds, session_review
from hunkworks.review.manifest import ChangeRef, Manifest
from hunkworks.review.memory import Memory
from hunkworks.review.plan import Planner
from hunkworks.review.session import Session
from hunkworks.review.standing import locator
from hunkworks.review.verdict import Review
from hunkworks.rules.classes import Severity
from hunkworks.trust import is_trusted


def plan(
    choice: Selected, repository: Repository, session: str | None, *, full: bool = False, fixing: bool = False
) -> Manifest:
    """Plan into the session's folder and tell the hook door the route.

    Args:
        choice: The change.
        repository: Where it lies.
        session: Which session; None for the current one.
        full: Hand out again what was read before.
        fixing: Count this as a round of fixing and reviewing.

    Raises:
        UsageError: A human was called and has not decided.
    """
    remembered = memory.load(repository.common_dir, choice.branch)
    if fixing:
        cycles.refuse_if_paged(remembered)
    known = msgspec.structs.replace(remembered, read={}) if full else remembered
    opened = open_session(repository, session)
    with progress("Reading the change") as tell, opened.planning() as draft:
        planner = Planner(choice.config, draft, known, tell)
        manifest = planner.plan(choice.change, choice.words, choice.branch)
        if fixing:
            manifest, remembered = cycles.begin(manifest, remembered, choice.config.review.max_cycles)
            memory.save(repository.common_dir, choice.branch, remembered)
            call_human(repository, manifest.change)
            cycles.refuse_if_paged(remembered)
        standing = [_locator(repository, manifest)(finding) for finding in remembered.open]
        left = tuple(finding for finding in standing if finding is not None and planner.extent.holds(finding))
        manifest = msgspec.structs.replace(manifest, open=left)
        draft.rules(guidance(lambda path: repository.show(manifest.change.base, path)))
        draft.manifest(manifest, remembered, planner.extent)
    opened.announce_route(manifest.route, enforced=choice.config.hooks.route_agent)
    return manifest


def judge(
    repository: Repository, opened: Session, fail_on: Severity | None, sarif: Sequence[Path] = ()
) -> Review:
    """Return the session's review, and keep what the branch remembers from now on.

    Args:
        repository: Where the change lies.
        opened: The session.
        fail_on: The threshold, if another than the configured one.
        sarif: Results of linters; what they report is merged.
    """
    manifest = opened.manifest()
    config = base_config(repository, manifest.change.base)
    today = date.today()  # noqa: DTZ011 (the user's own day)
    decided = repository.show(manifest.change.base, dismissals.PATH) or b""
    bounds = Bounds(
        fail_on=fail_on or Severity(config.review.fail_on),
        verify=config.verify,
        max_cycles=config.review.max_cycles,
        dismissed={
            decision.fingerprint
            for decision in dismissals.parse(decided, origin=f"{manifest.change.base[:12]}:{dismissals.PATH}")
            if decision.holds(today)
        },
        linted=[result for path in sarif for result in linters.read(path.read_bytes(), origin=str(path))],
    )
    review, after = session_review(opened, bounds, _locator(repository, manifest), today)
    after = _still_delivered(after, memory.load(repository.common_dir, manifest.change.branch))
    memory.save(repository.common_dir, manifest.change.branch, after)
    shown, folded = (
        [_proven(repository, finding, manifest) for finding in some]
        for some in (review.findings, review.folded)
    )
    return msgspec.structs.replace(review, findings=tuple(shown), folded=tuple(folded))


def _still_delivered(after: Memory, standing: Memory) -> Memory:
    """The same report twice does not page twice."""
    delivered = standing.loop.delivered and standing.loop.paged == after.loop.paged
    return msgspec.structs.replace(after, loop=msgspec.structs.replace(after.loop, delivered=delivered))


def call_human(repository: Repository, change: ChangeRef) -> None:
    """Where machines stopped on a branch, send the page: once, and again until it went out.

    Raises:
        EngineError: A configured way did not take the page.
    """
    remembered = memory.load(repository.common_dir, change.branch)
    if not remembered.loop.paged or remembered.loop.delivered:
        return
    config = base_config(repository, change.base)
    page = paging.page_of(remembered, change)
    with recorded("page", repository) as run:
        run.change = change
        run.body("page", msgspec.json.encode(page))
        ways = paging.deliver(page, config.page, lambda command: is_trusted(repository.common_dir, command))
        run.outcome(0, ", ".join(ways) or "no way is configured", open=len(page.open))
    loop = msgspec.structs.replace(remembered.loop, delivered=True)
    memory.save(repository.common_dir, change.branch, msgspec.structs.replace(remembered, loop=loop))
    click.echo(f"A human was called ({', '.join(ways) or 'here'}): {page.why}", err=True)


def _proven(repository: Repository, finding: Finding, manifest: Manifest) -> Finding:
    """Return the finding without its suggestion where that does not apply, and with the reason."""
    if finding.suggestion is None:
        return finding
    tried = suggestions.prove(repository, manifest.change.head, finding)
    if isinstance(tried, suggestions.Repair):
        return finding
    evidence = f"{finding.evidence} (its suggestion is not shown: {tried.why})".strip()
    return msgspec.structs.replace(finding, suggestion=None, evidence=evidence)


def _locator(repository: Repository, manifest: Manifest) -> Callable[[Finding], Finding | None]:
    renamed = {file.old_path: file.path for file in manifest.files if file.old_path}
    return locator(lambda path: repository.show(manifest.change.head, path), renamed)
