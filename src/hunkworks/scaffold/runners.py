"""How each framework runs some files of tests, and what became of each test. Running executes the project's code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from xml.etree import ElementTree

from hunkworks.scaffold.frameworks import Framework

_SECONDS = 900
_LAST_LINES = 12

Outcomes = dict[str, str]  # a test's name or title → passed, failed or skipped


@dataclass(frozen=True, slots=True)
class Ran:
    """What running some tests gave: outcomes by name, or why there are none."""

    command: tuple[str, ...]
    outcomes: Outcomes
    why: str = ""


# {report} is a file that the runner writes. Commands are run at the top of the package that holds the tests.
_COMMANDS: Mapping[Framework, tuple[str, ...]] = MappingProxyType(
    {
        Framework.PYTEST: ("{python}", "-m", "pytest", "-q", "--junitxml={report}"),
        Framework.UNITTEST: ("{python}", "-m", "unittest", "-v"),
        Framework.VITEST: (
            "npx",
            "--no-install",
            "vitest",
            "run",
            "--reporter=json",
            "--outputFile={report}",
        ),
        Framework.JEST: (
            "npx",
            "--no-install",
            "jest",
            "--json",
            "--outputFile={report}",
            "--runTestsByPath",
        ),
        Framework.MOCHA: (
            "npx",
            "--no-install",
            "mocha",
            "--reporter",
            "json",
            "--reporter-option",
            "output={report}",
        ),
        Framework.NODE: ("node", "--test", "--test-reporter=junit", "--test-reporter-destination={report}"),
        Framework.BUN: ("bun", "test", "--reporter=junit", "--reporter-outfile={report}"),
        Framework.GO: ("go", "test", "-json"),
        Framework.GINKGO: ("go", "test", "-json", ".", "-ginkgo.junit-report={report}"),
    }
)


def run(framework: Framework, root: Path, files: Sequence[str]) -> list[Ran]:
    """Run the test files and tell what became of each test in them.

    Args:
        framework: What they are written with.
        root: The top of the repository.
        files: Paths below it.
    """
    if framework not in _COMMANDS:
        return [
            Ran((), {}, f"{framework} is not run from here: run these tests with the project's own build")
        ]
    groups: dict[Path, list[str]] = {}
    for file in files:
        groups.setdefault(_package(framework, root, file), []).append(file)
    return [
        _run(framework, package, [os.path.relpath(root / file, package) for file in names])
        for package, names in sorted(groups.items())
    ]


def _run(framework: Framework, package: Path, files: Sequence[str]) -> Ran:
    with tempfile.TemporaryDirectory(prefix="hunkworks-") as folder:
        report = Path(folder) / "report"
        command = [part.format(python=_python(package), report=report) for part in _COMMANDS[framework]]
        places = (
            sorted({f"./{PurePosixPath(file).parent}" for file in files})
            if framework is Framework.GO
            else files
        )
        if framework is Framework.GINKGO:
            places = ()
        # A file may be named like an option.
        command += [f"./{place}" if place.startswith("-") else place for place in places]
        program = shutil.which(command[0])
        if program is None:
            return Ran(tuple(command), {}, f"{command[0]} is not installed")
        try:
            done = subprocess.run(
                [program, *command[1:]],
                cwd=package,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return Ran(tuple(command), {}, f"it did not end within {_SECONDS} seconds")
        said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
        written = report.read_text("utf-8", "replace") if report.is_file() else ""
        outcomes = _read(framework, written, said)
    last = "\n".join(said.strip().splitlines()[-_LAST_LINES:])
    return Ran(tuple(command), outcomes, "" if outcomes else f"no test ran. {last}")


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


def _read(framework: Framework, written: str, said: str) -> Outcomes:
    try:
        if framework in (Framework.PYTEST, Framework.NODE, Framework.BUN):
            return read_junit(written)
        if framework is Framework.GINKGO:
            titled = ((re.sub(r"^\[It\] | \[[^\[\]]*\]$", "", name), each) for name, each in _cases(written))
            return {**_go(said.splitlines()), **_worst(titled)}
        if framework in (Framework.VITEST, Framework.JEST):
            return _jest(json.loads(written)) if written else {}
        if framework is Framework.MOCHA:
            return _mocha(json.loads(written)) if written else {}
    except (ElementTree.ParseError, ValueError):
        return {}
    if framework is Framework.GO:
        return _go(said.splitlines())
    return _worst(
        (name, {"ok": "passed", "skipped": "skipped"}.get(word, "failed"))
        for name, word in re.findall(
            r"^(\w+) \([^)]*\)(?:\n.*)?? \.\.\. (ok|FAIL|ERROR|skipped)", said, re.MULTILINE
        )
    )


def _worst(found: Iterable[tuple[str, str]]) -> Outcomes:
    """Return one outcome a name: a parametrized test has failed where one of its cases has."""
    order = ("skipped", "passed", "failed")
    outcomes: Outcomes = {}
    for name, outcome in found:
        outcomes[name] = max(outcomes.get(name, outcome), outcome, key=order.index)
    return outcomes


def read_junit(text: str) -> Outcomes:
    """Return what a report in JUnit's XML says of each test; the cases of a parametrized one count as one."""
    return _worst((name.partition("[")[0], outcome) for name, outcome in _cases(text))


def _cases(text: str) -> Iterable[tuple[str, str]]:
    # A report that a runner wrote a moment ago: expat expands no external entity.
    cases = ElementTree.fromstring(text).iter("testcase") if text else ()  # noqa: S314
    return [(case.get("name", ""), _of_case(case)) for case in cases]


def _of_case(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def _jest(document: Mapping[str, object]) -> Outcomes:
    rows = document.get("testResults")
    results = [each for row in rows for each in row["assertionResults"]] if isinstance(rows, list) else []
    words = {"passed": "passed", "failed": "failed"}
    return _worst((each["title"], words.get(each["status"], "skipped")) for each in results)


def _mocha(document: Mapping[str, object]) -> Outcomes:
    found: list[tuple[str, str]] = []
    for key, outcome in (("passes", "passed"), ("failures", "failed"), ("pending", "skipped")):
        rows = document.get(key)
        found += [(row["title"], outcome) for row in rows] if isinstance(rows, list) else []
    return _worst(found)


def _go(lines: Iterable[str]) -> Outcomes:
    found: list[tuple[str, str]] = []
    words = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    for line in lines:
        if line.startswith("{"):
            event = json.loads(line)
            if event.get("Test") and event.get("Action") in words:
                found.append((event["Test"], words[event["Action"]]))
    return _worst(found)
