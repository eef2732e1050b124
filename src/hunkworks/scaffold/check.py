"""Is every function that a change added or altered called by a test that was written, and that passes?

What is proven: the function's name stands in the body of a test (strings and comments aside, and its type or module in
that file where the name alone does not tell), no stub marker is left in that body, and the test ran and passed. That
the call reaches the changed lines is not: that takes coverage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec

from hunkworks.change.inventory import Symbol, decode, language
from hunkworks.change.model import Change
from hunkworks.change.repository import Repository
from hunkworks.change.symbol_changes import symbol_changes
from hunkworks.errors import UsageError
from hunkworks.scaffold.bodies import Test, tests_of
from hunkworks.scaffold.convention import family
from hunkworks.scaffold.frameworks import Framework, of_package, sniff
from hunkworks.scaffold.plan import Function, Project, function_of
from hunkworks.scaffold.runners import Ran, run
from hunkworks.scaffold.targets import is_altered, refusal

# What test.each puts its cases into: printf's letters, `$name`, and the expressions of a template.
_PLACE = re.compile(r"%[sdifjoOpc#]|\$\{[^}]*\}|\$#?[\w.]*")


class Proof(msgspec.Struct, frozen=True):
    """What is known of one function.

    ``status`` is ``passed`` (a test that names it ran and passed), ``named`` (a written test names it; nothing ran),
    ``unwritten`` (a stub waits), ``untested``, ``failed`` or ``not run``.
    """

    function: Function
    status: str
    tests: tuple[str, ...] = ()
    why: str = ""


class Found(msgspec.Struct, frozen=True):
    """What a check found; ``left_out`` are functions that no test of their own can call."""

    change: str
    functions: tuple[Proof, ...]
    left_out: int
    commands: tuple[tuple[str, ...], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every function has its test; with a run, whether that passed."""
        return all(each.status in ("passed", "named") for each in self.functions)

    @property
    def counts(self) -> dict[str, int]:
        """How many functions have each status, and how many were left out."""
        statuses = [each.status for each in self.functions]
        return {
            **{status: statuses.count(status) for status in sorted(set(statuses))},
            "left_out": self.left_out,
        }


def check(repository: Repository, change: Change, *, running: bool) -> Found:
    """Look for the tests of a change's functions, and run them.

    Args:
        repository: Where both stand.
        change: Whose functions.
        running: Run the tests, which executes code of the change.

    Raises:
        UsageError: Tests of a change that is not checked out cannot be run.
    """
    project = Project(repository, change)
    if running and not project.writable:
        raise UsageError("the change is not checked out: its tests cannot be run", fix="leave out --run")
    checker = _Checker(project)
    proofs = []
    left_out = 0
    for each in symbol_changes(change).changes:
        if not is_altered(each) or each.after is None:
            continue
        if refusal(each.path, each.after, decode(project.content(each.path) or b"")):
            left_out += 1
        else:
            proofs.append(checker.look(function_of(each), each.path, each.after))
    if running:
        proofs = checker.run(proofs)
    return Found(change.id, tuple(proofs), left_out, tuple(ran.command for ran in checker.ran if ran.command))


class _Checker:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._tests: dict[str, list[Test]] = {}
        self._naming: dict[Function, list[tuple[str, Test]]] = {}
        self.ran: list[Ran] = []

    def look(self, function: Function, path: str, symbol: Symbol) -> Proof:
        """Look for tests whose bodies name ``symbol``."""
        unwritten = self._project.references.stub(path, symbol)
        if unwritten:
            return Proof(function, "unwritten", (unwritten,), "a stub waits there")
        files = self._project.references.naming(path, symbol)
        naming = [
            (file, test)
            for file in files
            for test in self._of(file)
            if symbol.name in test.words and not test.unwritten
        ]
        if not naming:
            why = f"{files[0]} names it, but in the body of no test" if files else "no test names it"
            return Proof(function, "untested", tuple(files[:1]), why)
        self._naming[function] = naming
        return Proof(function, "named", tuple(f"{file}::{test.name}" for file, test in naming))

    def run(self, proofs: list[Proof]) -> list[Proof]:
        """Run the tests that name a function and say what became of them."""
        wanted: dict[Framework, set[str]] = {}
        frameworks: dict[str, Framework] = {}
        for naming in self._naming.values():
            for file, _ in naming:
                framework = self._framework(file)
                if framework is not None:
                    frameworks[file] = framework
                    wanted.setdefault(framework, set()).add(file)
        results: dict[Framework, list[Ran]] = {}
        for framework, files in wanted.items():
            results[framework] = run(framework, self._project.repository.root, sorted(files))
            self.ran += results[framework]
        return [self._judge(proof, frameworks, results) for proof in proofs]

    def _judge(
        self, proof: Proof, frameworks: dict[str, Framework], results: dict[Framework, list[Ran]]
    ) -> Proof:
        if proof.status != "named":
            return proof
        passed, failed, why = [], [], "no runner is known for these tests"
        for file, test in self._naming[proof.function]:
            for ran in results.get(frameworks.get(file, Framework.GO), []) if file in frameworks else []:
                outcome = outcome_of(test.name, ran.outcomes)
                passed += [f"{file}::{test.name}"] if outcome == "passed" else []
                failed += [f"{file}::{test.name}"] if outcome == "failed" else []
                why = ran.why or "the runner skipped them"
        if passed:
            return Proof(proof.function, "passed", tuple(passed))
        if failed:
            return Proof(proof.function, "failed", tuple(failed), "every test that names it fails")
        return Proof(proof.function, "not run", proof.tests, why)

    def _of(self, file: str) -> list[Test]:
        if file not in self._tests:
            self._tests[file] = tests_of(file, self._project.content(file) or b"")
        return self._tests[file]

    def _framework(self, file: str) -> Framework | None:
        found, _ = sniff(language(file), self._project.tests[file])
        folders = [] if found or family(file) != "javascript" else self._packages(file)
        return found or next(filter(None, map(of_package, folders)), None)

    def _packages(self, file: str) -> list[str]:
        contents = [
            self._project.content(str(folder / "package.json")) for folder in PurePosixPath(file).parents
        ]
        return [decode(content) for content in contents if content is not None]


def outcome_of(name: str, outcomes: Mapping[str, str]) -> str:
    """Return what became of a test, "" where it did not run; a title with places in it stands for all its cases."""
    if name in outcomes or not _PLACE.search(name):
        return outcomes.get(name, "")
    pattern = ".*".join(re.escape(part) for part in _PLACE.split(name))
    cases = {outcome for title, outcome in outcomes.items() if re.fullmatch(pattern, title, re.DOTALL)}
    return next((outcome for outcome in ("failed", "passed", "skipped") if outcome in cases), "")
