"""The review on a terminal: rich where there is one, the same words without colour elsewhere."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hunkworks.review.finding import Finding
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
from hunkworks.review.verdict import Review, Verdict
from hunkworks.rules.classes import Severity

_SEVERITY_STYLE = {
    Severity.BLOCKER: "bold white on red",
    Severity.MAJOR: "bold red",
    Severity.MINOR: "yellow",
    Severity.NOTE: "cyan",
}
_VERDICT_STYLE = {
    Verdict.PASS: "bold green",
    Verdict.CHANGES: "bold red",
    Verdict.INCOMPLETE: "bold yellow",
    Verdict.STATIC_ONLY: "bold cyan",
}
_MOST_FILES = 30
_MOST_REASONS = 3


def show(review: Review, console: Console) -> None:
    """Print the report on ``console``."""
    manifest = review.manifest
    console.print(
        Text.assemble(("Review of ", "bold"), manifest.change.words, (f"  {manifest.change.id[:12]}", "dim"))
    )
    console.print()
    console.print(_facts(review))
    console.print()
    console.print(_files(review))
    for finding in review.findings:
        console.print()
        console.print(_finding(finding))
    if not review.findings:
        console.print("\nNo findings.")
    if review.folded:
        console.print()
        console.print(_folded(review))
    console.print()
    console.print(Text(verdict_sentence(review), style=_VERDICT_STYLE[review.verdict]))


def _facts(review: Review) -> Table:
    manifest = review.manifest
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_row("route", Text(route_sentence(manifest)))
    for reason in manifest.route.reasons[:_MOST_REASONS]:
        place = f"{reason.path}:{reason.line}" if reason.line else reason.path
        table.add_row(
            "", Text.assemble((f"{reason.rule}  ", "dim"), f"{place}  ", (reason.text.strip(), "italic"))
        )
    table.add_row("coverage", Text(coverage_sentence(manifest)))
    table.add_row("shape", Text(manifest.shape.why))
    for number, sentence in enumerate(judging_sentences(review)):
        table.add_row("" if number else "judged by", Text(sentence, style="yellow" if number else ""))
    for note in notes(manifest):
        table.add_row("note", Text(note, style="yellow"))
    return table


def _files(review: Review) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("file", "change", "lines", "goes to", "why"):
        table.add_column(title, no_wrap=title in ("change", "lines"), overflow="fold")
    left = _MOST_FILES
    for bucket, files in by_bucket(review.manifest).items():
        for file in files[: max(left, 0)]:
            lines = f"+{file.added} −{file.removed}"
            table.add_row(
                Text(file.path),
                Text(file.status),
                Text(lines),
                Text(BUCKET_WORDS[bucket]),
                Text(file.why, style="dim"),
            )
        left -= len(files)
    if left < 0:
        return Group(table, Text(f"… and {plural(-left, 'file')} more: --json names all", style="dim"))
    return table


def _folded(review: Review) -> RenderableType:
    table = Table(title=f"Not shown in full: {FOLDED}", title_justify="left", title_style="dim", box=None)
    for title in ("severity", "place", "stamp", "asked for", "message"):
        table.add_column(title, header_style="dim", overflow="fold")
    for finding in review.folded:
        asked = "–" if finding.asked is None else f"{finding.asked} %"
        place = f"{finding.path}:{finding.line}"
        cells = (finding.severity.value, place, finding.stamp.value, asked, finding.message)
        table.add_row(*(Text(cell) for cell in cells), style="dim")
    return table


def _finding(finding: Finding) -> RenderableType:
    head = Text.assemble(
        (f" {finding.severity.value} ", _SEVERITY_STYLE[finding.severity]),
        f" {finding.path}:{finding.line}  ",
        (f"{finding.klass} · {finding.stamp.value} · {finding.fingerprint}", "dim"),
    )
    body: list[RenderableType] = [Text(finding.message, style="bold")]
    body.append(Text("\n".join(f"│ {line}" for line in finding.quote.split("\n")), style="green"))
    votes = "\n".join(finding.votes)
    for title, text in (("goes wrong", finding.scenario), ("evidence", finding.evidence), ("votes", votes)):
        if text:
            body.append(Text.assemble((f"{title}: ", "dim"), text))
    if finding.suggestion is not None:
        body.append(Text.assemble(("suggested:\n", "dim"), finding.suggestion))
    return Group(head, Padding(Group(*body), (0, 0, 0, 2)))
