"""Which documents a change made untrue: those that name what is gone, and those anchored to what it touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hunkworks.change.inventory import decode, inventory, is_known
from hunkworks.change.model import Change, LineKind, Role
from hunkworks.change.repository import Repository
from hunkworks.change.role_names import by_name
from hunkworks.change.symbol_changes import SymbolChange, symbol_changes
from hunkworks.scaffold.anchors import Anchor, anchors, digest_of, matches
from hunkworks.scaffold.files import Files
from hunkworks.scaffold.judging import Judge, Verdict
from hunkworks.scaffold.reading import Document
from hunkworks.scaffold.standing import Standing
from hunkworks.scaffold.subjects import Subject, subjects

_ENDINGS = ("md", "mdx", "markdown", "rst", "adoc", "asciidoc", "txt", "org")
_TEXT = re.compile(rf"\.(?:{'|'.join(_ENDINGS)})$", re.IGNORECASE)
_NO_TEXT = tuple(f":(top,exclude,icase)*.{ending}" for ending in _ENDINGS)
# Documents that tell what was: a name that is gone is at home there.
_PAST = re.compile(
    r"(?:^|[/_.-])(?:change(?:s|log)|history|news|newsfragments|release[-_]?notes?|releases|whats?[-_]?new|migrat\w*"
    r"|upgrad\w*|plans?|proposals?|adr|decisions|rfcs?|licen[cs]e|authors|archive|blog|posts|requirements)(?=[/_.-]|$)",
    re.IGNORECASE,
)
_LARGEST = 1_000_000


class Stale(msgspec.Struct, frozen=True):
    """A line of a document and the symbol that it names; ``now`` is the new name or signature, "" where none is."""

    path: str
    line: int
    symbol: str
    what: str
    now: str
    source: str
    why: str


class Findings(msgspec.Struct, frozen=True):
    """``failures`` make the check fail; ``hints`` are to be looked at. ``past`` documents tell what was.

    ``ordinary`` are names too ordinary to be looked up, with the lines of documents that hold them.
    """

    change: str
    failures: tuple[Stale, ...]
    hints: tuple[Stale, ...]
    documents: int
    past: int
    symbols: int
    unread: tuple[tuple[str, str], ...]
    ordinary: dict[str, int]


def look(repository: Repository, change: Change, *, at: str = "") -> Findings:
    """Return the documents that ``change`` made untrue.

    Args:
        repository: Whose documents.
        change: What was changed.
        at: Read the documents of this commit; without it, as they stand where the change ends.
    """
    report = symbol_changes(change)
    documents = _Documents(repository, change, at)
    touched = (
        {} if at else {file.path: _added(file.hunks) for file in change.files() if _TEXT.search(file.path)}
    )
    code = Files(repository, change)
    about = list(subjects(change, code, report.changes))
    read = [Document(path, text) for path, text in documents.texts.items()]
    named = {each.name for each in about if any(each.name in document.words for document in read)}
    named |= {name for each in about if each.is_type for name in each.gone}
    judge = Judge(Standing(code, named, _NO_TEXT, _PAST))
    found: list[tuple[Stale, bool]] = []
    for document in read:
        for subject in about:
            if subject.name in document.words or not subject.gone.isdisjoint(document.words):
                found += [
                    (_stale(document.path, subject, verdict), verdict.certain)
                    for verdict in judge.judge(subject, document)
                ]
    anchored = [
        stale
        for path, text in documents.texts.items()
        if "doc-of:" in text
        for stale in _anchored(documents, path, text, report.changes, touched.get(path, frozenset()))
    ]
    failures = _folded(stale for stale, certain in found if certain)
    hints = _folded((stale for stale, certain in found if not certain), but=failures)
    listed = {(each.path, each.line) for each in (*failures, *hints)}
    ordinary = {
        name: len(places - listed) for name, places in sorted(judge.ordinary.items()) if places - listed
    }
    return Findings(
        change.id,
        _ordered([*failures, *anchored]),
        _ordered(hints),
        len(read),
        documents.past,
        len(report.changes),
        report.unread,
        ordinary,
    )


def _stale(path: str, subject: Subject, verdict: Verdict) -> Stale:
    return Stale(
        path, verdict.line, subject.qualified, subject.what, subject.now, subject.source, verdict.why
    )


class _Documents(Files):
    """A project with its documents; ``past`` counts those that tell what was."""

    def __init__(self, repository: Repository, change: Change, at: str) -> None:
        super().__init__(repository, change, at)
        self.texts: dict[str, str] = {}
        self.past = 0
        for path in filter(_TEXT.search, self.paths()):
            role = by_name(path)
            if role is not None and role[0] in (Role.VENDORED, Role.GENERATED, Role.TEST):
                continue
            if _PAST.search(path):
                self.past += 1
            elif (content := self.content(path)) is not None and len(content) <= _LARGEST:
                self.texts[path] = decode(content)


def _anchored(
    documents: _Documents, path: str, text: str, changes: Sequence[SymbolChange], touched: frozenset[int]
) -> Iterator[Stale]:
    """Yield the anchors of a document whose symbol is not what they were written for."""
    for anchor in anchors(text):
        mine = [
            each for each in changes if anchor.path in (each.path, each.old_path) and _concerns(anchor, each)
        ]
        if not anchor.digest and not mine:
            continue
        now = _digest(documents, anchor)
        followed = any(anchor.line <= line <= anchor.last for line in touched)
        settle = f"once the text is true again, write @{now} behind it"
        if not now:
            why, what = "the symbol of this anchor is gone", "removed"
        elif anchor.digest and not now.startswith(anchor.digest[:8]):
            why, what = f"the symbol of this anchor changed; {settle}", "changed"
        elif not anchor.digest and mine and not followed:
            why = f"the symbol of this anchor changed, and the text behind it did not; {settle}"
            what = str(mine[0].what)
        else:
            continue
        renamed = (each.after.qualified for each in mine if each.after and matches_old(anchor, each))
        new = next((name for name in renamed if name != anchor.symbol.partition("(")[0]), "")
        yield Stale(path, anchor.line, anchor.symbol, what, new, anchor.path, why)


def matches_old(anchor: Anchor, change: SymbolChange) -> bool:
    """Tell whether an anchor means what a changed symbol was."""
    return change.before is not None and matches(anchor, change.before)


def _concerns(anchor: Anchor, change: SymbolChange) -> bool:
    """Tell whether a change is about an anchor's symbol or about something inside it."""
    sides = [each for each in (change.before, change.after) if each is not None]
    plain = anchor.symbol.partition("(")[0]
    return any(matches(anchor, each) or each.qualified.startswith(f"{plain}.") for each in sides)


def _digest(documents: _Documents, anchor: Anchor) -> str:
    content = documents.content(anchor.path) if is_known(anchor.path) else None
    return "" if content is None else digest_of(inventory(anchor.path, content).symbols, anchor)


def _added(hunks: Iterable[object]) -> frozenset[int]:
    lines = (line for hunk in hunks for line in hunk.lines)  # type: ignore[attr-defined]
    return frozenset(line.new for line in lines if line.kind is LineKind.ADDED and line.new is not None)


def _folded(found: Iterable[Stale], but: Iterable[Stale] = ()) -> list[Stale]:
    """Return one entry for each line and name, with all the symbols of that name; none for those in ``but``.

    A member is not listed beside the type that it stands in.
    """
    seen = {_key(each) for each in but}
    kept: dict[tuple[str, int, str], list[Stale]] = {}
    for each in found:
        if _key(each) not in seen:
            kept.setdefault(_key(each), []).append(each)
    symbols = {(each.path, each.line, each.symbol) for same in kept.values() for each in same}
    return [
        msgspec.structs.replace(same[0], symbol=", ".join(dict.fromkeys(each.symbol for each in same)))
        for same in kept.values()
        if not all((each.path, each.line, each.symbol.rpartition(".")[0]) in symbols for each in same)
    ]


def _key(stale: Stale) -> tuple[str, int, str]:
    parameter = stale.why if stale.why.startswith("its ") else ""
    return stale.path, stale.line, parameter or stale.symbol.partition("(")[0].rpartition(".")[2]


def _ordered(found: Iterable[Stale]) -> tuple[Stale, ...]:
    return tuple(sorted(found, key=lambda each: (each.path, each.line, each.symbol)))
