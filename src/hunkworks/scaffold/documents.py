"""Which documents a change made untrue: those that name what is gone, and those anchored to what it touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import decode, inventory, is_known
from hunkworks.change.model import Change, LineKind, Role
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.change.role_names import by_name
from hunkworks.change.symbol_changes import SymbolChange, What, symbol_changes
from hunkworks.scaffold.anchors import Anchor, anchors, digest_of, matches
from hunkworks.scaffold.files import Files
from hunkworks.scaffold.mentions import Piece, pieces, words_of
from hunkworks.scaffold.signatures import breaks_callers

_ENDINGS = ("md", "mdx", "markdown", "rst", "adoc", "asciidoc", "txt", "org")
_TEXT = re.compile(rf"\.(?:{'|'.join(_ENDINGS)})$", re.IGNORECASE)
_NO_TEXT = tuple(f":(top,exclude,icase)*.{ending}" for ending in _ENDINGS)
# Documents that tell what was: a name that is gone is at home there.
_PAST = re.compile(
    r"(?:^|[/_.-])(?:change(?:s|log)|history|news|newsfragments|release[-_]?notes?|releases|whats?[-_]?new|migrat\w*"
    r"|upgrad\w*|plans?|proposals?|adr|decisions|rfcs?|licen[cs]e|authors|archive|blog|posts|requirements)(?=[/_.-]|$)",
    re.IGNORECASE,
)
_TELLING = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|[a-zA-Z0-9]_[a-zA-Z0-9]")
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
    """``failures`` make the check fail; ``hints`` are to be looked at. ``past`` documents tell what was."""

    change: str
    failures: tuple[Stale, ...]
    hints: tuple[Stale, ...]
    documents: int
    past: int
    symbols: int
    unread: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Gone:
    """A symbol whose old name or signature a document may still hold.

    ``everywhere`` says that no code of the project holds its bare name any more.
    """

    change: SymbolChange
    name: str
    owner: str
    everywhere: bool
    breaks: bool


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
    gone = list(_gone(repository, Files(repository, change).revision, report.changes))
    failures: list[Stale] = []
    hints: list[Stale] = []
    for path, text in documents.texts.items():
        names = words_of(text)
        about = [each for each in gone if each.name in names]
        cut = list(pieces(text)) if about else []
        for each in about:
            # A method's call tells no owner: another class may have one of that name.
            mine = not each.owner or each.owner in names
            for stale, certain in _mentions(path, each, cut, looked_at=path in touched or not mine):
                (failures if certain else hints).append(stale)
        if "doc-of:" in text:
            failures += _anchored(documents, path, text, report.changes, touched.get(path, frozenset()))
    counted = len(documents.texts), documents.past, len(report.changes)
    return Findings(change.id, _once(failures), _once(hints, failures), *counted, report.unread)


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


def _gone(repository: Repository, revision: str, changes: Sequence[SymbolChange]) -> Iterator[_Gone]:
    """Yield the symbols that are not what they were to a reader: gone, under another name, or called otherwise."""
    about = [
        each
        for each in changes
        if each.role is Role.CODE
        and each.before is not None
        and not each.before.private
        and each.before.certain
        and each.before.kind is not Kind.EXTENSION
        and (each.what in (What.REMOVED, What.RENAMED, What.MOVED) or each.resigned)
    ]
    left = _still_in_code(repository, revision, {each.before.name for each in about if each.before})
    for each in about:
        before, after = each.before, each.after
        assert before is not None  # noqa: S101  filtered above
        if after is not None and after.qualified == before.qualified and not each.resigned:
            continue
        owner = before.owner.removesuffix(".Companion").rpartition(".")[2]
        breaks = after is not None and breaks_callers(before.signature, after.signature)
        yield _Gone(each, before.name, owner, before.name not in left, breaks)


def _still_in_code(repository: Repository, revision: str, names: set[str]) -> set[str]:
    """Return the names that the project still holds somewhere outside of documents, whatever they mean there."""
    plain = sorted(name for name in names if re.fullmatch(r"[\w$]+", name))
    found: set[str] = set()
    for start in range(0, len(plain), 200):
        patterns = [part for name in plain[start : start + 200] for part in ("-e", name)]
        where = ["--untracked"] if revision == WORKTREE else [repository.resolve(revision)]
        options = ["-w", "-F", "-o", "-h", "-I", "--no-color", "--no-recurse-submodules"]
        said = repository.git("grep", *options, *patterns, *where, "--", ":(top)", *_NO_TEXT, statuses=(0, 1))
        found |= set(said.decode("utf-8", "replace").split("\n"))
    return found & names


def _mentions(
    path: str, gone: _Gone, cut: Iterable[Piece], *, looked_at: bool
) -> Iterator[tuple[Stale, bool]]:
    """Yield the lines of a document that name ``gone``, each with whether that makes the document untrue.

    Args:
        path: Of the document.
        gone: What it may name.
        cut: Its pieces.
        looked_at: A call there is no proof: its author has seen it in this change, or it may be another's.
    """
    change = gone.change
    before, after = change.before, change.after
    assert before is not None  # noqa: S101  _gone says so
    word = re.compile(rf"(?<![\w$]){re.escape(gone.name)}(?![\w$])")
    with_owner = re.compile(
        rf"(?<![\w$]){re.escape(gone.owner)}(?:\.|::|#|->|/)(?:\w+\.)*{re.escape(gone.name)}(?![\w$])"
    )
    called = re.compile(rf"(?<![\w$]){re.escape(gone.name)}\s*(?:<[^<>()]*>)?\(\s*[^)\s]")
    telling = _TELLING.search(gone.name) is not None
    for piece in cut:
        if gone.name not in piece.text or not word.search(piece.text):
            continue
        qualified = bool(gone.owner) and with_owner.search(piece.text) is not None
        if not (telling or qualified):
            continue
        lost = after is None or after.qualified != before.qualified
        same_name = after is not None and after.name == before.name
        if (
            after is not None
            and lost
            and qualified
            and f".{after.qualified}".endswith(f".{gone.owner}.{gone.name}")
        ):
            continue
        if lost:
            certain = piece.code and (qualified or (gone.everywhere and not same_name))
        else:
            certain = piece.code and gone.breaks and called.search(piece.text) is not None and not looked_at
        if lost and same_name and not qualified:
            continue
        yield (
            Stale(
                path,
                piece.line,
                before.qualified,
                str(change.what),
                "" if after is None else after.qualified if lost else after.signature,
                f"{change.path}:{after.line if after else before.line}",
                "named in code" if piece.code else "named in prose",
            ),
            certain,
        )


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
        if not now:
            why, what = "the symbol of this anchor is gone", "removed"
        elif anchor.digest and not now.startswith(anchor.digest[:8]):
            why, what = (
                f"the symbol of this anchor changed; once the text is true again, write @{now} behind it",
                "changed",
            )
        elif not anchor.digest and mine and not followed:
            why, what = "the symbol of this anchor changed, and the text behind it did not", str(mine[0].what)
        else:
            continue
        new = next((each.after.qualified for each in mine if each.after and matches_old(anchor, each)), "")
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


def _once(found: Iterable[Stale], but: Iterable[Stale] = ()) -> tuple[Stale, ...]:
    """Return each line and symbol once, in order."""
    seen = {(each.path, each.line, each.symbol) for each in but}
    kept = []
    for each in sorted(found, key=lambda entry: (entry.path, entry.line, entry.symbol)):
        if (each.path, each.line, each.symbol) not in seen:
            seen.add((each.path, each.line, each.symbol))
            kept.append(each)
    return tuple(kept)
