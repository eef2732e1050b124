"""What an installed plugin weighs: the client copies the whole repository into its cache.

    python -m evals.size [REVISION]

Prints the bytes of every top-level entry of a revision (default: the work tree's tracked files as they are now).
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

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


def main(arguments: list[str]) -> int:
    """Print the table; exit 1 when the whole is heavier than promised."""
    sizes = tracked(arguments[0] if arguments else None)
    parts: Counter[str] = Counter()
    for path, size in sizes.items():
        parts[path.split("/")[0]] += size
    for name, size in parts.most_common():
        print(f"{size:>11,}  {name}")
    total = sum(sizes.values())
    print(f"{total:>11,}  in {len(sizes)} files; at most {MOST_BYTES:,}")
    return 0 if total <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
