"""Where things live: the pack's own files, and the four kinds of state (architecture, "state").

Nothing here creates a directory: whoever writes first does.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def pack(relative: str) -> Path:
    """Return a file or folder of the pack (recipes, agents, …): one text, in the wheel and in a checkout.

    Args:
        relative: Path below the pack's root, with forward slashes.
    """
    inside_wheel = _PACKAGE / "_pack"
    root = inside_wheel if inside_wheel.is_dir() else _PACKAGE.parents[1]
    return root / relative


@functools.cache
def version() -> str:
    """Return the pack's version, from the one place it stands: ``.claude-plugin/plugin.json``."""
    manifest = json.loads(pack(".claude-plugin/plugin.json").read_text(encoding="utf-8"))
    return str(manifest["version"])


def repository_state(common_dir: Path) -> Path:
    """Return the folder for state of one clone: a review in progress, memory, the ledger.

    Args:
        common_dir: ``git rev-parse --git-common-dir``, so that linked worktrees share it.
    """
    return common_dir / "hunkworks"


def user_state() -> Path:
    """Return the folder for state of one user on this machine: budgets and rate limits.

    ``HUNKWORKS_STATE_DIR`` overrides it.
    """
    override = os.environ.get("HUNKWORKS_STATE_DIR")
    if override:
        return Path(override)
    if sys.platform == "linux":  # as platformdirs does, whose import takes a twentieth of a fast command
        state, home = Path(os.environ.get("XDG_STATE_HOME", "")), Path(os.environ.get("HOME", ""))
        base = state if state.is_absolute() else home / ".local" / "state"
        if base.is_absolute():
            return base / "hunkworks"
    import platformdirs

    return Path(platformdirs.user_state_dir("hunkworks", appauthor=False))


def slug(name: str) -> str:
    """Return ``name`` as one safe path component that stays readable and never collides.

    Branch names hold slashes and may differ by case only, which some file systems fold;
    a name that had to be changed carries a digest of the original.
    """
    safe = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.")[:60]
    if safe == name:
        return safe
    return f"{safe or 'x'}-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
