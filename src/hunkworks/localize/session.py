"""A translation in progress on disk: one file per session, replaced in one step.

``<git common dir>/hunkworks/sessions/<session>/translation.json``  the plan
``<git common dir>/hunkworks/sessions/<session>/translation-attempts.json``  how often answers to it were rejected
``<git common dir>/hunkworks/translations.log``  prints of what was written though it reads as before
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from hunkworks import paths
from hunkworks.catalogs import Unit
from hunkworks.errors import IntegrityError, UsageError
from hunkworks.ledger.lock import locked
from hunkworks.localize.attempts import Attempts
from hunkworks.localize.changes import said
from hunkworks.localize.needs import texts_of
from hunkworks.localize.plan import Plan
from hunkworks.localize.units import print_of
from hunkworks.splice import write_atomically

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Session:
    """The files of one session.

    Args:
        common_dir: The repository's common git directory.
        name: The client's session id, or one that the caller made.

    Raises:
        UsageError: The name could be a path.
    """

    def __init__(self, common_dir: Path, name: str) -> None:
        if not _ID.fullmatch(name):
            raise UsageError(
                "the session's name cannot be used",
                expected="1–64 letters, digits, - and _",
                found=repr(name[:80]),
            )
        self.name = name
        self._file = paths.repository_state(common_dir) / "sessions" / name / "translation.json"
        self._attempts = self._file.with_name("translation-attempts.json")
        self._lock = paths.repository_state(common_dir) / "translations.lock"

    def keep(self, plan: Plan) -> None:
        """Put ``plan`` in the place of the standing one; rejected answers count anew."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._attempts.unlink(missing_ok=True)
        write_atomically(self._file, msgspec.json.encode(plan))

    def attempts(self, most: int) -> Attempts:
        """Return the rejected answers of the standing plan; to be asked for inside of ``writing``."""
        return Attempts(self._attempts, most)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock under which catalogs are written: translators hand in their work side by side.

        Raises:
            IntegrityError: Another process held it too long.
        """
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with locked(self._lock):
                yield
        except TimeoutError as error:
            raise IntegrityError(
                f"other translations are being written: {error}", fix="run the same command again"
            ) from None

    def plan(self) -> Plan:
        """Return the standing plan.

        Raises:
            UsageError: Nothing was planned in this session.
        """
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Plan)
        except FileNotFoundError:
            raise UsageError(
                f"nothing is planned in session {self.name}", fix="hunkworks translate plan"
            ) from None


class Confirmed:
    """Which translations an earlier run wrote although the file alone does not show it.

    The right translation of an edited text may be the old one, and one that awaits review looks like one that is
    wanting: without this both would be asked for again and again.
    """

    def __init__(self, common_dir: Path) -> None:
        self._file = paths.repository_state(common_dir) / "translations.log"
        try:
            self._prints = set(self._file.read_text(encoding="ascii", errors="replace").split())
        except FileNotFoundError:
            self._prints = set()

    def holds(self, ident: str, source: Unit, target: Unit) -> bool:
        """Whether ``target`` was written as the translation of this ``source``."""
        return self.has(ident, said(source), texts_of(target))

    def has(self, ident: str, source: Mapping[str, str], target: Mapping[str, str]) -> bool:
        """Tell the same of texts by plural form."""
        return f"{ident}-{print_of(source, target)}" in self._prints

    def add(self, marks: list[str]) -> None:
        """Remember in one append what was written."""
        new = [mark for mark in marks if mark not in self._prints]
        if not new:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, "".join(f"{mark}\n" for mark in new).encode("ascii"))
        finally:
            os.close(handle)
        self._prints.update(new)
