"""Templates of fixes and edits: variables and parameters in, text in the file's own style out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hunkworks.refactor.layout import kept
from hunkworks.refactor.site import Piece, Site, TextEdit, Undecided
from hunkworks.refactor.source import indentation, levels, shifted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

VARIABLE = re.compile(r"\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)")
_PLACE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
_ANY = re.compile(f"{VARIABLE.pattern}|{_PLACE.pattern}")
_OPENING = ("(", "[", "{")
_STRING = re.compile(r"string|heredoc|template|raw_text|char_literal")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expanded template: literal text, or a captured ``piece`` as ``text`` shows it.

    ``origin`` is the span that captured or transformed text comes from.
    """

    text: str
    piece: Piece | None = None
    origin: tuple[int, int] | None = None


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with ``{{name}}`` replaced by the parameter's value, in one pass: values are never templates."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def say(text: str, values: Mapping[str, str], variables: Mapping[str, Piece]) -> str:
    """Return prose for a person with parameters and variables filled in; what names neither stays as it is."""

    def shown(found: re.Match[str]) -> str:
        if found[3]:
            return values.get(found[3], found[0])
        piece = variables.get(found[1] or found[2])
        return piece.text if piece else found[0]

    return _ANY.sub(shown, text)


def lines(template: str, site: Site, base: str) -> str:
    """Return whole lines for insertion, each with its indentation: ``base``, and the template's own levels."""
    text = "".join(part.text for part in parts(template.strip("\n"), site, base))
    return base + text


def parts(template: str, site: Site, base: str) -> list[Part]:
    """Expand ``template`` where the line has the indentation ``base``.

    Raises:
        Undecided: A multi-line string would have to be shifted, which changes what it says.
    """
    written = template.replace("\r\n", "\n").split("\n")
    indents = ["", *(levels(written[1:], site.source.unit) if written[1:] else ())]
    made: list[Part] = []
    for number, line in enumerate(written):
        content = line.lstrip(" \t") if number else line
        if number and _captured_nothing(content, site):
            continue
        if number:
            made.append(Part(site.source.newline))
        here = base + indents[number]
        if number and content:
            made.append(Part(here))
        made += _line(content, site, here)
    return made


def replacing(span: tuple[int, int], template: str, site: Site) -> tuple[TextEdit, ...]:
    """Return the edits that put ``template`` in the place of ``span``.

    Captured text that keeps its order and shape stays where it stands and only what is between is replaced, so that
    another match inside it can be rewritten too. So do line breaks between what stays, unless the template has its own.
    """
    expanded = parts(template, site, site.source.indentation(span[0]))
    if "\n" not in template and (edits := _where_they_stand(span, list(_line(template, site, None)), site)):
        return edits
    if not _in_place([part for part in expanded if part.piece is not None], span):
        return (TextEdit(*span, "".join(part.text for part in expanded)),)
    replaced: list[tuple[int, int, str]] = []
    position, between = span[0], ""
    for part in [*expanded, Part("", Piece("", span[1], span[1]))]:
        if part.piece is None:
            between += part.text
            continue
        replaced.append((position, part.piece.start, between))
        position, between = part.piece.end, ""
    if "\n" in template:
        return _edits(replaced, site)
    laid_out = [
        (start, end, new if "\n" in new else kept(site.text[start:end], new)) for start, end, new in replaced
    ]
    # A template that only joins lines means it.
    return _edits(laid_out, site) or _edits(replaced, site)


def _where_they_stand(span: tuple[int, int], expanded: list[Part], site: Site) -> tuple[TextEdit, ...]:
    """Return the edits that leave each text of several lines as far in as it is, or none where one has to move."""
    if not any(part.origin and "\n" in part.text for part in expanded):
        return ()
    replaced: list[tuple[int, int, str]] = []
    before, opened, new = site.text[site.source.line_start(span[0]) : span[0]], span[0], ""
    position, between = span[0], ""
    for part in [*expanded, Part("", Piece("", span[1], span[1]), span[1:] * 2)]:
        if part.origin is None:
            between += part.text
            continue
        start, end = part.origin
        if start < position or end > span[1]:
            return ()
        old = site.text[position:start]
        new += kept(old, between)
        line = (before + new).rpartition("\n")[2]
        space = old[len(old.rstrip()) :]
        if "\n" in part.text and "\n" in space and line.endswith(_OPENING) and line[-1] in old:
            # A list whose first elements go.
            new += space
            line = space.rpartition("\n")[2]
        if "\n" in part.text and indentation(line) != site.source.indentation(start):
            return ()
        if part.piece is None:
            new += part.text
        else:
            replaced.append((opened, start, new))
            before, opened, new = line + part.text, end, ""
        position, between = end, ""
    return _edits(replaced, site)


def _edits(replaced: list[tuple[int, int, str]], site: Site) -> tuple[TextEdit, ...]:
    return tuple(TextEdit(start, end, new) for start, end, new in replaced if site.text[start:end] != new)


def _in_place(kept: list[Part], span: tuple[int, int]) -> bool:
    position = span[0]
    for part in kept:
        piece = part.piece
        if piece is None or piece.start < position or piece.end > span[1] or part.text != piece.text:
            return False
        position = piece.end
    return True


def _captured_nothing(line: str, site: Site) -> bool:
    alone = VARIABLE.fullmatch(line.rstrip())
    return alone is not None and (alone[1] or alone[2]) not in site.variables


def _line(content: str, site: Site, here: str | None) -> Iterator[Part]:
    position = 0
    for found in VARIABLE.finditer(content):
        yield Part(fill(content[position : found.start()], site.values))
        piece = site.variables.get(found[1] or found[2])
        if piece is not None:
            yield _captured(piece, site, here)
        position = found.end()
    yield Part(fill(content[position:], site.values))


def _captured(piece: Piece, site: Site, here: str | None) -> Part:
    origin = (piece.start, piece.end) if piece.start >= 0 else piece.origin
    if origin is None:
        return Part(piece.text)
    text = piece.text if here is None else shifted(piece.text, site.source.indentation(origin[0]), here)
    if text != piece.text:
        refuse_strings(piece)
    return Part(text, piece if piece.start >= 0 else None, origin)


def refuse_strings(piece: Piece) -> None:
    """Refuse to shift the lines of a string that goes over several.

    Raises:
        Undecided: ``piece`` holds one.
    """
    if any(multiline_string(node) for node in piece.nodes):
        raise Undecided("a string over several lines would be shifted")


def multiline_string(node: SgNode) -> bool:
    """Whether ``node`` is or holds a string over several lines."""
    where = node.range()
    if where.start.line == where.end.line:
        return False
    if _STRING.search(node.kind()):
        return True
    return any(multiline_string(child) for child in node.children())
