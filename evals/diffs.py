"""Are diffs read exactly? Counts against git, and old blob + hunks = new blob over real history.

    python -m evals.diffs --data DIR                       every DIR/diffs/*.diff against `git apply --numstat`
    python -m evals.diffs --repository DIR --commits 300   the newest commits of a repository, byte for byte
    python -m evals.diffs --benchmark                      parse time of 1×, 10×, 100× a diff, and 100 MB

Exits 1 when anything differs, or nothing was read.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hunkworks.change.compare import Comparison
from hunkworks.change.content import apply
from hunkworks.change.diff import parse_patch
from hunkworks.change.git import run
from hunkworks.change.model import FileChange, Side
from hunkworks.change.repository import Repository
from hunkworks.errors import InputError

Counts = dict[str, tuple[int, int]]

_LIKE_OURS = (
    "--numstat",
    "-z",
    "--find-renames=50%",
    "--find-copies=50%",
    "-l1000",
    "--no-ext-diff",
    "--no-textconv",
)


def compare_with_apply(folder: Path) -> tuple[Counter[str], list[str]]:
    """Parse every patch of a folder and compare files and lines with what `git apply --numstat` counts."""
    totals: Counter[str] = Counter()
    differences: list[str] = []
    for patch in sorted(folder.glob("*.diff")):
        data = patch.read_bytes()
        ours = {file.path: (file.added, file.removed) for file in parse_patch(io.BytesIO(data))}
        theirs = _numstat(run(folder, ("apply", "--numstat", "-z"), stdin=data)) if data else {}
        totals += Counter(
            patches=1,
            files=len(ours),
            added=sum(added for added, _ in ours.values()),
            removed=sum(removed for _, removed in ours.values()),
        )
        if ours != theirs:
            differences.append(f"{patch.name}: {sorted(set(ours.items()) ^ set(theirs.items()))[:4]}")
    return totals, differences


def check_history(repository: Repository, commits: int) -> tuple[Counter[str], list[str]]:
    """Rebuild the new side of every file of the newest non-merge commits, and compare it with the blob."""
    totals: Counter[str] = Counter()
    differences: list[str] = []
    for parent, commit in _newest(repository, commits):
        change = Comparison(repository, parent, commit)
        ours: Counts = {}
        for file in change.files():
            ours[file.path] = (file.added, file.removed)
            totals[file.status] += 1
            totals["binary" if file.binary else "text"] += 1
            if problem := _rebuild(change, file, totals):
                differences.append(f"{commit[:12]} {file.path}: {problem}")
        theirs = _numstat(repository.git("diff", *_LIKE_OURS, parent, commit))
        if ours != theirs:
            differences.append(f"{commit[:12]}: {sorted(set(ours.items()) ^ set(theirs.items()))[:4]}")
        totals += Counter(
            commits=1,
            files=len(ours),
            added=sum(added for added, _ in ours.values()),
            removed=sum(removed for _, removed in ours.values()),
        )
    return totals, differences


def _rebuild(change: Comparison, file: FileChange, totals: Counter[str]) -> str:
    if file.binary:
        return ""
    new = change.content(file, Side.NEW) or b""
    totals["bytes rebuilt"] += len(new)
    try:
        rebuilt = apply(change.content(file, Side.OLD) or b"", file.hunks)
    except InputError as error:
        return str(error)
    return "" if rebuilt == new else f"{len(rebuilt)} bytes rebuilt, {len(new)} in the blob"


def _newest(repository: Repository, commits: int) -> Iterator[tuple[str, str]]:
    listed = repository.git("rev-list", "--no-merges", "--parents", f"--max-count={commits}", "HEAD").decode()
    for line in listed.splitlines():
        commit, *parents = line.split()
        yield parents[0] if parents else repository.empty_tree, commit


def _numstat(records: bytes) -> Counts:
    counts: Counts = {}
    fields = iter(records.split(b"\0")[:-1])
    for field in fields:
        added, removed, path = field.split(b"\t", 2)
        if not path:  # a rename or copy: the two names follow
            next(fields)
            path = next(fields)
        counts[os.fsdecode(path)] = (0, 0) if added == b"-" else (int(added), int(removed))
    return counts


def benchmark(lines: int = 5_000) -> list[tuple[int, int, float]]:
    """Parse 1×, 10× and 100× a patch of ``lines`` changed lines; return (factor, bytes, best CPU seconds of three)."""
    hunk = b"@@ -1,4 +1,5 @@ def f():\n a\n-    return %d\n+    x = %d\n+    return x\n b\n c\n"
    rows: list[tuple[int, int, float]] = []
    for factor in (1, 10, 100):
        files = [
            b"diff --git a/f%d.py b/f%d.py\n--- a/f%d.py\n+++ b/f%d.py\n" % ((number,) * 4)
            + b"".join(hunk % (line, line) for line in range(100))
            for number in range(lines * factor // 300)
        ]
        patch = b"".join(files)
        best = min(_seconds(patch) for _ in range(3))
        rows.append((factor, len(patch), best))
    return rows


def great_patch(megabytes: int = 100) -> tuple[int, int, float, float]:
    """Read a patch of so many MB through a stream; return (files, lines, CPU seconds, MB of memory it took more)."""
    body = b"".join(b"+%048d\n" % number for number in range(1_000))
    head = b"diff --git a/%d b/%d\nnew file mode 100644\n--- /dev/null\n+++ b/%d\n@@ -0,0 +1,1000 @@\n"
    lines = (line for number in range(20 * megabytes) for line in _lines(head % ((number,) * 3) + body))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    files = added = 0
    for file in parse_patch(lines):
        files += 1
        added += file.added
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return files, added, time.process_time() - begin, (after - before) / 1024


def _lines(text: bytes) -> list[bytes]:
    return text.splitlines(keepends=True)


def _seconds(patch: bytes) -> float:
    begin = time.process_time()
    for _ in parse_patch(io.BytesIO(patch)):
        pass
    return time.process_time() - begin


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--repository", type=Path, action="append", default=[])
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--benchmark", action="store_true")
    options = parser.parse_args()
    differences: list[str] = []
    if options.data:
        totals, found = compare_with_apply(options.data / "diffs")
        differences += _report("git apply --numstat", totals, found, seen=totals["patches"])
    for folder in options.repository:
        repository = Repository(folder, folder, folder)
        totals, found = check_history(repository, options.commits)
        differences += _report(str(folder), totals, found, seen=totals["commits"])
    if options.benchmark:
        files, lines, seconds, memory = great_patch()
        print(
            f"\n100 MB: {files:,} files, {lines:,} lines, {seconds:.1f} s CPU, {memory:.0f} MB more memory\n"
        )
        rows = benchmark()
        print("| diff | MB | CPU seconds | × time | MB/s |\n|---|---|---|---|---|")
        for factor, size, seconds in rows:
            ratio = seconds / rows[0][2]
            print(
                f"| {factor}× | {size / 1e6:.2f} | {seconds:.3f} | {ratio:.1f} | {size / 1e6 / seconds:.1f} |"
            )
    return 1 if differences else 0


def _report(title: str, totals: Counter[str], differences: list[str], *, seen: int) -> list[str]:
    print(f"\n{title}")
    for name, count in totals.items():
        print(f"  {name:<14}{count:>12,}")
    print(f"  {'differences':<14}{len(differences):>12,}")
    for line in differences[:20]:
        print(f"    {line}")
    return differences if seen else [*differences, "nothing was read"]


if __name__ == "__main__":
    sys.exit(main())
