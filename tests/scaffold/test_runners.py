"""Runners run the tests that are wanted; all of them run in evals.scaffold_tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hunkworks.scaffold import runners
from hunkworks.scaffold.bodies import Test, suite
from hunkworks.scaffold.frameworks import Framework


def wanted(path: str, text: str, *names: str) -> list[Test]:
    return [test for test in suite(path, text).tests if test.name in names]


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


PYTHON = """\
class TestA:
    def test_one(self):
        assert 1

    def test_two(self):
        raise OSError("not chosen")

def test_one():
    assert 2 == 1
"""


def test_only_the_chosen_tests_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    (tmp_path / "test_a.py").write_text(PYTHON)
    ran = runners.run(Framework.PYTEST, tmp_path, {"test_a.py": wanted("test_a.py", PYTHON, "test_one")})
    assert [(case.groups, case.name, case.status, case.why) for case in ran[0].cases] == [
        (("TestA",), "test_one", "passed", ""),
        ((), "test_one", "failed", "assert 2 == 1"),
    ]
    assert runners.shown(ran[0]).endswith("test_a.py::TestA::test_one test_a.py::test_one")


def test_a_test_that_only_the_runner_finds_runs_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class inherits it, so that it has another name than where it is written."""
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    text = "class Base:\n    def test_one(self):\n        assert 1\n\nclass TestA(Base):\n    pass\n"
    (tmp_path / "test_a.py").write_text(text)
    ran = runners.run(Framework.PYTEST, tmp_path, {"test_a.py": wanted("test_a.py", text, "test_one")})
    assert [(case.groups, case.name) for case in ran[0].cases] == [(("TestA",), "test_one")]


def test_titles_choose_where_all_are_known(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    text = (
        "const { test } = require('node:test')\ntest('a (1)', () => {})\ntest('b', () => { throw Error() })\n"
    )
    (tmp_path / "a.test.js").write_text(text)
    ran = runners.run(Framework.NODE, tmp_path, {"a.test.js": wanted("a.test.js", text, "a (1)")})
    assert ran[0].outcomes.get("a (1)") == "passed"
    assert ran[0].outcomes.get("b", "skipped") == "skipped"


@pytest.mark.parametrize(
    ("framework", "path", "text", "chosen"),
    [
        (Framework.VITEST, "a.test.ts", "test('a.b', () => {})", ["--testNamePattern=a\\.b"]),
        (Framework.VITEST, "a.test.ts", "test(JSON.stringify(a), () => {})", []),
        (Framework.JEST, "a.test.ts", "test.each(x)('adds %i', () => {})", []),
        (Framework.GO, "a_test.go", "func TestA(t *testing.T) {}\nfunc TestB(t *testing.T) {}",
         ["-run=^(TestA|TestB)$"]),
        (Framework.GO, "a_test.go", "func (s *Suite) TestA() {}", []),
        (Framework.UNITTEST, "test_a.py", "class A(TestCase):\n    def test_a(self): pass\n", ["-k", "A.test_a"]),
    ],
)  # fmt: skip
def test_how_a_runner_is_told_which_tests(
    framework: Framework, path: str, text: str, chosen: list[str]
) -> None:
    assert runners._chosen(framework, {path: suite(path, text).tests}) == chosen
