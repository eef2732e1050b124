"""A recipe's examples are tried where its author did not: also one level deeper."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks.refactor.proving import prove
from hunkworks.rules.load import load_contents

RECIPE = """\
id: r
language: Python
severity: hint
message: m
rule: {pattern: f($A)}
transform: {NEW: {replace: {source: $A, replace: 'PATTERN', by: "\\n    q"}}}
fix: g($NEW)
metadata:
  title: t
  why: w
  safety: mechanical
  examples:
    rewrite:
      - {before: "f(h(\\n    p))\\n", after: "g(h(\\n    q))\\n"}
      - {before: "f(h(1,\\n    p))\\n", after: "g(h(1,\\n    q))\\n"}
    no-match: [f(), "g(1)"]
"""


@pytest.mark.parametrize(
    ("pattern", "failing"), [(r"\r?\n {4}p", ["src/sample.py, indented"] * 2), (r"\r?\n\s*p", [])]
)
def test_a_transform_that_is_right_only_at_the_top_is_found(pattern: str, failing: list[str]) -> None:
    rule = load_contents({Path("python/r.yml"): RECIPE.replace("PATTERN", pattern).encode()})[0]
    assert [failure.variant for failure in prove(rule)] == failing
