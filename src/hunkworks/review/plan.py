"""Plan a review: read the change once, decide the route, run the built-in rules, pack what reviewers read.

Deterministic and without any model: the same change gives the same plan, but for the packets' nonces. The
change streams through, one file in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hunkworks import paths
from hunkworks.change.model import Change, FileChange, Hunk, Role, Side
from hunkworks.config import Config
from hunkworks.review.buckets import bucket_of
from hunkworks.review.extent import Extent
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.fingerprints import settle
from hunkworks.review.manifest import (
    Bucket,
    ChangeRef,
    Coverage,
    FileRef,
    Manifest,
    PacketRef,
    Reason,
    RouteRef,
    Skipped,
)
from hunkworks.review.masking import Masker, shown_path
from hunkworks.review.memory import Memory
from hunkworks.review.packets import Packer, Packet, shuffled
from hunkworks.review.rows import Section, widen
from hunkworks.review.shape import shape_of
from hunkworks.route.router import Router
from hunkworks.route.router import route as route_of
from hunkworks.rules.languages import language_of
from hunkworks.rules.load import load
from hunkworks.rules.match import scan
from hunkworks.rules.model import Match, Rule, RuleSet, Scan

NOTHING = Memory()
_GITS_CONTEXT = 3  # lines that git prints around a hunk
_READ_WHOLE = {Role.CODE, Role.TEST, Role.CONFIG, Role.CATALOG}
_LARGEST_SOURCE = 1_000_000  # bytes; symbols of a larger file are not worth the time


class Sink(Protocol):
    """Where packets go as they are filled."""

    def packet(self, packet: Packet) -> str:
        """Keep one packet and return where its text lies, "" where it is not kept."""
        ...


@dataclass(slots=True)
class _Sums:
    files: list[FileRef] = field(default_factory=list)
    packets: list[PacketRef] = field(default_factory=list)
    static: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    suppressed: int = 0
    changed_lines: int = 0
    read_before: int = 0
    code_files: int = 0


class Planner:
    """Plans one change.

    Args:
        config: The base revision's configuration: a change must not choose its own judge.
        sink: Where packets go.
        memory: What the branch remembers: hunks that were read, unchanged since, are not handed out again.
        progress: Called with each file's path as it is read.
        own_rules: Of the project, beside the built-in ones.
    """

    def __init__(
        self,
        config: Config,
        sink: Sink,
        memory: Memory = NOTHING,
        progress: Callable[[str], None] = lambda _: None,
        own_rules: Sequence[Rule] = (),
    ) -> None:
        self._config = config
        self._sink = sink
        self._memory = memory
        self._progress = progress
        self._router = Router(config)
        self._packer = Packer(config.review.packet_bytes)
        self._more_context = max(0, config.review.context_lines - _GITS_CONTEXT)
        self._masker = Masker()
        self._rules: dict[str | None, RuleSet] = {}
        self._own_rules = own_rules
        self._sums = _Sums()
        self._kept: list[Packet] = []
        self.extent = Extent()

    def plan(self, change: Change, words: str, branch: str = "") -> Manifest:
        """Return the manifest of ``change``.

        Args:
            change: What to review.
            words: Which change it is, in prose.
            branch: Whose memory it shares.
        """
        # Which tier read a hunk before counts, so the route has to be known before anything is left out.
        tier = route_of(change.files(), self._config).tier.value if self._memory.read else ""
        for file in change.files():
            self._progress(file.path)
            self._router.feed(file)
            self._take(change, file, tier)
        self._keep(self._packer.finish())
        sums = self._sums
        route = self._route()
        covered = sum(packet.changed_lines for packet in sums.packets)
        shape = shape_of(covered, len(sums.packets), route.tier, self._config.verify)
        if shape.passes > 1:
            self._keep(iter(shuffled(self._kept, self._config.review.packet_bytes, change.id)), turn=2)
        return Manifest(
            change=ChangeRef(change.id, change.base, change.head, words, branch),
            route=route,
            shape=shape,
            cycle=1,
            packets=tuple(sums.packets),
            files=tuple(sums.files),
            redactions=tuple(self._masker.redactions),
            static=tuple(settle(sums.static)),
            skipped=tuple(sums.skipped),
            suppressed=sums.suppressed,
            open=(),
            coverage=Coverage(sums.code_files, sums.changed_lines, covered, sums.read_before),
        )

    def _take(self, change: Change, file: FileChange, tier: str) -> None:
        bucket, why = bucket_of(file)
        added, removed = file.added, file.removed
        self._sums.files.append(
            FileRef(
                shown_path(file.path),
                file.status.value,
                file.role.value,
                bucket,
                why,
                added,
                removed,
                shown_path(file.old_path) if file.old_path != file.path else "",
            )
        )
        if not file.hunks or bucket is Bucket.NAMED:
            return
        self.extent.add(shown_path(file.path), file.hunks)
        source = change.content(file, Side.NEW) if file.role in _READ_WHOLE else None
        sections = list(self._sections(file, source))
        self._check(file, source, sections)
        if bucket is Bucket.PACKET:
            self._sums.code_files += 1
            self._sums.changed_lines += added + removed
            for section in sections:
                if tier and self._memory.knows(section, tier):
                    self._sums.read_before += sum(row.changed for row in section.rows)
                else:
                    self._keep(self._packer.add(file.role, section))

    def _sections(self, file: FileChange, source: bytes | None) -> Iterator[Section]:
        lines = (source or b"").split(b"\n")
        hunks = list(file.hunks)
        if source is not None and file.role is not Role.CATALOG:
            whole = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
            hunks = list(widen(hunks, whole, self._more_context))
        return self._masker.sections(file, hunks, _scopes(file, source))

    def _check(self, file: FileChange, source: bytes | None, sections: list[Section]) -> None:
        result: Scan = scan(self._ruleset(language_of(file.path)), file, source)
        shown = {
            row.new: (row.text, section.symbols[row.scope]) for section in sections for row in section.rows
        }
        self._sums.static += (
            _finding(match, file, *shown.get(match.line, ("", ""))) for match in result.matches
        )
        self._sums.suppressed += len(result.suppressed)
        self._sums.skipped += (Skipped(shown_path(item.path), item.why) for item in result.skipped)

    def _ruleset(self, language: str | None) -> RuleSet:
        if language not in self._rules:
            wanted = frozenset() if language is None else frozenset({language})
            built_in = load([paths.pack("recipes")], languages=wanted)
            self._rules[language] = RuleSet((*built_in.rules, *self._own_rules))
        return self._rules[language]

    def _keep(self, packets: Iterator[Packet], turn: int = 1) -> None:
        for packet in packets:
            path = self._sink.packet(packet)
            size = len(packet.render().encode("utf-8"))
            files = tuple(packet.paths)
            self._sums.packets.append(PacketRef(packet.id, path, size, packet.changed_lines, files, turn))
            # Kept in memory only as long as a second pass is possible at all.
            if turn == 1 and len(self._sums.packets) <= self._config.verify.second_pass_packets:
                self._kept.append(packet)

    def _route(self) -> RouteRef:
        route = self._router.decide()
        reasons = []
        for reason in route.reasons:
            text = self._masker.text(reason.text)
            reasons.append(Reason(reason.rule, shown_path(reason.path), reason.line, text))
        return RouteRef(
            route.tier.value, route.model, route.agent, route.score, route.threshold, tuple(reasons)
        )


def _finding(match: Match, file: FileChange, text: str, symbol: str) -> Finding:
    rule = match.rule
    return Finding(
        fingerprint="",
        klass=rule.klass,
        severity=rule.severity,
        path=shown_path(file.path),
        side=Side.NEW,
        line=match.line,
        end_line=match.end_line,
        quote=text,
        message=match.message,
        scenario=rule.scenario,
        confidence=rule.confidence,
        stamp=Stamp.STATIC,
        symbol=symbol,
        origin=shown_path(file.old_path) if file.old_path != file.path else "",
        rule=rule.id,
    )


def _scopes(file: FileChange, source: bytes | None) -> Callable[[Hunk, int], str]:
    """Return a look-up of the function or type around a new line; git's own guess where there is no source."""

    def scope(hunk: Hunk, line: int) -> str:
        if source is not None and len(source) <= _LARGEST_SOURCE:
            from hunkworks.change.symbols import enclosing

            found = enclosing(file.path, source, line)
            if found is not None:
                return found
        return hunk.section.decode("utf-8", "replace").strip()

    return scope
