"""The name of a change: a digest of what it says, the same on every machine and through every selector."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable

from hunkworks.change.model import FileChange

_LENGTH = 16


def file_digest(file: FileChange) -> bytes:
    """Return a digest of one file's change: names, status, modes, and every line with its place.

    Binary files have no lines: the first seven characters of their blobs' names stand for them, which is what the
    shortest patch shows. Roles, sections and notes are left out: they depend on the machine's settings.
    """
    digest = hashlib.sha256()
    head = [file.status, file.path, file.old_path, f"{file.old_mode or 0:o}", f"{file.new_mode or 0:o}"]
    if file.binary:
        head += ["binary", file.old_blob[:7], file.new_blob[:7]]
    digest.update(os.fsencode("\0".join(head)) + b"\0")
    for hunk in file.hunks:
        digest.update(
            b"@@ -%d,%d +%d,%d\n" % (hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count)
        )
        digest.update(b"".join([_KINDS[kind] + text for kind, text, _, _ in hunk.lines]))
        if hunk.lines and any(not text.endswith(b"\n") for _, text, _, _ in hunk.lines[-2:]):
            digest.update(repr([line.text[-1:] for line in hunk.lines]).encode())
    return digest.digest()


def name_change(digests: Iterable[bytes]) -> str:
    """Return the change's id from its files' digests, in whatever order they came."""
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()[:_LENGTH]


_KINDS = {" ": b" ", "+": b"+", "-": b"-"}
