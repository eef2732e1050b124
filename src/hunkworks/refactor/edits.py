"""The code edits that a recipe may name: one table, one function each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hunkworks.errors import ConfigError
from hunkworks.refactor import template
from hunkworks.refactor.elements import added, list_of
from hunkworks.refactor.site import Piece, Proposal, Site, TextEdit, Undecided
from hunkworks.refactor.source import Source, shifted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

Edit = Callable[[Site, Mapping[str, Any]], Proposal]
# Tokens between the brace that opens a body and its first statement: `{ [weak self] in`, `{ x ->`.
_HEADS = ("in", "->")


def fix(site: Site, options: Mapping[str, Any]) -> Proposal:
    """Put the template in the place of the match, and of the neighbours that ast-grep's expansion names."""
    start, end = site.start, site.end
    if "expandStart" in options:
        found = _neighbour(site.node, options["expandStart"], before=True)
        start = found.range().start.index if found else start
    if "expandEnd" in options:
        found = _neighbour(site.node, options["expandEnd"], before=False)
        end = found.range().end.index if found else end
    if not options["template"].strip():
        start, end = _whole_lines(site, start, end)
    return Proposal(template.replacing((start, end), options["template"], site))


def replace(site: Site, options: Mapping[str, Any]) -> Proposal:
    """Put the template in the place of the match, or of one captured variable."""
    piece = site.piece(options.get("of", ""))
    return Proposal(template.replacing((piece.start, piece.end), options["text"], site))


def insert(site: Site, options: Mapping[str, Any]) -> Proposal:
    """Insert lines before or after the match (or a variable), or first or last in its body; an element in its list."""
    piece = site.piece(options.get("of", ""))
    match options["at"]:
        case "before":
            return Proposal((_before(site, piece, options["text"]),))
        case "after":
            return Proposal((_after(site, piece, options["text"]),))
        case at if (elements := list_of(piece)) is not None:
            base = site.source.indentation(piece.start) + site.source.unit
            text = template.lines(options["text"], site, base).removeprefix(base)
            return Proposal(added(site, elements, text, first=at == "first"))
        case at:
            return Proposal(_in_body(site, piece, options["text"], first=at == "first"))


def wrap(site: Site, options: Mapping[str, Any]) -> Proposal:
    """Put a line before and one after the statements of a body, or around the match, which goes one level deeper."""
    piece = site.piece(options.get("of", ""))
    source = site.source
    template.refuse_strings(piece)
    opened, closed = _braces(piece)
    if opened is None or closed is None:
        _refuse_company(site, piece)
        base = source.indentation(piece.start)
        inner = shifted(piece.text, base, base + source.unit)
        lines = [
            template.lines(options["before"], site, base).removeprefix(base),
            base + source.unit + inner,
            template.lines(options["after"], site, base),
        ]
        return Proposal((TextEdit(piece.start, piece.end, source.newline.join(lines)),))
    base, start, end = _base(source, opened, closed), opened, closed
    inner = source.text[start:end]
    one = base + source.unit
    body = shifted("\n" + inner.strip("\r\n"), base, one).strip("\r\n") if "\n" in inner else ""
    lines = [
        "",
        template.lines(options["before"], site, one),
        body.rstrip() or one + source.unit + inner.strip(),
        template.lines(options["after"], site, one),
        base,
    ]
    return Proposal((TextEdit(start, end, source.newline.join(lines)),))


# name → function, or module:function of one that is imported on use
EDITS: Mapping[str, Edit | str] = MappingProxyType(
    {
        "externalize": "hunkworks.refactor.externalize:externalize",
        "fix": fix,
        "insert": insert,
        "replace": replace,
        "wrap": wrap,
    }
)


def named(name: str) -> Edit:
    """Return the edit called ``name``.

    Raises:
        ConfigError: There is none.
    """
    found = EDITS.get(name)
    if found is None:
        from hunkworks.rules.schema import nearest

        raise ConfigError(f"there is no code edit {name!r}", fix=nearest(name, EDITS))
    if isinstance(found, str):
        module, _, function = found.partition(":")
        edit: Edit = getattr(importlib.import_module(module), function)
        return edit
    return found


def _neighbour(node: SgNode, expansion: Mapping[str, Any], *, before: bool) -> SgNode | None:
    """Return the sibling that ast-grep's expandStart or expandEnd names; the next one only, unless stopBy: end."""
    rule: Any = {key: value for key, value in expansion.items() if key != "stopBy"}
    siblings = node.prev_all() if before else node.next_all()
    stop: Any = expansion.get("stopBy", "neighbor")
    for sibling in siblings:
        if sibling.matches(**rule):
            return sibling
        if stop == "neighbor" or (isinstance(stop, dict) and sibling.matches(**stop)):
            return None
    return None


def _whole_lines(site: Site, start: int, end: int) -> tuple[int, int]:
    """Return the span of the lines with their last line end, where nothing else stands on them."""
    source = site.source
    first, last = source.line_start(start), source.line_end(end)
    if source.text[first:start].strip(" \t") or source.text[end:last].strip(" \t;"):
        return start, end
    return first, last + len(source.newline) if source.text[last:].startswith(source.newline) else last


def _before(site: Site, piece: Piece, text: str) -> TextEdit:
    source = site.source
    start = source.line_start(piece.start)
    if source.text[start : piece.start].strip(" \t\ufeff"):
        raise Undecided("something else stands before it on its line")
    return TextEdit(
        start, start, template.lines(text, site, source.indentation(piece.start)) + source.newline
    )


def _after(site: Site, piece: Piece, text: str) -> TextEdit:
    source = site.source
    end = source.line_end(piece.end)
    rest = source.text[piece.end : end].strip()
    if rest and not rest.startswith((";", "//", "#", "/*")):
        raise Undecided("something else stands behind it on its line")
    return TextEdit(end, end, source.newline + template.lines(text, site, source.indentation(piece.start)))


def _in_body(site: Site, piece: Piece, text: str, *, first: bool) -> tuple[TextEdit, ...]:
    source = site.source
    opened, closed = _braces(piece)
    if opened is None or closed is None:
        return (_in_indented(site, piece, text, first=first),)
    base = _base(source, opened, closed)
    inner = source.text[opened:closed]
    added = template.lines(text, site, base + source.unit)
    if "\n" not in inner:
        standing = [base + source.unit + inner.strip()] if inner.strip() else []
        lines = ["", *([added, *standing] if first else [*standing, added]), base]
        return (TextEdit(opened, closed, source.newline.join(lines)),)
    if first:
        return (TextEdit(opened, opened, source.newline + added),)
    end = source.line_start(closed)
    if source.text[end:closed].strip():
        raise Undecided("the body ends on the line of a statement")
    return (TextEdit(end, end, added + source.newline),)


def _in_indented(site: Site, piece: Piece, text: str, *, first: bool) -> TextEdit:
    """Insert into a body without braces, Python's: behind its docstring, or at its end."""
    if site.language != "Python":
        raise Undecided("it has no body in braces")
    statements = [child for node in piece.nodes for child in node.children() if child.is_named()]
    if len(piece.nodes) > 1 or not statements:
        statements = list(piece.nodes)
    if not first:
        where = statements[-1].range()
        return _after(site, Piece("", where.start.index, where.end.index), text)
    head = statements[0]
    where = head.range()
    place = Piece("", where.start.index, where.end.index)
    if head.kind() == "expression_statement" and head.children()[0].kind() == "string":
        return _after(site, place, text)
    return _before(site, place, text)


def _base(source: Source, opened: int, closed: int) -> str:
    """Return the indentation of what a body belongs to: the brace that opens it may end a line further in."""
    alone = not source.text[source.line_start(closed) : closed].strip(" \t")
    return source.indentation(closed if alone else opened)


def _braces(piece: Piece) -> tuple[int | None, int | None]:
    """Return the span between the braces that a body stands in, its head (``[weak self] in``) left out."""
    for node in piece.nodes:
        opener = _opener(node)
        if opener is None:
            continue
        behind = opener.next_all()
        closer = next((sibling for sibling in reversed(behind) if sibling.kind() == "}"), None)
        if closer is None or not closer.text():
            continue
        head = next((sibling for sibling in behind if sibling.kind() in _HEADS), None)
        return (head or opener).range().end.index, closer.range().start.index
    return None, None


def _opener(node: SgNode) -> SgNode | None:
    """Return the brace that opens the body of ``node``: the last block among its children, or its own."""
    children = node.children()
    own = next((child for child in children if child.kind() == "{"), None)
    if own is not None:
        return own
    for child in reversed(children):
        if (found := _opener(child)) is not None:
            return found
    return None


def _refuse_company(site: Site, piece: Piece) -> None:
    source = site.source
    before = source.text[source.line_start(piece.start) : piece.start].strip(" \t\ufeff")
    if before or source.text[piece.end : source.line_end(piece.end)].strip():
        raise Undecided("it shares its lines with other code")
