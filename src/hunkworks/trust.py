"""Which commands a repository's configuration may start on this machine: exactly those that its user agreed to.

Configuration arrives with a clone. A command in it runs only after ``hunkworks trust`` here, for this repository and
exactly these words; another word asks anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hunkworks import paths
from hunkworks.errors import InputError
from hunkworks.splice import write_atomically


def is_trusted(common_dir: Path, command: Sequence[str]) -> bool:
    """Return whether the user agreed to ``command`` for this repository."""
    return _digest(command) in _load().get(os.fspath(common_dir), [])


def agree(common_dir: Path, commands: Sequence[Sequence[str]]) -> None:
    """Remember that the user agrees to exactly these commands for this repository; earlier ones are forgotten."""
    trusted = _load()
    trusted[os.fspath(common_dir)] = sorted({_digest(command) for command in commands})
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(trusted), indent=2))


def _load() -> dict[str, list[str]]:
    try:
        return msgspec.json.decode(_path().read_bytes(), type=dict[str, list[str]])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise InputError(
            f"{_path()} cannot be read: {error}", fix=f"rm {_path()}, then: hunkworks trust"
        ) from None


def _path() -> Path:
    return paths.user_state() / "trust.json"


def _digest(command: Sequence[str]) -> str:
    return hashlib.sha256(msgspec.json.encode(list(command))).hexdigest()
