"""What runners report is read as they write it; the real ones run in tests/cli and evals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hunkworks.scaffold import runners
from hunkworks.scaffold.frameworks import Framework

JUNIT = """<testsuites><testsuite>
<testcase name="test_a[1]"/><testcase name="test_a[2]"><failure>no</failure></testcase>
<testcase name="test_b"><skipped/></testcase><testcase name="test_c"/><testcase name="test_d"><error/></testcase>
</testsuite></testsuites>"""
JEST = {
    "testResults": [
        {"assertionResults": [{"title": "a", "status": "passed"}, {"title": "b", "status": "todo"}]}
    ]
}
MOCHA = {"passes": [{"title": "a"}], "failures": [{"title": "b"}], "pending": [{"title": "c"}]}
GO = [
    {"Action": "run", "Test": "TestA"},
    {"Action": "pass", "Test": "TestA"},
    {"Action": "fail", "Test": "TestB"},
    {"Action": "fail"},
]
UNITTEST = "test_a (m.C.test_a) ... ok\ntest_b (m.C) ... FAIL\ntest_c (m.C) ... skipped 'x'\ntest_d (m.C) ... ERROR\n"


@pytest.mark.parametrize(
    ("framework", "written", "said", "expected"),
    [
        (
            Framework.GINKGO,
            """<testsuites><testcase name="[BeforeSuite]"/><testcase name="[It] Cache loads [1]"/>
            <testcase name="[It] Cache works [slow]"><failure/></testcase></testsuites>""",
            "",
            {"[BeforeSuite]": "passed", "Cache works": "failed", "Cache loads": "passed"},
        ),
        (
            Framework.PYTEST,
            JUNIT,
            "",
            {"test_a": "failed", "test_b": "skipped", "test_c": "passed", "test_d": "failed"},
        ),
        (Framework.VITEST, json.dumps(JEST), "", {"a": "passed", "b": "skipped"}),
        (Framework.MOCHA, json.dumps(MOCHA), "", {"a": "passed", "b": "failed", "c": "skipped"}),
        (Framework.GO, "", "\n".join(map(json.dumps, GO)), {"TestA": "passed", "TestB": "failed"}),
        (
            Framework.UNITTEST,
            "",
            UNITTEST,
            {"test_a": "passed", "test_b": "failed", "test_c": "skipped", "test_d": "failed"},
        ),
        (Framework.PYTEST, "<broken", "", {}),
        (Framework.JEST, "", "", {}),
        (Framework.JEST, "[", "", {}),
    ],
)
def test_reports(framework: Framework, written: str, said: str, expected: dict[str, str]) -> None:
    assert runners._read(framework, written, said) == expected


def test_a_framework_that_is_not_run_from_here_says_so(tmp_path: Path) -> None:
    ran = runners.run(Framework.XCTEST, tmp_path, ["ATests.swift"])
    assert ran[0].outcomes == {}
    assert "run these tests with the project's own build" in ran[0].why


def test_a_runner_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert runners.run(Framework.GO, tmp_path, ["a_test.go"])[0].why == "go is not installed"


def test_a_real_runner(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "a.test.js").write_text(
        "const { test } = require('node:test')\ntest('one', () => {})\ntest('two', () => { throw new Error('x') })\n"
    )
    assert runners.run(Framework.NODE, tmp_path, ["a.test.js"])[0].outcomes == {
        "one": "passed",
        "two": "failed",
    }
