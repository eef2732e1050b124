"""Strings in Kotlin that a user sees: Compose's and those of Android's views, dialogs and notifications."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from hunkworks.rules.hardcoded.climb import (
    SAMPLES,
    Argument,
    Assigned,
    Grammar,
    declared,
    inside,
    pieces,
    taker,
    within,
)
from hunkworks.rules.hardcoded.model import Literal, words
from hunkworks.rules.hardcoded.prose import is_prose, is_sentence

if TYPE_CHECKING:
    from ast_grep_py import SgNode

#: The callee, and which of its arguments a user reads: by name, or by place.
_SHOWN: dict[str, frozenset[str | int]] = {
    "Text": frozenset({"text", 0}),
    "BasicText": frozenset({"text", 0}),
    "Icon": frozenset({"contentDescription", 1}),
    "Image": frozenset({"contentDescription", 1}),
    "AsyncImage": frozenset({"contentDescription", 1}),
    "makeText": frozenset({1}),
    "make": frozenset({1}),
    "showSnackbar": frozenset({"message", "actionLabel", 0, 1}),
    "setAction": frozenset({0}),
    "addAction": frozenset({1}),
    **dict.fromkeys(
        words(
            "setTitle setMessage setPositiveButton setNegativeButton setNeutralButton setContentTitle setContentText",
            "setTicker setSubText setBigContentTitle setSummaryText bigText setText setHint setSubtitle setSummary",
            "setError setContentDescription setQueryHint setTooltipText setPrompt setDescription",
        ),
        frozenset({0}),
    ),
}
# Whatever a composable is called, arguments of these names are texts …
_LABELS = words(
    "text contentDescription title subtitle label placeholder message description supportingText helperText hint",
    "headline buttonText confirmText dismissText onClickLabel onLongClickLabel stateDescription actionLabel",
    "errorMessage",
)
# … but also those of errors and of data, which only a composable shows …
_DOUBTFUL = frozenset({"message", "description", "headline", "supportingText", "errorMessage"})
# … but for the names that tools show to developers.
_NOT_SHOWN = re.compile(
    r"^(?:animate\w*|Animated\w*|Crossfade|updateTransition|rememberInfiniteTransition|\w*Transition|rememberUpdated\w*)$"
    r"|Exception$|Error$|Event$|(?i:log|track|analytic|metric|mock|fake|preview|test)"
)
_PROPERTIES = words(
    "text hint title subtitle contentDescription stateDescription error summary queryHint tooltipText dialogTitle",
    "dialogMessage paneTitle",
)
_GRAMMAR = Grammar(
    choosing=frozenset(
        {
            "if_expression",
            "when_expression",
            "when_entry",
            "control_structure_body",
            "elvis_expression",
            "parenthesized_expression",
        }
    ),
    joining=frozenset({"additive_expression"}),
    label_of=lambda argument: _label(argument),
    callees=frozenset(_SHOWN),
    labels=_LABELS,
)
_PREVIEWS = {
    "function_declaration": re.compile(r"@\w*Preview\w*\b|@Test\b"),
    "class_declaration": re.compile(r"\w*PreviewParameterProvider\b"),
}
_COMPOSABLES = {"function_declaration": re.compile(r"@Composable\b")}


def literals(root: SgNode, text: str, lines: Container[int] | None = None) -> Iterator[Literal]:
    """Yield the strings that a user sees, in the order of the file; previews have no users."""
    hidden = [*declared(root, text, SAMPLES), *declared(root, text, _PREVIEWS)]
    composables = declared(root, text, _COMPOSABLES)
    for node in root.find_all(kind="string_literal"):
        by = taker(node, _GRAMMAR) if within(node, lines) else None
        if by is None:
            continue
        start, end = node.range().start.index, node.range().end.index
        literal = Literal(start, end, pieces(node, _holes(node)), "")
        place = _shown(by, literal.words, composable=inside(start, composables))
        if place and is_prose(literal.words) and not inside(start, hidden):
            yield Literal(start, end, literal.pieces, place)


def _shown(by: Argument | Assigned, prose: str, *, composable: bool) -> str:
    """Return the name of the place that shows the text, or nothing."""
    if isinstance(by, Assigned):
        return f".{by.name} =" if by.name in _PROPERTIES else ""
    known = _SHOWN.get(by.callee, frozenset())
    if by.callee == "make" and not by.receiver.endswith("Snackbar"):
        return ""
    if (by.label or by.index) in known:
        return f"{by.callee}({by.label or '…'})"
    named = by.label in _LABELS and (composable or by.label not in _DOUBTFUL)
    if named and not _NOT_SHOWN.search(by.callee) and (is_sentence(prose) or composable):
        return f"{by.callee}({by.label} = …)"
    return ""


def _holes(node: SgNode) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    start = 0
    for child in node.children():
        kind, span = child.kind(), child.range()
        if kind in ("interpolation_identifier_start", "interpolation_expression_start"):
            start = span.start.index
        elif kind == "interpolated_identifier":
            found.append((start, span.end.index, child.text()))
        elif kind == "interpolated_expression":
            found.append((start, span.end.index + 1, child.text()))
    return found


def _label(argument: SgNode) -> str:
    first, second = argument.child(0), argument.child(1)
    return first.text() if first is not None and second is not None and second.kind() == "=" else ""
