"""Strings in Swift that a user sees: SwiftUI's, which are keys at the same time, UIKit's and AppKit's."""

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

#: Calls whose first argument SwiftUI takes for a key (LocalizedStringKey) …
_KEYS = words(
    "Text Label Button Toggle TextField SecureField Picker Section Link NavigationLink Menu Stepper DatePicker",
    "ProgressView GroupBox DisclosureGroup ColorPicker LabeledContent ShareLink ContentUnavailableView Tab",
    "Gauge CommandMenu navigationTitle navigationBarTitle navigationSubtitle alert confirmationDialog",
    "accessibilityLabel accessibilityHint accessibilityValue help badge",
)
# Beside these the text is a key that somebody has put into a catalog already.
_LOOKED_UP = frozenset({"comment", "bundle", "tableName", "table"})
_PRESENTED = frozenset({"isPresented", "item", "error", "message"})
#: … and labels of such arguments.
_KEY_LABELS = {("searchable", "prompt"), ("accessibilityAction", "named")}
#: UIKit and AppKit: the callee, and the labels whose texts a user reads ("" is the first argument).
_SHOWN: dict[str, frozenset[str]] = {
    name: frozenset(labels.split(","))
    for name, labels in {
        "setTitle": "",
        "setAttributedTitle": "",
        "UIAlertController": "title,message",
        "UIAlertAction": "title",
        "UIBarButtonItem": "title",
        "UITabBarItem": "title",
        "UIAction": "title,subtitle",
        "UIMenu": "title,subtitle",
        "UICommand": "title,discoverabilityTitle",
        "UIKeyCommand": "title,discoverabilityTitle",
        "UIContextualAction": "title",
        "UIAccessibilityCustomAction": "name",
        "NSMenuItem": "title",
        "NSMenu": "title",
        "NSButton": "title,checkboxWithTitle,radioButtonWithTitle",
        "NSTextField": "labelWithString,wrappingLabelWithString",
        "addButton": "withTitle",
        "addItem": "withTitle",
        "alert": "message",
    }.items()
}
_PROPERTIES = words(
    "text placeholder accessibilityLabel accessibilityHint accessibilityValue toolTip messageText informativeText",
    "largeContentTitle placeholderString footerText headerText",
)
# Also the names of data: believed where the text is a sentence, or where the receiver is a known bearer of titles.
_DOUBTFUL = frozenset(
    {"title", "subtitle", "prompt", "message", "body", "stringValue", "detail", "buttonTitle"}
)
_BEARERS = re.compile(
    r"(?i)(?:navigationItem|tabBarItem|self|view|button|label|field|alert|content|controller|vc|item|cell|window|menu)$"
)
_OWN_LABELS = words(
    "title subtitle message placeholder prompt caption headline buttonTitle buttonText hint header footer"
)
_NOT_SHOWN = re.compile(
    r"(?i)error|event|log|track|analytic|metric|assert|preview|mock|fixture|sample|exception|span|signpost|intent"
)
_TYPE_NAME = re.compile(r"[A-Z]\w*")
_GRAMMAR = Grammar(
    choosing=frozenset({"ternary_expression", "tuple_expression"}),
    # Beside an optional String a literal is one too, and no key.
    joining=frozenset({"additive_expression", "nil_coalescing_expression"}),
    label_of=lambda argument: _label(argument),
    callees=_KEYS | _SHOWN.keys() | {callee for callee, _label in _KEY_LABELS},
    labels=_OWN_LABELS,
)
_KINDS = ("line_string_literal", "multi_line_string_literal", "raw_string_literal")
_PREVIEWS = {
    "macro_invocation": re.compile(r"^#Preview\b"),
    "class_declaration": re.compile(r"\bPreview(?:Provider|Modifier)\b"),
}
_CONDITION = re.compile(r"^[ \t]*#(if|elseif|else|endif)\b[ \t]*(DEBUG\b)?", re.MULTILINE)


def literals(root: SgNode, text: str, lines: Container[int] | None = None) -> Iterator[Literal]:
    """Yield the strings that a user sees, in the order of the file; previews and debug builds have no users."""
    hidden = [*_debug_builds(text), *declared(root, text, SAMPLES), *declared(root, text, _PREVIEWS)]
    for node in root.find_all({"rule": {"any": [{"kind": kind} for kind in _KINDS]}}):
        if not within(node, lines):
            continue
        start, end = node.range().start.index, node.range().end.index
        by = taker(node, _GRAMMAR)
        if by is None or inside(start, hidden):
            continue
        literal = Literal(start, end, pieces(node, _holes(node)), "")
        shown = _shown(by, literal.words)
        if shown and is_prose(literal.words):
            yield Literal(start, end, literal.pieces, *shown)


def _debug_builds(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each part that only debug builds have begins and ends."""
    open_: list[int | None] = []
    for found in _CONDITION.finditer(text):
        if found[1] != "if" and open_:
            start = open_.pop()
            if start is not None:
                yield start, found.start()
        if found[1] != "endif":
            open_.append(found.start() if found[2] else None)


def _shown(by: Argument | Assigned, prose: str) -> tuple[str, bool] | None:
    """Return the name of the place that shows the text, and whether it is looked up there; None where none does."""
    if isinstance(by, Assigned):
        shown = by.name in _PROPERTIES or (
            by.name in _DOUBTFUL
            and (is_sentence(prose) or bool(by.receiver and _BEARERS.search(by.receiver)))
        )
        return (f".{by.name} =", False) if shown and not _NOT_SHOWN.search(by.receiver) else None
    if by.beside & _LOOKED_UP or (by.callee == "alert" and not by.beside & _PRESENTED):
        return None
    if by.callee in _KEYS and by.index == 0 and not by.label and (by.receiver or by.callee[0].isupper()):
        return f"{by.callee}(…)", not by.joined
    if (by.callee, by.label) in _KEY_LABELS:
        return f"{by.callee}({by.label}: …)", not by.joined
    if by.label in _SHOWN.get(by.callee, ()) and (by.label or by.index == 0):
        return f"{by.callee}({by.label or '_'}: …)", False
    own = by.label in _OWN_LABELS and _TYPE_NAME.fullmatch(by.callee) and is_sentence(prose)
    if own and not _NOT_SHOWN.search(by.callee):
        return f"{by.callee}({by.label}: …)", False
    return None


def _holes(node: SgNode) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    start: int | None = None
    code = ""
    for child in node.children():
        span = child.range()
        if child.kind() == "raw_str_interpolation":
            found.append((span.start.index, span.end.index, child.text()[3:-1]))
        elif child.kind() == "\\(":
            start, code = span.start.index, ""
        elif child.kind() == "interpolated_expression":
            code += (", " if code else "") + child.text()
        elif child.kind() == ")" and start is not None:
            found.append((start, span.end.index, code))
            start = None
    return found


def _label(argument: SgNode) -> str:
    first = argument.child(0)
    return first.text() if first is not None and first.kind() == "value_argument_label" else ""
