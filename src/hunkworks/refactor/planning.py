"""What a recipe does to a change, to named paths, or to all files: every match in its bucket. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkworks.change.attributes import read_attributes
from hunkworks.change.model import Change, FileChange, Role, Side, Status
from hunkworks.change.repository import EMPTY, WORKTREE, Repository
from hunkworks.change.roles import classify
from hunkworks.errors import InputError
from hunkworks.refactor.looking import Candidate, look_at, read
from hunkworks.refactor.outcome import Bucket, Outcome, Rewritten
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.scope import EVERYTHING, Scope
from hunkworks.rules.languages import language_of
from hunkworks.rules.literals import may_match, needed
from hunkworks.rules.model import Rule


class Skipped(NamedTuple):
    """A file that could not be looked at, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What one recipe would do.

    ``files`` are those with matches, ``others`` what is changed beside them, whole. ``looked_at`` counts the files
    of the recipe's language that lie where the run looks.
    """

    job: Job
    files: tuple[Rewritten, ...]
    others: Mapping[str, bytes] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    looked_at: int = 0

    @property
    def outcomes(self) -> Iterator[Outcome]:
        """Every match, file by file."""
        for file in self.files:
            yield from file.outcomes

    def of(self, bucket: Bucket) -> list[Outcome]:
        """Return the matches that ended in ``bucket``."""
        return [outcome for outcome in self.outcomes if outcome.bucket is bucket]

    def residue(self, *, applied: bool) -> list[Outcome]:
        """Return the residue as it stands before anything is written, or (``applied``) after."""
        return [one for file in self.files for one in file.standing] if applied else self.of(Bucket.RESIDUE)

    def contents(self) -> dict[str, bytes]:
        """Return the new content of every file that would be written."""
        changed = {file.path: file.after for file in self.files if file.after != file.before}
        return {**self.others, **changed}


class Planner:
    """Plans recipes over one work tree.

    Args:
        repository: Whose files; None for a diff on standard input.
        tell: Told each path that is looked at, for progress.
    """

    def __init__(
        self, repository: Repository | None, tell: Callable[[str], None] = lambda _path: None
    ) -> None:
        self._repository = repository
        self._tell = tell
        self._paths: list[str] | None = None
        self._skipped: list[Skipped] = []

    def change(self, job: Job, change: Change, *, on_disk: bool = True) -> Plan:
        """Plan ``job`` for the lines that ``change`` added or altered.

        Args:
            job: The recipe.
            change: Which lines.
            on_disk: The files are to be written: one that is not on disk what the change holds is skipped.
        """
        self._skipped = []
        candidates = list(self._changed(job.rule, change, on_disk=on_disk))
        clauses = needed(job.rule.config or {})
        likely = [one for one in candidates if may_match(clauses, one.data)]
        return self._plan(job, likely, len(candidates))

    def whole(self, job: Job, paths: Sequence[str] | None = None) -> Plan:
        """Plan ``job`` for all lines of ``paths`` (from the top); None is every file of the project."""
        self._skipped = []
        meant = [path for path in (self.paths() if paths is None else paths) if _meant(job.rule, path)]
        return self._plan(job, self._whole(job.rule, meant), len(meant))

    def paths(self) -> list[str]:
        """Return the paths of all files that git tracks or would offer to add."""
        if self._paths is None:
            self._paths = self._repository.ls(WORKTREE) if self._repository is not None else []
        return self._paths

    def read(self, path: str) -> bytes | None:
        """Return a file of the work tree; None for what is no file inside of it, links included."""
        try:
            return read(self._repository.root if self._repository is not None else None, path)
        except OSError as error:
            self._skipped.append(Skipped(path, f"cannot be read: {error.strerror}"))
            return None

    def _plan(self, job: Job, candidates: Sequence[Candidate], looked_at: int) -> Plan:
        project = Overlay(self.read, self.paths)
        root = self._repository.root if self._repository is not None else None
        files: list[Rewritten] = []
        for looked in look_at(job, candidates, project, root, self._tell):
            if looked.why:
                self._skipped.append(Skipped(looked.path, looked.why))
            elif looked.rewritten is not None and looked.rewritten.outcomes:
                files.append(looked.rewritten)
        if both := sorted({file.path for file in files} & project.planned.keys()):
            raise InputError(
                f"the recipe {job.rule.id} would edit {both[0]} twice: as code and as another file"
            )
        return Plan(job, tuple(files), project.planned, tuple(self._skipped), looked_at)

    def _changed(self, rule: Rule, change: Change, *, on_disk: bool) -> Iterator[Candidate]:
        from hunkworks.rules.lines import new_side

        for file in change.files():
            if file.binary or file.status in (Status.DELETED, Status.UNMERGED) or not _meant(rule, file.path):
                continue
            if file.role not in rule.roles:
                continue
            added = new_side(file).added
            if not added:
                continue
            data = self.read(file.path) if on_disk else change.content(file, Side.NEW)
            if data is None:
                self._skipped.append(Skipped(file.path, "the whole new file is not at hand"))
                continue
            if on_disk and not self._is_what_changed(change, file, data):
                self._skipped.append(Skipped(file.path, "the file on disk is not what the change holds"))
                continue
            yield Candidate(file.path, data, Scope.of(added))

    def _is_what_changed(self, change: Change, file: FileChange, data: bytes) -> bool:
        """Whether the lines of a change are the lines on disk, whatever git does to line ends."""
        content = change.content(file, Side.NEW)
        return content is not None and content.replace(b"\r\n", b"\n") == data.replace(b"\r\n", b"\n")

    def _whole(self, rule: Rule, paths: Sequence[str]) -> list[Candidate]:
        clauses = needed(rule.config or {})
        found: list[Candidate] = []
        for path in paths:
            data = self.read(path)
            if data is not None and may_match(clauses, data):
                found.append(Candidate(path, data, EVERYTHING))
        return self._in_role(rule, found)

    def _in_role(self, rule: Rule, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the files that are for what the recipe looks at: not generated, not vendored, …"""
        if self._repository is None:
            return []
        base = self._repository.head or EMPTY
        attributes = read_attributes(self._repository, [one.path for one in candidates], base)
        kept: list[Candidate] = []
        for one in candidates:
            of_file = attributes.get(one.path, {})
            role: Role = classify(one.path, attributes=of_file, head=one.data[:8_000], mode=None)[0]
            if role in rule.roles:
                kept.append(one)
        return kept


def _meant(rule: Rule, path: str) -> bool:
    return (
        language_of(path) in rule.languages
        and (not rule.files or any(glob.fullmatch(path) for glob in rule.files))
        and not any(glob.fullmatch(path) for glob in rule.ignores)
    )
