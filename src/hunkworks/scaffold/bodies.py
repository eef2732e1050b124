"""The tests of a file: what each is called, what of it runs, and what keeps it from proving anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Inventory, Symbol, decode, inventory, language
from hunkworks.scaffold import specs
from hunkworks.scaffold.frameworks import Framework, sniff
from hunkworks.scaffold.imports import Import, imports
from hunkworks.scaffold.live import Live, PythonFile, live
from hunkworks.scaffold.stubs import UNWRITTEN

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_ATTRIBUTE = re.compile(r"@ (?:\w+ \. )*(?:Test|ParameterizedTest|RepeatedTest|Theory)\b")
_CALLED = re.compile(r"(?:x?(?:test|it)|specify)\b")
_CONTAINER = re.compile(r"(?:x?describe|suite|context)\b")
# What says that no runner runs a test, or that none minds when it fails.
_SKIPPED = {
    "python": re.compile(r"(?:^|\.)(?:skip|xfail|expectedFailure)$"),
    "typescript": re.compile(r"x(?:it|test|describe)\b|\w+(?:\.\w+)*\.(?:skip|todo|fails|failing)\b"),
    "go": re.compile(r"^(?:\t| {2,8})t\.(?:Skip|SkipNow|Skipf)\(", re.MULTILINE),
    "java": re.compile(r"@(?:\w+\.)*(?:Disabled|Ignore)\b|\benabled\s*=\s*false\b"),
    "swift": re.compile(r"\.disabled\(|^\s*throw XCTSkip\b", re.MULTILINE),
}
_SKIPPED |= {"tsx": _SKIPPED["typescript"], "kotlin": _SKIPPED["java"]}


@dataclass(frozen=True, slots=True)
class Test:
    """One test.

    Attributes:
        name: Its name or title, "" where code computes that.
        line: Its first line.
        groups: The classes or titles around it, the outermost first; "" for one that code computes.
        text: The test as it is written.
        live: What of it runs.
        skipped: Whether no runner runs it, or none minds when it fails.
    """

    __test__ = False

    name: str
    line: int
    groups: tuple[str, ...]
    text: str
    live: Live
    skipped: bool = False

    @property
    def unwritten(self) -> bool:
        """Whether it is a stub."""
        return UNWRITTEN in self.text

    @property
    def label(self) -> str:
        """Its name with what it stands in, as it is shown."""
        named = self.name or f"(a computed title, line {self.line})"
        return "::".join([*filter(None, self.groups), named])


@dataclass(frozen=True, slots=True)
class Suite:
    """A file of tests.

    Attributes:
        tests: Its tests in order.
        helpers: What the other functions in it run, by name.
        methods: The names of the methods that its types declare.
        types: The names of its own types.
        imports: What it imports.
        code: All that runs in it.
    """

    tests: list[Test] = field(default_factory=list)
    helpers: Mapping[str, Live] = field(default_factory=dict)
    methods: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    imports: tuple[Import, ...] = ()
    code: str = ""

    @property
    def imported(self) -> frozenset[str]:
        """The names that its imports bring."""
        return frozenset(name for each in self.imports for name in each.names)


def suite(path: str, text: str) -> Suite:
    """Read a file of tests; what pytest calls ``conftest`` holds none."""
    found = inventory(path, text.encode("utf-8", "surrogatepass"))
    reader = _Python(text) if language(path) == "python" else _Tree(path, text)
    functions = [each for each in found.symbols if each.kind in (Kind.FUNCTION, Kind.METHOD)]
    if PurePosixPath(path).name == "conftest.py":
        tests = []
    elif isinstance(reader, _Tree) and reader.language in ("typescript", "tsx"):
        tests = list(reader.called())
    else:
        tests = list(_declared(path, found, reader))
    lines = {test.line for test in tests}
    return Suite(
        tests,
        {each.name: reader.live(each) for each in functions if each.line not in lines},
        frozenset(each.name for each in functions if each.owner),
        frozenset(each.name for each in found.symbols if each.kind is Kind.TYPE),
        tuple(imports(path, text)),
        reader.code,
    )


def tests_of(path: str, content: bytes) -> list[Test]:
    """Return the tests of a file in order."""
    return suite(path, decode(content)).tests


def _declared(path: str, found: Inventory, reader: _Python | _Tree) -> Iterator[Test]:
    """Yield the tests that are functions, and those of Ginkgo's and Kotest's specs."""
    # TestNG's annotation may stand on the class, for all of its methods.
    suites = {
        each.qualified for each in found.symbols if each.kind is Kind.TYPE and _ATTRIBUTE.search(each.text)
    }
    types = {each.qualified: each for each in found.symbols if each.kind is Kind.TYPE}
    spoken = language(path)
    for each in found.symbols:
        if each.kind not in (Kind.FUNCTION, Kind.METHOD):
            continue
        if each.owner in suites or _is_test(spoken, each):
            around = [types[each.owner]] if each.owner in types else []
            groups = tuple(each.owner.split(".")) if each.owner else ()
            skipped = any(reader.is_skipped(one) for one in (each, *around))
            yield Test(each.name, each.line, groups, reader.raw(each), reader.live(each), skipped)
    if sniff(spoken, reader.text)[0] in (Framework.GINKGO, Framework.KOTEST):
        for titled in specs.tests(spoken, reader.text):
            code = fragment(spoken, titled.code)
            yield Test(titled.name, titled.line, (), titled.code, code)


def _is_test(spoken: str, symbol: Symbol) -> bool:
    if spoken == "go":
        return re.match(r"(?:Test|Fuzz|Example)(?![a-z])", symbol.name) is not None
    return symbol.name.startswith("test") or _ATTRIBUTE.search(symbol.text) is not None


def fragment(spoken: str, text: str) -> Live:
    """Return what runs of a piece of code."""
    from ast_grep_py import SgRoot

    return live(spoken, text, SgRoot(text, spoken).root())


class _Python:
    """Reads a file of Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = text.split("\n")
        self._file = PythonFile(text)
        self.code = _python_code(text)

    def raw(self, symbol: Symbol) -> str:
        return "\n".join(self._lines[symbol.line - 1 : symbol.end_line])

    def live(self, symbol: Symbol) -> Live:
        found = self._file.live(symbol.name, symbol.line)
        code = _python_code(self.raw(symbol))
        return found or Live(code, code)

    def is_skipped(self, symbol: Symbol) -> bool:
        return any(
            _SKIPPED["python"].search(each) for each in self._file.decorators(symbol.name, symbol.line)
        )


_PYTHON_SILENT = re.compile(
    r"\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#[^\n]*",
    re.DOTALL,
)


def _python_code(text: str) -> str:
    return _PYTHON_SILENT.sub('""', text)


class _Tree:
    """Reads a file of any other language."""

    def __init__(self, path: str, text: str) -> None:
        from ast_grep_py import SgRoot

        self.text = text
        self.language = language(path)
        self._root = SgRoot(text, self.language).root()
        self._live = live(self.language, text, self._root)
        self.code = self._live.code
        self._starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]

    def raw(self, symbol: Symbol) -> str:
        start, end = self._span(symbol)
        return self.text[start:end]

    def live(self, symbol: Symbol) -> Live:
        # Not a whole number of lines where several functions share one.
        return (
            fragment(self.language, symbol.text) if self._shares(symbol) else self._slice(*self._span(symbol))
        )

    def is_skipped(self, symbol: Symbol) -> bool:
        """Whether a test, or the head of a class, says so."""
        text = self.raw(symbol)
        said = text if symbol.kind is not Kind.TYPE else text.partition("{")[0]
        return self.language in _SKIPPED and _SKIPPED[self.language].search(said) is not None

    def called(self) -> Iterator[Test]:
        """Yield what ``test("title", () => …)`` and ``it`` declare."""
        for node in self._root.find_all(kind="call_expression"):
            called, given = _call(node)
            if called is None or len(given) < 2 or not _CALLED.match(called.text()):
                continue
            function = next((item for item in reversed(given) if _is_function(item)), None)
            if function is None or function is given[0]:
                continue
            containers = [each for each in node.ancestors() if _is_container(each)][::-1]
            heads = [called.text(), *(_head(each) for each in containers)]
            title, start, end = given[0].range(), node.range().start.index, node.range().end.index
            before, after = self._slice(start, title.start.index), self._slice(title.end.index, end)
            yield Test(
                _title(given[0]),
                node.range().start.line + 1,
                tuple(_title(_call(each)[1][0]) for each in containers),
                self.text[start:end],
                Live(before.code + after.code, before.claims + after.claims),
                any(_SKIPPED["typescript"].match(head) for head in heads),
            )

    def _shares(self, symbol: Symbol) -> bool:
        start, end = self._span(symbol)
        return symbol.line == symbol.end_line and self.code[start:end].count("{") > symbol.text.count("{")

    def _slice(self, start: int, end: int) -> Live:
        return Live(self._live.code[start:end], self._live.claims[start:end])

    def _span(self, symbol: Symbol) -> tuple[int, int]:
        return self._starts[symbol.line - 1], self._starts[min(symbol.end_line, len(self._starts) - 1)]


def _call(node: SgNode) -> tuple[SgNode | None, list[SgNode]]:
    called, arguments = node.field("function"), node.field("arguments")
    children = arguments.children() if arguments is not None else []
    return called, [item for item in children if item.is_named() and item.kind() != "comment"]


def _head(node: SgNode) -> str:
    called = node.field("function")
    return called.text() if called is not None else ""


def _is_container(node: SgNode) -> bool:
    if node.kind() != "call_expression" or not _CONTAINER.match(_head(node)):
        return False
    given = _call(node)[1]
    return len(given) > 1 and any(map(_is_function, given))


def _title(node: SgNode) -> str:
    """Return a title as the runner reports it, "" where it is computed."""
    if node.kind() not in ("string", "template_string"):
        return ""
    return re.sub(r"\\(.)", r"\1", node.text()[1:-1])


def _is_function(node: SgNode) -> bool:
    return node.kind() in ("arrow_function", "function_expression", "generator_function", "identifier")
