"""What a review asks of the project while it is judged: of git once, and from then on from what git said.

One question has one answer for the whole run, even if somebody edits a file meanwhile. The answers are what a replay
needs instead of the repository.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from hunkworks.change.model import Side
from hunkworks.change.repository import Repository
from hunkworks.errors import HunkworksError, IntegrityError, UsageError
from hunkworks.review import reading, suggestions
from hunkworks.review.callers import callers
from hunkworks.review.finding import Finding
from hunkworks.review.manifest import Manifest
from hunkworks.review.masking import shown_path
from hunkworks.review.packets import Packet
from hunkworks.review.standing import locator

T = TypeVar("T")


class Heard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question and what came back: an answer, or a refusal as the four parts of its error."""

    question: tuple[Any, ...]
    answer: Any = None
    refused: tuple[str, str, str, str] | None = None


class Project:
    """The project of one planned change.

    Args:
        repository: Where the change lies; None in a replay, where nothing is asked of anybody.
        manifest: Its plan: the two ends of the change are the only versions that can be read.
        heard: What an earlier run was answered.
    """

    def __init__(
        self, repository: Repository | None, manifest: Manifest, heard: Iterable[Heard] = ()
    ) -> None:
        self._repository = repository
        self._change = manifest.change
        renamed = {file.old_path: file.path for file in manifest.files if file.old_path}
        self._locate = locator(lambda path: self._git.show(manifest.change.head, self._real(path)), renamed)
        self._odd: dict[str, str] | None = None
        self._heard = {msgspec.json.encode(item.question): item for item in heard}
        self._asking = threading.Lock()

    @property
    def _git(self) -> Repository:
        if self._repository is None:
            raise RuntimeError("a replay has no repository")
        return self._repository

    def show(self, path: str, first: int = 1, last: int | None = None, side: Side = Side.NEW) -> str:
        """Return numbered lines of a file (``reading.show``)."""
        question = ("show", path, first, last, side.value)
        return self._ask(
            question, str, lambda: reading.show(self._git, self._change, self._real(path), first, last, side)
        )

    def grep(self, text: str, path: str = "", side: Side = Side.NEW) -> str:
        """Return the lines that hold a text (``reading.grep``)."""
        question = ("grep", text, path, side.value)
        return self._ask(
            question, str, lambda: reading.grep(self._git, self._change, text, self._real(path), side)
        )

    def lines_of(self, path: str) -> int | None:
        """Return how many lines a file has (``reading.lines_of``)."""
        return self._ask(
            ("lines", path),
            int | None,
            lambda: reading.lines_of(self._git, self._change, self._real(path)),
        )

    def callers(self, packet: Packet, room: int) -> str:
        """Return who else mentions what a packet changes (``callers.callers``)."""
        return self._ask(
            ("callers", packet.id, room),
            str,
            lambda: callers(self._git, self._change, packet, room),
        )

    def locate(self, finding: Finding) -> Finding | None:
        """Return an earlier finding where its code stands now, or None where it is gone."""
        return self._ask(
            ("locate", msgspec.to_builtins(finding)),
            Finding | None,
            lambda: self._locate(finding),
        )

    def proven(self, finding: Finding) -> Finding:
        """Return the finding without its suggestion where that does not apply, and with the reason."""
        if finding.suggestion is None:
            return finding
        why = self._ask(("suggestion", msgspec.to_builtins(finding)), str, lambda: self._unfit(finding))
        if not why:
            return finding
        evidence = f"{finding.evidence} (its suggestion is not shown: {why})".strip()
        return msgspec.structs.replace(finding, suggestion=None, evidence=evidence)

    def heard(self) -> list[Heard]:
        """Return every question that was asked with its answer, in an order that no timing changes."""
        return [self._heard[key] for key in sorted(self._heard)]

    def _real(self, path: str) -> str:
        """Return the path that is shown as ``path``: undecodable bytes, hidden characters and secrets are escaped."""
        if "\\x" not in path and "*" not in path:
            return path
        if self._odd is None:
            ends = (self._change.base, self._change.head)
            known = {real for end in ends for real in self._git.ls(end)}
            self._odd = {shown_path(real): real for real in known if shown_path(real) != real}
        return self._odd.get(path, path)

    def _unfit(self, finding: Finding) -> str:
        there = msgspec.structs.replace(finding, path=self._real(finding.path))
        tried = suggestions.prove(self._git, self._change.head, there)
        return "" if isinstance(tried, suggestions.Repair) else tried.why

    def _ask(self, question: tuple[Any, ...], kind: Any, ask: Callable[[], T]) -> T:
        key = msgspec.json.encode(question)
        with self._asking:  # one at a time: a Repository is not for several threads
            if key not in self._heard:
                self._heard[key] = self._answered(question, ask)
            heard = self._heard[key]
        if heard.refused is not None:
            what, expected, found, fix = heard.refused
            raise UsageError(what, expected=expected, found=found, fix=fix)
        answer: T = msgspec.convert(heard.answer, kind)
        return answer

    def _answered(self, question: tuple[Any, ...], ask: Callable[[], object]) -> Heard:
        if self._repository is None:
            raise IntegrityError(
                "the replay asks what the recorded run did not",
                expected="a question that stands in the body project",
                found=msgspec.json.encode(question).decode("utf-8")[:200],
            )
        try:
            return Heard(question=question, answer=msgspec.to_builtins(ask()))
        except HunkworksError as error:
            return Heard(question=question, refused=(error.what, error.expected, error.found, error.fix))
