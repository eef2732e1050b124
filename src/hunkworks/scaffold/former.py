"""A copy of the project with today's tests and yesterday's code: what passes there, too, tells nothing of the change.

The copy stands in a temporary folder. The work tree and its repository are read, never written; what is installed
beside the code is linked to.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hunkworks.change.model import Change, Role, Side
from hunkworks.errors import InputError
from hunkworks.scaffold.files import Files

_MOST_FILES = 20_000
_MOST_BYTES = 300_000_000
_INSTALLED = ("node_modules", ".venv", "venv")


@contextmanager
def former(files: Files, change: Change, packages: Iterable[str]) -> Iterator[Path]:
    """Yield the top of a copy whose code is as it was before ``change``; it is removed afterwards.

    Args:
        files: The project where the change ends, checked out.
        change: What its code is to be without.
        packages: The folders that runners are started in.

    Raises:
        InputError: The project is too large to copy, or its packages would run today's code all the same.
        OSError: The copy cannot be made.
    """
    root = files.repository.root
    with tempfile.TemporaryDirectory(prefix="hunkworks-", ignore_cleanup_errors=True) as folder:
        top = Path(folder).resolve() / root.name
        _copy(files, top)
        for each in change.files():
            if each.role is not Role.CODE:
                continue
            for path in {each.path, each.old_path} - {""}:
                (top / path).unlink(missing_ok=True)
            before = change.content(each, Side.OLD) if each.old_mode is not None else None
            if before is not None:
                place = top / (each.old_path or each.path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(before)
        for package in {".", *packages}:
            _link(root, root / package, top / package)
        yield top


def environment(package: Path) -> Mapping[str, str]:
    """Return the environment in which Python finds a package's code before what is installed of it."""
    places = [os.fspath(each) for each in (package / "src", package / "lib", package) if each.is_dir()]
    told = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*places, *filter(None, [told])])}


def _copy(files: Files, top: Path) -> None:
    root, size = files.repository.root, 0
    paths = files.paths()
    if len(paths) > _MOST_FILES:
        raise InputError(f"the project has more than {_MOST_FILES:,} files")
    top.mkdir()
    for path in paths:
        source = root / path
        if source.is_symlink() or not source.is_file():
            continue
        size += source.stat().st_size
        if size > _MOST_BYTES:
            raise InputError(f"the project is larger than {_MOST_BYTES // 1_000_000} MB")
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, top / path)


def _link(root: Path, package: Path, copy: Path) -> None:
    """Link to what is installed beside a package, unless it leads back to the code of today."""
    for name in _INSTALLED:
        installed = package / name
        if not installed.is_dir() or (copy / name).exists():
            continue
        if name == "node_modules":
            for each in (*installed.glob("*"), *installed.glob("@*/*")):
                real = each.resolve() if each.is_symlink() else installed
                if (
                    real.is_relative_to(root.resolve())
                    and "node_modules" not in real.relative_to(root.resolve()).parts
                ):
                    raise InputError(f"{each.relative_to(root)} leads back to the code of today")
        (copy / name).symlink_to(installed.resolve(), target_is_directory=True)
