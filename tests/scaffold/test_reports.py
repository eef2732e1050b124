"""What runners report is read as they write it; the real ones run in test_runners, tests/cli and evals."""

from __future__ import annotations

import json

import pytest

from hunkworks.scaffold import reports
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
    assert reports.outcomes(reports.read(framework, written, said)) == expected


def test_why_a_test_failed() -> None:
    """The first line of the failure, with the file and what the test stands in."""
    xml = """<testsuites><testsuite><testcase classname="t.test_a.TestA" name="test_b[1]" file="t/test_a.py">
    <failure message="AssertionError: assert 1 == 2&#10; +  where 1 = f()">trace</failure></testcase></testsuite>
    </testsuites>"""
    found = reports.read(Framework.PYTEST, xml, "")
    assert found == [
        reports.Case("test_b", "failed", "AssertionError: assert 1 == 2", ("TestA",), "t/test_a.py")
    ]
    row = {
        "title": "a",
        "status": "failed",
        "ancestorTitles": ["g"],
        "failureMessages": ["\x1b[31mE: x\x1b[0m\n at y"],
    }
    told = json.dumps({"testResults": [{"name": "/r/a.test.ts", "assertionResults": [row]}]})
    assert reports.read(Framework.VITEST, told, "") == [
        reports.Case("a", "failed", "E: x", ("g",), "/r/a.test.ts")
    ]
    said = [
        {"Action": "output", "Package": "m/p", "Test": "TestA/sub", "Output": "    a_test.go:7: got 1\n"},
        {"Action": "fail", "Package": "m/p", "Test": "TestA/sub"},
        {"Action": "fail", "Package": "m/p", "Test": "TestA"},
    ]
    assert reports.read(Framework.GO, "", "\n".join(map(json.dumps, said)))[1] == reports.Case(
        "TestA", "failed", "a_test.go:7: got 1", (), "m/p"
    )


def test_why_a_test_of_unittest_failed() -> None:
    rule, dashes = "=" * 70, "-" * 70
    said = (
        "test_a (m.C.test_a) ... FAIL\n\n"
        f"{rule}\nFAIL: test_a (m.C.test_a)\n{dashes}\nTraceback (most recent call last):\n"
        f'  File "m.py", line 3\nAssertionError: 1 != 2\n\n{dashes}\nRan 1 test in 0.001s\n'
    )
    assert reports.read(Framework.UNITTEST, "", said) == [
        reports.Case("test_a", "failed", "AssertionError: 1 != 2", ("C",), "m.py")
    ]


def test_files_that_could_not_be_loaded() -> None:
    told = {
        "testResults": [{"name": "/r/a.test.ts", "assertionResults": [], "message": "\nno module x\nat y"}]
    }
    assert reports.broken(Framework.VITEST, json.dumps(told)) == {"/r/a.test.ts": "no module x"}
    xml = """<testsuites><testsuite><testcase classname="" name="t.test_a" file="t/test_a.py">
<error message="collection failure">ImportError while importing
E   ModuleNotFoundError: No module named 'x'</error></testcase></testsuite></testsuites>"""
    assert reports.broken(Framework.PYTEST, xml) == {
        "t/test_a.py": "ModuleNotFoundError: No module named 'x'"
    }
    assert reports.read(Framework.PYTEST, xml, "") == []
    assert reports.broken(Framework.VITEST, "[") == {}
