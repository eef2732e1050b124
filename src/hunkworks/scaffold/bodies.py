"""The tests of a file with what they do: which names stand in the body of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, decode, inventory, language
from hunkworks.scaffold import specs
from hunkworks.scaffold.frameworks import Framework, sniff
from hunkworks.scaffold.stubs import UNWRITTEN

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_STRING = re.compile(
    r"\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL
)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_ATTRIBUTE = re.compile(r"@ (?:\w+ \. )*(?:Test|ParameterizedTest|RepeatedTest|Theory)\b")


@dataclass(frozen=True, slots=True)
class Test:
    """One test: its name or title, and the words of its body, strings and comments aside."""

    __test__ = False

    name: str
    line: int
    words: frozenset[str]
    unwritten: bool


def tests_of(path: str, content: bytes) -> list[Test]:
    """Return the tests of a file in order."""
    if language(path) in ("typescript", "tsx"):
        return list(_called(path, decode(content)))
    found = inventory(path, content).symbols
    # TestNG's annotation may stand on the class, for all of its methods.
    suites = {each.qualified for each in found if each.kind is Kind.TYPE and _ATTRIBUTE.search(each.text)}
    tests = [
        _test(each)
        for each in found
        if each.kind in (Kind.FUNCTION, Kind.METHOD) and (each.owner in suites or _is_test(path, each))
    ]
    if sniff(language(path), decode(content))[0] in (Framework.GINKGO, Framework.KOTEST):
        tests += [
            Test(each.name, each.line, _words(_COMMENT.sub("", each.code)), UNWRITTEN in each.code)
            for each in specs.tests(language(path), decode(content))
        ]
    return tests


def _is_test(path: str, symbol: Symbol) -> bool:
    if language(path) == "go":
        return re.match(r"(?:Test|Fuzz|Benchmark|Example)(?![a-z])", symbol.name) is not None
    return symbol.name.startswith("test") or _ATTRIBUTE.search(symbol.text) is not None


def _test(symbol: Symbol) -> Test:
    return Test(symbol.name, symbol.line, _words(symbol.text), UNWRITTEN in symbol.text)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w$]+", _STRING.sub('""', text)))


def _called(path: str, text: str) -> Iterator[Test]:
    """Yield what ``test("title", () => …)`` and ``it`` declare."""
    from ast_grep_py import SgRoot

    root = SgRoot(text, "typescript" if language(path) == "typescript" else "tsx").root()
    for node in root.find_all(kind="call_expression"):
        called, arguments = node.field("function"), node.field("arguments")
        if called is None or arguments is None or not re.match(r"(?:test|it)\b", called.text()):
            continue
        given = [item for item in arguments.children() if item.is_named() and item.kind() != "comment"]
        function = next((item for item in reversed(given) if _is_function(item)), None)
        if function is None or given[0].kind() not in ("string", "template_string"):
            continue
        body = function.text()
        words = _words(_COMMENT.sub("", body))
        yield Test(given[0].text()[1:-1], node.range().start.line + 1, words, UNWRITTEN in body)


def _is_function(node: SgNode) -> bool:
    return node.kind() in ("arrow_function", "function_expression", "generator_function")
