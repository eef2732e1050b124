"""Which stubs a change needs: every function that it added or altered ends in one bucket, and the counts add up."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

from hunkworks.change.declarations.reading import Kind
from hunkworks.change.inventory import Symbol, decode, is_known, language
from hunkworks.change.model import Change, Role
from hunkworks.change.repository import Repository
from hunkworks.change.role_names import by_name
from hunkworks.change.symbol_changes import SymbolChange, symbol_changes
from hunkworks.errors import HunkworksError, InputError
from hunkworks.scaffold.convention import Convention, family
from hunkworks.scaffold.files import Files
from hunkworks.scaffold.frameworks import Framework, of_package, prevailing, sniff
from hunkworks.scaffold.references import Naming, References
from hunkworks.scaffold.specs import is_spec
from hunkworks.scaffold.targets import is_altered, refusal
from hunkworks.scaffold.testfile import TestFile

_LARGEST = 1_000_000


class Function(msgspec.Struct, frozen=True):
    """A function that the change added or altered."""

    path: str
    line: int
    symbol: str
    kind: str
    what: str
    signature: str


class Stub(msgspec.Struct, frozen=True):
    """A test that is to be written: where its stub goes, and under which name; ``why`` no test that is there counts."""

    function: Function
    test: str
    name: str
    framework: str
    new_file: bool
    why: str


class Waiting(msgspec.Struct, frozen=True):
    """A function whose stub waits in a file of tests."""

    function: Function
    test: str


class Named(msgspec.Struct, frozen=True):
    """A function that written tests name: each with the file that it stands in."""

    function: Function
    tests: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True):
    """A function that gets no stub, and why."""

    function: Function
    why: str


class Plan(msgspec.Struct, frozen=True):
    """What there is to write. ``stubs``, ``waiting``, ``named`` and ``refused`` add up to all functions."""

    change: str
    stubs: tuple[Stub, ...]
    waiting: tuple[Waiting, ...]
    named: tuple[Named, ...]
    refused: tuple[Refused, ...]
    unread: tuple[tuple[str, str], ...]
    files: dict[str, tuple[bytes | None, bytes]]

    def diff(self) -> str:
        """Return the plan as a unified diff, as it would be applied."""
        lines: list[str] = []
        for path, (before, after) in self.files.items():
            old = [] if before is None else before.decode("utf-8").splitlines(keepends=True)
            new = after.decode("utf-8").splitlines(keepends=True)
            source = f"a/{path}" if before is not None else "/dev/null"
            lines += [
                line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
                for line in difflib.unified_diff(old, new, source, f"b/{path}")
            ]
        return "".join(lines)


class Project(Files):
    """A project with its tests, where a change ends.

    Attributes:
        tests: The text of every test file in a language that is read.
        sources: The paths of the code.
        convention: Where tests of a file stand.
        references: Which test names which symbol.
    """

    def __init__(self, repository: Repository, change: Change) -> None:
        super().__init__(repository, change)
        paths = [path for path in self.paths() if is_known(path)]
        roles = {path: (by_name(path) or (Role.CODE, ""))[0] for path in paths}
        self.sources = [path for path in paths if roles[path] is Role.CODE]
        self.tests: dict[str, str] = {}
        for path in paths:
            content = self.content(path) if roles[path] is Role.TEST else None
            if content is not None and len(content) <= _LARGEST:
                self.tests[path] = decode(content)
        self.convention = Convention(self.sources, sorted(self.tests), self.tests)
        self.references = References(self.tests, self.convention.existing)


class Planner:
    """Plans the stubs of one change."""

    def __init__(self, repository: Repository, change: Change) -> None:
        self.change = change
        self.project = Project(repository, change)
        self.references = self.project.references
        self._files: dict[str, TestFile] = {}
        self._stubs: list[tuple[SymbolChange, str, str, str]] = []
        self._refused: list[Refused] = []
        self.naming: dict[Function, list[Naming]] = {}

    def plan(self) -> Plan:
        """Return what is to be written; nothing is."""
        report = symbol_changes(self.change)
        waiting: list[Waiting] = []
        seen: set[tuple[str, str, str]] = set()
        for each in report.changes:
            if not is_altered(each) or each.after is None:
                continue
            function = function_of(each)
            source = decode(self.project.content(each.path) or b"")
            why = refusal(each.path, each.after, source)
            identity = (each.path, each.after.qualified, each.after.parameters)
            if not why and identity in seen:
                why = "declared again in the same file"
            seen.add(identity)
            if why:
                self._refused.append(Refused(function, why))
            elif test := self.references.stub(each.path, each.after):
                waiting.append(Waiting(function, test))
            else:
                naming = self.references.naming(each.path, each.after, source)
                if any(not test.flaw for test in naming):
                    self.naming[function] = naming
                else:
                    self._add(each, source, self._why(each, source, naming))
        files = self._written()
        stubs = [self._stub(*stub) for stub in self._stubs]
        refused = sorted(self._refused, key=lambda entry: (entry.function.path, entry.function.line))
        named = [
            Named(function, tuple(test.label for test in tests if not test.flaw))
            for function, tests in self.naming.items()
        ]
        return Plan(
            self.change.id, tuple(stubs), tuple(waiting), tuple(named), tuple(refused), report.unread, files
        )

    def _why(self, each: SymbolChange, source: str, naming: Sequence[Naming]) -> str:
        """Return why no test counts as one of a function."""
        assert each.after is not None  # noqa: S101  is_altered says so
        if naming:
            return f"{naming[0].label} names it, but {naming[0].flaw}"
        file = self.references.mention(each.path, each.after, source)
        return f"{file} holds its name, but no test there calls it" if file else "no test names it"

    def _add(self, each: SymbolChange, source: str, reason: str) -> None:
        assert each.after is not None  # noqa: S101  is_altered says so
        try:
            file = self._file(each.path, each.after, source)
        except InputError as error:
            self._refused.append(Refused(function_of(each), str(error).removesuffix(".")))
            return
        self._stubs.append((each, file.path, file.add(each.path, each.after), reason))

    def _file(self, path: str, symbol: Symbol, source: str) -> TestFile:
        """Return the test file for a source: the one named after it, the one that imports the symbol, or a new one."""
        convention = self.project.convention
        test = convention.existing(path) or convention.importing(path, symbol.qualified.split(".")[0])
        before = self.project.content(test) if test else None
        if not test:
            test = convention.place(path)
            before = self.project.content(test) if test else None
        if not test:
            raise InputError("no test of this language here shows where one would stand")
        if test not in self._files:
            spoken = language(test)
            near = self._near(test)
            model = next((self.project.tests[each] for each in near), "")
            framework, name = sniff(spoken, decode(before)) if before is not None else (None, "")
            if framework is None and name:
                raise InputError(f"{test} is written with {name}, for which there are no stubs")
            framework = framework or self._framework(test, spoken, near)
            if framework is Framework.GINKGO and not self._has_suite(test):
                folder = PurePosixPath(test).parent
                raise InputError(
                    f"{folder} has no RunSpecs, which runs Ginkgo's tests", fix="run `ginkgo bootstrap` there"
                )
            if framework is Framework.KOTEST:
                model = next(filter(is_spec, (self.project.tests[each] for each in near)), model)
            self._files[test] = TestFile(test, before, framework, model, source)
        return self._files[test]

    def _framework(self, test: str, spoken: str, near: Sequence[str]) -> Framework:
        """Return the framework of the tests around ``test``, or the one that the package names."""
        beside = [each for each in near if PurePosixPath(each).parent == PurePosixPath(test).parent]
        # A Go package has one way to test: its own tests say which.
        texts = [self.project.tests[each] for each in (beside if spoken == "go" and beside else near)]
        shown = [sniff(spoken, text) for text in texts[:9]]
        others = [name for found, name in shown if found is None and name]
        found = prevailing(spoken, texts[:9])
        if found is None and not others and family(test) == "javascript":
            found = self._of_package(test)
        if found is None and spoken == "go":
            found = Framework.GO
        if found is None:
            said = (
                f"the tests here are written with {others[0]}, for which there are no stubs" if others else ""
            )
            raise InputError(said or "no test here shows which framework it is written with")
        return found

    def _of_package(self, test: str) -> Framework | None:
        for folder in PurePosixPath(test).parents:
            content = self.project.content(str(folder / "package.json"))
            found = of_package(decode(content)) if content is not None else None
            if found is not None:
                return found
        return None

    def _has_suite(self, test: str) -> bool:
        folder = PurePosixPath(test).parent
        return any(
            re.search(r"\bRunSpecs\(", text)
            for path, text in self.project.tests.items()
            if PurePosixPath(path).parent == folder
        )

    def _near(self, test: str) -> list[str]:
        """Return the test files in the language of ``test``, the nearest first."""
        folder = PurePosixPath(test).parent
        spoken = language(test)
        same = [each for each in self.project.tests if language(each) == spoken and each != test]

        def distance(path: str) -> tuple[int, str]:
            other = PurePosixPath(path).parent
            shared = sum(1 for left, right in zip(folder.parts, other.parts, strict=False) if left == right)
            return len(folder.parts) + len(other.parts) - 2 * shared, path

        return sorted(same, key=distance)

    def _written(self) -> dict[str, tuple[bytes | None, bytes]]:
        """Return each file before and after; the stubs of one that cannot be written are refused."""
        files = {}
        for path, file in sorted(self._files.items()):
            try:
                files[path] = (file.before, file.after())
            except HunkworksError as error:
                why = str(error).removesuffix(".")
                lost = [each for each, test, _, _ in self._stubs if test == path]
                self._refused += [Refused(function_of(each), why) for each in lost]
                self._stubs = [stub for stub in self._stubs if stub[1] != path]
        return files

    def _stub(self, each: SymbolChange, test: str, name: str, why: str) -> Stub:
        file = self._files[test]
        return Stub(function_of(each), test, name, str(file.framework), file.before is None, why)


def function_of(each: SymbolChange) -> Function:
    """Return a symbol as the plan tells of it."""
    symbol = each.symbol
    shown = symbol.qualified + (symbol.parameters if each.path.endswith(".swift") else "")
    kind = Kind.FUNCTION if symbol.kind is Kind.FUNCTION else symbol.kind
    return Function(each.path, symbol.line, shown, str(kind), str(each.what), symbol.signature)
