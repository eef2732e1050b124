"""Build the environment, or find that it stands: aside, checked, renamed into place, one builder at a time."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hunkworks.cli.environment import home, pins
from hunkworks.cli.environment.install import faults, install
from hunkworks.cli.environment.interpreter import Interpreter, here
from hunkworks.cli.environment.turn import turn
from hunkworks.errors import HunkworksError

Say = Callable[[str], None]

DAYS_KEPT = 14
_ASIDE = ".aside-"


def build(locks: Path, extras: list[str], say: Say) -> Path:
    """Return a checked environment for the locks in ``locks``, built now if there is none.

    Args:
        locks: The folder with the lock files.
        extras: Extras asked for now; those asked for earlier are kept.
        say: Told each step.

    Raises:
        HunkworksError: It cannot be built; nothing half-built is left where anybody looks.
    """
    interpreter = here()
    digest = pins.read_digest(locks)
    base = home.home()
    try:
        home.environments(base).mkdir(parents=True, exist_ok=True)
        with turn(base, say):
            return _build(base, digest, locks, sorted({*extras, *home.extras(base)}), interpreter, say)
    except OSError as error:
        raise HunkworksError(
            "the environment has no place: its home is read-only, sandboxed or full",
            expected="a folder that this process may write",
            found=f"{error.strerror}: {os.fsdecode(error.filename or base)}",
            fix="export HUNKWORKS_HOME=/a/folder/you/may/write, or, once in a plain terminal: "
            + home.command("environment", "build"),
        ) from error


def _build(
    base: Path, digest: str, locks: Path, extras: list[str], interpreter: Interpreter, say: Say
) -> Path:
    lock = pins.lock_for(locks, extras)
    name = "-".join([digest, interpreter.key(), *extras])
    target = home.environments(base) / name
    wrong = faults(target, lock) if target.exists() else "absent"
    if wrong:
        say(
            f"first use: building the environment in {target}"
            if wrong == "absent"
            else f"mending the environment in {target}: {wrong.splitlines()[0]}"
        )
        _make(target, interpreter, lock, say)
    home.used(target)
    if extras != home.extras(base):
        (base / "extras").write_text("".join(f"{extra}\n" for extra in extras), encoding="utf-8")
    home.point(base, digest, target)
    prune(base, keep=target)
    return target


def _make(target: Path, interpreter: Interpreter, lock: Path, say: Say) -> None:
    started = time.monotonic()
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=target.parent))
    try:
        install(aside / "env", interpreter, lock, say)
        say("3/3 checking that every package imports")
        wrong = faults(aside / "env", lock)
        if wrong:
            raise HunkworksError(
                "the environment was built and does not work",
                found=wrong,
                fix=home.command("environment", "build"),
            )
        if target.exists():
            target.rename(aside / "old")
        (aside / "env").rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    say(f"ready after {time.monotonic() - started:.0f} s")


def prune(base: Path, keep: Path) -> None:
    """Remove what killed builders left, environments without their interpreter, and those unused for two weeks.

    Called by the holder of the lock, so whatever lies aside belongs to nobody.
    """
    for folder in home.environments(base).iterdir():
        left_over = folder.name.startswith(_ASIDE) or not home.python_of(folder).exists()
        if left_over or (folder != keep and home.days_unused(folder) > DAYS_KEPT):
            shutil.rmtree(folder, ignore_errors=True)
    for pointer in (base / "current").iterdir():
        if pointer.name.startswith(".") or home.current(base, pointer.name) is None:
            pointer.unlink(missing_ok=True)
