"""What runners report of tests: JUnit's XML, the JSON of vitest, jest and mocha, and the lines of go and unittest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from hunkworks.scaffold.frameworks import Framework

_LONGEST = 300
_UNCOLLECTED = "collection failure"
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
# FAIL: test_a (module.Class.test_a), a line of its docstring, dashes, the trace
_TRACE = re.compile(
    r"^(?:FAIL|ERROR): (?P<name>\w+ \([^)\n]*\)).*\n(?:.*\n)??-{20,}\n(?P<trace>(?:.*\n)*?)(?=\n[=-]{20,})",
    re.MULTILINE,
)
_WORDS = {"passed": "passed", "failed": "failed", "pass": "passed", "fail": "failed", "skip": "skipped"}


@dataclass(frozen=True, slots=True)
class Case:
    """What became of one test, or of one case of it.

    Attributes:
        name: Its name or title, without what it stands in.
        status: ``passed``, ``failed`` or ``skipped``.
        why: The first line of the failure, or of the reason to skip it.
        groups: The classes or titles around it.
        file: Where it stands, "" where the runner does not say: an absolute path, one below where the runner started,
            or the import path of a package in Go.
    """

    name: str
    status: str
    why: str = ""
    groups: tuple[str, ...] = ()
    file: str = ""


def read(framework: Framework, written: str, said: str) -> list[Case]:
    """Return what a run reports.

    Args:
        framework: What ran.
        written: The report that it wrote, "" where it wrote none; one that is broken reports nothing.
        said: What it printed.
    """
    try:
        if framework in (Framework.VITEST, Framework.JEST):
            return list(_jest(json.loads(written))) if written else []
        if framework is Framework.MOCHA:
            return list(_mocha(json.loads(written))) if written else []
        if framework is Framework.GO:
            return list(_go(said.splitlines()))
        if framework is Framework.UNITTEST:
            return list(_unittest(said))
        return list(_junit(framework, written))
    except (ElementTree.ParseError, ValueError, KeyError):
        return []


def outcomes(cases: Iterable[Case]) -> dict[str, str]:
    """Return one outcome a name: a parametrized test has failed where one of its cases has."""
    order = ("skipped", "passed", "failed")
    found: dict[str, str] = {}
    for case in cases:
        found[case.name] = max(found.get(case.name, case.status), case.status, key=order.index)
    return found


def read_junit(text: str) -> dict[str, str]:
    """Return what a report in JUnit's XML says of each test; the cases of a parametrized one count as one."""
    return outcomes(_junit(Framework.PYTEST, text))


def first_line(text: str) -> str:
    """Return the first line that says something."""
    lines = (_COLOR.sub("", line).strip() for line in text.splitlines())
    line = next(filter(None, lines), "")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _junit(framework: Framework, text: str) -> Iterator[Case]:
    if not text:
        return
    # A report that a runner wrote a moment ago: expat expands no external entity.
    waiting = [(ElementTree.fromstring(text), ())]  # noqa: S314
    levels: list[tuple[ElementTree.Element, tuple[str, ...]]] = [*waiting]
    while levels:
        element, groups = levels.pop(0)
        for child in element:
            if child.tag == "testsuite":
                levels.append((child, (*groups, child.get("name", ""))))
            elif child.tag == "testcase" and not _is_file(child):
                yield _case(framework, child, groups)


def _is_file(case: ElementTree.Element) -> bool:
    """Whether a case is a file that pytest could not load."""
    found = case.find("error")
    return found is not None and found.get("message") == _UNCOLLECTED


def _case(framework: Framework, case: ElementTree.Element, groups: tuple[str, ...]) -> Case:
    name, file = case.get("name", ""), case.get("file", "")
    if framework is Framework.GINKGO:
        name, groups = re.sub(r"^\[It\] | \[[^\[\]]*\]$", "", name), ()
    elif framework is Framework.PYTEST:
        module = re.sub(r"[\\/]", ".", file.removesuffix(".py"))
        inside = case.get("classname", "").removeprefix(module).removeprefix(".") if file else ""
        name, groups = name.partition("[")[0], tuple(filter(None, inside.split(".")))
    elif framework is Framework.BUN:
        groups = groups[1:]  # the outermost is the file
    for tag, status in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        found = case.find(tag)
        if found is not None:
            return Case(name, status, _reason(found), groups, file)
    return Case(name, "passed", "", groups, file)


def _reason(found: ElementTree.Element) -> str:
    message = found.get("message") or ""
    return (
        _first_error(found) if message.startswith("failed on ") else first_line(message or found.text or "")
    )


def _first_error(found: ElementTree.Element) -> str:
    """Return the first line that pytest marks as the error, or the first of all."""
    text = found.text or ""
    marked = re.search(r"^E\s+(.*)", text, re.MULTILINE)
    return first_line(marked[1] if marked else text)


def _jest(document: Mapping[str, Any]) -> Iterator[Case]:
    for row in document.get("testResults", []):
        results = row["assertionResults"]
        for each in results:
            why = first_line("\n".join(each.get("failureMessages") or []))
            status = _WORDS.get(each["status"], "skipped")
            yield Case(each["title"], status, why, tuple(each.get("ancestorTitles", ())), row.get("name", ""))


def broken(framework: Framework, written: str) -> dict[str, str]:
    """Return the files of tests that could not be loaded, each with the reason, where the runner says so."""
    try:
        if framework is Framework.PYTEST and written:
            return {
                case.get("file", ""): _first_error(found)
                # A report that a runner wrote a moment ago: expat expands no external entity.
                for case in ElementTree.fromstring(written).iter("testcase")  # noqa: S314
                if _is_file(case) and (found := case.find("error")) is not None
            }
        if framework in (Framework.VITEST, Framework.JEST) and written:
            rows = json.loads(written).get("testResults", [])
            return {
                row.get("name", ""): first_line(row.get("message", ""))
                for row in rows
                if not row["assertionResults"]
            }
    except (ElementTree.ParseError, ValueError, KeyError):
        pass
    return {}


def _mocha(document: Mapping[str, Any]) -> Iterator[Case]:
    for key, status in (("passes", "passed"), ("failures", "failed"), ("pending", "skipped")):
        for row in document.get(key) or ():
            around = row.get("fullTitle", "").removesuffix(row["title"]).strip()
            why = first_line(str((row.get("err") or {}).get("message", "")))
            yield Case(row["title"], status, why, (around,) if around else (), row.get("file") or "")


def _go(lines: Iterable[str]) -> Iterator[Case]:
    said: dict[tuple[str, str], list[str]] = {}
    ended: list[tuple[str, str, str]] = []
    for line in lines:
        if not line.startswith("{"):
            continue
        event = json.loads(line)
        package, test, action = event.get("Package", ""), event.get("Test", ""), event.get("Action", "")
        if test and action == "output":
            said.setdefault((package, test), []).append(event.get("Output", ""))
        elif test and action in _WORDS:
            ended.append((package, test, _WORDS[action]))
    for package, test, status in ended:
        own = [line for (place, name), rows in said.items() for line in rows
               if place == package and (name == test or name.startswith(f"{test}/"))]  # fmt: skip
        told = [line for line in own if re.search(r"\.go:\d+:|^panic:|^\s+Error:", line)] or own[-1:]
        why = first_line(told[0]) if told and status != "passed" else ""
        yield Case(test, status, why, (), package)
        if re.search(r"/Test\w+$", test):  # a method of testify's suites
            yield Case(test.rpartition("/")[2], status, why, (), package)


def _unittest(said: str) -> Iterator[Case]:
    reasons = {match["name"]: _last_unindented(match["trace"]) for match in _TRACE.finditer(said)}
    for match in re.finditer(
        r"^(?P<name>\w+) \((?P<place>[^)]*)\)(?:\n.*)?? \.\.\. (?P<word>ok|FAIL|ERROR|skipped)",
        said,
        re.MULTILINE,
    ):
        name, place = match["name"], match["place"].removesuffix(f".{match['name']}")
        module, _, owner = place.rpartition(".")
        status = {"ok": "passed", "skipped": "skipped"}.get(match["word"], "failed")
        why = reasons.get(f"{name} ({match['place']})", "")
        yield Case(name, status, why, (owner,), f"{module.replace('.', '/')}.py" if module else "")


def _last_unindented(trace: str) -> str:
    lines = [line for line in trace.splitlines() if line[:1].strip()]
    return first_line(lines[-1]) if lines else ""
