"""What GitHub publishes about its APIs, from the packages that hold it."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path


def published(package: str, *members: str) -> list[bytes]:
    """Return files of a pinned package of npm's, fetched now."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as fetched:
            found = [fetched.extractfile(f"package/{member}") for member in members]
            return [member.read() for member in found if member is not None]
