"""What a change did to symbols: added, changed, re-signed, renamed, moved, removed.

Inside one file symbols are paired by qualified name, overloads among themselves; what stays alone on both sides, in all
files together, is paired by what it says.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, inventory, is_known
from hunkworks.change.model import Change, FileChange, Role, Side, Status

# How much of their words two bodies share to be one symbol: under one name in one file or type, under two names of one
# place, under one name elsewhere (every class has an `__init__`), under another name elsewhere.
_SAME_NAME, _SAME_PLACE, _NAMESAKE, _ELSEWHERE = 0.5, 0.6, 0.7, 0.8
# Fewer words than this say nothing unless they are the same.
_TELLING = 12
_MOST_PAIRS = 40_000
_WORD = re.compile(r"\w+|[^\w\s]")


class What(StrEnum):
    """What happened to a symbol; renamed and moved ones may have changed as well."""

    ADDED = "added"
    CHANGED = "changed"
    RESIGNED = "re-signed"
    RENAMED = "renamed"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SymbolChange:
    """One symbol that is not what it was; ``before`` or ``after`` is None where there is none."""

    what: What
    path: str
    old_path: str
    role: Role
    before: Symbol | None
    after: Symbol | None

    @property
    def symbol(self) -> Symbol:
        """The symbol as it is now, or as it was where it is gone."""
        found = self.after or self.before
        assert found is not None  # noqa: S101  one of the two is always there
        return found

    @property
    def altered(self) -> bool:
        """Whether it does something else now than before: new, or other code under the same or another name."""
        if self.before is None or self.after is None:
            return self.after is not None
        return _words(self.before) != _words(self.after)

    @property
    def resigned(self) -> bool:
        """Whether callers have to look: another signature, name aside."""
        if self.before is None or self.after is None:
            return False
        return _masked(self.before.signature, self.before.name) != _masked(
            self.after.signature, self.after.name
        )


@dataclass(frozen=True, slots=True)
class SymbolReport:
    """What a change did to symbols, in the order of paths and lines; ``unread`` are paths with the reason."""

    changes: tuple[SymbolChange, ...]
    unread: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A symbol and the file that it stands in, with the symbols inside it; one place is one object."""

    symbol: Symbol
    file: FileChange
    inside: tuple[Symbol, ...] = ()


@dataclass(slots=True)
class _Found:
    changes: list[SymbolChange] = field(default_factory=list)
    removed: list[_Placed] = field(default_factory=list)
    added: list[_Placed] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def symbol_changes(change: Change) -> SymbolReport:
    """Return what ``change`` did to the symbols of its code and tests.

    Generated and vendored files are left out: nobody answers for their symbols here. A file that only got another name
    holds the same symbols.
    """
    found = _Found()
    for file in change.files():
        if file.role in (Role.CODE, Role.TEST) and (file.hunks or file.binary):
            _compare(change, file, found)
    _follow(found)
    for gone in found.removed:
        found.changes.append(_change(What.REMOVED, gone, None))
    for new in found.added:
        found.changes.append(_change(What.ADDED, None, new))
    ordered = sorted(found.changes, key=lambda each: (os.fsencode(each.path), each.symbol.line, each.what))
    return SymbolReport(tuple(ordered), tuple(found.unread))


def _compare(change: Change, file: FileChange, found: _Found) -> None:
    if not (is_known(file.path) or is_known(file.old_path)):
        found.unread.append((file.path, "no reader for this language"))
        return
    sides: dict[Side, tuple[Symbol, ...]] = {}
    for side, missing in ((Side.OLD, (Status.ADDED, Status.COPIED)), (Side.NEW, (Status.DELETED,))):
        # What a copy was made from still stands: all that the copy declares is new.
        content = None if file.status in missing else change.content(file, side)
        if content is None and file.status not in missing:
            found.unread.append((file.path, "the whole file is not at hand"))
            return
        read = inventory(file.old_path if side is Side.OLD else file.path, content or b"")
        sides[side] = read.symbols
        if read.why:
            found.unread.append((file.path, read.why))
    pairs, gone, new = _pair(sides[Side.OLD], sides[Side.NEW])
    for before, after in pairs:
        what = _difference(before, after)
        if what is not None:
            found.changes.append(_change(what, _Placed(before, file), _Placed(after, file)))
    found.removed += [_Placed(each, file, _inside(each, sides[Side.OLD])) for each in gone]
    found.added += [_Placed(each, file, _inside(each, sides[Side.NEW])) for each in new]


def _pair(
    olds: Iterable[Symbol], news: Iterable[Symbol]
) -> tuple[list[tuple[Symbol, Symbol]], list[Symbol], list[Symbol]]:
    """Pair symbols of one qualified name; return the pairs, and what is left on either side, in order."""
    before, after = _grouped(olds), _grouped(news)
    pairs: list[tuple[Symbol, Symbol]] = []
    gone: list[Symbol] = []
    new: list[Symbol] = []
    for key in before | after:
        left, right = before.get(key, []), after.get(key, [])
        for same in (_text, _signature, _parameters):
            waiting: defaultdict[object, list[Symbol]] = defaultdict(list)
            for each in right:
                waiting[same(each)].append(each)
            for each in tuple(left):
                if waiting[same(each)]:
                    other = waiting[same(each)].pop(0)
                    pairs.append((each, other))
                    left.remove(each)
                    right.remove(other)
        if len(left) == len(right):
            pairs += zip(left, right, strict=True)
            continue
        for score, each, other in _ranked(left, right):
            if each in left and other in right and score >= _SAME_NAME:
                pairs.append((each, other))
                left.remove(each)
                right.remove(other)
        gone += left
        new += right
    return pairs, gone, new


def _text(symbol: Symbol) -> object:
    return symbol.signature, symbol.text


def _signature(symbol: Symbol) -> object:
    return symbol.signature


def _parameters(symbol: Symbol) -> object:
    return symbol.parameters


def _grouped(symbols: Iterable[Symbol]) -> dict[tuple[str, str], list[Symbol]]:
    groups: dict[tuple[str, str], list[Symbol]] = {}
    for each in symbols:
        groups.setdefault((each.qualified, _group(each)), []).append(each)
    return groups


def _group(symbol: Symbol) -> str:
    return symbol.kind if symbol.kind in (Kind.TYPE, Kind.EXTENSION) else "callable"


def _ranked(left: list[Symbol], right: list[Symbol]) -> list[tuple[float, Symbol, Symbol]]:
    if len(left) * len(right) > _MOST_PAIRS:
        return []
    scored = [(_alike(_words(each), _words(other)), each, other) for each in left for other in right]
    return sorted(scored, key=lambda entry: -entry[0])


def _difference(before: Symbol, after: Symbol) -> What | None:
    if before.signature != after.signature:
        return What.RESIGNED
    return What.CHANGED if before.text != after.text else None


def _follow(found: _Found) -> None:
    """Pair what is left across files and names: types first, and with each its members."""
    for types in (True, False):
        for score, before, after in sorted(_candidates(found, types), key=lambda entry: -entry[0]):
            if score and before in found.removed and after in found.added:
                found.removed.remove(before)
                found.added.remove(after)
                renamed = before.symbol.name != after.symbol.name
                found.changes.append(_change(What.RENAMED if renamed else What.MOVED, before, after))
                if types:
                    _carry(found, before, after)


def _candidates(found: _Found, types: bool) -> Iterator[tuple[float, _Placed, _Placed]]:
    """Yield the pairs that may be one symbol, each with how alike they are, from 0 to 1."""
    olds = [each for each in found.removed if (_group(each.symbol) == Kind.TYPE) is types]
    news = [each for each in found.added if (_group(each.symbol) == Kind.TYPE) is types]
    by_name: defaultdict[tuple[str, str], list[_Placed]] = defaultdict(list)
    for each in news:
        by_name[_group(each.symbol), each.symbol.name].append(each)
    everything = len(olds) * len(news) <= _MOST_PAIRS
    words = {id(each): _words(each.symbol, each.inside) for each in (*olds, *news)}
    for before in olds:
        group, name = _group(before.symbol), before.symbol.name
        for after in news if everything else by_name[group, name]:
            if _group(after.symbol) == group:
                yield _likeness(before, after, words[id(before)], words[id(after)]), before, after


def _likeness(before: _Placed, after: _Placed, left: Counter[str], right: Counter[str]) -> float:
    same_name = before.symbol.name == after.symbol.name
    same_file = before.file.path == after.file.path
    same_owner = before.symbol.owner == after.symbol.owner
    same_place = same_file and same_owner
    if same_name:
        least = _SAME_NAME if same_file or same_owner else _NAMESAKE
    else:
        least = _SAME_PLACE if same_place else _ELSEWHERE
    fewer, more = sorted((left.total(), right.total()))
    # What short code has in common says nothing, and what differs in length cannot have enough in common.
    if 2 * fewer < least * (fewer + more) or (fewer < _TELLING and not (same_name or same_place)):
        return 0.0
    score = 1.0 if left == right else _alike(left, right) if fewer >= _TELLING else 0.0
    if score < least:
        return 0.0
    return score + same_name + same_place / 2 + same_file / 4


def _carry(found: _Found, before: _Placed, after: _Placed) -> None:
    """Pair the members of a type that has another name or place by the rest of their names."""
    inside = {id(symbol) for symbol in (*before.inside, *after.inside)}
    olds = [each for each in found.removed if id(each.symbol) in inside]
    news = [each for each in found.added if id(each.symbol) in inside]
    rest: defaultdict[tuple[str, str], list[_Placed]] = defaultdict(list)
    for new in news:
        rest[_rest(new.symbol, after.symbol), _group(new.symbol)].append(new)
    for old in olds:
        same = rest[_rest(old.symbol, before.symbol), _group(old.symbol)]
        if same:
            new = next((each for each in same if each.symbol.parameters == old.symbol.parameters), same[0])
            same.remove(new)
            found.removed.remove(old)
            found.added.remove(new)
            found.changes.append(_change(What.MOVED, old, new))


def _rest(symbol: Symbol, owner: Symbol) -> str:
    rest = symbol.qualified[len(owner.qualified) :]
    # A constructor of Java is called as its type.
    return ".constructor" if symbol.kind is Kind.CONSTRUCTOR and symbol.name == owner.name else rest


def _inside(symbol: Symbol, symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    if symbol.kind is not Kind.TYPE:
        return ()
    return tuple(each for each in symbols if each.qualified.startswith(f"{symbol.qualified}."))


def _change(what: What, before: _Placed | None, after: _Placed | None) -> SymbolChange:
    place = after or before
    assert place is not None  # noqa: S101  one of the two is always there
    old = before or place
    return SymbolChange(
        what,
        place.file.path if after else place.file.old_path,
        old.file.old_path,
        place.file.role,
        before.symbol if before else None,
        after.symbol if after else None,
    )


def _masked(text: str, name: str) -> str:
    return re.sub(rf"(?<![\w]){re.escape(name)}(?![\w])", "\0", text)


def _words(symbol: Symbol, inside: Iterable[Symbol] = ()) -> Counter[str]:
    """Count the words and signs of a symbol's code without its own name."""
    words: Counter[str] = Counter()
    for each in (symbol, *inside):
        words.update(_WORD.findall(_masked(f"{each.signature} {each.text}", symbol.name)))
    return words


def _alike(left: Counter[str], right: Counter[str]) -> float:
    """Return how much of their words two bodies share, from 0 to 1 (Dice's coefficient)."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0
