"""Does a catalog still parse? The seam to ``catalogs``, which answers for the formats that no library reads.

The question here is weaker than there: ``catalogs`` refuses what it cannot write back exactly, this refuses
only what a platform's own reader would.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from xml.parsers import expat


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Where a file stops to parse (line from 1) and why."""

    line: int
    what: str


def first_error(path: str, content: bytes) -> SyntaxFault | None:
    """Return where ``content`` stops to parse, or None: it parses, or its format is unknown here."""
    check = _CHECKS.get(PurePosixPath(path).suffix.lower())
    return check(path, content) if check else None


def _json(_path: str, content: bytes) -> SyntaxFault | None:
    try:
        # Numbers stay text: Python refuses to read one of 5,000 digits, other readers do not.
        json.loads(content, parse_int=str)
    except json.JSONDecodeError as error:
        return SyntaxFault(error.lineno, error.msg)
    except UnicodeDecodeError as error:
        return SyntaxFault(content.count(b"\n", 0, error.start) + 1, "not UTF-8")
    except RecursionError:
        return SyntaxFault(1, "nested too deeply")
    return None


def _xml(_path: str, content: bytes) -> SyntaxFault | None:
    parser = expat.ParserCreate()
    # With a default handler expat expands no entity; an external one it never reads.
    parser.DefaultHandler = lambda _data: None
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        return SyntaxFault(error.lineno, expat.ErrorString(error.code))
    return None


def _yaml(_path: str, content: bytes) -> SyntaxFault | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        # Events, not values: duplicate keys and YAML 1.1 words are no matter of syntax, and aliases stay unexpanded.
        for _event in YAML(typ="safe").parse(content):
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark
        return SyntaxFault(mark.line + 1 if mark else 1, str(error.problem or "not YAML"))
    except (YAMLError, UnicodeDecodeError):
        return SyntaxFault(1, "not YAML: a character that it does not allow")
    return None


def _as_catalogs_says(path: str, content: bytes) -> SyntaxFault | None:
    from hunkworks import catalogs

    if content.startswith(b"bplist"):
        return None
    reason = catalogs.syntax_error(path, content)
    if reason is None:
        return None
    line = re.search(r"\bline (\d+): (.*?)\.(?:\s|$)", reason)
    return SyntaxFault(int(line[1]), line[2]) if line else SyntaxFault(1, reason)


_CHECKS: Mapping[str, Callable[[str, bytes], SyntaxFault | None]] = MappingProxyType(
    dict.fromkeys((".json", ".arb", ".xcstrings"), _json)
    | dict.fromkeys((".xml", ".resx", ".resw", ".xlf", ".xliff", ".stringsdict", ".plist", ".xtb"), _xml)
    | dict.fromkeys((".yml", ".yaml"), _yaml)
    | dict.fromkeys((".po", ".pot", ".strings"), _as_catalogs_says)
)
