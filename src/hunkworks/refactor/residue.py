"""What code could not decide, as small packets for whoever judges, and where they are kept until they are answered.

``<git common dir>/hunkworks/sessions/<session>/residue/<recipe>/``
    ``batch.json``  the packets and what became of them
    ``files/<n>``   each file as the recipe left it
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from hunkworks import paths
from hunkworks.errors import UsageError
from hunkworks.refactor.planning import Plan
from hunkworks.refactor.site import Piece
from hunkworks.refactor.source import Source
from hunkworks.refactor.template import say
from hunkworks.rules import tree
from hunkworks.rules.languages import language_of
from hunkworks.splice import write_atomically

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DECLARES = re.compile(r"(declaration|definition|_item)\Z")
_LONGEST_HEAD = 200
_AROUND = 15  # lines before and behind the allowed ones that a judge is shown
State = Literal["open", "accepted", "waived", "gone"]
CHECKS = (
    "only the allowed lines may differ",
    "the match is gone, or is waived with a reason",
    "the file has no new parse errors",
)


class Asked(msgspec.Struct, frozen=True):
    """A value that whoever judges has to name."""

    name: str
    type: str
    description: str
    choices: tuple[str, ...] = ()


class Packet(msgspec.Struct, frozen=True):
    """One match to be judged.

    ``line`` and ``end_line`` are the match's, ``allowed`` the first and last line that may be rewritten; ``text`` is
    what those lines read, ``proposed`` what they would read by the recipe's own fix. Packets whose lines would overlap
    have all of them, and name each other in ``shares``.
    """

    id: str
    recipe: str
    path: str
    line: int
    end_line: int
    allowed: tuple[int, int]
    text: str
    match: str
    captured: dict[str, str]
    why: str
    brief: str
    proposed: str | None = None
    asks: tuple[Asked, ...] = ()
    shares: tuple[str, ...] = ()
    checks: tuple[str, ...] = CHECKS


class Batch(msgspec.Struct):
    """The packets of one run. ``first`` says of each first answer whether it held; ``stopped`` why no more are taken.
    What another recipe has rewritten meanwhile is ``gone``.

    ``wrote`` says that the run, or an answer, wrote files: one undo takes back what belongs together.
    ``folders`` are the recipes' folders that the run was given; ``files`` the paths of the kept contents, in order.
    """

    recipe: str
    values: dict[str, str]
    folders: tuple[str, ...]
    packets: tuple[Packet, ...]
    verify: bool
    states: dict[str, State]
    first: dict[str, bool]
    files: tuple[str, ...]
    worktree: dict[str, str]
    wrote: bool = False
    stopped: str = ""

    def open(self) -> list[Packet]:
        """Return what is not answered yet."""
        return [packet for packet in self.packets if self.states[packet.id] == "open"]


class Kept(NamedTuple):
    """A batch, and each of its files as the recipe and earlier answers left it."""

    batch: Batch
    files: dict[str, bytes]


def packets(plan: Plan, *, applied: bool, first: int = 1) -> list[Packet]:
    """Return a packet for each match that is residue, before or after the plan is applied, numbered from ``first``."""
    recipe = plan.job.rule.recipe
    asks = tuple(
        Asked(one.name, one.type.value, one.description, one.choices)
        for one in recipe.parameters
        if one.ask and one.name not in plan.job.values
    )
    sources = {
        file.path: Source(file.path, file.after if applied else file.before, plan.job.rule.language)
        for file in plan.files
        if file.standing
    }
    made: list[Packet] = []
    for number, outcome in enumerate(plan.residue(applied=applied), first):
        source = sources[outcome.path]
        known = {name: Piece(text) for name, text in outcome.variables.items()}
        made.append(
            Packet(
                f"r{number:03}",
                plan.job.rule.id,
                outcome.path,
                outcome.line,
                outcome.end_line,
                outcome.allowed,
                lines_of(source, outcome.allowed),
                outcome.text,
                dict(outcome.variables),
                outcome.why,
                say(recipe.brief or plan.job.rule.note or plan.job.rule.message, plan.job.values, known),
                outcome.proposed,
                asks,
                checks=(*CHECKS, *(["the recipe's verify command succeeds"] if recipe.verify else [])),
            )
        )
    return _sharing(made, sources)


def _sharing(made: Sequence[Packet], sources: Mapping[str, Source]) -> list[Packet]:
    """Give packets of one file whose allowed lines overlap all of those lines: an answer to one may answer both."""
    groups: list[list[Packet]] = []
    for packet in sorted(made, key=lambda one: (one.path, one.allowed)):
        last = groups[-1] if groups else []
        if last and last[0].path == packet.path and packet.allowed[0] <= max(one.allowed[1] for one in last):
            last.append(packet)
        else:
            groups.append([packet])
    done: list[Packet] = []
    for group in groups:
        lines = group[0].allowed[0], max(one.allowed[1] for one in group)
        done += [_widened(one, lines, group, sources[one.path]) for one in group]
    return sorted(done, key=lambda one: one.id)


def _widened(packet: Packet, lines: tuple[int, int], group: Sequence[Packet], source: Source) -> Packet:
    proposed = packet.proposed
    if proposed is not None and lines != packet.allowed:
        before = [lines_of(source, (lines[0], packet.allowed[0] - 1))] * (lines[0] < packet.allowed[0])
        behind = [lines_of(source, (packet.allowed[1] + 1, lines[1]))] * (packet.allowed[1] < lines[1])
        proposed = "\n".join([*before, proposed.replace("\r\n", "\n"), *behind])
    return msgspec.structs.replace(
        packet,
        allowed=lines,
        text=lines_of(source, lines),
        proposed=proposed,
        shares=tuple(other.id for other in group if other is not packet),
    )


def lines_of(source: Source, allowed: tuple[int, int]) -> str:
    """Return the lines ``allowed[0]`` to ``allowed[1]`` of ``source``, each ending in a line feed alone."""
    return "\n".join(source.text.replace("\r\n", "\n").split("\n")[allowed[0] - 1 : allowed[1]])


def page(packet: Packet, data: bytes) -> str:
    """Return a packet as whoever judges reads it: the allowed lines are marked, those around them are for reading."""
    first, last = packet.allowed
    around = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    shown = range(max(1, first - _AROUND), min(len(around), last + _AROUND) + 1)
    lines = [
        f"## {packet.id}: {packet.path}:{packet.line}-{packet.end_line}, recipe {packet.recipe}",
        f"why you: {packet.why}",
        f"brief: {packet.brief}",
        *_around(packet, data),
        f"you may rewrite lines {first}-{last}, marked >, and nothing else:",
        *(f"{'>' if first <= n <= last else ' '} {n:>5}  {around[n - 1]}" for n in shown),
    ]
    lines += [
        f"captured, for information: {name} = {value}"
        for name, value in packet.captured.items()
        if "\n" not in value
    ]
    if packet.proposed is not None:
        lines += ["the recipe would write (names in it are not resolved: see that they exist here):", "-----"]
        lines += [*packet.proposed.splitlines(), "-----"]
    elif not packet.asks:
        lines.append("the recipe has no text of its own here: values {} is not possible")
    for asked in packet.asks:
        choices = f", one of {', '.join(asked.choices)}" if asked.choices else ""
        lines.append(f"name a value: {asked.name} ({asked.type}{choices}): {asked.description}")
    if not packet.asks:
        lines.append("nothing is asked for by name")
    if packet.shares:
        lines.append(
            f"the same lines hold {', '.join(packet.shares)}: a replacement that settles all answers all"
        )
    lines.append(f"checked: {'; '.join(packet.checks)}")
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in "\n".join(lines)) + "\n"


def _around(packet: Packet, data: bytes) -> list[str]:
    """Return the first lines of the functions and types around a match, outermost first."""
    language = language_of(packet.path)
    if language is None:
        return []
    found: list[str] = []
    node: SgNode | None = tree.parse(data.decode("utf-8", "replace"), language)
    while node is not None:
        line = node.range().start.line + 1
        if _DECLARES.search(node.kind()) and line < packet.allowed[0]:
            head = " ".join(re.split(r"\{|:\s*\n", node.text(), maxsplit=1)[0].split())
            found.append(f"inside, line {line}: {head[:_LONGEST_HEAD]}")
        node = next((child for child in node.children() if _holds(child, packet)), None)
    return found


def _holds(node: SgNode, packet: Packet) -> bool:
    first, last = tree.lines_of(node)
    return node.is_named() and first <= packet.line and packet.end_line <= last


class Store:
    """The files of one session's residue.

    Args:
        common_dir: The repository's common git directory.
        name: The session's.

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
        self._folder = paths.repository_state(common_dir) / "sessions" / name / "residue"

    def keep(self, batch: Batch, files: Mapping[str, bytes]) -> None:
        """Put ``batch`` and the files that its packets are about in the place of what its recipe left before."""
        folder = self._folder / batch.recipe
        shutil.rmtree(folder / "files", ignore_errors=True)
        (folder / "files").mkdir(parents=True)
        batch.files = tuple(sorted(files))
        for number, path in enumerate(batch.files):
            (folder / "files" / str(number)).write_bytes(files[path])
        write_atomically(folder / "batch.json", msgspec.json.encode(batch))

    def every(self) -> list[Kept]:
        """Return all batches with their files, in the order of their packets."""
        found: list[Kept] = []
        for file in sorted(self._folder.glob("*/batch.json")):
            batch = msgspec.json.decode(file.read_bytes(), type=Batch)
            contents = {
                path: (file.parent / "files" / str(n)).read_bytes() for n, path in enumerate(batch.files)
            }
            found.append(Kept(batch, contents))
        return sorted(found, key=lambda kept: kept.batch.packets[0].id)

    def some(self) -> list[Kept]:
        """Return all batches.

        Raises:
            UsageError: No recipe left residue in this session.
        """
        found = self.every()
        if not found:
            raise UsageError("no recipe left residue in this session", fix="hunkworks recipe run ID")
        return found

    def next_number(self, recipe: str) -> int:
        """Return the number that the first packet of a new batch of ``recipe`` takes: others keep theirs."""
        others = [kept.batch.packets[-1].id for kept in self.every() if kept.batch.recipe != recipe]
        return max((int(ident[1:]) for ident in others), default=0) + 1

    def forget(self, recipe: str = "") -> None:
        """Drop what a recipe left, or what all did: a new run left nothing to judge, or they were undone."""
        shutil.rmtree(self._folder / recipe, ignore_errors=True)
