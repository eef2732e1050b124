"""Stubs go into a file in its own style, and every byte that stood there still does."""

from __future__ import annotations

import ast

import pytest

from hunkworks.change.inventory import inventory
from hunkworks.errors import InputError
from hunkworks.scaffold.frameworks import Framework
from hunkworks.scaffold.testfile import TestFile

LOAD = inventory("src/cache.py", b"class Cache:\n    def load(self, key):\n        return key\n").symbols[1]
JAVA = """\
package p;

import org.junit.jupiter.api.Test;

class CacheTest {
  @Test
  void testSize() {
    assertEquals(1, 1);
  }

  private static void helper() {}
}
"""
TESTNG = """\
import org.testng.annotations.Test;

@Test
public class CacheTest {
  public void size() {}
}
"""
KOTLIN = "package p\n\nimport kotlin.test.Test\n\nclass CacheTest {\n    @Test\n    fun size() {\n    }\n}\n"
XCTEST = (
    "import XCTest\n@testable import M\n\nfinal class CacheTests: XCTestCase {\n\tfunc testSize() {}\n}\n"
)
UNITTEST = """\
import unittest

class CacheTest(unittest.TestCase):
    def test_size(self):
        self.assertTrue(1)


if __name__ == "__main__":
    unittest.main()
"""
KOTEST = """\
import io.kotest.core.spec.style.STYLE

class Helper

class CacheTest : STYLE({
  // the first
  test("a") {
    1 shouldBe 1
  }
})
"""
FAIL = 'throw AssertionError("unwritten test of src/cache.py#Cache.load")\n'
VITEST = 'import { it } from "vitest";\n'
# The path, its framework, its text, and what it gets.
FILES = [
    (
        "tests/test_cache.py",
        Framework.PYTEST,
        'import pytest\n\n\ndef test_a():\n    assert "a"\n',
        '\n\ndef test_cache_load():\n    raise NotImplementedError("unwritten test of src/cache.py#Cache.load")\n',
    ),
    (
        "tests/test_cache.py",
        Framework.UNITTEST,
        UNITTEST,
        '\n    def test_load(self):\n        self.fail("unwritten test of src/cache.py#Cache.load")\n',
    ),
    (
        "cache.test.ts",
        Framework.VITEST,
        "import { it } from 'vitest'\n\nit('a', () => {\n  f('b')\n})\n",
        "\nit('Cache.load', () => {\n  throw new Error('unwritten test of src/cache.py#Cache.load')\n})\n",
    ),
    (
        "cache.test.ts",
        Framework.JEST,
        'test("a", () => {\n\tf("b");\n});',
        '\n\ntest("Cache.load", () => {\n\tthrow new Error("unwritten test of src/cache.py#Cache.load");\n});\n',
    ),
    (
        "cache_test.go",
        Framework.GO,
        'package p\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n',
        '\nfunc TestCache_load(t *testing.T) {\n\tt.Fatal("unwritten test of src/cache.py#Cache.load")\n}\n',
    ),
    (
        "CacheTest.java",
        Framework.JUNIT5,
        JAVA,
        ("\n  @Test\n  void testLoad() {\n"
        '    throw new AssertionError("unwritten test of src/cache.py#Cache.load");\n  }\n'),
    ),
    (
        "CacheTest.kt",
        Framework.KOTLIN_TEST,
        KOTLIN,
        ("\n    @Test\n    fun load() {\n"
        '        throw AssertionError("unwritten test of src/cache.py#Cache.load")\n    }\n'),
    ),
    (
        "CacheTest.java",
        Framework.TESTNG,
        TESTNG,
        ("\n  @Test\n  public void load() {\n"
        '    throw new AssertionError("unwritten test of src/cache.py#Cache.load");\n  }\n'),
    ),
    (
        "cache_test.go",
        Framework.GINKGO,
        'package p\n\nimport ginkgo "github.com/onsi/ginkgo/v2"\n\nvar _ = ginkgo.Describe("a", nil)\n',
        ('\nvar _ = ginkgo.Describe("Cache.load", func() {\n\tginkgo.It("works", func() {\n'
        '\t\tginkgo.Fail("unwritten test of src/cache.py#Cache.load")\n\t})\n})\n'),
    ),
    *(
        ("CacheTest.kt", Framework.KOTEST, KOTEST.replace("STYLE", style), f"\n{added.replace('FAIL', FAIL)}")
        for style, added in (
            ("StringSpec", '  "Cache.load" {\n    FAIL  }\n'),
            ("FreeSpec", '  "Cache.load" {\n    FAIL  }\n'),
            ("FunSpec", '  test("Cache.load") {\n    FAIL  }\n'),
            ("DescribeSpec", '  it("Cache.load") {\n    FAIL  }\n'),
            ("ShouldSpec", '  should("Cache.load") {\n    FAIL  }\n'),
            ("ExpectSpec", '  expect("Cache.load") {\n    FAIL  }\n'),
            ("WordSpec", '  "Cache.load" should {\n    "works" {\n      FAIL    }\n  }\n'),
            ("FeatureSpec", '  feature("Cache.load") {\n    scenario("works") {\n      FAIL    }\n  }\n'),
            ("BehaviorSpec", '  given("Cache.load") {\n    then("works") {\n      FAIL    }\n  }\n'),
        )
    ),
    (
        "CacheTests.swift",
        Framework.XCTEST,
        XCTEST,
        '\n\tfunc testLoad() {\n\t\tXCTFail("unwritten test of src/cache.py#Cache.load")\n\t}\n',
    ),
    (
        "CacheTests.swift",
        Framework.SWIFT_TESTING,
        "import Testing\n\n@Test func size() {\n  #expect(true)\n}\n",
        '\n@Test func load() {\n  Issue.record("unwritten test of src/cache.py#Cache.load")\n}\n',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "framework", "before", "added"), FILES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_a_stub_in_the_style_of_the_file(
    path: str, framework: Framework, before: str, added: str, newline: str, start: bytes
) -> None:
    data = start + before.replace("\n", newline).encode()
    file = TestFile(path, data, framework, "", "")
    file.add("src/cache.py", LOAD)
    after = file.after()
    new = added.replace("\n", newline).encode() if newline in before or "\n" in before else added.encode()
    place = after.index(new)
    assert after[:place] + after[place + len(new) :] == data
    assert len(inventory(path, after).symbols) >= len(inventory(path, data).symbols)
    assert inventory(path, after).why == ""


def test_a_stub_stands_before_what_runs_the_file() -> None:
    before = b"def test_a():\n    pass\n\n\nif __name__ == '__main__':\n    main()\n"
    file = TestFile("test_a.py", before, Framework.PYTEST, "", "")
    file.add("a.py", LOAD)
    assert file.after().endswith(b"if __name__ == '__main__':\n    main()\n")
    ast.parse(file.after())


def test_names_are_not_taken_twice() -> None:
    before = b"def test_cache_load():\n    pass\n"
    file = TestFile("test_a.py", before, Framework.PYTEST, "", "")
    assert [file.add("a.py", LOAD) for _ in range(3)] == [
        "test_load",
        "test_cache_load_2",
        "test_cache_load_3",
    ]


def test_a_name_that_every_object_has_is_not_a_test_s() -> None:
    symbol = inventory("A.java", b"class A { public String toString() { return one(); } }").symbols[1]
    file = TestFile("ATest.java", None, Framework.JUNIT5, "", "")
    assert file.add("A.java", symbol) == "testToString"


@pytest.mark.parametrize(
    ("path", "framework", "model", "source", "expected"),
    [
        ("tests/test_cache.py", Framework.PYTEST, "", "", "def test_cache_load():\n"),
        ("tests/test_cache.py", Framework.UNITTEST, "", "", "import unittest\n\n\nclass CacheTest(unittest."),
        ("cache.test.ts", Framework.VITEST, f'{VITEST}it("a", f);\n', "", VITEST),
        ("cache.test.ts", Framework.VITEST, "it('a', f)\n", "", "it('Cache.load', () => {\n"),
        ("cache.test.js", Framework.NODE, "require('node:test')", "", "const { test } = require('node:test')\n"),
        ("a_test.go", Framework.GO, "package a_test\n", "// x\npackage a\n", 'package a_test\n\nimport "testing"\n'),
        ("a_test.go", Framework.GO, "package b\n", "package a\n", 'package a\n\nimport "testing"\n'),
        ("ATest.java", Framework.JUNIT4, "", "package p.q;\n", "package p.q;\n\nimport org.junit.Test;\n\npublic"),
        ("ATest.kt", Framework.JUNIT5, "", "package p.q\n", "package p.q\n\nimport org.junit.jupiter.api.Test\n"),
        ("ATest.java", Framework.TESTNG, "", "", "import org.testng.annotations.Test;\n\npublic class ATest {"),
        ("ATest.kt", Framework.KOTEST, KOTEST.replace("STYLE", "FunSpec"), "package p\n",
         "package p\n\nimport io.kotest.core.spec.style.FunSpec\n\nclass ATest : FunSpec({\n  test("),
        ("a_test.go", Framework.GINKGO, 'package a_test\nimport (\n\t. "github.com/onsi/ginkgo"\n)\n', "package a\n",
         'package a_test\n\nimport . "github.com/onsi/ginkgo"\n\nvar _ = Describe('),
        ("ATests.swift", Framework.XCTEST, "@testable import M\n", "", "import XCTest\n@testable import M\n\nfinal"),
        ("ATests.swift", Framework.SWIFT_TESTING, "", "", "import Testing\n\nstruct ATests {\n"),
    ],
)  # fmt: skip
def test_a_new_file_begins_as_the_project_s_do(
    path: str, framework: Framework, model: str, source: str, expected: str
) -> None:
    file = TestFile(path, None, framework, model, source)
    file.add("src/cache.py", LOAD)
    after = file.after()
    assert after.decode().startswith(expected)
    assert inventory(path, after).why == ""
    assert b"unwritten test of src/cache.py#Cache.load" in after


def test_what_cannot_be_added_to_is_refused_with_a_reason() -> None:
    with pytest.raises(InputError, match="is not UTF-8"):
        TestFile("test_a.py", b"# \xe4\n", Framework.PYTEST, "", "")
    with pytest.raises(InputError, match="carriage returns"):
        TestFile("test_a.py", b"x = 1\rdef test_a(): pass\r", Framework.PYTEST, "", "")
    tight = TestFile("ATest.java", b"class ATest {\n  @Test void a() {} }\n", Framework.JUNIT5, "", "")
    tight.add("A.java", LOAD)
    with pytest.raises(InputError, match="no line behind its last test"):
        tight.after()
    empty = TestFile("ATest.java", b"class ATest {}\n", Framework.JUNIT5, "", "")
    empty.add("A.java", LOAD)
    with pytest.raises(InputError, match="has no class with a test in it"):
        empty.after()
    for text, why in (
        ("class A : AnnotationSpec() {\n  init {\n  }\n}\n", "AnnotationSpec, for which there are no stubs"),
        ('class A : FunSpec({ test("a") {} })\n', "on the line of its class"),
        ("class A : Base()\n", "no class of one of Kotest's styles"),
    ):
        with pytest.raises(InputError, match=why):
            TestFile("ATest.kt", text.encode(), Framework.KOTEST, "", "")


def test_a_hostile_name_stays_inside_its_string() -> None:
    symbol = inventory("a.ts", b"export class A { 'x\\'); process.exit(); (\\'' () {} }").symbols[-1]
    file = TestFile("a.test.ts", b"test('a', () => {})\n", Framework.JEST, "", "")
    file.add("a') + f('.ts", symbol)
    assert inventory("a.test.ts", file.after()).why == ""
