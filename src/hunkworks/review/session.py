"""A review in progress on disk: one folder per session, so that two sessions on one branch never mix.

``<git common dir>/hunkworks/sessions/<session>/``
    ``route.json``            the tier that was decided: what the hook door reads
    ``review/manifest.json``  what ``plan`` printed
    ``review/memory.json``    what the branch remembered when it was planned
    ``review/extent.json``    which lines the change touches
    ``review/packets/ID.json``  what reviewers are handed (``ID.txt``: the same, rendered)
    ``review/answers/ID.*.json``  what they recorded, one file per answer: two reviewers never overwrite each other
    ``review/ballots/ID.json``  what skeptics are handed
    ``review/votes/ID.*.json``  how they voted
    ``review/reads.jsonl``    what agents read and searched for
    ``review/basis``          what the answers depend on beside their packets, until the report is given (carry.py)

A plan replaces the folder ``review`` whole, in one step; of answers to an older one, those count that it takes over.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from hunkworks import paths
from hunkworks.errors import UsageError
from hunkworks.privacy.redact import redact
from hunkworks.review.ballots import Ballot
from hunkworks.review.extent import Extent
from hunkworks.review.finding import Finding
from hunkworks.review.manifest import Manifest, RouteRef
from hunkworks.review.memory import Memory
from hunkworks.review.packets import Packet
from hunkworks.review.votes import Vote, Voted
from hunkworks.splice import write_atomically

RULES = "rules"
TOLD_OF_RULES = f'Read the project\'s rules first: packet "{RULES}".\n'
_MOST_OPEN = 5
_LONGEST_OPEN = 160  # characters: the list stays within what a packet leaves of the client's limit
S = TypeVar("S", bound=msgspec.Struct)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Fixed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An open finding that a reviewer verified as fixed, and what shows it."""

    finding: str
    evidence: str


class Answer(msgspec.Struct, frozen=True):
    """What one reviewer recorded for one packet."""

    packet: str
    findings: tuple[Finding, ...] = ()
    fixed: tuple[Fixed, ...] = ()


def terminal_session(root: Path) -> str:
    """Return the session of somebody at a terminal: one per work tree."""
    return f"terminal-{hashlib.sha256(os.fsencode(root)).hexdigest()[:12]}"


def sessions(common_dir: Path) -> Iterator[Session]:
    """Yield every session of a repository."""
    folder = paths.repository_state(common_dir) / "sessions"
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    yield from (Session(common_dir, name) for name in names if _ID.fullmatch(name))


class Session:
    """The files of one session.

    Args:
        common_dir: The repository's common git directory.
        name: The client's session id, or ``terminal_session()``.

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
        self.folder = paths.repository_state(common_dir) / "sessions" / name

    @property
    def _review(self) -> Path:
        return self.folder / "review"

    @contextlib.contextmanager
    def planning(self) -> Iterator[Draft]:
        """Write a new plan beside the standing one and put it in its place when it is complete."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="plan-", dir=self.folder))
        try:
            for name in ("packets", "answers", "ballots", "votes"):
                (draft / name).mkdir()
            yield Draft(draft, self._review)
            with contextlib.suppress(FileNotFoundError):
                self._review.rename(draft / "replaced")
            draft.rename(self._review)
            shutil.rmtree(self._review / "replaced", ignore_errors=True)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    def announce_route(self, route: RouteRef, *, enforced: bool) -> None:
        """Tell the hook door which agent and model were decided, whatever anybody's prose says.

        Args:
            route: What was decided.
            enforced: The base's `[hooks] route_agent`: the work tree's may be part of the change under review.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        decided = {"schema": 1, "agent": route.agent, "model": route.model, "enforced": enforced}
        write_atomically(self.folder / "route.json", msgspec.json.encode(decided))

    def manifest(self) -> Manifest:
        """Return the standing plan.

        Raises:
            UsageError: Nothing was planned in this session.
        """
        try:
            return msgspec.json.decode((self._review / "manifest.json").read_bytes(), type=Manifest)
        except FileNotFoundError:
            raise UsageError(
                f"nothing is planned in session {self.name}", fix="hunkworks review plan"
            ) from None

    def memory(self) -> Memory:
        """Return what the branch remembered when the standing plan was made."""
        return msgspec.json.decode((self._review / "memory.json").read_bytes(), type=Memory)

    def rules(self) -> str:
        """Return the project's rules for reviewers, "" where there are none."""
        path = self._review / "rules.txt"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def extent(self) -> Extent:
        """Return which lines the planned change touches."""
        return msgspec.json.decode((self._review / "extent.json").read_bytes(), type=Extent)

    def basis(self) -> tuple[str, int]:
        """Return what the standing plan's answers depend on, and when it was made; "" where it was reported whole."""
        path = self._review / "basis"
        try:
            return path.read_text(encoding="ascii"), path.stat().st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            return "", 0

    def settle(self) -> None:
        """Note that the standing plan was reported whole: no later plan takes its answers over."""
        (self._review / "basis").unlink(missing_ok=True)

    def packet(self, packet_id: str) -> Packet:
        """Return one packet.

        Raises:
            UsageError: There is no such packet; the message names those that exist.
        """
        known = [packet.id for packet in self.manifest().packets]
        if packet_id not in known:
            raise UsageError(
                f"there is no packet {packet_id!r}", expected=" ".join(known) or "no packet", found=packet_id
            )
        path = self._review / "packets" / f"{packet_id}.json"
        return msgspec.json.decode(path.read_bytes(), type=Packet)

    def text(self, name: str) -> str:
        """Return a packet, a ballot or the project's rules as an agent reads them.

        Raises:
            UsageError: There is none of that name.
        """
        if name == RULES:
            return self.rules() or "This project has no rules for reviewers."
        if name in self.ballots():
            return self.ballot(name).render()
        packet = self.packet(name)
        told = TOLD_OF_RULES if self.rules() else ""
        return told + packet.render() + _still_open(self.manifest(), packet)

    def note_read(self, tool: str, what: str) -> None:
        """Log what an agent read or searched for, in one append: agents run side by side."""
        line = msgspec.json.encode([tool, redact(what).text]) + b"\n"
        handle = os.open(self._review / "reads.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)

    def searches(self) -> set[str]:
        """Return the texts that were searched for in this review."""
        try:
            lines = (self._review / "reads.jsonl").read_bytes().splitlines()
        except FileNotFoundError:
            return set()
        reads = [msgspec.json.decode(line, type=tuple[str, str]) for line in lines]
        return {what for tool, what in reads if tool == "grep"}

    def record(self, answer: Answer) -> None:
        """Keep ``answer``; a second answer to the same packet adds to the first."""
        self._keep("answers", answer.packet, answer)

    def answer(self, packet_id: str) -> Answer | None:
        """Return everything recorded for a packet, or None when nobody answered."""
        parts = self._kept("answers", packet_id, Answer)
        if not parts:
            return None
        return Answer(
            packet_id,
            tuple(finding for part in parts for finding in part.findings),
            tuple(fixed for part in parts for fixed in part.fixed),
        )

    def answers(self) -> dict[str, Answer]:
        """Return what was recorded, by packet, for the packets of the standing plan."""
        found = ((packet.id, self.answer(packet.id)) for packet in self.manifest().packets)
        return {packet_id: answer for packet_id, answer in found if answer is not None}

    def forget_answers(self) -> None:
        """Take away what was recorded, voted and read; the plan and its ballots stand."""
        for name in ("answers", "votes"):
            shutil.rmtree(self._review / name, ignore_errors=True)
            (self._review / name).mkdir()
        (self._review / "reads.jsonl").unlink(missing_ok=True)

    def hold_vote(self, ballots: Iterable[Ballot]) -> list[str]:
        """Put the ballots in place of older ones, whose votes count no longer, and return their ids."""
        fresh = Path(tempfile.mkdtemp(prefix="ballots-", dir=self._review))
        ids = []
        for ballot in ballots:
            (fresh / f"{ballot.id}.json").write_bytes(msgspec.json.encode(ballot))
            ids.append(ballot.id)
        for name in ("votes", "ballots"):
            shutil.rmtree(self._review / name, ignore_errors=True)
        (self._review / "votes").mkdir()
        fresh.rename(self._review / "ballots")
        return ids

    def ballots(self) -> list[str]:
        """Return the ids of the ballots that were handed out."""
        return sorted(path.stem for path in (self._review / "ballots").glob("*.json"))

    def ballot(self, ballot_id: str) -> Ballot:
        """Return one ballot.

        Raises:
            UsageError: There is no such ballot; the message names those that exist.
        """
        known = self.ballots()
        if ballot_id not in known:
            listed = " ".join(known) or "no ballot"
            raise UsageError(f"there is no ballot {ballot_id!r}", expected=listed, found=ballot_id)
        return msgspec.json.decode((self._review / "ballots" / f"{ballot_id}.json").read_bytes(), type=Ballot)

    def vote(self, voted: Voted) -> None:
        """Keep the votes that were accepted."""
        self._keep("votes", voted.ballot, voted)

    def votes(self, ballot_id: str) -> dict[str, Vote]:
        """Return a ballot's votes by finding; the last one counts where a skeptic voted twice."""
        parts = self._kept("votes", ballot_id, Voted)
        return {vote.finding: vote for part in parts for vote in part.accepted}

    def _keep(self, folder: str, name: str, value: msgspec.Struct) -> None:
        # The number first: a clock may be coarse or set back, and one agent's answers keep their order.
        number = len(list((self._review / folder).glob(f"{name}.*.json")))
        path = self._review / folder / f"{name}.{number:06}-{time.time_ns():020}-{uuid.uuid4().hex[:8]}.json"
        write_atomically(path, msgspec.json.encode(value))

    def _kept(self, folder: str, name: str, kind: type[S]) -> list[S]:
        files = sorted((self._review / folder).glob(f"{name}.*.json"))
        return [msgspec.json.decode(file.read_bytes(), type=kind) for file in files]


class Draft:
    """A plan being written; it does not exist for anybody until it is complete."""

    def __init__(self, folder: Path, target: Path) -> None:
        self._folder = folder
        self._target = target
        self._contents: dict[str, str] = {}

    def packet(self, packet: Packet) -> str:
        """Write one packet and return where its text will lie."""
        folder = self._folder / "packets"
        self._contents[packet.id] = packet.content
        (folder / f"{packet.id}.json").write_bytes(msgspec.json.encode(packet))
        (folder / f"{packet.id}.txt").write_bytes(packet.render().encode("utf-8"))
        return str(self._target / "packets" / f"{packet.id}.txt")

    def rules(self, text: str) -> None:
        """Write the project's rules for reviewers."""
        (self._folder / "rules.txt").write_text(text, encoding="utf-8")

    def take_over(self, basis: str, answers: Mapping[str, Answer]) -> set[str]:
        """Keep the answers to packets that show the same, and return the ids of those packets.

        Args:
            basis: What this plan's answers depend on.
            answers: By what their packets showed.
        """
        (self._folder / "basis").write_text(basis, encoding="ascii")
        known = {name: content for name, content in self._contents.items() if content in answers}
        for name, content in known.items():
            answer = msgspec.structs.replace(answers[content], packet=name)
            (self._folder / "answers" / f"{name}.000000-taken-over.json").write_bytes(
                msgspec.json.encode(answer)
            )
        return set(known)

    def manifest(self, manifest: Manifest, memory: Memory, extent: Extent) -> None:
        """Write what ``plan`` prints, the memory it began with, and which lines the change touches."""
        (self._folder / "memory.json").write_bytes(msgspec.json.encode(memory))
        (self._folder / "extent.json").write_bytes(msgspec.json.encode(extent))
        (self._folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))


class Unkept:
    """Takes the packets of a plan whose packets nobody is going to read."""

    def packet(self, packet: Packet) -> str:  # noqa: ARG002
        """Return no path."""
        return ""


def _still_open(manifest: Manifest, packet: Packet) -> str:
    """Name what earlier rounds left open in the packet's files; the first packet names what stands elsewhere too."""
    first = packet.id == manifest.packets[0].id
    listed = [finding for finding in manifest.open if first or finding.path in packet.paths]
    if not listed:
        return ""
    lines = [
        f"{finding.fingerprint}: {finding.klass} at {finding.path}:{finding.line}: {finding.message[:_LONGEST_OPEN]}"
        for finding in listed[:_MOST_OPEN]
    ]
    more = [f"and {len(listed) - _MOST_OPEN} more"] if len(listed) > _MOST_OPEN else []
    head = (
        "Open from earlier rounds, each to be looked at: name it under `fixed` with what shows it, if it is."
    )
    return "\n".join(["", head, *lines, *more])
