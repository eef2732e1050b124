"""How each framework runs some tests, and what became of each. Running executes the project's code."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from hunkworks.scaffold.bodies import Test
from hunkworks.scaffold.frameworks import Framework
from hunkworks.scaffold.reports import Case, broken, outcomes, read

_SECONDS = 900
_LAST_LINES = 12

Outcomes = dict[str, str]  # a test's name or title → passed, failed or skipped


@dataclass(frozen=True, slots=True)
class Ran:
    """What running some tests gave: outcomes by name, or why there are none.

    Attributes:
        command: What was run.
        outcomes: What became of each test.
        why: Why there are none, "" where there are.
        cases: The same with what each test stands in, and why it failed.
        files: The files of tests that it was run for.
        package: The folder that it was run in.
        broken: The files that could not be loaded, each with the reason.
    """

    command: tuple[str, ...]
    outcomes: Outcomes
    why: str = ""
    cases: tuple[Case, ...] = ()
    files: tuple[str, ...] = ()
    package: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)


# {report} is a file that the runner writes. Commands are run at the top of the package that holds the tests.
_COMMANDS: Mapping[Framework, str] = MappingProxyType(
    {
        # The first format of its report tells the file of each test.
        Framework.PYTEST: (
            "{python} -m pytest -q --continue-on-collection-errors -o junit_family=xunit1 --junitxml={report}"
        ),
        Framework.UNITTEST: "{python} -m unittest -v",
        Framework.VITEST: "npx --no-install vitest run --reporter=json --outputFile={report}",
        Framework.JEST: "npx --no-install jest --json --outputFile={report} --runTestsByPath",
        Framework.MOCHA: "npx --no-install mocha --reporter json --reporter-option=output={report}",
        Framework.NODE: "node --test --test-reporter=junit --test-reporter-destination={report}",
        Framework.BUN: "bun test --reporter=junit --reporter-outfile={report}",
        Framework.GO: "go test -json",
        Framework.GINKGO: "go test . -ginkgo.junit-report={report}",
    }
)
# How titles are chosen: {titles} is a regular expression.
_BY_TITLE: Mapping[Framework, str] = MappingProxyType(
    {
        Framework.VITEST: "--testNamePattern={titles}",
        Framework.JEST: "--testNamePattern={titles}",
        Framework.MOCHA: "--grep={titles}",
        Framework.NODE: "--test-name-pattern={titles}",
        Framework.BUN: "--test-name-pattern={titles}",
        Framework.GO: "-run=^({titles})$",
        Framework.GINKGO: "-ginkgo.focus={titles}",
    }
)
_PLACES = re.compile(r"[%$]")


def run(
    framework: Framework,
    root: Path,
    files: Mapping[str, Sequence[Test]] | Sequence[str],
    environment: Callable[[Path], Mapping[str, str]] | None = None,
) -> list[Ran]:
    """Run tests and tell what became of each.

    Args:
        framework: What they are written with.
        root: The top of the repository.
        files: Paths below it, each with the tests that are wanted of it; without tests, all.
        environment: Tells the environment for a package; without, this process's.
    """
    if framework not in _COMMANDS:
        return [
            Ran((), {}, f"{framework} is not run from here: run these tests with the project's own build")
        ]
    wanted = files if isinstance(files, Mapping) else dict.fromkeys(files, ())
    groups: dict[Path, list[str]] = {}
    for file in wanted:
        groups.setdefault(_package(framework, root, file), []).append(file)
    ran = []
    for package, names in sorted(groups.items()):
        tests = {os.path.relpath(root / file, package): wanted[file] for file in names}
        around = environment(package) if environment else None
        found = _run(framework, package, tests, around)
        if not found.cases and any(tests.values()) and framework in (Framework.PYTEST, Framework.UNITTEST):
            # A test that its file makes while it runs has another name than the one that is read, and where one test
            # is not found pytest runs none.
            found = _run(framework, package, dict.fromkeys(tests, ()), around)
        at = os.path.relpath(package, root)
        ran.append(Ran(found.command, found.outcomes, found.why, found.cases, tuple(names), at, found.broken))
    return ran


def shown(ran: Ran) -> str:
    """Return a command as it can be typed at the top of the repository."""
    command = shlex.join(part for part in ran.command if "hunkworks-" not in part)
    return command if ran.package in ("", ".") else f"cd {shlex.quote(ran.package)} && {command}"


def _run(
    framework: Framework,
    package: Path,
    files: Mapping[str, Sequence[Test]],
    environment: Mapping[str, str] | None,
) -> Ran:
    with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
        report = Path(folder) / "report"
        parts = _COMMANDS[framework].split()
        command = [part.format(python=_python(package), report=report) for part in parts]
        # A file may be named like an option.
        command += [*_chosen(framework, files), *_places(framework, files)]
        program = shutil.which(command[0])
        if program is None:
            return Ran(tuple(command), {}, f"{command[0]} is not installed")
        try:
            done = subprocess.run(
                [program, *command[1:]],
                cwd=package,
                env=environment,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return Ran(tuple(command), {}, f"it did not end within {_SECONDS} seconds")
        said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
        written = report.read_text("utf-8", "replace") if report.is_file() else ""
    cases = tuple(read(framework, written, said))
    last = "\n".join(said.strip().splitlines()[-_LAST_LINES:])
    why = "" if cases else f"no test ran. {last}"
    return Ran(tuple(command), outcomes(cases), why, cases, broken=broken(framework, written))


def _places(framework: Framework, files: Mapping[str, Sequence[Test]]) -> list[str]:
    """Return what is run: files, tests of files, or packages."""
    if framework is Framework.GINKGO:
        return []
    if framework is Framework.GO:
        return sorted({f"./{PurePosixPath(file).parent}" for file in files})
    named = []
    for file, tests in sorted(files.items()):
        place = f"./{file}" if file.startswith("-") else file
        if framework is Framework.PYTEST and tests:
            named += sorted({"::".join([place, *test.groups, test.name]) for test in tests})
        else:
            named.append(place)
    return named


def _chosen(framework: Framework, files: Mapping[str, Sequence[Test]]) -> list[str]:
    """Return the option that chooses tests by their names, nothing where not all can be told by a name."""
    tests = [test for each in files.values() for test in each]
    if not all(files.values()) or not all(test.name for test in tests):
        return []
    if framework is Framework.UNITTEST:
        return [part for test in _unique(tests) for part in ("-k", ".".join([*test.groups, test.name]))]
    if framework not in _BY_TITLE or any(_PLACES.search(test.name) for test in tests):
        return []
    if framework is Framework.GO and any(test.groups for test in tests):
        return []  # a method: its suite is run by a function of another name
    titles = "|".join(dict.fromkeys(_escaped(test.name) for test in tests))
    return [_BY_TITLE[framework].format(titles=titles)]


def _unique(tests: Iterable[Test]) -> list[Test]:
    return [*{(test.groups, test.name): test for test in tests}.values()]


def _escaped(title: str) -> str:
    """Return a pattern that JavaScript and Go read, too."""
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", title)


def _package(framework: Framework, root: Path, file: str) -> Path:
    """Return where the runner is started: the nearest folder with the package's description."""
    if framework is Framework.GINKGO:
        return (root / file).parent  # each package writes its report to the same place
    signs = "go.mod" if framework is Framework.GO else "package.json"
    if framework in (Framework.PYTEST, Framework.UNITTEST):
        signs = "pyproject.toml setup.py setup.cfg tox.ini pytest.ini"
    for folder in (root / file).parents:
        if any((folder / sign).is_file() for sign in signs.split()) or folder == root:
            return folder
    return root


def _python(package: Path) -> str:
    """Return the project's own Python: of its environment, of the active one, or the one in PATH."""
    folders = [package / ".venv", package / "venv", *map(Path, filter(None, [os.environ.get("VIRTUAL_ENV")]))]
    for folder in folders:
        for name in ("bin/python", "Scripts/python.exe"):
            if (folder / name).is_file():
                return os.fspath(folder / name)
    return shutil.which("python3") or shutil.which("python") or sys.executable
