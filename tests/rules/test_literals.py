"""A file is passed over only where a rule cannot match: what is certain is looked for, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hunkworks import paths
from hunkworks.rules.literals import may_match, needed
from hunkworks.rules.load import load_file

PACKS = (paths.pack("recipes"), *paths.pack("plugins").glob("*/recipes"))
FILES = sorted(file for folder in PACKS for file in folder.glob("*/*.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_example_that_matches_is_passed_over(file: Path) -> None:
    rule = load_file(file)
    clauses = needed(rule.config or {})
    cases = (*rule.recipe.rewrites, *rule.recipe.refused)
    for text in (*(example.text for example in rule.matching), *(case.before for case in cases)):
        assert may_match(clauses, text.encode())


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"pattern": "DispatchQueue.main.async { $$$B }"}, [{"DispatchQueue"}, {"async"}, {"main"}]),
        ({"pattern": "f($LONG_NAME)"}, []),
        ({"any": [{"pattern": "abc($A)"}, {"regex": "^def"}]}, [{"abc", "def"}]),
        ({"any": [{"pattern": "abc($A)"}, {"kind": "x"}]}, []),
        ({"kind": "x", "has": {"regex": "abc"}, "not": {"regex": "never"}}, [{"abc"}]),
        ({"matches": "u"}, [{"inner"}]),
        ({"matches": "loop"}, []),
        ({"regex": r"^(foo|barx)\.baz?q"}, [{".ba"}, {"barx", "foo"}]),
        ({"regex": "(?i)abc"}, []),
        ({"regex": "(?i:abc)def"}, [{"def"}]),
        ({"regex": "(abc)?d{0,2}[xyz]é"}, []),
        ({"regex": r"\p{L}abc"}, []),
        ({"pattern": {"context": "x: Optional[$T]", "selector": "type"}}, []),
        ({"pattern": {"context": "async function name() {}", "strictness": "ast"}}, []),
    ],
)
def test_what_a_file_must_hold(rule: dict[str, Any], words: list[set[str]]) -> None:
    config = {"rule": rule, "utils": {"u": {"pattern": "inner()"}, "loop": {"matches": "loop"}}}
    assert [{word.decode() for word in clause} for clause in needed(config)] == words
