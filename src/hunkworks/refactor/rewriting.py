"""Rewrite one file: every match into its bucket, in as many passes as nested matches need, proven before it counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hunkworks.refactor.finding import Found, find, find_and_errors, variables
from hunkworks.refactor.guards import Guards
from hunkworks.refactor.outcome import Bucket, Outcome, Rewritten
from hunkworks.refactor.places import Edits, Place, Span, move
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job, apply, inside, propose, proposed, with_imports
from hunkworks.refactor.scope import Reach, Scope
from hunkworks.refactor.site import Declined, Proposal, Undecided
from hunkworks.refactor.source import Source
from hunkworks.rules import tree
from hunkworks.rules.recipe import Safety

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_MOST_PASSES = 25
_NOT_STABLE = "a second pass would rewrite it again"
_CHANGES_NOTHING = "the recipe would change nothing here"
_NO_LONGER_PARSES = "the file would no longer parse"


class _Draft(NamedTuple):
    """A file after some matches were rewritten: which ones (by their first span), and which of them vanished."""

    source: Source
    applied: frozenset[Span]
    gone: frozenset[Span]
    others: Mapping[str, bytes]
    passes: int
    kept: Mapping[Span, Place]
    standing: Mapping[Span, Found]
    flaw: str = ""


def rewrite(job: Job, source: Source, scope: Scope, project: Overlay) -> Rewritten:
    """Return what a recipe makes of one file. Nothing is written, and ``project`` is not changed.

    A match is applied where it lies wholly in ``scope`` and code may decide; the file counts as rewritten only if it
    has no new parse errors and a second pass would change nothing.
    """
    return _File(job, source, scope, project).rewrite()


class _File:
    def __init__(self, job: Job, source: Source, scope: Scope, project: Overlay) -> None:
        self.job = job
        self.source = source
        self.scope = scope
        self.project = project
        self.root = tree.parse(source.text, source.language)
        self.found, self.errors = find_and_errors(self.root, job.rule, job.values)
        self.guards = Guards(job.rule, source, self.root, job.values, project, self.errors)
        self.proposals: dict[Span, Proposal] = {}

    def rewrite(self) -> Rewritten:
        outcomes = {found.span: self._first_look(found) for found in self.found}
        self._leave_around_residue(outcomes)
        eligible = [found for found in self.found if outcomes[found.span].bucket is Bucket.APPLIED]
        draft = self._proven(eligible, outcomes) if eligible else None
        for span in draft.gone if draft else ():
            why = "rewriting the match that it overlaps left nothing to rewrite"
            outcomes[span] = dataclasses.replace(outcomes[span], bucket=Bucket.REFUSED, why=why)
        after = draft.source.data if draft and draft.applied else self.source.data
        standing = [one for one in outcomes.values() if one.bucket is Bucket.RESIDUE]
        if draft and draft.applied:
            standing = self._relocated(standing, draft)
        return Rewritten(
            self.source.path,
            self.source.data,
            after,
            tuple(outcomes.values()),
            dict(draft.others) if draft else {},
            draft.passes if draft else 1,
            tuple(standing),
        )

    def _first_look(self, found: Found) -> Outcome:
        """Sort one match by where it lies and who may decide; what code may rewrite counts as applied so far."""
        return self._outcome(self.source, found, *self._sort(found), self.project)

    def _relocated(self, residue: Sequence[Outcome], draft: _Draft) -> list[Outcome]:
        """Return what a judge has to look at where it stands now that the file is rewritten around it."""
        made: list[Outcome] = []
        for one in residue:
            found = _at(draft.kept[one.start, one.end], draft.standing)
            now = self._outcome(draft.source, found, Bucket.RESIDUE, one.why, self.project) if found else one
            made.append(now if now.bucket is Bucket.RESIDUE else one)
        return made

    def _outcome(self, source: Source, found: Found, bucket: Bucket, why: str, project: Overlay) -> Outcome:
        captured = variables(self.job.rule, found, source) if bucket is not Bucket.OUTSIDE else {}
        made = Outcome(
            bucket,
            source.path,
            found.start,
            found.end,
            found.line,
            found.end_line,
            source.text[found.start : found.end],
            (found.line, found.end_line),
            why,
            {name: piece.text for name, piece in captured.items()},
        )
        if bucket not in (Bucket.APPLIED, Bucket.RESIDUE) or not self.job.rule.recipe.steps:
            return made
        return self._with_proposal(source, made, found, project)

    def _sort(self, found: Found) -> tuple[Bucket, str]:
        recipe = self.job.rule.recipe
        reach = self.scope.reach(found.line, found.end_line)
        if reach is Reach.OUTSIDE:
            return Bucket.OUTSIDE, ""
        reason = self.guards.reason(found)
        if reason is not None and not reason.judge:
            return Bucket.REFUSED, reason.why
        if recipe.safety is Safety.DETECT:
            return Bucket.REFUSED, "this recipe only detects"
        if reach is Reach.PARTLY:
            changed = self.scope.changed(found.line, found.end_line)
            return Bucket.RESIDUE, f"the change touches only line {changed} of {found.line}-{found.end_line}"
        if reason is not None:
            return Bucket.RESIDUE, reason.why
        if recipe.asks:
            names = [one.name for one in recipe.parameters if one.ask and one.name not in self.job.values]
            if names:
                return Bucket.RESIDUE, f"somebody has to name {', '.join(names)}"
        elif recipe.safety is Safety.JUDGMENT:
            return Bucket.RESIDUE, "this recipe leaves every match to somebody who judges"
        return Bucket.APPLIED, ""

    def _with_proposal(self, source: Source, made: Outcome, found: Found, project: Overlay) -> Outcome:
        recipe = self.job.rule.recipe
        if any(one.ask and one.name not in self.job.values for one in recipe.parameters):
            return made
        try:
            proposal = propose(self.job, source, found, project)
        except Undecided as reason:
            return dataclasses.replace(made, bucket=Bucket.RESIDUE, why=made.why or str(reason))
        except Declined as reason:
            return dataclasses.replace(made, bucket=Bucket.REFUSED, why=str(reason))
        if not proposal.edits and not proposal.files:
            return dataclasses.replace(made, bucket=Bucket.REFUSED, why=_CHANGES_NOTHING)
        if made.bucket is Bucket.APPLIED and (line := self._beyond(proposal)):
            why = f"the rewrite reaches line {line}, which the change does not touch"
            made = dataclasses.replace(made, bucket=Bucket.RESIDUE, why=why)
        if made.bucket is Bucket.RESIDUE:
            allowed, text = proposed(source, made, proposal)
            return dataclasses.replace(made, allowed=allowed, proposed=text)
        if not proposal.files:  # another file's content depends on what was planned before
            self.proposals[found.span] = proposal
        return made

    def _beyond(self, proposal: Proposal) -> int:
        """Return a line outside of the scope that a proposal would replace, or 0; insertions replace none."""
        if self.scope.lines is None:
            return 0
        for edit in proposal.edits:
            for line in range(
                self.source.line(edit.start), self.source.line(max(edit.start, edit.end - 1)) + 1
            ):
                if edit.start < edit.end and line not in self.scope.lines:
                    return line
        return 0

    def _leave_around_residue(self, outcomes: dict[Span, Outcome]) -> None:
        """Leave to a judge what would carry along a match that a judge still has to look at."""
        waiting = [one for one in outcomes.values() if one.bucket is Bucket.RESIDUE]
        for span, one in outcomes.items():
            inner = next((other for other in waiting if inside((other.start, other.end), span)), None)
            if one.bucket is Bucket.APPLIED and inner is not None:
                why = f"it holds the match at line {inner.line}, which somebody has to judge"
                outcomes[span] = dataclasses.replace(one, bucket=Bucket.RESIDUE, why=why)

    def _proven(self, eligible: Sequence[Found], outcomes: dict[Span, Outcome]) -> _Draft | None:
        """Return the draft that passes its proofs, without the matches that alone would not."""
        draft = self._draft(eligible)
        if not draft.flaw:
            return draft
        good: list[Found] = []
        for found in eligible:
            flaw = self._draft([found]).flaw if len(eligible) > 1 else draft.flaw
            if flaw:
                outcomes[found.span] = dataclasses.replace(
                    outcomes[found.span], bucket=Bucket.REFUSED, why=flaw
                )
            else:
                good.append(found)
        draft = self._draft(good)
        if not draft.flaw:
            return draft
        for found in good:
            outcomes[found.span] = dataclasses.replace(
                outcomes[found.span], bucket=Bucket.REFUSED, why=draft.flaw
            )
        return None

    def _draft(self, chosen: Sequence[Found]) -> _Draft:
        """Rewrite ``chosen``, innermost first, until none is left, and look at the result."""
        source, project = self.source, self.project.branch()
        open_ = {found.span: Place(found.start, found.end) for found in chosen}
        kept = {found.span: Place(found.start, found.end) for found in self.found if found.span not in open_}
        applied: set[Span] = set()
        gone: set[Span] = set()
        passes = 0
        standing: Sequence[Found] = self.found
        while open_ and passes < _MOST_PASSES:
            if passes:
                standing = find(tree.parse(source.text, source.language), self.job.rule, self.job.values)
            passes += 1
            edits, done, lost = self._pass(source, standing, open_, project)
            gone |= lost
            applied |= done
            open_ = {span: place for span, place in open_.items() if span not in done | lost}
            source = apply(source, list(edits))
            move((*open_.values(), *kept.values()), list(edits))
        if open_:
            return _Draft(source, frozenset(applied), frozenset(gone), {}, passes, kept, {}, _NOT_STABLE)
        if applied:
            source = with_imports(self.job.rule.recipe, source, list(kept.values()))
        others = {
            path: data for path, data in project.planned.items() if self.project.planned.get(path) != data
        }
        root = tree.parse(source.text, source.language)
        standing, errors = find_and_errors(root, self.job.rule, self.job.values)
        after = {found.span: found for found in standing}
        flaw = self._flaw(
            source, root, errors, after, {span for place in kept.values() for span in place.spans()}, project
        )
        return _Draft(source, frozenset(applied), frozenset(gone), others, passes, kept, after, flaw)

    def _pass(
        self, source: Source, standing: Sequence[Found], places: Mapping[Span, Place], project: Overlay
    ) -> tuple[Edits, set[Span], set[Span]]:
        """Return the edits of one pass, which matches they rewrite, and which have nothing left to rewrite."""
        edits = Edits()
        done: set[Span] = set()
        lost: set[Span] = set()
        by_span = {found.span: found for found in standing}
        for span, place in sorted(places.items(), key=lambda item: item[0][1] - item[0][0]):
            found = _at(place, by_span)
            if found is None:
                lost.add(span)
                continue
            try:
                known = self.proposals.get(span) if source is self.source else None
                proposal = known or propose(self.job, source, found, project)
            except (Undecided, Declined):
                lost.add(span)
                continue
            if edits.meets(proposal.edits):
                continue
            edits.add(proposal.edits)
            project.planned.update(proposal.files)
            done.add(span)
        return edits, done, lost

    def _flaw(
        self,
        source: Source,
        root: SgNode,
        errors: Sequence[SgNode],
        after: Mapping[Span, Found],
        kept: Collection[Span],
        project: Overlay,
    ) -> str:
        """Return what is wrong with a rewritten file, or nothing."""
        faults = tree.faults(root, errors)
        if faults and faults > tree.faults(self.root, self.errors):
            return _NO_LONGER_PARSES
        guards = Guards(self.job.rule, source, root, self.job.values, project, errors)
        for span, found in after.items():
            if span in kept or guards.reason(found) is not None:
                continue
            try:
                proposal = propose(self.job, source, found, project)
            except (Undecided, Declined):
                continue
            if proposal.edits or proposal.files:
                return _NOT_STABLE
        return ""


def _at(place: Place, standing: Mapping[Span, Found]) -> Found | None:
    return next((standing[span] for span in place.spans() if span in standing), None)
