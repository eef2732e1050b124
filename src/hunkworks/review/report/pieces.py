"""What a forge shows of a review, as whole pieces of Markdown: nothing is cut in the middle of its markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hunkworks.review.finding import Finding
from hunkworks.review.manifest import Bucket
from hunkworks.review.report.neutral import MASK, block, inline, printable, prose, replacement
from hunkworks.review.report.wording import (
    BUCKET_WORDS,
    FOLDED,
    by_bucket,
    coverage_sentence,
    judging_sentences,
    notes,
    plural,
    route_sentence,
    verdict_sentence,
)
from hunkworks.review.verdict import Review

_MOST_LISTED = 20
_MOST_IN_FULL = 100
_MOST_SUGGESTED = 8_000


def finding_pieces(finding: Finding, *, suggest: bool) -> Iterator[str]:
    """Yield a finding's text; with ``suggest`` a suggestion stands behind GitHub's button."""
    again = "" if finding.status == "open" else f" ({finding.status})"
    yield f"**{finding.severity}**{again}: {prose(finding.message)}"
    if finding.scenario:
        yield f"What goes wrong: {prose(finding.scenario)}"
    if finding.evidence:
        yield f"Evidence: {prose(finding.evidence)}"
    if finding.suggestion is not None:
        yield _suggestion(replacement(finding.suggestion), button=suggest)
    asked = "" if finding.asked is None else f" · would be asked for: {finding.asked} %"
    told = f"{finding.stamp} · confidence {finding.confidence}{asked} · {finding.fingerprint}"
    yield f"<sub>{inline(finding.klass)} · {told}</sub>"


def overview(review: Review) -> Iterator[str]:
    """Yield what was decided, what a reader might not know, and a line for every finding.

    Nothing here is about one run alone: what a second run of the same review says is the same.
    """
    yield f"**Hunkworks: {prose(verdict_sentence(review))}**"
    if told := [prose(sentence) for sentence in [*judging_sentences(review)[1:], *notes(review.manifest)]]:
        yield listed(told)
    yield listed(map(_line, review.findings)) if review.findings else "No findings."


def facts(review: Review) -> Iterator[str]:
    """Yield how this run came to it: route, coverage, calls and their cost."""
    manifest = review.manifest
    told = [f"Route: {route_sentence(manifest)}", f"Coverage: {coverage_sentence(manifest)}"]
    told += [f"Shape: {manifest.shape.why}", *(f"Judged by: {one}" for one in judging_sentences(review)[:1])]
    yield listed(map(prose, told))


def in_full(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the first findings with their place and quoted code, one piece each, and how many more there are."""
    for finding in findings[:_MOST_IN_FULL]:
        first, *rest = finding_pieces(finding, suggest=False)
        place = inline(f"{finding.path}:{finding.line}")
        yield "\n\n".join([f"{place} {first}", block(finding.quote), *rest])
    if len(findings) > _MOST_IN_FULL:
        yield f"And {plural(len(findings) - _MOST_IN_FULL, 'more finding')}: the JSON report has everything."


def aside(review: Review) -> Iterator[str]:
    """Yield what stands folded at the end: findings that votes did not confirm, and files that nobody read."""
    if review.folded:
        folded = listed(f"{_line(finding)} · {finding.stamp}" for finding in review.folded)
        yield _details(f"{len(review.folded)} more: {FOLDED}", folded)
    unseen = by_bucket(review.manifest)
    for bucket in (Bucket.STATIC, Bucket.NAMED):
        if files := unseen.get(bucket, []):
            named = listed(f"{inline(file.path)}: {prose(file.why)}" for file in files)
            yield _details(f"{plural(len(files), 'file')} {BUCKET_WORDS[bucket]}", named)


def listed(lines: Iterable[str]) -> str:
    """Return a list of the first lines, and how many more there are."""
    items = [f"- {line}" for line in lines]
    more = [f"- and {len(items) - _MOST_LISTED} more"] if len(items) > _MOST_LISTED else []
    return "\n".join([*items[:_MOST_LISTED], *more])


def fitted(pieces: Iterable[str], most: int) -> str:
    """Join whole pieces up to ``most`` bytes; what is left out is counted."""
    kept: list[str] = []
    size = left_out = 0
    for piece in pieces:
        size += len(piece.encode("utf-8")) + 2
        if left_out or size > most:
            left_out += 1
        else:
            kept.append(piece)
    if left_out:
        kept.append(f"{plural(left_out, 'more part')} did not fit here: the JSON report has everything.")
    return "\n\n".join(kept)


def _suggestion(text: str, *, button: bool) -> str:
    """A button that commits what nobody sees would be a way in: such a suggestion is shown as text."""
    if button and not text:
        return "```suggestion\n```"
    if button and MASK not in printable(text) and len(text) <= _MOST_SUGGESTED:
        return block(text, "suggestion", _MOST_SUGGESTED)
    return f"Suggested:\n\n{block(text, most=_MOST_SUGGESTED)}" if text else "Suggested: delete these lines."


def _line(finding: Finding) -> str:
    return f"{finding.severity} {inline(f'{finding.path}:{finding.line}')} {prose(finding.message, 300)}"


def _details(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
