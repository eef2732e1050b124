"""Tests with titles, as Ginkgo and Kotest nest them: by the name that their runners print."""

from __future__ import annotations

import re

import pytest

from hunkworks.scaffold import bodies

GINKGO = """\
package store_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("Store", Label("slow"), func() {
	BeforeEach(func() { open() })
	When("it is empty", func() {
		JustBeforeEach(func() { drain() })
		It("has nothing", func() {
			Expect(Size()).To(Equal(0)) // Sum
		})
	})
	Context("full", func() {
		PIt("holds all", func() { Fail("unwritten test of store.go#Sum") })
	})
})
"""
KOTEST = """\
import io.kotest.core.spec.style.STYLE

class StoreTest : STYLE({
beforeTest { open() }
BODY
})
"""


def test_ginkgo() -> None:
    first, second = bodies.tests_of("store/store_test.go", GINKGO.encode())
    assert (first.name, first.line, first.unwritten) == ("Store when it is empty has nothing", 12, False)
    assert {"open", "drain", "Size"} <= set(re.findall(r"\w+", first.live.code))
    assert not {"Sum", "holds"} & set(re.findall(r"\w+", first.live.code))
    assert (second.name, second.unwritten) == ("Store full holds all", True)


@pytest.mark.parametrize(
    ("style", "body", "names"),
    [
        ("StringSpec", '"a" { size() }\n"b".config(enabled = false) { size() }', ["a", "b"]),
        ("FunSpec", 'context("a") { test("b") { "c".let { size() } } }', ["a b"]),
        ("FreeSpec", '"a" - { "b" - { "c" { size() } } }', ["a b c"]),
        ("WordSpec", '"a" should { "b" { size() } }', ["a b"]),
        ("DescribeSpec", 'describe("a") { it("b") { size() }\nxit("c") { } }', ["a b", "a c"]),
        ("BehaviorSpec", 'Given("a") { `when`("b") { then("c") { size() } } }', ["a b c"]),
    ],
)
def test_kotest(style: str, body: str, names: list[str]) -> None:
    found = bodies.tests_of("StoreTest.kt", KOTEST.replace("STYLE", style).replace("BODY", body).encode())
    assert [each.name for each in found] == names
    assert {"open", "size"} <= set(re.findall(r"\w+", found[0].live.code))
