"""What a review reads and leaves behind: the session's plan, the branch's memory, the team's dismissals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import msgspec

from hunkworks.change.repository import Repository
from hunkworks.cli.output import progress
from hunkworks.cli.review_tools import open_session
from hunkworks.cli.run import recorded
from hunkworks.cli.selection import Selected, base_config, own_rules
from hunkworks.review import carry, cycles, dismissals, linters, memory, paging
from hunkworks.review.guidance import guidance
from hunkworks.review.judged import SESSION_ENGINE, Bounds, Terms, conclude
from hunkworks.review.manifest import ChangeRef, Manifest
from hunkworks.review.memory import Memory
from hunkworks.review.plan import Planner
from hunkworks.review.project import Project
from hunkworks.review.session import Session
from hunkworks.review.verdict import Review, Verdict
from hunkworks.rules.classes import Severity
from hunkworks.trust import is_trusted


def plan(
    choice: Selected,
    repository: Repository,
    session: str | None,
    *,
    full: bool = False,
    fixing: bool = False,
    resuming: bool = False,
) -> Manifest:
    """Plan into the session's folder and tell the hook door the route.

    Args:
        choice: The change.
        repository: Where it lies.
        session: Which session; None for the current one.
        full: Hand out again what was read before.
        fixing: Count this as a round of fixing and reviewing.
        resuming: Take over what an interrupted review of the same recorded.

    Raises:
        UsageError: A human was called and has not decided.
    """
    remembered = memory.load(repository.common_dir, choice.branch)
    if fixing:
        cycles.refuse_if_paged(remembered)
    known = msgspec.structs.replace(remembered, read={}) if full else remembered
    opened = open_session(repository, session)
    with progress("Reading the change") as tell, opened.planning() as draft:
        planner = Planner(choice.config, draft, known, tell, own_rules(choice))
        manifest = planner.plan(choice.change, choice.words, choice.branch)
        if fixing:
            manifest, remembered = cycles.begin(manifest, remembered, choice.config.review.max_cycles)
            memory.save(repository.common_dir, choice.branch, remembered)
            call_human(repository, manifest.change)
            cycles.refuse_if_paged(remembered)
        standing = [Project(repository, manifest).locate(finding) for finding in remembered.open]
        left = tuple(finding for finding in standing if finding is not None and planner.extent.holds(finding))
        manifest = msgspec.structs.replace(manifest, open=left)
        rules = guidance(lambda path: repository.show(manifest.change.base, path))
        draft.rules(rules)
        if resuming:
            named = carry.basis(manifest, choice.config, rules)
            answered = draft.take_over(named, carry.interrupted(repository.common_dir, named))
            packets = tuple(
                msgspec.structs.replace(packet, answered=packet.id in answered) for packet in manifest.packets
            )
            manifest = msgspec.structs.replace(manifest, packets=packets)
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
    terms = terms_of(repository, manifest, fail_on, sarif, engine=SESSION_ENGINE)
    review, after = conclude(opened, Project(repository, manifest), terms)
    kept = to_remember(repository, manifest.change, after)
    memory.save(repository.common_dir, manifest.change.branch, kept)
    if review.verdict is not Verdict.INCOMPLETE:
        opened.settle()
    return review


def terms_of(
    repository: Repository,
    manifest: Manifest,
    fail_on: Severity | None,
    sarif: Sequence[Path],
    *,
    engine: str,
) -> Terms:
    """Return what a review is held against: the base's configuration and decisions, linters' results, today."""
    config = base_config(repository, manifest.change.base)
    today = date.today()  # noqa: DTZ011 (the user's own day)
    decided = repository.show(manifest.change.base, dismissals.PATH) or b""
    decisions = dismissals.parse(decided, origin=f"{manifest.change.base[:12]}:{dismissals.PATH}")
    bounds = Bounds(
        fail_on=fail_on or Severity(config.review.fail_on),
        verify=config.verify,
        max_cycles=config.review.max_cycles,
        dismissed=sorted(
            {decision.fingerprint for decision in decisions if decision.holds(today)}
            | memory.load(repository.common_dir, manifest.change.branch).dismissed(today)
        ),
        linted=[result for path in sarif for result in linters.read(path.read_bytes(), origin=str(path))],
    )
    return Terms(bounds, engine, today)


def to_remember(repository: Repository, change: ChangeRef, after: Memory) -> Memory:
    """Return what a branch remembers after a review.

    The same report twice does not page twice, and what somebody decided since the plan is not forgotten.
    """
    standing = memory.load(repository.common_dir, change.branch)
    after = after.deciding_as(standing)
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
