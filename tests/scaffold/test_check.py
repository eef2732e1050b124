"""A test is told from what the runner reports, also where its title has places for cases."""

from __future__ import annotations

import pytest

from hunkworks.scaffold import bodies
from hunkworks.scaffold.check import outcome_of

OUTCOMES = {"adds 1 to 2": "passed", "adds 2 to 2": "failed", "plain": "skipped", "a (b)": "passed"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", "skipped"),
        ("adds %i to %i", "failed"),
        ("adds $a to $b", "failed"),
        ("adds 1 to ${b}", "passed"),
        ("a (b)", "passed"),
        ("adds", ""),
        ("%s is not there", ""),
    ],
)
def test_outcomes_by_title(name: str, expected: str) -> None:
    assert outcome_of(name, OUTCOMES) == expected


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("test_a.py", "def test_a():\n    load('store')  # save\n\ndef helper(): pass\n", [("test_a", {"load"})]),
        ("a.test.ts", "describe('x', f => { it.each(a)('t', (n) => { load('store') /* save*/ }) })", [("t", {"load"})]),
        ("a_test.go", 'func TestA(t *testing.T) { load("store") }\nfunc Testable() {}\n', [("TestA", {"load"})]),
        ("ATest.java", "class A { @Test void works() { load(); } void other() { store(); } }", [("works", {"load"})]),
        ("ATests.swift", "@Test func works() { load() }\nfunc other() { store() }\n", [("works", {"load"})]),
    ],
)  # fmt: skip
def test_what_a_test_names(path: str, source: str, expected: list[tuple[str, set[str]]]) -> None:
    found = bodies.tests_of(path, source.encode())
    assert [(test.name, set(test.words & {"load", "store", "save"})) for test in found] == expected
