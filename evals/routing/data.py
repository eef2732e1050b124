"""The labelled and the natural commits, seen through the product's own parser, roles and observation."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hunkworks.change.diff import parse_patch
from hunkworks.change.model import FileChange, LineKind, Role
from hunkworks.route.lexicon import language
from hunkworks.route.observation import Observation, observe

# The grep that the data's own sampling used. It is not written down there, but this one hits 285 of the 285 commits
# marked "a naive grep hits" and none of the 420 marked as not hit.
NAIVE = re.compile(rb"lock|mutex|atomic|thread|async|await|dispatch|synchroni|volatile|actor", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sample:
    """One commit. ``kind`` is pos, neg, neg_bait or natural.

    ``naive`` tells whether the grep hits an added line of any file, ``naive_code`` one of a file of code.
    ``language`` is that of most changed lines of code; ``files`` are the observations of its code files.
    ``version`` tells whether all that changes in code is numbers and quoted text, as a release changes its version.
    """

    repo: str
    sha: str
    kind: str
    language: str
    naive: bool
    naive_code: bool
    version: bool
    files: tuple[Observation, ...]

    @property
    def positive(self) -> bool:
        return self.kind == "pos"

    @property
    def natural(self) -> bool:
        return self.kind == "natural"


def patches(data: Path, diffs: Path) -> list[tuple[dict[str, str], Path]]:
    """Return the rows of ``data/commits.jsonl`` and their patches.

    Natural commits whose message names a concurrency fix are left out, as the reference measurement does.
    """
    with (data / "commits.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    kept = [row for row in rows if row["set"] != "natural" or not row["message_positive"]]
    if not kept:
        raise SystemExit(f"{data}/commits.jsonl holds no commit")
    return [(row, diffs / row["diff"]) for row in kept]


def load(data: Path, diffs: Path) -> list[Sample]:
    """Read and observe every commit."""
    return [_sample(row, read(path)) for row, path in patches(data, diffs)]


def read(path: Path) -> list[FileChange]:
    """Return the files of one patch."""
    with path.open("rb") as patch:
        return list(parse_patch(patch))


def _sample(row: dict[str, str], files: list[FileChange]) -> Sample:
    code = [file for file in files if file.role is Role.CODE]
    observed = [observe(file) for file in code]
    lines: Counter[str] = Counter()
    for file, seen in zip(code, observed, strict=True):
        lines[language(file.path).name] += seen.lines
    return Sample(
        repo=row["repo"],
        sha=row["sha"],
        kind=row.get("kind", "natural"),
        language=lines.most_common(1)[0][0] if lines else "",
        naive=any(NAIVE.search(text) for text in added(files)),
        naive_code=any(NAIVE.search(text) for text in added(code)),
        version=_changes_a_version(code),
        files=tuple(seen for seen in observed if seen.lines),
    )


def _changes_a_version(code: list[FileChange]) -> bool:
    """Tell whether the lines taken out and put in differ in nothing but numbers, quoted text and space."""
    sides: dict[LineKind, Counter[bytes]] = {kind: Counter() for kind in LineKind}
    for file in code:
        for hunk in file.hunks:
            sides[LineKind.ADDED].update(
                _worded(line.text) for line in hunk.lines if line.kind is LineKind.ADDED
            )
            sides[LineKind.REMOVED].update(
                _worded(line.text) for line in hunk.lines if line.kind is LineKind.REMOVED
            )
    return bool(sides[LineKind.ADDED]) and sides[LineKind.ADDED] == sides[LineKind.REMOVED]


def _worded(text: bytes) -> bytes:
    return re.sub(rb"\"[^\"]*\"|'[^']*'|\d+|\s", b"", text)


def added(files: list[FileChange]) -> list[bytes]:
    """Return the added lines of all files, whatever their role: what naive grep reads."""
    return [
        line.text
        for file in files
        for hunk in file.hunks
        for line in hunk.lines
        if line.kind is LineKind.ADDED
    ]
