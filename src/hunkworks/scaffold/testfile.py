"""One file of tests that stubs are added to: at its end, or behind the last test of its last class."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, inventory, language
from hunkworks.errors import InputError
from hunkworks.scaffold.bodies import tests_of
from hunkworks.scaffold.frameworks import Framework
from hunkworks.scaffold.specs import ginkgo_import, last_spec
from hunkworks.scaffold.stubs import marker, name_of, render, style_of
from hunkworks.splice import Edit, splice

_IN_A_CLASS = frozenset(
    (
        Framework.UNITTEST,
        Framework.JUNIT4,
        Framework.JUNIT5,
        Framework.TESTNG,
        Framework.KOTLIN_TEST,
        Framework.XCTEST,
    )
)
# Their runners pass over what is not public.
_PUBLIC = frozenset((Framework.JUNIT4, Framework.TESTNG))
_MAIN = re.compile(r"^if __name__ *== *['\"]__main__['\"] *:", re.MULTILINE)
_TEST = re.compile(r"@ (?:\w+ \. )*(?:\w*Test)\b")
_TESTNG = re.compile(r"@ (?:\w+ \. )*Test\b")
_GLOBALS = frozenset((Framework.MOCHA, Framework.JEST))
_JAVA_TEST = {
    Framework.JUNIT4: "org.junit.Test",
    Framework.JUNIT5: "org.junit.jupiter.api.Test",
    Framework.TESTNG: "org.testng.annotations.Test",
    Framework.KOTLIN_TEST: "kotlin.test.Test",
}


class TestFile:
    """A file of tests and the stubs that it gets.

    Args:
        path: Where it stands, or is going to.
        before: Its bytes, None where it is new.
        framework: What its tests are written with.
        model: The text of a test file near it, whose style a new one takes.
        source: The text of the file that it tests, for the package.
    """

    __test__ = False  # not one of pytest's, whatever its name

    def __init__(
        self, path: str, before: bytes | None, framework: Framework, model: str, source: str
    ) -> None:
        self.path = path
        self.before = before
        self.framework = framework
        self.language = language(path)
        text = _text(path, before) if before is not None else model
        self.style = replace(style_of(self.language, text), spec=self._spec(text))
        self._model = model
        self._source = source
        self._stubs: list[str] = []
        self._added: set[str] = set()
        self._taken = set() if before is None else self._names(path, before)

    def _spec(self, text: str) -> str:
        if self.framework is Framework.KOTEST:
            return last_spec(self.path if self.before is not None else "the test nearest to it", text).style
        return ginkgo_import(text)[1] if self.framework is Framework.GINKGO else ""

    def add(self, source: str, symbol: Symbol) -> str:
        """Add the stub of ``symbol`` of the file ``source`` and return the test's name."""
        name = name_of(self.framework, symbol, self.style, self._taken)
        self._taken.add(name)
        self._added.add(name)
        self._stubs.append(render(self.framework, self.language, name, marker(source, symbol), self.style))
        return name

    def after(self) -> bytes:
        """Return the file with its stubs; every byte that stood there still does.

        Raises:
            InputError: The file is not UTF-8, or has no place where a test could stand.
        """
        if self.before is None:
            return self._fresh().encode("utf-8")
        text = _text(self.path, self.before)
        newline = "\r\n" if "\r\n" in text else "\n"
        if self.framework is Framework.KOTEST:
            spec = last_spec(self.path, text)
            place, added = spec.place, "".join(f"\n{_indented(stub, spec.indent)}" for stub in self._stubs)
        else:
            place, added = (
                self._behind_the_last_test(text) if self._in_a_class(text) else self._at_the_end(text)
            )
        data = added.replace("\n", newline).encode("utf-8")
        start = len(text[:place].encode("utf-8")) + (3 if self.before.startswith(b"\xef\xbb\xbf") else 0)
        after = splice(self.before, [Edit(start, start, data)])
        self._prove(after, _last_suite(self.path, text) if self._in_a_class(text) else None)
        return after

    def _prove(self, after: bytes, suite: Symbol | None) -> None:
        """See that every stub stands where its runner finds it, and that the file parses as it did."""
        found = inventory(self.path, after)
        owner = suite.owner if suite else ""
        here = {symbol.name for symbol in found.symbols if symbol.owner == owner}
        if self.framework in (Framework.GINKGO, Framework.KOTEST):
            here = {test.name for test in tests_of(self.path, after)}
        named = self.language in ("typescript", "tsx") or self._added <= here
        if not named or (found.why and not inventory(self.path, self.before or b"").why):
            raise InputError(
                f"{self.path} has no line behind its last test where another could stand",
                fix="put the brace that closes its class on a line of its own",
            )

    def _in_a_class(self, text: str) -> bool:
        suite = self.framework is Framework.SWIFT_TESTING and _last_suite(self.path, text) is not None
        return self.framework in _IN_A_CLASS or suite

    def _at_the_end(self, text: str) -> tuple[int, str]:
        gap = "\n\n" if self.language == "python" else "\n"
        main = _MAIN.search(text) if self.language == "python" else None
        if main:
            return main.start(), "".join(f"{stub}{gap}" for stub in self._stubs)
        missing = "" if text.endswith(("\n", "\r")) or not text else "\n"
        return len(text), missing + "".join(f"{gap}{stub}" for stub in self._stubs)

    def _behind_the_last_test(self, text: str) -> tuple[int, str]:
        suite = _last_suite(self.path, text)
        if suite is None:
            raise InputError(
                f"{self.path} has no class with a test in it",
                fix="add the class, then run the same command again",
            )
        lines = text.replace("\r\n", "\n").split("\n")
        first = lines[suite.line - 1]
        indent = first[: len(first) - len(first.lstrip())]
        if not indent:
            raise InputError(
                f"the last test of {self.path} stands on one line with its class", fix="wrap that line"
            )
        place = _end_of_line(text, suite.end_line)
        missing = "" if text[:place].endswith("\n") else "\n"
        return place, missing + "".join(f"\n{_indented(stub, indent)}" for stub in self._stubs)

    def _fresh(self) -> str:
        stem = PurePosixPath(self.path).stem
        stubs = self._stubs
        if self.framework is Framework.GO:
            return f'package {self._go_package()}\n\nimport "testing"\n\n' + "\n".join(stubs)
        if self.framework is Framework.GINKGO:
            imported = ginkgo_import(self._model)[0]
            return f"package {self._go_package()}\n\nimport {imported}\n\n" + "\n".join(stubs)
        if self.framework is Framework.PYTEST:
            return "\n\n".join(stubs)
        if self.framework not in (*_IN_A_CLASS, Framework.SWIFT_TESTING, Framework.KOTEST):
            return self._javascript_import() + "\n".join(stubs)
        inside = "\n".join(_indented(stub, self.style.indent) for stub in stubs)
        if self.framework is Framework.UNITTEST:
            title = "".join(part[:1].upper() + part[1:] for part in stem.removeprefix("test_").split("_"))
            return f"import unittest\n\n\nclass {title}Test(unittest.TestCase):\n{inside}"
        if self.language == "swift":
            return self._swift_head(re.sub(r"\W", "_", stem)) + f"{inside}}}\n"
        end = ";" if self.language == "java" else ""
        package = re.search(r"^\s*package\s+([\w.`]+)", self._source, re.MULTILINE)
        head = f"package {package[1]}{end}\n\n" if package else ""
        if self.framework is Framework.KOTEST:
            style = self.style.spec
            return (
                f"{head}import io.kotest.core.spec.style.{style}\n\nclass {stem} : {style}({{\n{inside}}})\n"
            )
        seen = self.language == "java" and (self.framework in _PUBLIC or self.style.public)
        public = "public " if seen else ""
        return f"{head}import {_JAVA_TEST[self.framework]}{end}\n\n{public}class {stem} {{\n{inside}}}\n"

    def _go_package(self) -> str:
        found = re.search(r"^package\s+(\w+)", self._source, re.MULTILINE)
        package = found[1] if found else PurePosixPath(self.path).parent.name
        outside = re.search(r"^package\s+(\w+_test)\b", self._model, re.MULTILINE)
        return outside[1] if outside and outside[1] == f"{package}_test" else package

    def _javascript_import(self) -> str:
        module = {
            Framework.JEST: "@jest/globals",
            Framework.BUN: "bun:test",
            Framework.NODE: "node:test",
        }.get(self.framework, "vitest")
        quoted = f"{self.style.quote}{module}{self.style.quote}{self.style.semicolon}\n\n"
        shown = re.search(rf"from\s+['\"]{re.escape(module)}['\"]", self._model)
        if self.framework is Framework.NODE and "require(" in self._model and not shown:
            call = f"require({self.style.quote}{module}{self.style.quote}){self.style.semicolon}\n\n"
            return f"const {{ {self.style.test} }} = {call}"
        if self.framework in _GLOBALS and not shown:
            return ""
        if self.framework is Framework.VITEST and not shown and self._model:
            return ""
        return f"import {{ {self.style.test} }} from {quoted}"

    def _swift_head(self, stem: str) -> str:
        testable = "".join(
            f"{line}\n" for line in re.findall(r"^@testable import \w+", self._model, re.MULTILINE)
        )
        if self.framework is Framework.SWIFT_TESTING:
            return f"import Testing\n{testable}\nstruct {stem} {{\n"
        return f"import XCTest\n{testable}\nfinal class {stem}: XCTestCase {{\n"

    def _names(self, path: str, content: bytes) -> set[str]:
        names = {symbol.name for symbol in inventory(path, content).symbols}
        titles = re.findall(rb"\b(?:it|test)\(\s*['\"`]([^'\"`\n]*)", content)
        return names | {title.decode("utf-8", "replace") for title in titles}


def _text(path: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8", fix="convert it, or write the test by hand") from None
    if "\r" in text.replace("\r\n", ""):
        raise InputError(f"{path} has carriage returns without line feeds", fix="convert its line ends")
    return text


def _last_suite(path: str, text: str) -> Symbol | None:
    """Return the last method of the last class that holds tests."""
    symbols = inventory(path, text.encode("utf-8")).symbols
    methods = [each for each in symbols if each.kind is Kind.METHOD]
    # TestNG's annotation may stand on the class, for all of its public methods.
    suites = {each.qualified for each in symbols if each.kind is Kind.TYPE and _TESTNG.search(each.text)}
    tests = [each for each in methods if each.owner in suites or _is_test(each)]
    if not tests:
        return None
    owner = tests[-1].owner
    return max((each for each in methods if each.owner == owner), key=lambda each: each.end_line)


def _is_test(symbol: Symbol) -> bool:
    return symbol.name.startswith("test") or _TEST.search(symbol.text) is not None


def _indented(stub: str, indent: str) -> str:
    return "".join(f"{indent}{line}" for line in stub.splitlines(keepends=True))


def _end_of_line(text: str, number: int) -> int:
    """Return where line ``number``, from 1, ends, its line end included."""
    place = 0
    for _ in range(number):
        end = text.find("\n", place)
        if end < 0:
            return len(text)
        place = end + 1
    return place
