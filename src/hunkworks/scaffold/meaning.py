"""What a symbol's name means in a test: the symbol, or something else of that name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, language
from hunkworks.scaffold.bodies import Suite, Test
from hunkworks.scaffold.imports import is_another, nearness
from hunkworks.scaffold.live import Live
from hunkworks.scaffold.specials import SYNTAX

# Names that say what they are: several words, or a long one. Others (`get`, `run`) need company.
_TELLING = re.compile(r"[a-z0-9][A-Z]|[a-zA-Z0-9]_[a-zA-Z0-9]|\w{10,}")
_WORDS = re.compile(r"[\w$]+")
_USED = re.compile(r"(\w+)\s*([.(]?)")
# What makes a test fail, by the words that frameworks and helpers use.
_CLAIM = re.compile(
    r"assert(?!ionError\b(?!\())|expect|raises|warns|deprecated_call|should|verif|check|ensure|must|validat|equal|match|snapshot|compar"
    r"|throws|\brequire\.|\brequire\w+|#require|\bfail\w{0,3}\b|XCT",
    re.IGNORECASE,
)
_GIVEN = {"go": re.compile(r"\bt\s*\.\s*(?:Error|Fatal)|[(,]\s*t\s*[,)]|\bFail\("),
          "typescript": re.compile(r"\bt\s*\.\s*\w+\s*\(")}  # fmt: skip
_UNDECLARED = r"(?<!def )(?<!func )(?<!fun )(?<!function )"
_BINDINGS = tuple(
    map(
        re.compile,
        (
            r"(?<![\w.])(?P<name>\w+)\s*:=?(?P<value>[^\n;]*)",
            r"(?P<name>\w+)\s*(?::[^=\n,)]*)?=(?![=>])(?P<value>[^\n;]*)",
            r"(?:\bwith |, )(?P<value>[^\n]*?) as (?P<name>\w+)",
            r"\bfor (?P<name>\w+) in (?P<value>[^\n]*)",
            r"\b(?P<value>[A-Z]\w*)(?:<[^<>\n]*>)? (?P<name>\w+)",
        ),
    )
)


def is_telling(name: str) -> bool:
    """Whether a name is unlikely to mean anything else."""
    return _TELLING.search(name) is not None and name != "default"


class Meaning:
    """One symbol, looked for in tests.

    Args:
        path: Where it stands.
        symbol: A function or method.
        source: The text of its file.
    """

    def __init__(self, path: str, symbol: Symbol, source: str) -> None:
        self._path = path
        self._symbol = symbol
        self._source = source
        self._language = "typescript" if language(path) == "tsx" else language(path)
        owner = (
            ""
            if _extends(path, symbol, source)
            else symbol.owner.removesuffix(".Companion").rpartition(".")[2]
        )
        self._owners = frozenset([owner, *_heirs(owner, source)]) if owner else frozenset()
        self._syntax = re.compile(SYNTAX[symbol.name]) if owner and symbol.name in SYNTAX else None
        name = re.escape(symbol.name)
        self._name = re.compile(rf"(?P<chain>(?:[\w$]+\s*[?!]?\.\s*)*)(?<![\w$]){_UNDECLARED}{name}(?![\w$])")
        self._bare = re.compile(
            rf"\bassert (?:not )?(?:callable\()?[\w.]*\b{name}\)?(?: is not None)?\s*$"
            rf"|\bexpect\((?:typeof )?(?:[\w$]+\.)*{name}\)(?:\.not)?\.to(?:Be\w*|Have\w*)\([^()\n]*\)",
            re.MULTILINE,
        )

    @property
    def typed(self) -> bool:
        """Whether it is looked for by its type, too."""
        return bool(self._owners)

    def may_be_in(self, words: frozenset[str]) -> bool:
        """Whether a file with these words can name the symbol at all."""
        if self._syntax is not None:
            return bool(self._owners & words)
        if self._symbol.name not in words:
            return False
        # What a package of Go makes itself has no type in its tests.
        return not self._owners or self._language == "go" or bool(self._owners & words)

    def is_another(self, file: str, suite: Suite) -> bool:
        """Whether a file declares a type of this name, or imports the name from a module called like the symbol's."""
        if self._owners & suite.types:
            return True
        names = self._owners or {self._symbol.name}
        brought = [each for each in suite.imports if names & each.names]
        return bool(brought) and all(is_another(self._path, file, each) for each in brought)

    def within(self, suite: Suite) -> Meaning:
        """Return the meaning in one file: what inherits from the symbol's type there is meant, too."""
        return Meaning(self._path, self._symbol, f"{self._source}\n{suite.code}")

    def names(self, file: str, suite: Suite, test: Test) -> bool:
        """Tell whether a test, or what it calls in its file, names the symbol."""
        pieces = [test.live.code, *(each.code for each in _helpers(suite, test))]
        words = frozenset().union(*map(_words, pieces))
        if self._syntax is None and self._symbol.name not in words:
            return False
        code = self._bare.sub("", "\n".join(pieces))
        if self._owners:
            return self._names_method(suite, code, bool(self._owners & words))
        return any(
            self._is_function(file, suite, test, match["chain"]) for match in self._name.finditer(code)
        )

    def flaw(self, suite: Suite, test: Test) -> str:
        """Return why a test that names the symbol proves nothing, "" where nothing shows that."""
        if test.skipped:
            return "it is skipped, or may fail"
        own = test.live.claims.replace(test.name, "") if test.name else test.live.claims
        claims = self._name.sub("", "\n".join([own, *(each.claims for each in _helpers(suite, test))]))
        given = _GIVEN.get(self._language)
        if _CLAIM.search(claims) or (given and given.search(claims)) or "// Output:" in test.text:
            return ""
        if self._language == "java" and "expected" in test.text:
            return ""
        return "it asserts nothing that can fail"

    def _is_function(self, file: str, suite: Suite, test: Test, chain: str) -> bool:
        """Whether the name means the function, called by itself or as a member of what the file imports."""
        root = _WORDS.search(chain)
        if root is None and self._is_shadowed(suite, test):
            return False
        if self._language not in ("python", "typescript"):
            return True
        word = root[0] if root else self._symbol.name
        brought = [each for each in suite.imports if word in each.names]
        if any(nearness(self._path, file, each) for each in brought):
            return True
        # A name that tells may come over an alias of the project's, a star or a fixture.
        return is_telling(self._symbol.name) and (root is None or bool(brought))

    def _is_shadowed(self, suite: Suite, test: Test) -> bool:
        """Whether the file declares a function of this name itself, and imports none."""
        name = self._symbol.name
        if name in suite.imported:
            return False
        local = re.search(
            rf"(?:\bdef|\bfunction|\bfunc|\bfun|\b(?:const|let|var|val)) +{re.escape(name)}\b", test.text
        )
        return local is not None or (name in suite.helpers and name not in suite.methods)

    def _names_method(self, suite: Suite, code: str, mine: bool) -> bool:
        if self._syntax is not None:
            return self._is_used(suite, code)
        in_file = mine or self._language == "go" or bool(self._owners & (_words(suite.code) | suite.imported))
        telling = is_telling(self._symbol.name) and self._symbol.name not in suite.methods
        if telling:
            return in_file and self._name.search(code) is not None
        chains = [match["chain"] for match in self._name.finditer(code)]
        return in_file and any(self._is_object(suite, code, chain, mine) for chain in chains)

    def _is_used(self, suite: Suite, code: str) -> bool:
        """Whether a line has the syntax that calls the method, and something of its type."""
        assert self._syntax is not None  # noqa: S101  who asks has looked
        lines = [line for line in code.splitlines() if self._syntax.search(line) or self._name.search(line)]
        for word, behind in dict.fromkeys(pair for line in lines for pair in _USED.findall(line)):
            if word in self._owners:
                return True
            helper = suite.helpers.get(word) if behind == "(" else None
            if helper is not None and self._owners & _words(helper.code):
                return True
            # `with cache.lock()` asks the lock, not the cache.
            if not behind and self._is_made(suite, code, word, False, 3):
                return True
        return False

    def _is_object(self, suite: Suite, code: str, chain: str, mine: bool) -> bool:
        """Whether what a method is called on is of the symbol's type, as far as the file shows."""
        words = _WORDS.findall(chain)
        if not words or words[-1] in self._owners:
            return mine
        return self._is_made(suite, code, words[-1], mine, 3)

    def _is_made(self, suite: Suite, code: str, variable: str, mine: bool, depth: int) -> bool:
        if variable.lower() in {owner.lower() for owner in self._owners}:
            return True
        values = _made(code).get(variable) or _made(suite.code).get(variable) or ()
        if not values and variable in suite.helpers:  # a fixture
            return bool(self._owners & _words(suite.helpers[variable].code))
        if not values:
            return mine
        return any(self._is_value(suite, code, value, mine, depth) for value in values)

    def _is_value(self, suite: Suite, code: str, value: str, mine: bool, depth: int) -> bool:
        if self._owners & _words(value):
            return True
        called = re.match(r"\s*(?:await )?(?:self\.)?(\w+)\s*(\()?", value)
        if called is None or not depth:
            return False
        if called[2] and self._language == "go" and called[1].startswith("New"):
            return called[1] not in suite.helpers  # a constructor of the package, of one type or another
        if called[2]:
            helper = suite.helpers.get(called[1])
            return helper is not None and bool(self._owners & _words(helper.code))
        alias = re.fullmatch(r"\s*(?:await )?\w+\s*", value) is not None
        return alias and self._is_made(suite, code, called[1], mine, depth - 1)


def _extends(path: str, symbol: Symbol, source: str) -> bool:
    """Whether a function belongs to a type of somebody else, which its callers need not name."""
    if language(path) == "kotlin":
        return bool(symbol.owner) and symbol.kind is Kind.FUNCTION
    owner = re.escape(symbol.owner)
    declared = rf"\b(?:class|struct|enum|actor|protocol)\s+{owner}\b"
    extended = language(path) == "swift" and re.search(rf"\bextension\s+{owner}\b", source) is not None
    return bool(owner) and extended and not re.search(declared, source)


def _heirs(owner: str, text: str) -> list[str]:
    return re.findall(rf"\bclass (\w+)[^{{:\n]*[(:,\s]{re.escape(owner)}\b", text)


@lru_cache(maxsize=256)
def _made(code: str) -> Mapping[str, list[str]]:
    """Return what each variable is declared as, set to, or bound to by ``with`` and ``for``."""
    found: dict[str, list[str]] = {}
    for pattern in _BINDINGS:
        for match in pattern.finditer(code):
            found.setdefault(match["name"], []).append(match["value"])
    return found


@lru_cache(maxsize=4096)
def _words(code: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(code))


def _helpers(suite: Suite, test: Test) -> list[Live]:
    """Return the functions of a test's file that it reaches."""
    seen: dict[str, Live] = {}
    waiting = [test.live.code]
    while waiting:
        words = _words(waiting.pop()) & suite.helpers.keys() - seen.keys()
        seen |= {word: suite.helpers[word] for word in sorted(words)}
        waiting += [suite.helpers[word].code for word in words]
    return [*seen.values()]
