"""Anchors: a document that says which symbol it is about. ``<!-- doc-of: src/cache.py#Cache.load -->``

Behind the symbol may stand ``@`` and the digest of its code as it was when somebody last read both: then the document
is stale exactly while the digest differs. Without one it is stale where a change touches the symbol and not the text
that follows the anchor.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hunkworks.change.inventory import Symbol
from hunkworks.scaffold.mentions import pieces

_ANCHOR = re.compile(
    r"doc-of:\s*(?P<path>[^\s#]+)#(?P<symbol>[^\s@]+?)(?:\s*@(?P<digest>[0-9a-f]{8,64}))?(?=\s|-->|\*/|$)"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor; ``last`` is the last line of the text that it speaks for, before the next anchor."""

    line: int
    last: int
    path: str
    symbol: str
    digest: str


def anchors(text: str) -> Iterator[Anchor]:
    """Yield the anchors of a document in order; one that stands in a block of code is an example."""
    found = [
        (piece.line, match)
        for piece in pieces(text)
        if not piece.code
        for match in _ANCHOR.finditer(piece.text)
    ]
    for place, (number, match) in enumerate(found):
        following = (other for other, _ in found[place + 1 :] if other > number)
        last = next(following, text.count("\n") + 2) - 1
        yield Anchor(number, last, match["path"], match["symbol"], match["digest"] or "")


def matches(anchor: Anchor, symbol: Symbol) -> bool:
    """Tell whether an anchor means ``symbol``: by its qualified name, with parameters where it gives some."""
    return anchor.symbol in (symbol.qualified, f"{symbol.qualified}{symbol.parameters}")


def digest_of(symbols: Iterable[Symbol], anchor: Anchor) -> str:
    """Return the digest of the code that an anchor is about, with everything inside it; "" where it is not there."""
    listed = list(symbols)
    own = [each for each in listed if matches(anchor, each)]
    if not own:
        return ""
    inside = [each for each in listed if each.qualified.startswith(f"{own[0].qualified}.")]
    code = "\0".join(f"{each.qualified}\0{each.signature}\0{each.text}" for each in [*own, *inside])
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:8]
