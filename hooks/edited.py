"""What the door imports for the hook `check-catalogs`: which paths are looked at, and the question to the pack itself.

Standard library only, Python 3.9, like the door.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import CompletedProcess

# catalogs/registry.py knows these better, and has the last word.
_FOLDERS = (
    "_locale _locales dictionaries i18n intl l10n lang langs language languages locale locales messages "
)
_FOLDERS += "translation translations"


class NobodyError(Exception):
    """Nobody could be asked; the sentence says why."""


def may_be_catalog(path: str) -> bool:
    """Tell by the path alone whether the pack should look: in doubt it should.

    JSON and YAML are catalogs in certain folders, or under the name of a locale; of other names the client has looked
    at the ending before it started the hook.
    """
    *folders, name = path.replace("\\", "/").split("/")
    stem, _, suffix = name.rpartition(".")
    if suffix.lower() not in ("json", "yml", "yaml"):
        return bool(stem)
    known = _FOLDERS.split()
    pieces = stem.replace("-", ".").replace("_", ".").replace("+", ".").split(".")
    return any(len(piece) == 2 and piece.isalpha() for piece in pieces) or any(
        folder.lower() in known for folder in folders
    )


def ask(event: bytes, folder: str, seconds: float) -> str:
    """Return what an edit broke, "" for nothing.

    The pack needs its environment; an edit does not wait until that is built.

    Raises:
        NobodyError: The pack could not be asked, or gave no answer in time.
    """
    pack = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    launcher = os.path.join(pack, "bin", "hunkworks.cmd" if os.name == "nt" else "hunkworks")
    place = folder if os.path.isdir(folder) else pack
    if not os.environ.get("HUNKWORKS_PYTHON"):
        found = _run([launcher, "environment", "path"], b"", place, seconds)
        if found.returncode:
            raise NobodyError("the environment is not built yet; fix: hunkworks environment build")
    done = _run([launcher, "translate", "edited"], event, place, seconds)
    if done.returncode not in (0, 1):
        why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise NobodyError(why or f"exit {done.returncode}")
    return done.stdout.decode("utf-8", "replace").strip()


def _run(command: list[str], stdin: bytes, folder: str, seconds: float) -> CompletedProcess[bytes]:
    import subprocess

    try:
        return subprocess.run(
            command, input=stdin, capture_output=True, cwd=folder, timeout=seconds, check=False
        )
    except OSError as error:
        raise NobodyError(f"{command[0]} cannot be run ({error})") from error
    except subprocess.TimeoutExpired as error:
        raise NobodyError(f"no answer within {seconds:.0f} s") from error
