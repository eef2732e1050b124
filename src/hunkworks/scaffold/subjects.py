"""What documents may still say though a change made it untrue: names that are gone, calls that fail."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, decode, language
from hunkworks.change.model import Change, Role, Side
from hunkworks.change.symbol_changes import SymbolChange
from hunkworks.scaffold.calls import Parameter, parameters
from hunkworks.scaffold.deprecations import deprecations
from hunkworks.scaffold.files import Files

_CONSTRUCTORS = ("__init__", "__new__", "constructor", "init")
_PACKAGE = re.compile(r"^package\s+([\w.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One symbol that is not what it was to a reader.

    Attributes:
        name: What a document calls it: a constructor by its type.
        owner: The type that it stands in, "" for what a module holds.
        qualified: As it was.
        what: What happened to it.
        now: Its new name or signature, or what to use instead; "" where nothing is known.
        source: Where it stands, or stood: ``path:line``.
        modules: Words that stand for its module before a dot and in imports.
        language: As ast-grep names it.
        is_type: Whether it is a type.
        lost: Whether the old name is gone; else its calls or its parameters are meant.
        kept: Whether it is elsewhere under the same name.
        before: Its parameters, None where calls of it are not to be judged.
        after: Its parameters now.
        gone: Parameters that a call must not name any more, or a type's properties.
    """

    name: str
    owner: str
    qualified: str
    what: str
    now: str
    source: str
    modules: frozenset[str]
    language: str
    is_type: bool = False
    lost: bool = False
    kept: bool = False
    before: tuple[Parameter, ...] | None = None
    after: tuple[Parameter, ...] | None = None
    gone: frozenset[str] = frozenset()


def is_constructor(symbol: Symbol) -> bool:
    """Tell whether a call of the type is a call of ``symbol``."""
    return bool(symbol.owner) and (symbol.kind is Kind.CONSTRUCTOR or symbol.name in _CONSTRUCTORS)


def called(symbol: Symbol) -> tuple[str, str]:
    """Return the name by which code calls ``symbol``, and the type that it stands in."""
    owner = symbol.owner.removesuffix(".Companion")
    if is_constructor(symbol):
        outer, _, own = owner.rpartition(".")
        return own, outer.rpartition(".")[2]
    return symbol.name, owner.rpartition(".")[2]


def subjects(change: Change, files: Files, changes: Iterable[SymbolChange]) -> Iterator[Subject]:
    """Yield what a change took from readers: gone or renamed, called otherwise, deprecated.

    Args:
        change: Where the old contents are.
        files: The project where the change ends.
        changes: What it did to symbols.
    """
    modules = _Modules(change, files)
    for each in changes:
        before = each.before
        if each.role is not Role.CODE or before is None or before.private or not before.certain:
            continue
        if before.kind is not Kind.EXTENSION:
            yield from _changed(each, before, modules)
    for found in deprecations(change):
        symbol = found.symbol
        name, owner = called(symbol)
        if not symbol.private:
            yield Subject(
                name,
                owner,
                f"{symbol.qualified}({found.parameter})" if found.parameter else symbol.qualified,
                "deprecated",
                found.instead,
                f"{found.path}:{symbol.line}",
                modules.of(found.path),
                language(found.path),
                gone=frozenset((found.parameter,)) if found.parameter else frozenset(),
            )


def _changed(each: SymbolChange, before: Symbol, modules: _Modules) -> Iterator[Subject]:
    after = each.after
    name, owner = called(before)
    constructor = is_constructor(before)
    lost = after is None or after.qualified != before.qualified
    # What its type says is said of the type; a name with an underscore in front is for nobody else.
    if (lost and constructor) or name.startswith("_") or not re.fullmatch(r"[\w$]+", name):
        return
    source = f"{each.path}:{after.line if after else before.line}"
    where = modules.of(each.old_path)
    spoken = language(each.path)
    if lost:
        yield Subject(
            name,
            owner,
            before.qualified,
            str(each.what),
            after.qualified if after else "",
            source,
            where,
            spoken,
            is_type=before.kind is Kind.TYPE,
            lost=True,
            kept=after is not None and after.name == before.name,
        )
    elif before.kind is Kind.TYPE and after is not None and spoken in ("typescript", "tsx"):
        left, right = _properties(before.text), _properties(after.text)
        new = right - left
        if gone := left - right:
            instead = next(iter(new)) if len(gone) == len(new) == 1 else ""
            yield Subject(
                name,
                owner,
                before.qualified,
                str(each.what),
                instead,
                source,
                where,
                spoken,
                is_type=True,
                gone=gone,
            )
    elif after is not None and each.resigned:
        listed = [parameters(side.signature, side.name, spoken) for side in (before, after)]
        # Only Kotlin's types have parameters.
        if (
            name.startswith("_")
            or listed[0] is None
            or listed[1] is None
            or (before.kind is Kind.TYPE and spoken != "kotlin")
        ):
            return
        names = [
            {parameter.name for parameter in side if parameter.name} for side in listed if side is not None
        ]
        swallows = any(parameter.many == "**" for parameter in listed[1])
        yield Subject(
            name,
            owner,
            before.qualified,
            str(each.what),
            after.signature,
            source,
            where,
            spoken,
            before=listed[0],
            after=listed[1],
            gone=frozenset() if swallows else frozenset(names[0] - names[1]),
        )


def _properties(text: str) -> frozenset[str]:
    """Return the properties that a type of TypeScript declares: the tokens before a colon in its outermost braces."""
    tokens = text.split()
    found, depth = set(), 0
    for place, word in enumerate(tokens):
        behind = tokens[place + 1 : place + 3]
        if depth == 1 and (behind[:1] == [":"] or behind == ["?", ":"]) and re.fullmatch(r"[\w$]+", word):
            found.add(word)
        depth += (word in "([{") - (word in ")]}")
    return frozenset(found)


class _Modules:
    """Tells by which words a file is named before a dot and in imports."""

    def __init__(self, change: Change, files: Files) -> None:
        self._files = files
        self._packages: dict[str, str] = {}
        self._npm: dict[PurePosixPath, str] = {}
        for file in change.files():
            if language(file.old_path) in ("go", "kotlin", "java"):
                content = change.content(file, Side.OLD) or change.content(file, Side.NEW) or b""
                if match := _PACKAGE.search(decode(content)):
                    self._packages[file.old_path] = match[1].rpartition(".")[2]

    def of(self, path: str) -> frozenset[str]:
        """Return the words for ``path``."""
        file, spoken = PurePosixPath(path), language(path)
        package = self._packages.get(path, file.parent.name)
        if spoken == "go":
            return frozenset((package,))
        # A file of these languages is no module.
        own = package if spoken in ("kotlin", "java", "swift") else file.stem
        words = {part.lstrip("_") for part in (*file.parent.parts, own)}
        if spoken in ("typescript", "tsx"):
            words |= {self._npm_name(folder) for folder in file.parents}
        return frozenset(words - {"", "src", "lib", "index", "init__", "main", "source"})

    def _npm_name(self, folder: PurePosixPath) -> str:
        if folder not in self._npm:
            self._npm[folder] = _npm_name(self._files.content(f"{folder / 'package.json'}"))
        return self._npm[folder]


def _npm_name(content: bytes | None) -> str:
    try:
        name = json.loads(content or b"{}").get("name", "")
    except (ValueError, AttributeError):
        return ""
    return name.rpartition("/")[2] if isinstance(name, str) else ""
