"""Answers to residue: only the allowed lines, the match gone or waived with a reason, and the file still parses."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from hunkworks.errors import UsageError
from hunkworks.refactor import imports
from hunkworks.refactor.finding import find
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.places import Place, move
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job, apply, propose, with_imports
from hunkworks.refactor.residue import Batch, Packet
from hunkworks.refactor.site import Declined, TextEdit, Undecided
from hunkworks.refactor.source import Source
from hunkworks.rules import tree
from hunkworks.rules.languages import language_of
from hunkworks.rules.model import Rule

_LEAST_FIRST = 3
IN_PLACE = "the file was edited in place"


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was decided about one packet: exactly one of ``replacement``, ``waive`` and ``values``.

    ``replacement`` are the allowed lines as they should read, ``waive`` is why the match stays, ``values`` are those
    that were asked for (an empty mapping takes the recipe's own proposal). ``imports`` are statements that the
    replacement needs.
    """

    residue: str
    replacement: str | None = None
    waive: str | None = None
    values: dict[str, str] | None = None
    imports: tuple[str, ...] = ()


class Rejected(msgspec.Struct, frozen=True):
    """An answer that does not hold, and why."""

    residue: str
    why: str


class Outside(msgspec.Struct, frozen=True):
    """An edit outside of every allowed range; lines are those of the file as the recipe left it."""

    path: str
    lines: str


@dataclass(slots=True)
class Answered:
    """What became of the answers to one file: ``kept`` is it as far as they held, ``on_disk`` what to write."""

    kept: bytes
    on_disk: bytes
    accepted: list[str] = field(default_factory=list)
    waived: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)
    packets: list[Packet] = field(default_factory=list)


def answer_file(
    rule: Rule,
    batch: Batch,
    path: str,
    contents: tuple[bytes, bytes],
    answers: Mapping[str, Answer],
    project: Overlay,
) -> Answered:
    """Return what the answers make of one file; ``project`` takes what they plan for others.

    Args:
        rule: The recipe.
        batch: Its packets.
        path: The file's.
        contents: The file as the recipe left it, and as it is on disk now.
        answers: By packet.
        project: The other files.
    """
    left, now = contents
    standing = [packet for packet in batch.open() if packet.path == path]
    source = Source(path, left, language_of(path) or rule.language)
    edited, outside = _edited(source, now, standing)
    if outside:
        why = f"{path} was edited outside of the allowed lines, at line {', '.join(one.lines for one in outside)}"
        answered = [packet.id for packet in standing if packet.id in answers] or [one.id for one in standing]
        rejected = [Rejected(ident, why) for ident in answered]
        return Answered(left, now, [], [], rejected, outside, standing)
    return _File(rule, batch, source, standing, edited, project).take(answers)


class _File:
    def __init__(
        self,
        rule: Rule,
        batch: Batch,
        source: Source,
        standing: Sequence[Packet],
        edited: Mapping[str, str],
        project: Overlay,
    ) -> None:
        self.rule = rule
        self.job = Job(rule, batch.values)
        self.source = source
        self.standing = standing
        self.edited = edited
        self.project = project
        self.ranges = {packet.id: Place(*_span(source, packet.allowed)) for packet in standing}
        self.done = Answered(source.data, source.data)
        self.refused_in_place: dict[str, str] = {}

    def take(self, answers: Mapping[str, Answer]) -> Answered:
        for packet in self.standing:
            if packet.id not in self.ranges:  # settled along with one that shares its lines
                continue
            answer = answers.get(packet.id)
            in_place = self.edited.get(packet.id)
            if in_place is not None and answer is not None and answer.replacement not in (None, in_place):
                self._reject(packet, f"{IN_PLACE}, and another replacement was answered")
                self.refused_in_place[packet.id] = in_place
            elif in_place is not None and (answer is None or answer.waive is None):
                given = Answer(packet.id, replacement=in_place, imports=answer.imports if answer else ())
                if not self._one(packet, given):
                    self.refused_in_place[packet.id] = in_place
            elif answer is not None:
                self._one(packet, answer)
        return self._finished()

    def _one(self, packet: Packet, answer: Answer) -> bool:
        given = [answer.replacement is not None, answer.waive is not None, answer.values is not None]
        if sum(given) != 1:
            return self._reject(packet, "expected exactly one of replacement, waive and values")
        if answer.waive is not None:
            if not answer.waive.strip():
                return self._reject(packet, "waived without a reason")
            self.done.waived.append(packet.id)
            return True
        try:
            edits, source, others = self._candidate(packet, answer)
        except (Undecided, Declined, UsageError) as reason:
            return self._reject(packet, str(reason))
        flaw = self._flaw(packet, source, edits, by_code=answer.values is not None)
        if flaw:
            return self._reject(packet, flaw)
        move([place for ident, place in self.ranges.items() if ident != packet.id], edits)
        self.project.planned.update(others)
        self.source = source
        del self.ranges[packet.id]
        self.done.accepted.append(packet.id)
        self._settle(packet.shares)
        self._add_imports(answer)
        return True

    def _settle(self, shares: Sequence[str]) -> None:
        """Take what shares lines with an accepted answer for answered too, where its match is gone with it."""
        standing = find(tree.parse(self.source.text, self.source.language), self.rule, self.job.values)
        texts = {packet.id: packet.match for packet in self.standing}
        for ident in shares:
            if ident not in self.ranges:
                continue
            start, end = self.ranges[ident].span
            if not any(
                start <= one.start
                and one.end <= end
                and self.source.text[one.start : one.end] == texts[ident]
                for one in standing
            ):
                del self.ranges[ident]
                self.done.accepted.append(ident)

    def _candidate(self, packet: Packet, answer: Answer) -> tuple[list[TextEdit], Source, dict[str, bytes]]:
        place = self.ranges[packet.id]
        if answer.replacement is not None:
            text = (
                answer.replacement.replace("\r\n", "\n").removesuffix("\n").replace("\n", self.source.newline)
            )
            start, end = place.span
            edits = [TextEdit(start, end, text)]
            return edits, apply(self.source, edits), {}
        values = chosen_values(self.rule, answer.values or {}, self.job.values)
        found = next(
            (
                one
                for one in find(tree.parse(self.source.text, self.source.language), self.rule, values)
                if place.span[0] <= one.start
                and one.end <= place.span[1]
                and self.source.text[one.start : one.end] == packet.match
            ),
            None,
        )
        if found is None:
            raise Undecided("the match is no longer where it was")
        branch = self.project.branch()
        proposal = propose(Job(self.rule, values), self.source, found, branch)
        if not proposal.edits and not proposal.files:
            raise Undecided("the recipe has no proposal here: answer with a replacement")
        return list(proposal.edits), apply(self.source, proposal.edits), dict(proposal.files)

    def _flaw(self, packet: Packet, source: Source, edits: Sequence[TextEdit], *, by_code: bool) -> str:
        for ident, place in self.ranges.items():
            start, end = place.span
            if ident not in (packet.id, *packet.shares) and any(
                edit.start < end and start < edit.end for edit in edits
            ):
                return f"its lines overlap those of {ident}: answer that one first, or edit both in place"
        root, before = tree.parse(source.text, source.language), tree.parse(self.source.text, source.language)
        if tree.faults(root) > tree.faults(before):
            return "the file would no longer parse"
        if by_code:  # the recipe's own edit, which may leave the match as it is and change another file
            return ""
        still = len(find(root, self.rule, self.job.values))
        if still >= len(find(before, self.rule, self.job.values)):
            return "the match is still there: change it, or waive it with a reason"
        return ""

    def _add_imports(self, answer: Answer) -> None:
        before = self.source
        for statement in answer.imports:
            self._moved(imports.added(self.source, statement))
        if answer.values is not None:
            self.source = with_imports(self.rule.recipe, self.source, list(self.ranges.values()))
        was = tree.faults(tree.parse(before.text, before.language))
        if tree.faults(tree.parse(self.source.text, before.language)) > was:
            self.source = before

    def _moved(self, edits: Sequence[TextEdit]) -> None:
        self.source = apply(self.source, edits)
        move(self.ranges.values(), edits)

    def _reject(self, packet: Packet, why: str) -> bool:
        self.done.rejected.append(Rejected(packet.id, why))
        return False

    def _finished(self) -> Answered:
        self.done.kept = self.source.data
        edits = [
            TextEdit(*self.ranges[ident].span, text.replace("\n", self.source.newline))
            for ident, text in self.refused_in_place.items()
        ]
        self.done.on_disk = apply(self.source, edits).data
        self.done.packets = [
            self._as_it_stands(packet) if packet.id in self.ranges else packet for packet in self.standing
        ]
        return self.done

    def _as_it_stands(self, packet: Packet) -> Packet:
        start, end = self.ranges[packet.id].span
        first, last = self.source.line(start), self.source.line(end)
        shift = first - packet.allowed[0]
        return msgspec.structs.replace(
            packet, allowed=(first, last), line=packet.line + shift, end_line=packet.end_line + shift
        )


def chosen_values(rule: Rule, given: Mapping[str, str], standing: Mapping[str, str]) -> dict[str, str]:
    """Return the values that a judge named, checked.

    Raises:
        UsageError: Not a parameter that is asked for, not of its type, or one is missing.
    """
    asked = {one.name for one in rule.recipe.parameters if one.ask}
    if strange := sorted(given.keys() - asked):
        raise UsageError(f"{strange[0]} is not asked for")
    if missing := sorted(asked - given.keys()):
        raise UsageError(f"the value of {missing[0]} is missing")
    return chosen(rule.recipe, {**standing, **given}, asked=True)


def stopped(batch: Batch) -> str:
    """Return why a batch takes no more answers, or nothing: fewer than two thirds of its first answers hold."""
    held = sum(batch.first.values())
    if len(batch.first) >= _LEAST_FIRST and held * 3 < len(batch.first) * 2:
        return f"only {held} of {len(batch.first)} first answers hold: look at the recipe before going on"
    return ""


def _span(source: Source, allowed: tuple[int, int]) -> tuple[int, int]:
    """Return the code points of whole lines, without the last one's line end."""
    lines = source.text.split("\n")
    start = sum(len(line) + 1 for line in lines[: allowed[0] - 1])
    end = sum(len(line) + 1 for line in lines[: allowed[1]]) - 1
    return start, source.line_end(max(start, end - 1)) if end > start else end


def _edited(source: Source, now: bytes, standing: Sequence[Packet]) -> tuple[dict[str, str], list[Outside]]:
    """Return the packets whose allowed lines were edited in place, and the edits outside of all of them."""
    if now == source.data:
        return {}, []
    try:
        text = now.decode("utf-8")
    except UnicodeDecodeError:
        return {}, [Outside(source.path, "all: it is no longer UTF-8")]
    found: dict[str, str] = {}
    position, at = 0, 0
    spans = sorted((*_span(source, packet.allowed), packet.id) for packet in standing)
    for number, (start, end, ident) in enumerate(spans):
        if start < at:
            continue
        fixed = source.text[at:start]
        if not text.startswith(fixed, position):
            return {}, _strange(source, text, standing)
        position += len(fixed)
        behind = next((other[0] for other in spans[number + 1 :] if other[0] >= end), len(source.text))
        rest = source.text[end:behind]
        is_last = behind == len(source.text)
        until = text.find(rest, position) if not is_last else len(text) - len(rest)
        if until < position or (is_last and not text.endswith(rest)):
            return {}, _strange(source, text, standing)
        if text[position:until] != source.text[start:end]:
            found[ident] = text[position:until].replace("\r\n", "\n")
        position, at = until, end
    for packet in standing:
        text_of_shared = next((found[ident] for ident in packet.shares if ident in found), None)
        if packet.id not in found and text_of_shared is not None:
            found[packet.id] = text_of_shared
    if not spans or text[position:] != source.text[at:]:
        return {}, _strange(source, text, standing)
    return found, []


def _strange(source: Source, text: str, standing: Sequence[Packet]) -> list[Outside]:
    old, new = source.text.split("\n"), text.split("\n")
    found: list[Outside] = []
    for tag, first, last, _, _ in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or any(
            packet.allowed[0] - 1 <= first and last <= packet.allowed[1] for packet in standing
        ):
            continue
        lines = str(first + 1) if last <= first + 1 else f"{first + 1}-{last}"
        found.append(Outside(source.path, lines))
    return found or [Outside(source.path, "next to the allowed lines")]
