"""What a headless run leaves beside its plan, so that the same command after a crash goes on where it ended.

``sessions/run-…/run.json``   which memory it was planned with, which it left, and what the ledger has counted of it
``sessions/run-…/lock``       held while it runs: two runs of one review would pay for everything twice

The name is a digest of the change and of everything that decides who judges it, so that another model, another
configuration or another version of the pack begins anew. Finished calls are on record in the ledger, found by what was
asked: the standing plan, its nonces included, is what makes the same questions be asked again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from hunkworks import paths
from hunkworks.change.model import Change
from hunkworks.config import Config
from hunkworks.engine.port import Usage
from hunkworks.errors import UsageError
from hunkworks.ledger.lock import locked
from hunkworks.review.memory import Memory
from hunkworks.review.session import Session
from hunkworks.splice import write_atomically

_MOST_KEPT = 20  # runs of one clone; an older one can only be paid again
_PREFIX = "run-"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run stands; ``counted`` is what the ledger has counted of its cost already."""

    planned_with: str
    left: str = ""
    counted: Usage = Usage()


def run_name(change: Change, words: str, branch: str, config: Config) -> str:
    """Return the name of the session in which this change is judged by this configuration."""
    said = [paths.version(), change.id, change.base, change.head, words, branch, msgspec.json.encode(config)]
    digest = hashlib.sha256(msgspec.json.encode(msgspec.to_builtins(said))).hexdigest()
    return _PREFIX + digest[:16]


class HeadlessRun:
    """The files of one run beside those of its session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._state = session.folder / "run.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the run: a second one of the same review waits a little, and is then refused.

        Raises:
            UsageError: Another process is at it.
        """
        self.session.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            try:
                held.enter_context(locked(self.session.folder / "lock"))
            except TimeoutError:
                raise UsageError(
                    "the same review is running already in another process", fix="wait for it to end"
                ) from None
            yield

    def resumes(self, memory: Memory) -> bool:
        """Return whether the standing plan can be gone on with: the branch remembers what it did then, or after."""
        standing = self.standing()
        if standing is None or not (self.session.folder / "review" / "manifest.json").is_file():
            return False
        return digest(memory) in {standing.planned_with, standing.left}

    def standing(self) -> Standing | None:
        """Return where the run stands, or None where nothing was planned."""
        try:
            return msgspec.json.decode(self._state.read_bytes(), type=Standing)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def forget(self) -> None:
        """Take away what an earlier run left: the next one plans and pays anew."""
        self._state.unlink(missing_ok=True)
        _prune(self.session.folder)

    def planned(self, memory: Memory) -> None:
        """Note that the plan stands, after which nothing of it is done twice."""
        self._keep(Standing(planned_with=digest(memory)))

    def ended(self, memory: Memory, counted: Usage) -> None:
        """Note what the branch remembers since, and what of the cost the ledger has counted."""
        standing = self.standing()
        if standing is not None:
            self._keep(msgspec.structs.replace(standing, left=digest(memory), counted=counted))

    def _keep(self, standing: Standing) -> None:
        write_atomically(self._state, msgspec.json.encode(standing))


def digest(memory: Memory) -> str:
    """Name what a branch remembers."""
    return hashlib.sha256(msgspec.json.encode(memory, order="deterministic")).hexdigest()


def _prune(own: Path) -> None:
    runs = [path for path in own.parent.glob(f"{_PREFIX}*") if path != own]
    runs.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in runs[_MOST_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
