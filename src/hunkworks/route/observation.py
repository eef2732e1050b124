"""What a router sees in one file: counted features, and the first place where each was seen.

A feature is ``zone:token``. A token is a sub-word of an identifier (``cache``), or a class of the lexicon
with a number sign (``#lock``). Zones: ``gained`` and ``lost`` (more, or fewer, on the added than on the
removed lines of a hunk, so what only moved or was re-indented is neither), ``kept`` (on both), ``near``
(context), ``section`` (the hunk's header), ``prose`` (changed comments and strings), ``import``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hunkworks.change.model import FileChange, Hunk, Line, LineKind
from hunkworks.route.lexicon import Language, common_names, language, words

LONGEST_LINE = 2_000  # characters of a line that are read: the rest of a minified one says nothing new
REACH = 3  # lines around a changed one that count as near it

_GUARDS = frozenset({"#lock", "#atomic"})

_IDENTIFIER = re.compile(r"[A-Za-z_]\w{2,}")


class Place(NamedTuple):
    """Where a feature was first seen. ``text`` is the raw line: whoever shows it redacts it."""

    path: str
    line: int
    text: str


@dataclass(slots=True)
class Observation:
    """Counts of one change, grown file by file; bounded by the vocabulary, not by the diff."""

    vocabulary: Container[str] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    places: dict[str, Place] = field(default_factory=dict)
    files: int = 0
    lines: int = 0

    def add(self, file: FileChange) -> None:
        """Count one changed code file."""
        tongue = language(file.path)
        scan = _Scan(self, file.path, tongue)
        for hunk in file.hunks:
            scan.section(hunk)
            for region in _regions(hunk.lines):
                scan.region(region)
        scan.close()
        self.files += 1
        self.lines += scan.changed

    def count(self, feature: str, number: int, place: Place) -> None:
        if self.vocabulary is None or feature in self.vocabulary:
            self.counts[feature] += number
            self.places.setdefault(feature, place)


class _Scan:
    """One file on its way through: what must be known of the whole file stays here."""

    def __init__(self, into: Observation, path: str, tongue: Language) -> None:
        self.into, self.path, self.tongue = into, path, tongue
        self.changed = 0
        self.guarded: set[str] = set()
        self.touched: dict[str, Place] = {}

    def section(self, hunk: Hunk) -> None:
        text = hunk.section.decode("utf-8", "replace")[:LONGEST_LINE]
        self._count("section", self._tokens(text), Place(self.path, hunk.new_start, text))

    def region(self, lines: Iterable[Line]) -> None:
        added: Counter[str] = Counter()
        removed: Counter[str] = Counter()
        first: dict[str, Place] = {}
        last_guard = -REACH - 1
        for number, line in enumerate(lines):
            text = line.text.decode("utf-8", "replace")[:LONGEST_LINE].rstrip()
            place = Place(self.path, line.new or line.old or 0, text)
            code, prose = self.tongue.split(text)
            changed = line.kind is not LineKind.CONTEXT
            self.changed += changed and bool(text)
            if changed and prose:
                self._count("prose", self._tokens(prose), place)
            if self.tongue.is_import(code):
                if changed:
                    self._count("import", self._tokens(code), place)
                continue
            tokens = self._tokens(code)
            guard = not _GUARDS.isdisjoint(tokens)
            if guard:
                last_guard = number
                self.guarded.update(_IDENTIFIER.findall(code))
            if not changed:
                self._count("near", tokens, place)
                continue
            (added if line.kind is LineKind.ADDED else removed).update(tokens)
            for token in tokens:
                first.setdefault(line.kind + token, place)
            for name in _IDENTIFIER.findall(code):
                self.touched.setdefault(name, place)
            if tokens and not guard and number - last_guard <= REACH:
                self.into.count("beside", 1, place)
        self._net(added, removed, first)

    def _net(self, added: Counter[str], removed: Counter[str], first: dict[str, Place]) -> None:
        for zone, kind, difference in (
            ("gained", LineKind.ADDED, added - removed),
            ("lost", LineKind.REMOVED, removed - added),
            ("kept", LineKind.ADDED, added & removed),
        ):
            for token, number in difference.items():
                self.into.count(f"{zone}:{token}", number, first[kind + token])

    def close(self) -> None:
        common = common_names()
        for name in sorted(self.guarded & self.touched.keys()):
            if name not in common and not self.tongue.classes(words(name)):
                self.into.count("guarded", 1, self.touched[name])

    def _tokens(self, text: str) -> list[str]:
        found = words(text)
        return [*found, *("#" + name for name in self.tongue.classes(found))]

    def _count(self, zone: str, tokens: Iterable[str], place: Place) -> None:
        for token in tokens:
            self.into.count(f"{zone}:{token}", 1, place)


def _regions(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Cut a hunk as ``git diff -U3`` would have, so that a patch with more context has the same features."""
    changed = [number for number, line in enumerate(lines) if line.kind is not LineKind.CONTEXT]
    begin = 0
    for index, number in enumerate(changed, 1):
        if index == len(changed) or changed[index] - number > 2 * REACH + 1:
            yield lines[max(0, changed[begin] - REACH) : number + REACH + 1]
            begin = index
