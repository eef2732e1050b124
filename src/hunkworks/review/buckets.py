"""Where each file of a change ends: handed to a reviewer, read by the built-in checks, or only named."""

from __future__ import annotations

from hunkworks.change.model import FileChange, Role
from hunkworks.review.manifest import Bucket
from hunkworks.review.packets import ORDER
from hunkworks.review.rows import describe_without_hunks

_NAMED = {Role.LOCK, Role.GENERATED, Role.VENDORED, Role.BINARY}


def bucket_of(file: FileChange) -> tuple[Bucket, str]:
    """Return the one bucket of ``file`` and the reason in words."""
    if file.role in _NAMED:
        return Bucket.NAMED, f"{file.role}: {file.why}"
    if not file.hunks:
        return Bucket.NAMED, describe_without_hunks(file)
    if file.role in ORDER:
        return Bucket.PACKET, f"{file.role}: {file.why}"
    return Bucket.STATIC, f"{file.role}: {file.why}; translations are checked by /translate-diff"
