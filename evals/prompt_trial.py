"""Do the review's prompts find known bugs? A trial on real changes, judged by a number.

`python -m evals.prompt_trial prepare --mirrors DIR --into DIR` makes a repository for each case of
`review/trial.jsonl` from bare ones at DIR/owner+name/repo: one base commit, the change uncommitted in its work tree,
and a plan of the session "trial". A reversed case takes a bug fix back: its base has the fixed code without the
comments and tests that came with it (they would tell), its work tree the code before. A mixed case has the commits
that followed the fix as well; a clean case is the commit as it was made.

Reviewers then work in each folder as the skill says, and `python -m evals.prompt_trial score --into DIR` prints what
they recorded. What lies near a known bug is only a candidate; `--judgements FILE` (a JSON line for each finding: case,
fingerprint, judgement "hit", "true" or "false") gives precision and recall.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import click
import msgspec
from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "evals" / "review" / "trial.jsonl"
SESSION = "trial"
NEAR = 10  # lines between a finding and the known bug
SLASHES = re.compile(rb"\s*(//|/\*|\*/|\*\s)")
HASH = re.compile(rb"\s*#")
COMMENT = {".go": SLASHES, ".kt": SLASHES, ".swift": SLASHES, ".ts": SLASHES, ".tsx": SLASHES, ".py": HASH}


class Kind(StrEnum):
    """What a case asks of a reviewer."""

    REVERSED = "reversed"
    MIXED = "mixed"
    CLEAN = "clean"


class Bug(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known bug: its lines on both sides of the change, first and last, and what goes wrong."""

    path: str
    new: tuple[int, int]
    old: tuple[int, int]
    what: str

    def near(self, finding: dict[str, Any]) -> bool:
        """Return whether the finding points at this file within a few lines of the bug."""
        first, last = self.old if finding["side"] == "old" else self.new
        return bool(
            finding["path"] == self.path
            and finding["line"] <= last + NEAR
            and finding["end_line"] >= first - NEAR
        )


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change with a known answer.

    ``commit`` is the fix that is taken back in ``files``, or the clean commit; ``until`` the last of the commits that
    follow the fix in a mixed case.
    """

    case: str
    repository: str
    language: str
    kind: Kind
    about: str
    commit: str
    files: tuple[str, ...] = ()
    until: str = ""
    bugs: tuple[Bug, ...] = ()


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a judge says of one finding: the known bug, another true one, or false."""

    case: str
    fingerprint: str
    judgement: Literal["hit", "true", "false"]


@click.group()
def main() -> None:
    """Prepare the trial, and score what was recorded in it."""


@main.command()
@click.option("--mirrors", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True)
def prepare(mirrors: Path, into: Path) -> None:
    """Make a repository for each case, plan its review, and print the plans. A case that stands is left alone."""
    table = Table(
        "case", "kind", "language", "about", "route", "shape", "lines", "packets", "files not in a packet"
    )
    for case in track(_cases(), "Preparing", console=Console(stderr=True)):
        folder = into / case.case
        stands = folder.exists()
        if not stands:
            _make(case, mirrors / case.repository.replace("/", "+") / "repo", folder)
        # A second plan would leave out what reviewers have read by now; the report holds the first.
        plan = _hunkworks(folder, "report" if stands else "plan")
        shape = plan["shape"]
        table.add_row(
            case.case,
            case.kind,
            case.language,
            case.about,
            f"{plan['route']['tier']} {plan['route']['score']:.2f}",
            f"{shape['passes']} passes, {shape['skeptics']} votes",
            str(plan["coverage"]["changed_lines"]),
            "\n".join(f"{packet['id']} {' '.join(packet['files'])}" for packet in plan["packets"]),
            "\n".join(file["path"] for file in plan["files"] if file["bucket"] != "packet"),
        )
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@main.command()
@click.option("--into", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--judgements", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def score(into: Path, judgements: Path | None) -> None:
    """Print what was recorded for each case, and precision and recall where a judge has spoken."""
    lines = judgements.read_bytes().splitlines() if judgements else []
    said = [msgspec.json.decode(line, type=Judgement) for line in lines if line.strip()]
    spoken = {(one.case, one.fingerprint): one.judgement for one in said}
    table = Table("case", "kind", "about", "route", "verdict", "findings", "near the bug", "judged")
    judged: Counter[str] = Counter()
    met: set[tuple[str, str]] = set()
    found = alarmed = 0
    cases = _cases()
    for case in cases:
        report = _hunkworks(into / case.case, "report")
        folded = {one["fingerprint"] for one in report["folded"]}
        findings = [*report["findings"], *report["folded"]]
        near = [one["fingerprint"] for one in findings if any(bug.near(one) for bug in case.bugs)]
        words = Counter(spoken.get((case.case, one["fingerprint"]), "unjudged") for one in findings)
        judged += words
        met |= {(case.case, one["fingerprint"]) for one in findings}
        found += bool(words["hit"])
        alarmed += case.kind is Kind.CLEAN and bool(findings)
        table.add_row(
            case.case,
            case.kind,
            case.about,
            report["route"]["tier"],
            report["verdict"],
            _counts(Counter(one["severity"] for one in findings)),
            " ".join(f"({one})" if one in folded else one for one in near) or ("–" if case.bugs else ""),
            _counts(words) if said else "",
        )
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    known, clean = sum(bool(case.bugs) for case in cases), sum(case.kind is Kind.CLEAN for case in cases)
    console.print(f"clean changes with a finding: {alarmed} of {clean}")
    if said:
        right, all_judged = judged["hit"] + judged["true"], judged.total() - judged["unjudged"]
        console.print(f"recall: the known bug was found in {found} of {known} cases ({_share(found, known)})")
        console.print(
            f"precision: {right} of {all_judged} judged findings are true ({_share(right, all_judged)})"
        )
        console.print(
            f"not judged: {judged['unjudged']}; judged but not recorded: {len(spoken.keys() - met)}"
        )


def _make(case: Case, mirror: Path, folder: Path) -> None:
    """Make the case's repository: self-contained, one commit, the change in its work tree."""
    finished, folder = folder, folder.with_name(f"{folder.name}.part")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    alternates = folder / ".git" / "objects" / "info" / "alternates"
    alternates.write_text(f"{mirror.resolve() / 'objects'}\n", encoding="utf-8")
    before, after = _trees(case, folder)
    base = _git(folder, "commit-tree", before, "-m", "base").decode().strip()
    _git(folder, "reset", "-q", "--hard", base)
    _git(folder, "restore", f"--source={after}", "--worktree", "--", ".")
    _git(folder, "repack", "-q", "-a", "-d")
    alternates.unlink()
    _git(folder, "prune", "--expire=now")
    folder.rename(finished)


def _trees(case: Case, folder: Path) -> tuple[str, str]:
    """Return the tree to commit and the tree of the change."""
    parent = f"{case.commit}^"
    if case.kind is Kind.CLEAN:
        return _tree(folder, parent, {}), _tree(folder, case.commit, {})
    touched = _git(folder, "diff-tree", "-r", "-z", "--no-renames", "--name-only", parent, case.commit)
    paths = [os.fsdecode(path) for path in touched.split(b"\0") if path]
    until = case.until or case.commit
    followed = [
        path for path in paths if _content(folder, until, path) != _content(folder, case.commit, path)
    ]
    if followed:
        raise click.ClickException(f"case {case.case}: later commits change {', '.join(followed)} again")
    fixed = {path: _fixed(folder, case.commit, path) for path in case.files}
    return _tree(folder, parent, fixed), _tree(
        folder, until, {path: _content(folder, parent, path) for path in paths}
    )


def _tree(folder: Path, revision: str, contents: Mapping[str, bytes | None]) -> str:
    """Return the tree of a revision with other contents in some files, without what the mirror lacks."""
    _git(folder, "read-tree", revision)
    for path, content in contents.items():
        if content is None:
            _git(folder, "update-index", "--force-remove", "--", path)
        else:
            blob = _git(folder, "hash-object", "-w", "--stdin", given=content).decode().strip()
            _git(folder, "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    for path in _absent(folder):
        _git(folder, "update-index", "--force-remove", "--", path)
    return _git(folder, "write-tree").decode().strip()


def _absent(folder: Path) -> Iterator[str]:
    """Yield the paths of the index whose content cannot be had: large files that a mirror left out, submodules."""
    staged = [line.split(b"\t", 1) for line in _git(folder, "ls-files", "-s", "-z").split(b"\0") if line]
    ids = b"".join(entry.split(b" ")[1] + b"\n" for entry, _ in staged)
    known = _git(folder, "cat-file", "--batch-check", given=ids).splitlines()
    for (_, path), answer in zip(staged, known, strict=True):
        if answer.split(b" ")[1] != b"blob":
            yield os.fsdecode(path)


def _fixed(folder: Path, commit: str, path: str) -> bytes:
    """Return the file as the fix left it, without the comment lines that the fix brought."""
    before = (_content(folder, f"{commit}^", path) or b"").splitlines(keepends=True)
    after = (_content(folder, commit, path) or b"").splitlines(keepends=True)
    comment = COMMENT[Path(path).suffix]
    kept: list[bytes] = []
    for change, _, _, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        lines = after[start:end]
        kept += lines if change == "equal" else [line for line in lines if not comment.match(line)]
    return b"".join(kept)


def _content(folder: Path, revision: str, path: str) -> bytes | None:
    if not _git(folder, "ls-tree", revision, "--", path):
        return None
    return _git(folder, "cat-file", "blob", f"{revision}:{path}")


def _hunkworks(folder: Path, verb: str) -> dict[str, Any]:
    """Return what a review command prints; 1 and 3 are verdicts."""
    command = [str(ROOT / "bin" / "hunkworks"), "review", verb, "--session", SESSION, "--json"]
    environment = {**os.environ, "HUNKWORKS_PYTHON": sys.executable}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    if done.returncode not in {0, 1, 3}:
        raise click.ClickException(f"{folder}: {os.fsdecode(done.stderr)}")
    document: dict[str, Any] = msgspec.json.decode(done.stdout)
    return document


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Run git in a case's repository, deaf to the user's own configuration."""
    who = {f"GIT_{role}_{part}": "trial" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, input=given, check=True, stdout=subprocess.PIPE
    ).stdout


def _cases() -> list[Case]:
    return [msgspec.json.decode(line, type=Case) for line in CASES.read_bytes().splitlines() if line.strip()]


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counter.items() if count) or "none"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


if __name__ == "__main__":
    main()
