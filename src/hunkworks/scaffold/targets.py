"""Which functions of a change want a test, and why the others do not."""

from __future__ import annotations

import re

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, language
from hunkworks.change.model import Role
from hunkworks.change.symbol_changes import SymbolChange

_EXPORT = re.compile(r"\bexport\b|\bmodule\.exports\b|\bexports\.")
_PREVIEW = re.compile(r"@ (?:\w+ \. )*\w*Preview\w*\b")
_ABSTRACT = re.compile(r"@ (?:\w+ \. )?(?P<what>overload|abstractmethod)\b")


def is_altered(change: SymbolChange) -> bool:
    """Tell whether a change is about a function of the project that is new or does something else now."""
    return (
        change.role is Role.CODE
        and change.after is not None
        and change.after.kind not in (Kind.TYPE, Kind.EXTENSION)
        and change.altered
    )


def refusal(path: str, symbol: Symbol, source: str) -> str:
    """Return why no test of its own can call ``symbol``, "" where one can.

    Args:
        path: Where it stands.
        symbol: A function, method, constructor or property.
        source: The text of its file: in JavaScript what it exports stands elsewhere than the function.
    """
    if not symbol.certain:
        return "the file does not parse around it"
    if symbol.kind is Kind.PROPERTY:
        return "a property: tested by what reads it"
    if symbol.kind is Kind.CONSTRUCTOR or symbol.name in ("__init__", "__new__", "deinit"):
        return "a constructor: tested with its type"
    abstract = _ABSTRACT.match(symbol.text)
    if not symbol.has_body or abstract:
        return "it has no body of its own"
    if symbol.private:
        return "private: a test cannot call it"
    spoken = language(path)
    if symbol.name in ("main", "init") and spoken == "go" and not symbol.owner:
        return f"the runtime calls {symbol.name}"
    if symbol.name == "main" and spoken in ("kotlin", "java"):
        return "the runtime calls main"
    if spoken == "kotlin" and _PREVIEW.search(symbol.text):
        return "a preview: the editor calls it"
    if spoken in ("typescript", "tsx") and not is_exported(symbol, source):
        return "not exported: a test cannot import it"
    if not re.fullmatch(r"[^\W\d]\w*", symbol.name) and symbol.name != "default":
        return "its name cannot be called by name"
    return ""


def is_exported(symbol: Symbol, source: str) -> bool:
    """Tell whether a module of JavaScript hands out ``symbol``, or what it is a member of."""
    name = re.escape(symbol.qualified.split(".")[0])
    if name == "default":
        return True
    declared = (
        rf"^\s*export\s+(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?"
        rf"(?:function\s*\*?|class|const|let|var|namespace)\s+{name}\b"
    )
    listed = rf"\bexport\s*(?:default\s+{name}\b|\{{[^}}]*\b{name}\b[^}}]*\}})"
    common = rf"\bexports\.{name}\b|\bmodule\.exports\s*=\s*(?:{name}\b|\{{[^}}]*\b{name}\b)"
    return re.search(f"{declared}|{listed}|{common}", source, re.MULTILINE) is not None
