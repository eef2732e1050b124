"""Does a catalog still parse? The seam to ``catalogs``: when it can say so for a format, it says so here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from xml.parsers import expat


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Where a file stops to parse (line from 1) and why, without quoting the file."""

    line: int
    what: str


def first_error(path: str, content: bytes) -> SyntaxFault | None:
    """Return where ``content`` stops to parse, or None: it parses, or the format of ``path`` is unknown here."""
    check = _CHECKS.get(PurePosixPath(path).suffix.lower())
    return check(content) if check else None


def _json(content: bytes) -> SyntaxFault | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(content, error)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return SyntaxFault(error.lineno, error.msg)
    except RecursionError:
        return SyntaxFault(1, "nested too deeply")
    return None


def _xml(content: bytes) -> SyntaxFault | None:
    parser = expat.ParserCreate()
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return SyntaxFault(error.lineno, expat.ErrorString(error.code))
    return None


_CHECKS: Mapping[str, Callable[[bytes], SyntaxFault | None]] = MappingProxyType(
    {".json": _json, ".arb": _json, ".xcstrings": _json, ".xml": _xml}
)


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> SyntaxFault:
    return SyntaxFault(content.count(b"\n", 0, error.start) + 1, "not UTF-8")
