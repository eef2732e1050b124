"""What the launcher runs inside the environment: the plugin's own code, straight from the plugin's folder.

Run as a file with ``-I``: nothing of the caller's Python settings reaches us, and no PYTHONPATH of ours
reaches the programs we start.
"""

from __future__ import annotations

import os
import sys

_SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
_MENDED = "HUNKWORKS_MENDED"


def _mend(missing: str) -> None:
    """Have the environment checked and mended once, and start again; a second failure is told."""
    launcher = os.path.join(os.path.dirname(_SOURCE), "bin", "hunkworks")  # noqa: PTH118, PTH120
    foreign = os.environ.get("HUNKWORKS_PYTHON")
    if not foreign and os.name != "nt" and _MENDED not in os.environ:
        os.environ[_MENDED] = "1"
        os.execv(launcher, [launcher, *sys.argv[1:]])  # noqa: S606
    lock = os.path.join(os.path.dirname(_SOURCE), "requirements", "core.lock")  # noqa: PTH118, PTH120
    fix = (
        f"unset HUNKWORKS_PYTHON, or: {foreign} -m pip install --require-hashes -r {lock}"
        if foreign
        else "hunkworks environment build"
    )
    print(f"hunkworks: {sys.executable} has no module {missing}. fix: {fix}", file=sys.stderr)  # noqa: T201
    sys.exit(2)


if __name__ == "__main__":
    sys.path.insert(0, _SOURCE)
    try:
        from hunkworks.cli.main import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "hunkworks":
            raise
        _mend(error.name or str(error))
    else:
        os.environ.pop(_MENDED, None)
        main()
