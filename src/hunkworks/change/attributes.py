"""What `.gitattributes` says of a change's files, as it stood before the change."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hunkworks.change.repository import EMPTY, Repository

# https://github.com/github-linguist/linguist/blob/main/docs/overrides.md
ATTRIBUTES = ("linguist-generated", "linguist-vendored", "linguist-documentation")

_MANY = 30  # folders: to list a whole commit is faster than to ask for so many


def read_attributes(repository: Repository, paths: Sequence[str], base: str) -> dict[str, dict[str, str]]:
    """Return ATTRIBUTES for every path that has one.

    A change must not take its own files out of review by declaring them generated, so the base decides. Where there
    is no base yet, the working tree does.

    Args:
        repository: Where to ask.
        paths: The change's paths.
        base: A commit, or the word "empty".
    """
    if not paths:
        return {}
    if base == EMPTY:
        return _check(repository, paths)
    # `check-attr --source` came with git 2.40 only: an index that holds nothing but the attribute files does the same.
    names = _attribute_files(paths)
    if len(names) > _MANY:
        listed = set(repository.ls(base))
        names = [name for name in names if name in listed]
    found = repository.blobs_at(base, names)
    records = [os.fsencode(f"100644 {blob} 0\t{file}\0") for file, blob in found.items()]
    if not records:
        return {}
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
        index = Path(folder) / "index"
        repository.git("update-index", "-z", "--index-info", stdin=b"".join(records), index=index)
        return _check(repository, paths, "--cached", index=index)


def _attribute_files(paths: Sequence[str]) -> list[str]:
    folders = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(f"{folder}/.gitattributes" if folder else ".gitattributes" for folder in folders)


def _check(
    repository: Repository, paths: Sequence[str], *options: str, index: Path | None = None
) -> dict[str, dict[str, str]]:
    names = b"".join(os.fsencode(path) + b"\0" for path in paths)
    answer = repository.git(
        "check-attr", *options, "--stdin", "-z", *ATTRIBUTES, stdin=names, index=index
    ).split(b"\0")
    found: dict[str, dict[str, str]] = {}
    for path, name, value in zip(answer[0::3], answer[1::3], answer[2::3], strict=False):
        if value != b"unspecified":
            found.setdefault(os.fsdecode(path), {})[name.decode()] = value.decode("utf-8", "replace")
    return found
