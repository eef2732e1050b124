"""Which test names which symbol, and would notice if it broke: by words, since no type is known.

A function is named where its name stands in what runs of a test, or of a function in the same file that the test calls.
A method needs its type in that file, too, and its name must not be called on what the file shows to be something else.
``test-of: path#symbol`` in a comment of a test names what the test reaches through something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from hunkworks.change.inventory import Symbol, language
from hunkworks.scaffold.bodies import Suite, Test, suite
from hunkworks.scaffold.convention import family
from hunkworks.scaffold.imports import Import, imports, nearness
from hunkworks.scaffold.meaning import Meaning, is_telling
from hunkworks.scaffold.stubs import UNWRITTEN, marker

_WORD = re.compile(r"\w+")
_STUB = re.compile(rf"{UNWRITTEN} [^\"'\n]*")
_ANCHOR = re.compile(r"test-of:\s*(?P<path>[^\s#]+)#(?P<symbol>[^\s*]+)")


@dataclass(frozen=True, slots=True)
class Naming:
    """A test that names a symbol; ``flaw`` says why it proves nothing, "" where nothing shows that."""

    file: str
    test: Test
    flaw: str = ""

    @property
    def label(self) -> str:
        """The test as it is shown."""
        return f"{self.file}::{self.test.label}"


class References:
    """The words of a project's tests.

    Args:
        tests: The text of each test file by its path.
        own: Tells the test file that is named after a source, "" where none is.
    """

    def __init__(self, tests: Mapping[str, str], own: Callable[[str], str]) -> None:
        self._tests = tests
        self._own = own
        self._words = {path: frozenset(_WORD.findall(_STUB.sub("", text))) for path, text in tests.items()}
        self._suites: dict[str, Suite] = {}
        self._imports: dict[str, list[Import]] = {}

    def stub(self, path: str, symbol: Symbol) -> str:
        """Return the test file in which a stub of ``symbol`` waits to be written, "" where none does."""
        wanted = re.compile(rf"{re.escape(marker(path, symbol))}(?![\w.(])")
        return next((each for each, text in self._tests.items() if wanted.search(text)), "")

    def naming(self, path: str, symbol: Symbol, source: str = "") -> list[Naming]:
        """Return the written tests that name ``symbol`` of the file ``path``, the one named after that file first.

        Args:
            path: Where the symbol stands.
            symbol: A function or method.
            source: The text of its file: what inherits from its type there is meant, too.
        """
        own, kind = self._own(path), family(path)
        meaning = Meaning(path, symbol, source)
        found: list[Naming] = []
        for file in sorted(self._words, key=lambda test: test != own):
            if family(file) == kind:
                found += self._in(file, path, symbol, meaning, own=file == own)
        return found

    def mention(self, path: str, symbol: Symbol, source: str = "") -> str:
        """Return why no test counts: the first file that holds the name, "" where none does."""
        own, kind = self._own(path), family(path)
        meaning = Meaning(path, symbol, source)
        files = [
            file
            for file, words in self._words.items()
            if family(file) == kind
            and symbol.name in words
            and self._is_meant(file, path, symbol, own == file, meaning.typed)
        ]
        return min(files, key=lambda file: (file != own, file), default="")

    def titles(self, file: str) -> frozenset[tuple[tuple[str, ...], str]]:
        """Return the groups and titles of the tests of a file, those aside that code computes."""
        return frozenset((test.groups, test.name) for test in self._suite(file).tests if test.name)

    def _is_meant(self, file: str, path: str, symbol: Symbol, own: bool, typed: bool) -> bool:
        """Tell whether a file that holds the symbol's name may mean it: the name tells, or company does."""
        source = PurePosixPath(path)
        beside = language(path) == "go" and source.parent == PurePosixPath(file).parent
        if typed and language(path) == "go":
            return beside or symbol.owner in self._words[file]
        if typed or is_telling(symbol.name) or beside or own:
            return True  # of a method its type is asked for: Meaning
        stem = source.parent.name if source.stem in ("__init__", "index", "mod") else source.stem
        if set(_WORD.findall(stem)) <= self._words[file]:
            return True
        if file not in self._imports:
            self._imports[file] = imports(file, self._tests[file])
        return any(nearness(path, file, each) for each in self._imports[file])

    def _suite(self, file: str) -> Suite:
        if file not in self._suites:
            self._suites[file] = suite(file, self._tests[file])
        return self._suites[file]

    def _in(self, file: str, path: str, symbol: Symbol, meaning: Meaning, *, own: bool) -> Iterator[Naming]:
        words = self._words[file]
        anchored = "test-of:" in self._tests[file]
        named = meaning.may_be_in(words) and self._is_meant(file, path, symbol, own, meaning.typed)
        if not named and not anchored:
            return
        read = self._suite(file)
        named = named and not meaning.is_another(file, read)
        here = meaning.within(read)
        for test in read.tests:
            if test.unwritten:
                continue
            if (named and here.names(file, read, test)) or _is_anchored(test, path, symbol):
                yield Naming(file, test, here.flaw(read, test))


def _is_anchored(test: Test, path: str, symbol: Symbol) -> bool:
    said = (symbol.qualified, f"{symbol.qualified}{symbol.parameters}")
    return any(match["path"] == path and match["symbol"] in said for match in _ANCHOR.finditer(test.text))
