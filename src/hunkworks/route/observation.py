"""What a router sees in one file: its features, each with the first place where it was seen.

A feature is ``zone:token``. A token is a sub-word of an identifier (``cache``), or a class of the lexicon with a
number sign (``#lock``). Zones:

- ``changed``: on added and removed lines. For classes also ``gained`` and ``lost`` (more, or fewer, on the added
  than on the removed lines of a region, so what only moved or was re-indented is neither) and ``kept`` (on both)
- ``near``: on context lines; ``section``: in a hunk's header
- ``prose``: in changed comments and strings; ``import``: on changed lines that only name what another file defines
- ``any``: in any of these; classes only

- ``moved``: where a line was moved across an unchanged one; ``moved:#lock`` only

One feature stands without a token: ``guarded``, a changed identifier that also stands on a line with a lock or an
atomic within the file's hunks.
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

ACROSS_LOCK = "moved:#lock"
_LEAST_MOVED = 2  # identifiers in a line, for a move to be of that line and not of a bracket

_GUARDS = frozenset({"#lock", "#atomic"})

_IDENTIFIER = re.compile(r"[A-Za-z_]\w{2,}")


class Place(NamedTuple):
    """Where a feature was first seen. ``text`` is the raw line: whoever shows it redacts it."""

    path: str
    line: int
    text: str


@dataclass(slots=True)
class Observation:
    """What one file shows. ``lines`` counts changed lines that are not blank."""

    features: dict[str, Place] = field(default_factory=dict)
    lines: int = 0


def observe(file: FileChange, vocabulary: Container[str] | None = None) -> Observation:
    """Return the features of one changed file that ``vocabulary`` holds, or all of them where it is None."""
    scan = _Scan(file.path, language(file.path), vocabulary)
    for hunk in file.hunks:
        scan.section(hunk)
        for region in _regions(hunk.lines):
            scan.region(region)
    scan.close()
    return scan.seen


class _Moves:
    """Lines of one region that were taken out on one side of a lock's line and put in on its other side."""

    def __init__(self) -> None:
        self._locks = 0
        self._sides: dict[LineKind, dict[str, tuple[int, Place]]] = {LineKind.ADDED: {}, LineKind.REMOVED: {}}

    def step(self, kind: LineKind, code: str, names: Sequence[str], place: Place) -> None:
        """Take the next changed line."""
        if len(names) >= _LEAST_MOVED:
            self._sides[kind].setdefault(code.strip(), (self._locks, place))

    def lock(self) -> None:
        """Say that the line just taken is a lock's and stays."""
        self._locks += 1

    def across(self) -> Place | None:
        """Return where a line went that was moved across a lock."""
        added, removed = self._sides[LineKind.ADDED], self._sides[LineKind.REMOVED]
        moved = (text for text in added if text in removed and added[text][0] != removed[text][0])
        return next((added[text][1] for text in moved), None)


class _Scan:
    """One file on its way through."""

    def __init__(self, path: str, tongue: Language, vocabulary: Container[str] | None) -> None:
        self.path, self.tongue, self.vocabulary = path, tongue, vocabulary
        self.seen = Observation()
        self.guarded: set[str] = set()
        self.touched: dict[str, Place] = {}
        self._counted: dict[str, set[str]] = {}
        self._known: dict[str, list[str]] = {}

    def section(self, hunk: Hunk) -> None:
        text = hunk.section.decode("utf-8", "replace")[:LONGEST_LINE]
        self._count("section", self._tokens(text), Place(self.path, hunk.new_start, text))

    def region(self, lines: Iterable[Line]) -> None:
        added: Counter[str] = Counter()
        removed: Counter[str] = Counter()
        first: dict[str, Place] = {}
        moves = _Moves()
        for line in lines:
            text = line.text.decode("utf-8", "replace")[:LONGEST_LINE].rstrip()
            place = Place(self.path, line.new or line.old or 0, text)
            code, prose = self.tongue.split(text)
            changed = line.kind is not LineKind.CONTEXT
            self.seen.lines += changed and bool(text)
            if changed and prose:
                self._count("prose", self._tokens(prose), place)
            if self.tongue.is_import(code):
                if changed:
                    self._count("import", self._tokens(code), place)
                continue
            tokens = self._tokens(code)
            if not _GUARDS.isdisjoint(tokens):
                self.guarded.update(_IDENTIFIER.findall(code))
            if not changed:
                if "#lock" in tokens:
                    moves.lock()
                self._count("near", tokens, place)
                continue
            (added if line.kind is LineKind.ADDED else removed).update(tokens)
            for token in tokens:
                first.setdefault(line.kind + token, place)
            names = _IDENTIFIER.findall(code)
            moves.step(line.kind, code, names, place)
            for name in names:
                self.touched.setdefault(name, place)
        self._net(added, removed, first)
        if (crossing := moves.across()) is not None:
            self._add(ACROSS_LOCK, crossing)

    def _net(self, added: Counter[str], removed: Counter[str], first: dict[str, Place]) -> None:
        for zone, kind, difference in (
            ("gained", LineKind.ADDED, added - removed),
            ("lost", LineKind.REMOVED, removed - added),
            ("kept", LineKind.ADDED, added & removed),
        ):
            for token in difference:
                place = first[kind + token]
                self._add(f"changed:{token}", place)
                if token[0] == "#":
                    self._add(f"{zone}:{token}", place)
                    self._add(f"any:{token}", place)

    def close(self) -> None:
        common = common_names()
        for name in sorted(self.guarded & self.touched.keys()):
            if name not in common and not self.tongue.classes(words(name)):
                self._add("guarded", self.touched[name])

    def _add(self, feature: str, place: Place) -> None:
        if self.vocabulary is None or feature in self.vocabulary:
            self.seen.features.setdefault(feature, place)

    def _tokens(self, text: str) -> list[str]:
        known = self._known.get(text)
        if known is None:
            found = words(text)
            known = self._known[text] = [*found, *("#" + name for name in self.tongue.classes(found))]
        return known

    def _count(self, zone: str, tokens: Iterable[str], place: Place) -> None:
        counted = self._counted.setdefault(zone, set())
        for token in tokens:
            if token not in counted:
                counted.add(token)
                self._add(f"{zone}:{token}", place)
                if token[0] == "#":
                    self._add(f"any:{token}", place)


def _regions(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Cut a hunk as ``git diff -U3`` would have, so that a patch with more context has the same features."""
    changed = [number for number, line in enumerate(lines) if line.kind is not LineKind.CONTEXT]
    begin = 0
    for index, number in enumerate(changed, 1):
        if index == len(changed) or changed[index] - number > 2 * REACH + 1:
            yield lines[max(0, changed[begin] - REACH) : number + REACH + 1]
            begin = index
