"""Several files written as one: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from hunkworks.errors import IntegrityError
from hunkworks.splice import write_atomically


def write_all(root: Path, files: Mapping[str, tuple[bytes | None, bytes]]) -> list[str]:
    """Write every file, or none, and return their paths.

    Args:
        root: The work tree's top.
        files: By path below it what stood there when the plan was made, None for nothing, and what is to stand there.

    Raises:
        IntegrityError: A file changed meanwhile, or lies outside; what was written is taken back.
        OSError: A folder cannot be written; what was written is taken back.
    """
    top = root.resolve()
    outside = next((path for path in files if not (root / path).parent.resolve().is_relative_to(top)), None)
    if outside is not None:
        raise IntegrityError(f"{outside} lies outside the repository")
    done: list[str] = []
    made: list[Path] = []
    try:
        for path, (before, after) in files.items():
            folder = (root / path).parent
            made += [each for each in (folder, *folder.parents) if not each.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(root / path, after, expected=before or b"")
            done.append(path)
    except BaseException:
        for path in done:
            before = files[path][0]
            if before is None:
                (root / path).unlink(missing_ok=True)
            else:
                write_atomically(root / path, before)
        for folder in made:
            with suppress(OSError):  # somebody else put a file there
                folder.rmdir()
        raise
    return done
