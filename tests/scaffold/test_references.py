"""Which tests count as tests of a function: those whose running code calls it and could fail for it."""

from __future__ import annotations

import textwrap

import pytest

from hunkworks.change.inventory import inventory
from hunkworks.scaffold.references import References

STORE = b"""\
class Store:
    def close(self): return 1
    def prepare_body(self): return 1
    def __enter__(self): return self
    def __exit__(self, *a): self.close()
    def __len__(self): return 1
    def __eq__(self, other): return True
    async def __aenter__(self): return self

class Shop(Store):
    pass

def load_all(): return [1]
def _inner(): return 1
"""
STORE_TS = b"""\
export function loadAll(x: string) { return x }
export class Store { close() { return 1 } }
"""
STORE_GO = b"package store\n\nfunc LoadAll() int { return 1 }\n\nfunc (s *Store) Close() int { return 1 }\n"
FROM = "from store import Store, Shop, load_all\nimport store\n\n"
IDLE = "it asserts nothing that can fail"
FIXTURE = "@pytest.fixture\ndef shop():\n    return Shop()\n\ndef test_a(shop):\n    assert shop.close()\n"
SETUP = """\
class TestA:
    def setup(self):
        self.s = Store()

    def test_a(self):
        assert self.s.close()
"""
OTHER = """\
class Other:
    def prepare_body(self): pass

def test_a():
    assert Other().prepare_body() is None
"""


def counting(path: str, source: bytes, symbol: str, test: str, text: str) -> list[str]:
    """Return the tests of one file that count for a symbol, and the others with their flaw."""
    found = next(each for each in inventory(path, source).symbols if each.qualified == symbol)
    own = {"test_store.py": "store.py", "store.test.ts": "store.ts", "store_test.go": "store.go"}
    references = References({test: text}, lambda asked: test if own.get(test) == asked else "")
    naming = references.naming(path, found, source.decode())
    return [f"{each.test.label}: {each.flaw}" if each.flaw else each.test.label for each in naming]


@pytest.mark.parametrize(
    ("symbol", "body", "counts"),
    [
        # A function: called by its name, or as a member of what the file imports.
        ("load_all", "assert load_all() == [1]", True),
        ("load_all", "assert store.load_all() == [1]", True),
        ("load_all", "assert other.load_all() == [1]", False),
        ("load_all", "def checked():\n    assert load_all()\n\ndef test_a():\n    checked()\n", True),
        ("load_all", "@pytest.fixture\ndef all():\n    return load_all()\n\ndef test_a(all):\n    assert all\n", True),
        # A method: on something of its type.
        ("Store.close", "s = Store()\nassert s.close() == 1", True),
        ("Store.close", "assert Shop().close() == 1", True),
        ("Store.close", "def test_a(client):\n    assert client.close() == 1\n", False),
        ("Store.close", "s = Store()\nclient = s.client()\nassert client.close() == 1", False),
        ("Store.close", "s = Store()\nfor each in s.parts:\n    assert each.close()", False),
        ("Store.close", FIXTURE, True),
        ("Store.close", "store = opened()\nassert store.close() == 1", True),
        ("Store.close", "class Mine(Store): pass\n\ndef test_a():\n    s = Mine()\n    assert s.close()\n", True),
        ("Store.close", SETUP, True),
        ("Store.prepare_body", OTHER, False),
        ("Store.prepare_body", "def test_a(made):\n    assert made.prepare_body() == 1\n", True),
        # What Python calls by its syntax.
        ("Store.__enter__", "with Store() as s:\n    assert s", True),
        ("Store.__exit__", "s = Store()\nwith s:\n    assert s", True),
        ("Store.__enter__", "s = Store()\nwith pytest.raises(OSError):\n    s.close()", False),
        ("Store.__enter__", "s = Store()\nwith s.lock():\n    assert s", False),
        ("Store.__enter__", "assert Store().__enter__()", True),
        ("Store.__aenter__", "async def test_a():\n    async with Store() as s:\n        assert s\n", True),
        ("Store.__aenter__", "with Store() as s:\n    assert s", False),
        ("Store.__len__", "s = Store()\nassert len(s) == 1", True),
        ("Store.__len__", "s = Store()\nassert len([s.close()]) == 1", False),
        ("Store.__eq__", "assert Store() == Shop()", True),
        # What a test reaches through something else, by a comment.
        ("_inner", "# test-of: store.py#_inner\nassert load_all()", True),
        ("_inner", "# test-of: other.py#_inner\nassert load_all()", False),
        ("_inner", "assert load_all()", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_test_in_python(symbol: str, body: str, counts: bool) -> None:
    if not body.startswith(("def", "class", "@", "async def")):
        body = f"def test_a():\n{textwrap.indent(body, '    ')}\n"
    found = counting("store.py", STORE, symbol, "test_store.py", FROM + body)
    assert [each.rpartition("::")[2] for each in found] == (["test_a"] if counts else [])


@pytest.mark.parametrize(
    "body",
    [
        "def test_a():\n    load_all()\n",
        "def test_a():\n    load_all()\n    assert True\n",
        "def test_a():\n    try:\n        assert load_all() == 2\n    except Exception:\n        pass\n",
        "def test_a():\n    with contextlib.suppress(AssertionError):\n        assert load_all() == 2\n",
        "def test_should_assert_a():\n    load_all()\n    return\n    assert load_all()\n",
        "@pytest.mark.skip\ndef test_a():\n    assert load_all() == 2\n",
    ],
)
def test_a_test_that_cannot_fail_proves_nothing(body: str) -> None:
    (found,) = counting("store.py", STORE, "load_all", "test_store.py", FROM + body)
    assert found.endswith((IDLE, ": it is skipped, or may fail"))


@pytest.mark.parametrize(
    "body",
    [
        "def test_a():\n    assert load_all\n",
        "def test_a():\n    assert callable(load_all)\n",
        "def test_a():\n    return\n    assert load_all() == 2\n",
        "def test_a():\n    from store import load_all\n    assert 1 == 2\n",
        "def load_all(): return 2\n\ndef test_a():\n    assert load_all() == 2\n",
        "def test_a():\n    def load_all(): return 2\n    assert load_all() == 2\n",
    ],
)
def test_a_test_that_never_calls_the_function_is_none_of_its(body: str) -> None:
    assert counting("store.py", STORE, "load_all", "test_store.py", "import store\n\n" + body) == []


def test_what_pytest_calls_conftest_holds_no_tests() -> None:
    body = FROM + "def test_a():\n    assert load_all()\n"
    assert counting("store.py", STORE, "load_all", "conftest.py", body) == []


def test_a_name_from_a_module_that_is_called_alike_is_another() -> None:
    """A library has an asynchronous twin of each module."""
    body = "def test_a():\n    assert load_all() == [1]\n"
    assert counting(
        "lib/store.py", STORE, "load_all", "t/test_s.py", f"from lib.store import load_all\n{body}"
    )
    assert not counting(
        "lib/store.py", STORE, "load_all", "t/test_s.py", f"from lib.aio.store import load_all\n{body}"
    )
    assert counting("lib/store.py", STORE, "load_all", "t/test_s.py", f"from lib import load_all\n{body}")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("import lib\n\ndef test_a():\n    assert lib.run() == 1\n", True),
        ("from lib import run\n\ndef test_a():\n    assert run() == 1\n", True),
        ("from ..store import run\n\ndef test_a():\n    assert run() == 1\n", True),
        ("import lib, subprocess\n\ndef test_a():\n    assert subprocess.run() == 1\n", False),
        ("import lib\n\ndef test_a(run):\n    assert run() == 1\n", False),
        ("import other\n\ndef test_a():\n    assert other.run() == 1\n", False),
    ],
)
def test_a_short_name_counts_where_it_is_imported_from_there(text: str, counts: bool) -> None:
    found = counting("src/lib/store.py", b"def run(): return 1\n", "run", "tests/test_b.py", text)
    assert found == (["test_a"] if counts else [])


@pytest.mark.parametrize(
    ("symbol", "text", "expected"),
    [
        ("loadAll", "describe('x', () => { test(f(t), () => expect(loadAll(t)).toBe(1)) })",
         ["x::(a computed title, line 1)"]),
        ("loadAll", "test('a', () => { loadAll('') })", [f"a: {IDLE}"]),
        ("loadAll", "test('a', () => { loadAll(''); expect(true).toBe(true) })",
         [f"a: {IDLE}"]),
        ("loadAll", "test('a', () => { expect(loadAll).toBeDefined() })", []),
        ("loadAll", "test('a', () => { try { expect(loadAll()).toBe(1) } catch {} })",
         [f"a: {IDLE}"]),
        ("loadAll", "it.skip('a', () => { expect(loadAll()).toBe(1) })",
         ["a: it is skipped, or may fail"]),
        ("loadAll", "const loadAll = () => 1\ntest('a', () => { expect(loadAll()).toBe(1) })", []),
        ("loadAll", "import * as all from './store'\ntest('a', () => { expect(all.loadAll()).toBe(1) })", ["a"]),
        ("Store.close", "test('a', () => { const s = new Store(); expect(s.close()).toBe(1) })",
         ["a"]),
        ("Store.close", "test('a', () => { const w = open(); expect(w.close()).toBe(1) })", []),
    ],
)  # fmt: skip
def test_what_counts_as_a_test_in_typescript(symbol: str, text: str, expected: list[str]) -> None:
    if not text.startswith(("const", "import")):
        text = f"import {{ loadAll, Store }} from './store'; {text}"
    assert counting("store.ts", STORE_TS, symbol, "store.test.ts", text) == expected


@pytest.mark.parametrize(
    ("symbol", "body", "expected"),
    [
        ("LoadAll", "\tif LoadAll() != 1 {\n\t\tt.Errorf(\"no\")\n\t}\n", ["TestA"]),
        ("LoadAll", "\tcompareAll(t, LoadAll())\n", ["TestA"]),
        ("LoadAll", "\tLoadAll()\n", [f"TestA: {IDLE}"]),
        ("LoadAll", "\tt.Skip()\n\trequire.Equal(t, 1, LoadAll())\n", ["TestA: it is skipped, or may fail"]),
        ("Store.Close", "\ts := &Store{}\n\trequire.Equal(t, 1, s.Close())\n", ["TestA"]),
        ("Store.Close", "\ts := NewStore()\n\trequire.Equal(t, 1, s.Close())\n", ["TestA"]),
        ("Store.Close", "\ts := httptest.NewServer()\n\trequire.Equal(t, 1, s.Close())\n", []),
        ("Store.Close", "\tf, _ := os.Open(path)\n\trequire.NoError(t, f.Close())\n", []),
    ],
)  # fmt: skip
def test_what_counts_as_a_test_in_go(symbol: str, body: str, expected: list[str]) -> None:
    text = f"package store\n\nfunc TestA(t *testing.T) {{\n{body}}}\n"
    assert counting("store.go", STORE_GO, symbol, "store_test.go", text) == expected


def test_a_method_of_another_package_of_go_needs_its_type() -> None:
    text = "package other\n\nfunc TestA(t *testing.T) {\n\trequire.Nil(t, made.CloseAll())\n}\n"
    source = STORE_GO.replace(b"Close", b"CloseAll")
    assert counting("store.go", source, "Store.CloseAll", "store_test.go", text) == ["TestA"]
    assert counting("store.go", source, "Store.CloseAll", "other/a_test.go", text) == []


@pytest.mark.parametrize(
    ("path", "source", "symbol", "test", "counts"),
    [
        ("Store.kt", "fun Iterable<Int>.tryMapTo() = 1\n", "Iterable.tryMapTo", "listOf(1).tryMapTo()", True),
        ("Store.kt", "class Iterable {\n    fun tryMapTo() = 1\n}\n", "Iterable.tryMapTo", "a().tryMapTo()", False),
        ("Store.swift", "extension Array {\n  func inChunks() { f() }\n}\n", "Array.inChunks", "[1].inChunks()", True),
        ("Store.swift", "struct Array {\n  func inChunks() { f() }\n}\n", "Array.inChunks", "a().inChunks()", False),
    ],
)  # fmt: skip
def test_an_extension_needs_no_type_in_its_tests(
    path: str, source: str, symbol: str, test: str, counts: bool
) -> None:
    kotlin = f"class ATest {{\n    @Test\n    fun a() {{\n        assertEquals(1, {test})\n    }}\n}}\n"
    swift = f"@Test func a() {{\n  #expect({test} == 1)\n}}\n"
    file, text = ("ATest.kt", kotlin) if path.endswith("kt") else ("ATests.swift", swift)
    assert bool(counting(path, source.encode(), symbol, file, text)) is counts
