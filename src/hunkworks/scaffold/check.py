"""Is every function that a change added or altered called by a test that was written, and that passes?

What is proven: the plan has nothing to stub (a test names the function, and what shows that it proves nothing does not
hold: see references), no stub waits, and with a run every test that names it passed, one at least. That the call
reaches the changed lines is not: that takes coverage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from hunkworks.change.inventory import decode, language
from hunkworks.change.model import Change
from hunkworks.change.repository import Repository
from hunkworks.change.symbol_changes import What
from hunkworks.errors import HunkworksError, UsageError
from hunkworks.scaffold.bodies import Test
from hunkworks.scaffold.convention import family
from hunkworks.scaffold.former import environment, former
from hunkworks.scaffold.frameworks import Framework, of_package, sniff
from hunkworks.scaffold.plan import Function, Planner, Project, Refused
from hunkworks.scaffold.references import Naming
from hunkworks.scaffold.reports import Case
from hunkworks.scaffold.runners import Ran, run, shown

# What test.each puts its cases into: printf's letters, `$name`, and the expressions of a template.
_PLACE = re.compile(r"%[sdifjoOpc#]|\$\{[^}]*\}|\$#?[\w.]*")


class Tried(msgspec.Struct, frozen=True):
    """A test and what became of it: ``named`` (nothing ran), ``passed``, ``failed``, ``skipped`` or ``not run``.

    ``before`` is what became of it on the code before the change, "" where that was not tried.
    """

    test: str
    status: str
    why: str = ""
    before: str = ""


class Proof(msgspec.Struct, frozen=True):
    """What is known of one function.

    ``status`` is ``named`` (a written test names it; nothing ran), ``passed`` (so did every such test that ran),
    ``failed`` (one did), ``not run``, ``unwritten`` (a stub waits) or ``untested``.
    """

    function: Function
    status: str
    tests: tuple[Tried, ...] = ()
    why: str = ""


class Found(msgspec.Struct, frozen=True):
    """What a check found; ``left_out`` are functions that get no stub either.

    ``untried`` says why the tests did not run on the code before the change, "" where they did or had no reason to.
    """

    change: str
    functions: tuple[Proof, ...]
    left_out: tuple[Refused, ...]
    commands: tuple[str, ...] = ()
    untried: str = ""

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
            "left_out": len(self.left_out),
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
    planner = Planner(repository, change)
    if running and not planner.project.writable:
        raise UsageError("the change is not checked out: its tests cannot be run", fix="leave out --run")
    plan = planner.plan()
    proofs = [Proof(each.function, "untested", (), each.why) for each in plan.stubs]
    proofs += [
        Proof(each.function, "unwritten", (), f"its stub waits in {each.test}") for each in plan.waiting
    ]
    runs: list[Ran] = []
    untried = ""
    if running:
        runner = _Runner(planner.project, planner.naming, repository.root)
        run_now = [runner.proof(function) for function in planner.naming]
        altered, untried = _on_former_code(planner, run_now)
        proofs += altered
        runs = runner.ran
    else:
        proofs += [
            Proof(each.function, "named", tuple(Tried(test, "named") for test in each.tests))
            for each in plan.named
        ]
    proofs.sort(key=lambda proof: (proof.function.path, proof.function.line))
    return Found(
        change.id, tuple(proofs), plan.refused, tuple(shown(ran) for ran in runs if ran.command), untried
    )


def _on_former_code(planner: Planner, proofs: Sequence[Proof]) -> tuple[list[Proof], str]:
    """Run the tests of altered functions that passed on the code before the change, too; say why where that fails."""
    passed = {
        each.function: {tried.test for tried in each.tests if tried.status == "passed"}
        for each in proofs
        if each.function.what != What.ADDED
    }
    again = {
        function: [each for each in planner.naming[function] if each.label in labels]
        for function, labels in passed.items()
        if labels
    }
    if not again:
        return [*proofs], ""
    packages = {
        str(folder)
        for tests in again.values()
        for each in tests
        for folder in PurePosixPath(each.file).parents
    }
    try:
        with former(planner.project, planner.change, packages) as top:
            runner = _Runner(planner.project, again, top, environment)
            before = {function: runner.proof(function).tests for function in again}
    except (HunkworksError, OSError) as error:
        return [*proofs], str(error).removesuffix(".")
    return [
        _with_former(each, {one.test: one.status for one in before.get(each.function, ())}) for each in proofs
    ], ""


def _with_former(proof: Proof, before: Mapping[str, str]) -> Proof:
    tests = tuple(
        msgspec.structs.replace(
            each,
            before=before.get(each.test, ""),
            why="passes on the old code, too" if before.get(each.test) == "passed" else each.why,
        )
        for each in proof.tests
    )
    told = proof.status == "passed" and all(
        each.before == "passed" for each in tests if each.status == "passed"
    )
    why = "no test that names it fails on the old code" if told else proof.why
    return msgspec.structs.replace(proof, tests=tests, why=why)


class _Runner:
    """Runs the tests that name a function, once, and tells what became of each."""

    def __init__(
        self,
        project: Project,
        naming: Mapping[Function, Sequence[Naming]],
        root: Path,
        environment: Callable[[Path], Mapping[str, str]] | None = None,
    ) -> None:
        self._project = project
        self._naming = naming
        wanted: dict[Framework, dict[str, list[Test]]] = {}
        for each in (naming for tests in self._naming.values() for naming in tests):
            framework = self._framework(each.file)
            if framework is not None:
                tests = wanted.setdefault(framework, {}).setdefault(each.file, [])
                tests += [each.test] if each.test not in tests else []
        self.ran = [
            ran for framework, files in wanted.items() for ran in run(framework, root, files, environment)
        ]

    def proof(self, function: Function) -> Proof:
        """Return what is known of a function now."""
        naming = self._naming[function]
        tried = tuple(map(self._tried, naming))
        # A test that proves nothing when it passes still tells something when it fails.
        pairs = zip(naming, tried, strict=True)
        statuses = {each.status for test, each in pairs if not test.flaw or each.status == "failed"}
        status = next((each for each in ("failed", "passed") if each in statuses), "not run")
        why = {"failed": "a test that names it fails", "not run": "no test that names it ran"}.get(status, "")
        return Proof(function, status, tried, why)

    def _tried(self, naming: Naming) -> Tried:
        ran = next((each for each in self.ran if naming.file in each.files), None)
        if ran is None:
            name = sniff(language(naming.file), self._project.tests[naming.file])[1]
            return Tried(naming.label, "not run", f"no runner is known for {name or 'these tests'}")
        there = [each for each in ran.cases if is_of(each, naming.file, ran.package)]
        cases = cases_of(naming.test, there, self._project.references.titles(naming.file))
        status = next(
            (word for word in ("failed", "passed", "skipped") if any(each.status == word for each in cases)),
            "",
        )
        if status:
            why = next((each.why for each in cases if each.status == status), "")
            return Tried(naming.label, status, why or naming.flaw)
        broken = next((why for file, why in ran.broken.items() if file.endswith(naming.file)), "")
        return Tried(naming.label, "not run", broken or ran.why or "the runner does not report it")

    def _framework(self, file: str) -> Framework | None:
        found, name = sniff(language(file), self._project.tests[file])
        folders = [] if found or name or family(file) != "javascript" else self._packages(file)
        return found or next(filter(None, map(of_package, folders)), None)

    def _packages(self, file: str) -> list[str]:
        contents = [
            self._project.content(str(folder / "package.json")) for folder in PurePosixPath(file).parents
        ]
        return [decode(content) for content in contents if content is not None]


def is_of(case: Case, file: str, package: str) -> bool:
    """Tell whether a case may stand in a file of tests, as far as the runner says where it stands.

    Args:
        case: What the runner reports.
        file: A path below the top of the repository.
        package: The folder below it that the runner was started in.
    """
    said = case.file.replace("\\", "/")
    if not said:
        return True
    if file.endswith(".go"):  # a package's import path
        folder = str(PurePosixPath(file).parent)
        inner = "" if folder in (".", package) else folder.removeprefix(f"{package}/")
        return said.endswith(f"/{inner}") if inner else True
    return said == file or said.endswith(f"/{file}") or file.endswith(f"/{said}")


def cases_of(test: Test, cases: Sequence[Case], titles: frozenset[tuple[tuple[str, ...], str]]) -> list[Case]:
    """Return what a run reports of a test; a title with places in it stands for all its cases.

    Args:
        test: A test.
        cases: What is reported of its file.
        titles: The groups and titles of the file's tests: what none of them is has a computed title.
    """
    groups = " ".join(map(_pattern, test.groups))
    around = [each for each in cases if re.fullmatch(groups, " ".join(each.groups), re.DOTALL)]
    if not test.name:
        return [each for each in around if (each.groups, each.name) not in titles]
    pattern = re.compile(_pattern(test.name), re.DOTALL)
    exact = [each for each in around if each.name == test.name]
    named = exact or [each for each in around if pattern.fullmatch(each.name)]
    # A class inherits tests, and a title is computed around this one.
    return named or [each for each in cases if pattern.fullmatch(each.name)]


def _pattern(title: str) -> str:
    return ".*".join(re.escape(part) for part in _PLACE.split(title)) if title else ".*"
