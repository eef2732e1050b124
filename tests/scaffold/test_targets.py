"""Which functions no test of their own can call, and why."""

from __future__ import annotations

import pytest

from hunkworks.change.inventory import inventory
from hunkworks.scaffold.targets import refusal


@pytest.mark.parametrize(
    ("path", "source", "why"),
    [
        ("a.py", "def load(): return 1\n", ""),
        ("a.py", "def _load(): return 1\n", ""),
        ("a.py", "class A:\n    def __load(self): return 1\n", "private: a test cannot call it"),
        ("a.py", "class A:\n    def __init__(self): self.x = 1\n", "a constructor: tested with its type"),
        ("a.py", "@overload\ndef load(a: int): ...\n", "it has no body of its own"),
        ("a.py", "class A:\n    @abc.abstractmethod\n    def load(self): ...\n", "it has no body of its own"),
        (
            "a.py",
            "class A:\n    @property\n    def size(self): return 1\n",
            "a property: tested by what reads it",
        ),
        ("a.go", "package main\nfunc main() {}\n", "the runtime calls main"),
        ("a.go", "package a\nfunc (s S) main() {}\n", ""),
        ("a.kt", "fun main() {}\n", "the runtime calls main"),
        ("a.kt", "@Preview\n@Composable\nfun Shown() { A() }\n", "a preview: the editor calls it"),
        ("a.kt", "interface A {\n  fun load(): Int\n}\n", "it has no body of its own"),
        ("a.swift", "private extension A {\n  func load() {}\n}\n", "private: a test cannot call it"),
        ("a.swift", "func + (a: A, b: A) -> A { a }\n", "its name cannot be called by name"),
        ("a.ts", "function load() {}\n", "not exported: a test cannot import it"),
        ("a.ts", "export function load() {}\n", ""),
        ("a.ts", "export default async function load() {}\n", ""),
        ("a.ts", "function load() {}\nexport { other, load as l }\n", ""),
        ("a.ts", "const load = () => 1\nexport default load\n", ""),
        ("a.js", "const load = () => 1\nmodule.exports = { load }\n", ""),
        ("a.js", "exports.load = () => 1\n", ""),
        ("a.ts", "export class A {\n  load() { return 1 }\n}\n", ""),
        ("a.ts", "export default () => 1\n", ""),
    ],
)
def test_refusals(path: str, source: str, why: str) -> None:
    symbol = inventory(path, source.encode()).symbols[-1]
    assert refusal(path, symbol, source) == why
