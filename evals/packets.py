"""Do packets hold the change? `python -m evals.packets --data DIR` plans every diff of the data set.

For each diff: every changed line of the files that reviewers are handed stands in exactly one packet, with its numbers
and, where nothing was masked in it, its text; no packet is over the client's limit; and with one packet's answer
withheld the verdict is `incomplete`.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from hunkworks.change.model import FileChange
from hunkworks.change.patch import Patch
from hunkworks.config import Config
from hunkworks.review.judged import SESSION_ENGINE
from hunkworks.review.manifest import Bucket, Manifest
from hunkworks.review.masking import shown_path, shown_text
from hunkworks.review.packets import Packet
from hunkworks.review.plan import Planner
from hunkworks.review.rows import Row
from hunkworks.review.verdict import Verdict, decide
from hunkworks.rules.classes import Severity

LIMIT = 25_000
BAD = (
    "lines lost",
    "lines doubled",
    "lines of other text",
    "packets over 25 KB",
    "withheld and passed",
    "not adding up",
)
Line = tuple[str, str, int | None, int | None]


class Kept:
    """A sink that keeps the packets in memory."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []

    def packet(self, packet: Packet) -> str:
        """Keep one packet."""
        self.packets.append(packet)
        return ""


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), required=True, help="Holds diffs/*.diff."
)
def main(data: Path) -> None:
    """Print the counts; exit 1 if anything is lost, doubled or too large."""
    counts: Counter[str] = Counter()
    for path in track(sorted((data / "diffs").glob("*.diff")), console=Console(stderr=True), transient=True):
        change = Patch(io.BytesIO(path.read_bytes()))
        sink = Kept()
        manifest = Planner(Config(), sink).plan(change, path.name)
        counts.update(check(list(change.files()), manifest, sink.packets))
    table = Table("what", "count", title="packets against the diffs they were made from")
    for name, number in sorted(counts.items()):
        table.add_row(name, f"{number:,}")
    Console().print(table)
    bad = (
        "lines lost",
        "lines doubled",
        "lines of other text",
        "packets over 25 KB",
        "withheld and passed",
        "not adding up",
    )
    sys.exit(any(counts[name] for name in bad))


def check(files: list[FileChange], manifest: Manifest, packets: list[Packet]) -> Counter[str]:
    """Return what was counted for one diff."""
    first_pass = {ref.id for ref in manifest.packets if ref.turn == 1}
    packets = [packet for packet in packets if packet.id in first_pass]
    handed = {file.path for file in manifest.files if file.bucket is Bucket.PACKET}
    expected: dict[Line, str] = {}
    for file in files:
        if shown_path(file.path) in handed:
            for hunk in file.hunks:
                for line in hunk.lines:
                    if line.old is None or line.new is None:
                        expected[(shown_path(file.path), line.kind.value, line.old, line.new)] = shown_text(
                            line.text
                        )
    found = Counter((path, row.kind, row.old, row.new) for path, row in _rows(packets) if row.part <= 1)
    masked = {(item.path, item.line) for item in manifest.redactions}
    counts = Counter({"diffs": 1, "packets": len(packets), "changed lines": len(expected)})
    counts["lines lost"] += len(expected.keys() - found.keys())
    counts["lines doubled"] += sum(number - 1 for number in found.values())
    for path, row in _rows(packets):
        if row.part or (path, row.new or row.old) in masked:
            counts["lines masked or in parts"] += row.part <= 1
        elif not _reads(row.text, expected[(path, row.kind, row.old, row.new)]):
            counts["lines of other text"] += 1
    counts["packets over 25 KB"] += sum(len(packet.render().encode("utf-8")) > LIMIT for packet in packets)
    counts["not adding up"] += not manifest.coverage.complete or manifest.coverage.in_packets != len(expected)
    for packet in packets:
        verdict = decide((), manifest.coverage, [packet.id], engine=SESSION_ENGINE, fail_on=Severity.MAJOR)
        counts["withheld and passed"] += verdict is not Verdict.INCOMPLETE
    return counts


def _rows(packets: list[Packet]) -> list[tuple[str, Row]]:
    return [
        (section.path, row)
        for packet in packets
        for section in packet.sections
        for row in section.rows
        if row.changed
    ]


def _reads(shown: str, text: str) -> bool:
    """Control characters are shown as their pictures; a secret that begins above is masked here too."""
    return len(shown) == len(text)


if __name__ == "__main__":
    main()
