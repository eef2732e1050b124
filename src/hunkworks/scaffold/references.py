"""Which test names which symbol: by words, since no type is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from hunkworks.change.inventory import Symbol, language
from hunkworks.scaffold.convention import family
from hunkworks.scaffold.stubs import UNWRITTEN, marker

# Names that say what they are: several words, or a long one. Others (`get`, `run`) need company.
_TELLING = re.compile(r"[a-z0-9][A-Z]|[a-zA-Z0-9]_[a-zA-Z0-9]|\w{10,}")
_WORD = re.compile(r"\w+")
_STUB = re.compile(rf"{UNWRITTEN} [^\"'\n]*")


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

    def stub(self, path: str, symbol: Symbol) -> str:
        """Return the test file in which a stub of ``symbol`` waits to be written, "" where none does."""
        wanted = re.compile(rf"{re.escape(marker(path, symbol))}(?![\w.(])")
        return next((each for each, text in self._tests.items() if wanted.search(text)), "")

    def naming(self, path: str, symbol: Symbol) -> list[str]:
        """Return the test files that name ``symbol`` of the file ``path``, the one named after that file first."""
        own, kind = self._own(path), family(path)
        found = [
            test
            for test, words in self._words.items()
            if symbol.name in words
            and family(test) == kind
            and (test == own or _is_meant(words, test, path, symbol))
        ]
        return sorted(found, key=lambda test: test != own)


def _is_meant(words: frozenset[str], test: str, path: str, symbol: Symbol) -> bool:
    """Tell whether a text that holds the symbol's name means it: the name tells, or company does."""
    file, telling = PurePosixPath(path), _TELLING.search(symbol.name) is not None and symbol.name != "default"
    beside = language(path) == "go" and file.parent == PurePosixPath(test).parent
    owner = symbol.owner.removesuffix(".Companion").rpartition(".")[2]
    if owner:
        return owner in words or (beside and telling)
    if telling or beside:
        return True
    stem = file.parent.name if file.stem in ("__init__", "index", "mod") else file.stem
    return set(_WORD.findall(stem)) <= words
