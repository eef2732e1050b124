"""What an installed plugin weighs: the client copies what it checked out of the repository into its cache.

    python -m evals.size [REVISION]

Prints the bytes of every top-level entry of a revision (default: the work tree's tracked files as they are now). The
README's commands and `hunkworks init` have the client check out the folders that the pack runs from (git's
sparse-checkout, cone mode: the files beside and above them come along); that is what is held to the limit.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path, PurePosixPath

from hunkworks.scaffold.project import RUN_FROM

ROOT = Path(__file__).resolve().parents[1]
MOST_BYTES = 3_000_000


def tracked(revision: str | None = None, root: Path = ROOT) -> dict[str, int]:
    """Return the size of each tracked file by path, of a revision or of the work tree."""
    if revision is None:
        listed = _git(root, "ls-files", "-z").split("\0")
        return {path: (root / path).lstat().st_size for path in listed if path and (root / path).exists()}
    sizes: dict[str, int] = {}
    for row in filter(None, _git(root, "ls-tree", "-r", "-l", "-z", revision).split("\0")):
        head, _, path = row.partition("\t")
        sizes[path] = int(head.split()[3])
    return sizes


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "surrogateescape")


def installed(path: str) -> bool:
    """Return whether a sparse checkout of ``RUN_FROM`` holds the file ``path``."""
    folder = path.rpartition("/")[0]
    beside = {str(above) for kept in RUN_FROM for above in PurePosixPath(kept).parents} - {"."}
    return not folder or folder in beside or any(f"{folder}/".startswith(f"{kept}/") for kept in RUN_FROM)


def main(arguments: list[str]) -> int:
    """Print the table; exit 1 when what is installed is heavier than promised."""
    sizes = tracked(arguments[0] if arguments else None)
    parts: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for path, size in sizes.items():
        name = path.split("/")[0]
        parts[name] += size
        kept[name] += size if installed(path) else 0
    print("  installed  repository")
    for name, size in parts.most_common():
        print(f"{kept[name]:>11,}  {size:>10,}  {name}")
    total = kept.total()
    print(f"{total:>11,}  {parts.total():>10,}  in {len(sizes)} files; installed at most {MOST_BYTES:,}")
    return 0 if total <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
