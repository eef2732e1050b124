"""A translation without a model: accented and longer, so that what is not translated or cut off shows at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hunkworks.catalogs.placeholders import Syntax, placeholders
from hunkworks.localize.units import Planned, Text, as_forms, longest

_ACCENTED = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz",
    "ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀṁÑñÖöÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž",
)
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ps", "sd", "ug", "ur", "yi", "dv", "ckb")
# What is left as it is besides placeholders: tags, entities, links, escapes, and the syntax of ICU messages.
_KEPT = re.compile(r"<[^<>]*>|&#?\w+;|https?://\S+|\\.|%\S?|\{[^{}]*\}|[\r\n]+")
_KEPT_OF_MESSAGES = re.compile(rf"{_KEPT.pattern}|[{{}}][^{{}}]*")
_BRANCHES = re.compile(r",\s*(?:plural|select|selectordinal|choice)\s*,")
_PADDING = "·"
_LONGER = 0.3


def translate(unit: Planned, *, right_to_left: bool = False) -> Text:
    """Return the pseudo-translation of a planned unit, in the forms that its locale has.

    Args:
        unit: What was planned.
        right_to_left: Mark the direction, as in locales that are written so anyway.
    """
    mirrored = right_to_left or unit.locale.partition("-")[0] in _RIGHT_TO_LEFT
    forms = as_forms(unit.source)
    names = unit.forms if not isinstance(unit.source, str) else ("",)
    kept = (*unit.do_not_translate, *unit.preferred)
    done = {
        name: accent(
            forms.get(name, longest(unit.source)) if name in ("one", "other", "") else longest(unit.source),
            unit.syntax,
            kept,
            unit.max_length,
            right_to_left=mirrored,
        )
        for name in names
    }
    return done.get("", done)


def accent(
    text: str,
    syntax: Syntax,
    kept: tuple[str, ...] = (),
    most: int | None = None,
    *,
    right_to_left: bool = False,
) -> str:
    """Return ``text`` accented and about a third longer, placeholders, tags and the terms ``kept`` as they are."""
    body = text.strip()
    in_branches = syntax in (Syntax.ICU, Syntax.MESSAGE_FORMAT) and _BRANCHES.search(body)
    if not body or in_branches:
        return text  # a message in branches stays: nothing inside is certain to be prose
    start = text.index(body)
    pieces = [piece if keep else piece.translate(_ACCENTED) for piece, keep in _pieces(body, syntax, kept)]
    result = "".join(pieces)
    padding = _PADDING * round(len(body) * _LONGER)
    if most is not None:
        padding = padding[: max(most - len(text), 0)]
    end = re.search(r"[.!?:…]*\Z", result)
    cut = end.start() if end else len(result)
    result = result[:cut] + padding + result[cut:]
    if right_to_left and (most is None or len(text) + len(padding) + 2 <= most):
        result = f"\u2067{result}\u2069"
    return text[:start] + result + text[start + len(body) :]


def _pieces(text: str, syntax: Syntax, kept: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, and whether each is left as it is."""
    spans = [tuple(item.span) for item in placeholders(text, syntax)]
    messages = syntax in (Syntax.ICU, Syntax.MESSAGE_FORMAT)
    spans += [match.span() for match in (_KEPT_OF_MESSAGES if messages else _KEPT).finditer(text)]
    for term in kept:
        spans += [match.span() for match in re.finditer(re.escape(term), text, re.IGNORECASE)]
    position = 0
    for start, end in sorted(spans):
        if end <= position:
            continue
        if start > position:
            yield text[position:start], False
        yield text[max(start, position) : end], True
        position = end
    if position < len(text):
        yield text[position:], False
