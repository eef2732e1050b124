"""Do fingerprints name the code? `python -m evals.fingerprints --repository DIR [--commits N]`.

Over the newest commits of a bare repository: a finding is anchored on changed lines of every changed source file, then
the same commit is looked at again after something that leaves the code as it is (lines inserted above it, before and in
the change; every indentation doubled; the file renamed; other code changed around it, as a rebase brings) and after the
anchored line itself changed. The first have to keep the fingerprint, the last has to change it.
"""

from __future__ import annotations

import difflib
import io
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.packets import Kept
from hunkworks.change.model import FileChange, Role, Side, Status
from hunkworks.change.patch import Patch
from hunkworks.config import Config
from hunkworks.review.anchors import Anchor, resolve
from hunkworks.review.fingerprints import fingerprint
from hunkworks.review.masking import shown_text
from hunkworks.review.plan import Planner
from hunkworks.rules.languages import language_of

MOST_BYTES = 200_000
MOST_ANCHORS = 4  # of one file
INSERTED = b"\n\n\n\n\n"


@dataclass(frozen=True)
class Version:
    """One file of one commit, as the planner sees it."""

    path: str
    old_path: str
    old: bytes
    new: bytes
    id: str = "eval"
    base: str = "old"
    head: str = "new"

    def files(self) -> Iterator[FileChange]:
        """Yield the one file with its hunks."""
        lines = difflib.diff_bytes(
            difflib.unified_diff,
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            b"a/x",
            b"b/x",
        )
        patch = b"".join(
            line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines
        )
        renamed = Status.RENAMED if self.path != self.old_path else Status.MODIFIED
        for file in Patch(io.BytesIO(patch)).files():
            yield replace(
                file, path=self.path, old_path=self.old_path, status=renamed, role=Role.CODE, why=""
            )

    def content(self, file: FileChange, side: Side) -> bytes | None:
        """Return the whole file."""
        del file
        return self.new if side is Side.NEW else self.old


def inserted_before(version: Version, line: int) -> tuple[Version, int]:
    """Lines above that were there before the change too."""
    return replace(version, old=INSERTED + version.old, new=INSERTED + version.new), line + 5


def inserted_in_change(version: Version, line: int) -> tuple[Version, int]:
    """Lines above that the change adds."""
    return replace(version, new=INSERTED + version.new), line + 5


def reindented(version: Version, line: int) -> tuple[Version, int]:
    """Every indentation doubled."""
    return replace(version, old=_doubled(version.old), new=_doubled(version.new)), line


def renamed(version: Version, line: int) -> tuple[Version, int]:
    """The file renamed in the same change."""
    folder, _, name = version.path.rpartition("/")
    return replace(version, path=f"{folder}/moved/{name}".lstrip("/")), line


def rebased(version: Version, line: int) -> tuple[Version, int]:
    """Other code behind it changed on both sides, as on a newer base."""
    return replace(version, old=version.old + b"\n\n", new=version.new + b"\n\n"), line


def changed(version: Version, line: int) -> tuple[Version, int]:
    """The anchored line itself changed."""
    lines = version.new.splitlines(keepends=True)
    text = lines[line - 1].rstrip(b"\r\n")
    lines[line - 1] = text + b" changed" + lines[line - 1][len(text) :]
    return replace(version, new=b"".join(lines)), line


KEEP: dict[str, Callable[[Version, int], tuple[Version, int]]] = {
    "lines inserted above, before the change": inserted_before,
    "lines inserted above, in the change": inserted_in_change,
    "every indentation doubled": reindented,
    "the file renamed": renamed,
    "rebased on other code": rebased,
}
CHANGE = {"the anchored line changed": changed}


@click.command()
@click.option(
    "--repository", "repositories", multiple=True, required=True, type=click.Path(path_type=Path, exists=True)
)
@click.option("--commits", default=100, show_default=True, help="Newest commits of each, merges left out.")
def main(repositories: tuple[Path, ...], commits: int) -> None:
    """Print how many fingerprints held and how many changed; exit 1 when one did otherwise than it should."""
    held: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    versions = [version for repository in repositories for version in _versions(repository, commits)]
    for version in track(versions, console=Console(stderr=True), transient=True):
        for line, name in _anchors(version):
            for what, transform in {**KEEP, **CHANGE}.items():
                after = _name(*transform(version, line))
                tried[what] += after is not None
                held[what] += after == name
    table = Table(
        "what was done", "fingerprints", "unchanged", title=f"{len(versions):,} files of real commits"
    )
    for what in {**KEEP, **CHANGE}:
        table.add_row(what, f"{tried[what]:,}", f"{held[what]:,} ({held[what] / max(tried[what], 1):.2%})")
    Console().print(table)
    sys.exit(any(held[what] != tried[what] for what in KEEP) or any(held[what] for what in CHANGE))


def _anchors(version: Version) -> Iterator[tuple[int, str]]:
    taken = 0
    for file in version.files():
        for hunk in file.hunks:
            for row in hunk.lines:
                if (
                    row.old is None
                    and row.new is not None
                    and len(row.text.strip()) > 8
                    and taken < MOST_ANCHORS
                ):
                    name = _name(version, row.new)
                    if name is not None:
                        taken += 1
                        yield row.new, name
                        break


def _name(version: Version, line: int) -> str | None:
    """Return the fingerprint of a finding on that line, or None where the line is no part of the change."""
    sink = Kept()
    Planner(Config(), sink).plan(version, "")
    quote = shown_text(version.new.split(b"\n")[line - 1])
    anchor = resolve(sink.packets, version.path, quote, line=line, side=Side.NEW)
    if not isinstance(anchor, Anchor) or anchor.line != line:
        return None
    return fingerprint("logic", anchor.origin, anchor.symbol, anchor.quote)


def _doubled(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(line[: len(line) - len(line.lstrip(b" \t"))] + line for line in lines)


def _versions(repository: Path, commits: int) -> Iterator[Version]:
    revisions = _git(repository, "rev-list", "--no-merges", f"--max-count={commits}", "HEAD").split()
    for revision in revisions:
        name = revision.decode()
        listed = _git(
            repository, "diff-tree", "-r", "-z", "--no-commit-id", "--name-only", "--diff-filter=M", name
        )
        for path in listed.split(b"\0")[:-1]:
            if language_of(path.decode("utf-8", "replace")) is None:
                continue
            old, new = (
                _git(repository, "cat-file", "blob", f"{at}:{path.decode()}") for at in (f"{name}^", name)
            )
            if old != new and len(new) < MOST_BYTES and b"\r" not in new and new.isascii():
                yield Version(path.decode(), path.decode(), old, new)


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
