"""The pack steps into none of the traps that it names to others."""

from __future__ import annotations

from hunkworks import paths
from hunkworks.rules.load import load
from hunkworks.rules.traps import traps


def test_no_recipe_of_the_pack_or_of_its_add_on_has_a_trap() -> None:
    rules = load([paths.pack("recipes"), paths.pack("plugins/mobile/recipes")]).rules
    assert [(trap.recipe, trap.what) for rule in rules for trap in traps(rule)] == []
