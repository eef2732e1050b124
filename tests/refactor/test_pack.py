"""Every recipe of the pack that rewrites does exactly what its examples say, and says on what it was tried."""

from __future__ import annotations

import pytest

from hunkworks import paths
from hunkworks.refactor.proving import prove
from hunkworks.rules.load import load
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Safety

RULES = [rule for rule in load([paths.pack("recipes")]).rules if rule.recipe.safety is not Safety.DETECT]


def test_there_are_some() -> None:
    assert {"Go", "Python", "TypeScript"} <= {language for rule in RULES for language in rule.languages}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_come_out_as_they_say(rule: Rule) -> None:
    assert list(prove(rule)) == []
    assert rule.recipe.tried
