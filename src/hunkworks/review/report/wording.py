"""The sentences that every format for people shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hunkworks.review.guidance import edited
from hunkworks.review.manifest import Bucket, FileRef, Manifest
from hunkworks.review.verdict import Review, Verdict

BUCKET_WORDS = {
    Bucket.PACKET: "for a reviewer",
    Bucket.STATIC: "built-in checks only",
    Bucket.NAMED: "not looked at",
}


_MOST_NAMED = 12
FOLDED = "votes did not confirm them, or more were confirmed than are shown"


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 file", "3 files"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def verdict_sentence(review: Review) -> str:
    """Say what the verdict means, with the numbers that made it."""
    failing = len(review.failing)
    if review.verdict is Verdict.STATIC_ONLY:
        tail = "the built-in rules looked, no model did"
        if failing:
            tail += f"; {plural(failing, 'finding')} at {review.fail_on} or above"
        return f"static-only: {tail}"
    if review.verdict is Verdict.INCOMPLETE:
        return f"incomplete: nobody answered for {_listed(review.unanswered)}, so nothing is passed"
    if review.verdict is Verdict.CHANGES:
        return f"changes: {plural(failing, 'finding')} at {review.fail_on} or above"
    return f"pass: nothing at {review.fail_on} or above"


def route_sentence(manifest: Manifest) -> str:
    """Say where the change goes and by which score."""
    route = manifest.route
    return f"{route.tier} → {route.agent} on {route.model} (score {route.score:.2f}, deep from {route.threshold:.2f})"


def coverage_sentence(manifest: Manifest) -> str:
    """Say how much of the change reviewers are handed."""
    coverage = manifest.coverage
    if not coverage.changed_lines:
        return "no changed lines for a reviewer"
    return (
        f"{coverage.in_packets:,} of {plural(coverage.changed_lines, 'changed line')} in "
        f"{plural(coverage.code_files, 'file')} stand in {plural(len(manifest.packets), 'packet')}"
    )


def notes(manifest: Manifest) -> list[str]:
    """Say what a reader might otherwise not know: masked text, suppressed matches, checks that could not run."""
    said = []
    if manifest.redactions:
        kinds = Counter(item.kind for item in manifest.redactions)
        listed = ", ".join(f"{kind} × {count}" for kind, count in sorted(kinds.items()))
        said.append(f"masked before anybody reads it: {listed}")
    if manifest.suppressed:
        said.append(
            f"{plural(manifest.suppressed, 'match', 'matches')} suppressed by hunkworks-ignore comments"
        )
    said += (
        f"it edits {path}: judged by that file as it was before"
        for path in edited(file.path for file in manifest.files)
    )
    said += (f"not checked: {item.path}: {item.why}" for item in manifest.skipped)
    return said


def judging_sentences(review: Review) -> list[str]:
    """Say what an engine took, its cost with the source, and everything that did not go as planned."""
    judging = review.judging
    if judging is None:
        return []
    cost = "cost unknown" if judging.usd is None else f"{judging.usd:.4f} USD by our price table"
    by = f" of {', '.join(judging.models)}" if judging.models else ""
    return [
        f"{plural(judging.calls, 'call')}{by}, {cost}",
        *(f"{step.what} ({_listed(step.tasks)})" for step in judging.steps),
        *(f"not answered: {_listed(step.tasks)}: {step.what}" for step in judging.unanswered),
    ]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def by_bucket(manifest: Manifest) -> dict[Bucket, list[FileRef]]:
    """Return the files of each bucket that holds any, in order."""
    return {
        bucket: files
        for bucket in Bucket
        if (files := [file for file in manifest.files if file.bucket is bucket])
    }
