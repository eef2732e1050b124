"""Strings in TSX and JSX that a user sees: the text between tags, and the attributes that browsers show or read out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from hunkworks.rules.hardcoded.climb import inside, within
from hunkworks.rules.hardcoded.model import Hole, Literal, words
from hunkworks.rules.hardcoded.prose import is_prose, is_sentence

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ATTRIBUTES = words("title placeholder alt aria-label aria-description aria-placeholder aria-valuetext")
# The names that components of one's own give to such texts: believed where the text is a sentence.
_OWN_ATTRIBUTES = words(
    "label description subtitle heading helperText tooltip message caption hint errorMessage confirmText"
)
_CALLS = re.compile(
    r"(?:window\.)?(?:alert|confirm|prompt)|toast(?:\.(?:success|error|info|warn|warning|message|loading))?"
)
_CODE_TAGS = words("code pre kbd samp var style script svg Trans FormattedMessage Translate")
_TEXTS = ("jsx_text", "html_character_reference")
_CHOOSING = ("ternary_expression", "parenthesized_expression", "jsx_expression")


def literals(root: SgNode, text: str, lines: Container[int] | None = None) -> Iterator[Literal]:
    """Yield the strings that a user sees, in the order of the file."""
    code = _code(root)
    found = [*_texts(root, text, lines), *_strings(root, lines)]
    shown = [literal for literal in found if not inside(literal.start, code)]
    return iter(sorted(shown, key=lambda literal: literal.start))


def calls(root: SgNode, _text: str, lines: Container[int] | None = None) -> Iterator[Literal]:
    """Yield those of a file without markup, whose grammar knows none: what it hands to alerts and toasts."""
    return _strings(root, lines)


def _texts(root: SgNode, text: str, lines: Container[int] | None) -> Iterator[Literal]:
    """Yield the text between tags: what stands between two elements is one, with the values in it."""
    for element in root.find_all(kind="jsx_element"):
        if not within(element, lines):
            continue
        run: list[SgNode] = []
        tag = _tag(element)
        for child in [*element.children(), None]:
            if child is not None and (child.kind() in _TEXTS or _value(child)):
                run.append(child)
                continue
            literal = _text(run, text, tag)
            run = []
            if literal:
                yield literal


def _text(run: Sequence[SgNode], text: str, tag: str) -> Literal | None:
    while run and not (run[0].kind() in _TEXTS and run[0].text().strip()):
        run = run[1:]
    while run and not run[-1].text().strip():
        run = run[:-1]
    if not run:
        return None
    found: list[str | Hole] = []
    for node in run:
        shown = node.text()
        found.append(shown if node.kind() in _TEXTS else Hole(shown[1:-1].strip(), shown))
    start, end = run[0].range().start.index, run[-1].range().end.index
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    literal = Literal(start, end, _trimmed(found), f"<{tag}>")
    return literal if is_prose(literal.words) else None


def _trimmed(found: Sequence[str | Hole]) -> tuple[str | Hole, ...]:
    """Return the pieces as a browser shows them: runs of white space are one space, none at the ends."""
    pieces = [piece if isinstance(piece, Hole) else re.sub(r"\s+", " ", piece) for piece in found]
    if isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip()
    if isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip()
    return tuple(piece for piece in pieces if piece)


def _strings(root: SgNode, lines: Container[int] | None) -> Iterator[Literal]:
    for node in root.find_all({"rule": {"any": [{"kind": "string"}, {"kind": "template_string"}]}}):
        if not within(node, lines):
            continue
        here = node.parent()
        while here is not None and here.kind() in _CHOOSING:
            here = here.parent()
        if here is None:
            continue
        pieces = _pieces(node)
        literal = Literal(node.range().start.index, node.range().end.index, pieces, "")
        place = _place(here, literal.words)
        if place and is_prose(literal.words):
            yield Literal(literal.start, literal.end, pieces, place)


def _place(taker: SgNode, prose: str) -> str:
    name = taker.child(0)
    if name is None:
        return ""
    if taker.kind() == "jsx_attribute":
        shown = name.text() in _ATTRIBUTES or (name.text() in _OWN_ATTRIBUTES and is_sentence(prose))
        return f"{name.text()}=" if shown else ""
    if taker.kind() == "jsx_element":
        return f"<{_tag(taker)}>"
    if taker.kind() == "arguments":
        call = taker.parent()
        function = call.child(0) if call else None
        return f"{function.text()}(…)" if function is not None and _CALLS.fullmatch(function.text()) else ""
    return ""


def _pieces(node: SgNode) -> tuple[str | Hole, ...]:
    found: list[str | Hole] = []
    for child in node.children():
        if child.kind() == "template_substitution":
            found.append(Hole(child.text()[2:-1].strip(), child.text()))
        elif child.is_named():
            found.append(child.text())
    return tuple(found)


def _value(node: SgNode) -> bool:
    """Whether a part between tags is a plain value: a name, a member, a call; and not markup or a choice of texts."""
    inner = node.child(1) if node.kind() == "jsx_expression" else None
    return inner is not None and inner.kind() in (
        "identifier",
        "member_expression",
        "call_expression",
        "string",
    )


def _tag(element: SgNode) -> str:
    opening = element.child(0)
    name = opening.child(1) if opening is not None and opening.kind() == "jsx_opening_element" else None
    return name.text() if name is not None and name.is_named() else ""


def _code(root: SgNode) -> list[tuple[int, int]]:
    """Return where elements stand whose text is code, drawings, or translated by the element itself."""
    spans = [node.range() for node in root.find_all(kind="jsx_element") if _tag(node) in _CODE_TAGS]
    return [(span.start.index, span.end.index) for span in spans]
