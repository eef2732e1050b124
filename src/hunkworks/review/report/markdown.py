"""The review as Markdown: what the agent shows in the session, and what a job summary shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hunkworks.review.finding import Finding
from hunkworks.review.manifest import Bucket
from hunkworks.review.report.wording import (
    BUCKET_WORDS,
    FOLDED,
    by_bucket,
    coverage_sentence,
    judging_sentences,
    notes,
    route_sentence,
    verdict_sentence,
)
from hunkworks.review.verdict import Review

_MOST_NAMED = 20


def render(review: Review) -> str:
    """Return the whole report, ending in a newline."""
    return "\n".join(_lines(review)) + "\n"


def _lines(review: Review) -> Iterator[str]:
    manifest = review.manifest
    yield f"## Review of {escape(manifest.change.words)}"
    yield ""
    yield f"**{escape(verdict_sentence(review))}**"
    yield ""
    yield f"- Route: {escape(route_sentence(manifest))}"
    for reason in manifest.route.reasons[:3]:
        yield f"  - {escape(reason.rule)} at {_place(reason.path, reason.line)}: {code(reason.text)}"
    yield f"- Coverage: {coverage_sentence(manifest)}"
    yield f"- Shape: {manifest.shape.why}"
    for number, sentence in enumerate(judging_sentences(review)):
        yield f"{'  - ' if number else '- Judged by: '}{escape(sentence)}"
    for note in notes(manifest):
        yield f"- {escape(note)}"
    for finding in review.findings:
        yield ""
        yield from _finding(finding)
    if not review.findings:
        yield ""
        yield "No findings."
    if review.folded:
        yield ""
        yield f"<details><summary>{len(review.folded)} more: {FOLDED}</summary>"
        for finding in review.folded:
            yield ""
            yield from _finding(finding)
        yield ""
        yield "</details>"
    unseen = by_bucket(manifest)
    for bucket in (Bucket.STATIC, Bucket.NAMED):
        files = unseen.get(bucket, [])
        if files:
            yield ""
            yield f"<details><summary>{len(files)} {BUCKET_WORDS[bucket]}</summary>"
            yield ""
            yield from (f"- {code(file.path)}: {escape(file.why)}" for file in files[:_MOST_NAMED])
            if len(files) > _MOST_NAMED:
                yield f"- and {len(files) - _MOST_NAMED} more: `hunkworks review report --format json`"
            yield ""
            yield "</details>"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"### {finding.severity}: {escape(finding.message)}"
    yield ""
    asked = "" if finding.asked is None else f" · would be asked for: {finding.asked} %"
    facts = f"{finding.klass} · {finding.stamp} · confidence {finding.confidence}{asked} · `{finding.fingerprint}`"
    yield f"{_place(finding.path, finding.line)} · {facts}"
    yield ""
    yield fenced(finding.quote)
    if finding.scenario:
        yield ""
        yield f"What goes wrong: {escape(finding.scenario)}"
    if finding.evidence:
        yield ""
        yield f"Evidence: {escape(finding.evidence)}"
    for vote in finding.votes:
        yield ""
        yield f"Vote {escape(vote)}"
    if finding.suggestion is not None:
        yield ""
        yield "Suggested:"
        yield fenced(finding.suggestion)


def escape(text: str) -> str:
    """Return text of a change or a model as one line that Markdown shows and does not act on."""
    one_line = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>#|!~@])", r"\\\1", one_line)


def code(text: str) -> str:
    """Return text as inline code, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest or not text.strip() else ""
    return f"{fence}{space}{' '.join(text.split())}{space}{fence}"


def fenced(text: str) -> str:
    """Return text as a code block, whatever fences it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _place(path: str, line: int) -> str:
    return code(f"{path}:{line}")
