"""Rule files read once: importing a YAML parser costs more than everything else that rules do in a review.

The cache holds what checked files say, as JSON, under a digest of their bytes; a lost, damaged or
unwritable cache costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hunkworks import paths

# Raise it when `schema` accepts less than before: what an older program checked is then checked again.
_FORMAT = 2


def digest_of(contents: Mapping[Path, bytes]) -> str:
    """Return one digest of all names and contents, in their order."""
    digest = hashlib.sha256(f"{_FORMAT} {paths.version()}\n".encode())
    for path, content in contents.items():
        digest.update(f"{path.name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def get(folder: Path, digest: str) -> list[dict[str, Any]] | None:
    """Return the documents of ``folder`` as checked before, or None if its files have changed since."""
    try:
        stored = json.loads(_file(folder).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(stored, dict) or stored.get("digest") != digest:
        return None
    documents = stored.get("documents")
    return documents if isinstance(documents, list) else None


def put(folder: Path, digest: str, documents: list[dict[str, Any]]) -> None:
    """Keep checked ``documents``; a place that cannot be written (a sandbox, CI) is no error."""
    from hunkworks import splice

    file = _file(folder)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        splice.write_atomically(file, json.dumps({"digest": digest, "documents": documents}).encode())


def _file(folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return paths.user_state() / "rules" / f"{name}.json"
