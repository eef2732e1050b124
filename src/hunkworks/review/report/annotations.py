"""The findings as GitHub's workflow commands: annotations beside the lines, where nothing may be posted.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions. The runner acts on lines, so that no
text of a change or a model may begin one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hunkworks.change.model import Side
from hunkworks.review.finding import Finding, rank
from hunkworks.review.report.neutral import cut, printable
from hunkworks.review.report.wording import judging_sentences, verdict_sentence
from hunkworks.review.verdict import Review, Verdict
from hunkworks.rules.classes import Severity

_COMMANDS = {
    Severity.BLOCKER: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NOTE: "notice",
}
_MOST_OF_A_KIND = 10  # GitHub shows no more of one kind for a step
_MOST_TEXT = 3_000


def render(review: Review) -> str:
    """Return one command a line, the gravest findings first; the verdict where no finding speaks for it."""
    return "".join(f"{line}\n" for line in _lines(review))


def _lines(review: Review) -> Iterator[str]:
    said: Counter[str] = Counter()
    for finding in sorted(review.findings, key=lambda finding: rank(finding.severity)):
        command = _COMMANDS[finding.severity]
        said[command] += 1
        if said[command] < _MOST_OF_A_KIND:
            yield f"::{command} {_place(finding)}::{_data(_text(finding))}"
    for command, count in said.items():
        if count >= _MOST_OF_A_KIND:
            more = count - _MOST_OF_A_KIND + 1
            yield f"::{command} title=Hunkworks::{more} more: the job's summary names them"
    if review.verdict is Verdict.INCOMPLETE or not said:
        kind = "error" if review.verdict is Verdict.INCOMPLETE else "notice"
        told = "\n".join([verdict_sentence(review), *judging_sentences(review)[1:]])
        yield f"::{kind} title=Hunkworks::{_data(told)}"


def _text(finding: Finding) -> str:
    parts = [finding.message, finding.scenario and f"What goes wrong: {finding.scenario}"]
    return "\n".join(part for part in parts if part)


def _place(finding: Finding) -> str:
    title = f"{finding.severity}: {finding.klass}"
    place = {"file": finding.path, "title": title}
    if finding.side is Side.NEW:
        place = {
            "file": finding.path,
            "line": str(finding.line),
            "endLine": str(finding.end_line),
            "title": title,
        }
    return ",".join(f"{name}={_property(value)}" for name, value in place.items())


def _data(text: str) -> str:
    escaped = cut(printable(text), _MOST_TEXT).replace("%", "%25").replace("\n", "%0A")
    return escaped.replace("\r", "%0D")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
