"""Run by an environment's own interpreter: are the pinned distributions there, whole, and do they import?

Every file that a distribution recorded must be there; its outermost package and every compiled module are
imported. A wheel of another interpreter, or half a copy, fails here and not in the middle of a review.

    python -I check.py NAME==VERSION [NAME==VERSION? …]      ("?": may be absent)
"""

from __future__ import annotations

import csv
import importlib
import os
import sys
from collections.abc import Iterator
from importlib import machinery, metadata
from pathlib import PurePosixPath

os.environ["GIT_PYTHON_REFRESH"] = "quiet"  # GitPython refuses to import without git; that is doctor's to say


def recorded(distribution: metadata.Distribution) -> list[PurePosixPath]:
    """Return the files that were installed. ``files`` would do, but from Python 3.12 on leaves out what is gone."""
    rows = csv.reader((distribution.read_text("RECORD") or "").splitlines())
    return [PurePosixPath(row[0]) for row in rows if row and not row[0].endswith(".pyc")]


def modules(files: list[PurePosixPath]) -> Iterator[str]:
    """Yield the outermost package and the compiled modules among a distribution's files."""
    packages: list[tuple[str, ...]] = []
    for file in files:
        if not file.parts[0].isidentifier() and len(file.parts) > 1:
            continue
        if file.name == "__init__.py":
            packages.append(file.parts[:-1])
        suffix = next((end for end in machinery.EXTENSION_SUFFIXES if file.name.endswith(end)), "")
        if suffix:
            yield ".".join((*file.parts[:-1], file.name[: -len(suffix)]))
    shallowest = min((len(package) for package in packages), default=0)
    yield from (".".join(package) for package in packages if len(package) == shallowest)


def problems(pins: list[str]) -> Iterator[str]:
    """Yield a sentence for each pin that is not fulfilled."""
    for pin in pins:
        name, _, version = pin.rstrip("?").partition("==")
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            if not pin.endswith("?"):
                yield f"{name} is not installed"
            continue
        if distribution.version != version:
            yield f"{name} is {distribution.version}, not {version}"
            continue
        files = recorded(distribution)
        gone = [file for file in files if not os.path.lexists(str(distribution.locate_file(file)))]
        if gone or not files:
            yield f"{name}: {gone[0] if gone else 'its record'} is gone"
            continue
        for module in modules(files):
            try:
                importlib.import_module(module)
            except Exception as error:
                # Whatever a foreign module raises while it is imported, the environment is not usable.
                yield f"{name}: import {module}: {type(error).__name__}: {error}"


if __name__ == "__main__":
    found = list(problems(sys.argv[1:]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
