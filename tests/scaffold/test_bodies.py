"""The tests of a file: what each is called, and what of it runs."""

from __future__ import annotations

import re

import pytest

from hunkworks.scaffold import bodies


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("test_a.py", "def test_a():\n    load('store')  # save\n\ndef helper(): pass\n", [("test_a", {"load"})]),
        ("test_a.py", "class TestA:\n    def test_a(self): f'{load()} store'\n", [("TestA::test_a", {"load"})]),
        ("test_a.py", "def test_a():\n    return load()\n    store()\n", [("test_a", {"load"})]),
        ("test_a.py", "def test_a():\n    pytest.skip('x')\n    store()\n", [("test_a", set())]),
        ("test_a.py", "def test_a():\n    if False:\n        store()\n    from a import save\n", [("test_a", set())]),
        ("test_a.py", "def test_a(:\n    load('store')\n", [("test_a", {"load"})]),
        ("conftest.py", "def test_a():\n    load()\n", []),
        ("a.test.ts", "describe('x', f => { it.each(a)('t', (n) => { load('') /* save*/ }) })", [("x::t", {"load"})]),
        ("a.test.ts", "test('t', () => { return load()\nstore() })", [("t", {"load"})]),
        ("a.test.ts", "test(JSON.stringify(save), () => load())", [("(a computed title, line 1)", {"load"})]),
        ("a.test.ts", "describe(name, () => test('it\\'s', () => load()))", [("it's", {"load"})]),
        ("a.test.ts", "beforeEach(() => store())\ntest.beforeEach(() => store())", []),
        ("a_test.go", 'func TestA(t *testing.T) { load("store") }\nfunc Testable() {}\n', [("TestA", {"load"})]),
        ("a_test.go", "func TestA(t *testing.T) {\n\tload()\n\treturn\n\tstore()\n}\n", [("TestA", {"load"})]),
        ("a_test.go", "func BenchmarkA(b *testing.B) { load() }\n", []),
        ("ATest.java", "class A { @Test void works() { load(); } void a() { store(); } }", [("A::works", {"load"})]),
        ("ATests.swift", "@Test func works() { load() }\nfunc other() { store() }\n", [("works", {"load"})]),
    ],
)  # fmt: skip
def test_what_runs_of_a_test(path: str, source: str, expected: list[tuple[str, set[str]]]) -> None:
    found = bodies.tests_of(path, source.encode())
    words = {"load", "store", "save"}
    assert [(test.label, words & set(re.findall(r"\w+", test.live.code))) for test in found] == expected


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("test_a.py", "@pytest.mark.skip(reason='x')\ndef test_a():\n    load()\n"),
        ("test_a.py", "@unittest.skip('x')\nclass TestA:\n    def test_a(self):\n        load()\n"),
        ("test_a.py", "@pytest.mark.xfail\ndef test_a():\n    load()\n"),
        ("a.test.ts", "it.skip('a', () => load())"),
        ("a.test.ts", "xtest('a', () => load())"),
        ("a.test.ts", "describe.skip('x', () => { it('a', () => load()) })"),
        ("a_test.go", "func TestA(t *testing.T) {\n\tt.Skip()\n\tload()\n}\n"),
        ("ATest.java", "class A { @Test @Disabled void works() { load(); } }"),
        ("ATest.kt", '@Ignore("x")\nclass A { @Test fun works() { load() } }'),
        ("ATests.swift", "@Test(.disabled()) func works() { load() }\n"),
    ],
)
def test_a_test_that_nobody_runs_is_told(path: str, source: str) -> None:
    assert [test.skipped for test in bodies.suite(path, source).tests] == [True]


def test_a_test_that_is_skipped_on_some_machines_is_not_told() -> None:
    source = "@pytest.mark.skipif(WINDOWS, reason='x')\ndef test_a():\n    load()\n"
    assert [test.skipped for test in bodies.suite("test_a.py", source).tests] == [False]


@pytest.mark.parametrize("hostile", ["(" * 300 + ")" * 300, "-" * 5000 + "1", "1" * 5000, "'\\d'", "\0"])
def test_a_file_that_this_python_cannot_read_is_read_by_its_words(
    hostile: str, recwarn: pytest.WarningsRecorder
) -> None:
    tests = bodies.suite("test_a.py", f"def test_a():\n    assert load() == {hostile}\n").tests
    assert all("load" in test.live.code for test in tests)
    assert not recwarn.list
