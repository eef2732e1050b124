"""What a file of tests imports, and from which source: in Python and JavaScript, where files are modules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from hunkworks.change.inventory import language

_NAME = re.compile(r"[\w$]+")
_PYTHON = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<module>[.\w]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n(]+)"
    r"|import[ \t]+(?P<plain>[\w., \t]+))",
    re.MULTILINE,
)
_JAVASCRIPT = re.compile(
    r"\b(?:import|export)\s+(?P<names>[^;'\"]*?)\s*from\s*['\"](?P<module>[^'\"\n]+)['\"]"
    r"|\b(?:const|let|var)\s+(?P<local>\w+|\{[^}]*\})\s*=\s*(?:await\s+import|require)\s*\(\s*['\"](?P<path>[^'\"\n]+)['\"]"
)
_SCRIPTS = ("typescript", "tsx")


@dataclass(frozen=True, slots=True)
class Import:
    """One import: a module as it is written, and the names that it brings."""

    module: str
    names: frozenset[str]


def imports(path: str, text: str) -> list[Import]:
    """Return what a file imports; nothing in a language whose files are no modules."""
    if language(path) == "python":
        return list(_python(text))
    if language(path) in _SCRIPTS:
        return [
            Import(match["module"] or match["path"], _names(match["names"] or match["local"]))
            for match in _JAVASCRIPT.finditer(text)
        ]
    return []


def _python(text: str) -> Iterator[Import]:
    for match in _PYTHON.finditer(text):
        if match["plain"]:
            for part in match["plain"].split(","):
                module, _, alias = part.partition(" as ")
                yield Import(module.strip(), _names(alias or module.partition(".")[0]))
        else:
            names = re.sub(r"#[^\n]*", "", match["names"])
            yield Import(match["module"], _names(names))


def _names(text: str) -> frozenset[str]:
    return frozenset(_NAME.findall(text)) - {"as", "type", "typeof"}


def nearness(source: str, test: str, each: Import) -> int:
    """Return how surely an import is of ``source``: 3 its module, 2 by a short name, 1 what it lies in, 0 not."""
    file = PurePosixPath(source)
    if language(test) in _SCRIPTS:
        if not each.module.startswith("."):
            return 0
        target = posixpath.normpath(posixpath.join(posixpath.dirname(test), each.module))
        if re.sub(r"\.[cm]?[jt]sx?$", "", target) in (str(file.with_suffix("")), source):
            return 3
        return 1 if target == str(file.parent) or target == f"{file.parent}/index" else 0
    parts = list(file.with_suffix("").parts)
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    dotted = ".".join(parts)
    module = each.module.lstrip(".")
    modules = [*filter(None, [module]), *(f"{module}.{name}".lstrip(".") for name in each.names)]
    if any(one == dotted or ("." in one and dotted.endswith(f".{one}")) for one in modules):
        return 3
    if any("." not in one and parts[-1:] == [one] for one in modules):
        return 2
    return 1 if module.partition(".")[0] in parts[:-1] else 0


def is_another(source: str, test: str, each: Import) -> bool:
    """Tell whether an import is of a file that is called like ``source`` and stands elsewhere."""
    stem = PurePosixPath(source).stem
    last = re.split(r"[./]", re.sub(r"\.[cm]?[jt]sx?$", "", each.module))[-1]
    return last == stem and nearness(source, test, each) < 2
