"""Every recipe of the mobile add-on does what its own examples say, and the add-on is thin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hunkworks import paths
from hunkworks.refactor.proving import prove
from hunkworks.rules.load import load, load_file
from hunkworks.rules.recipe import Safety

PLUGIN = Path(__file__).resolve().parents[2] / "plugins" / "mobile"
FILES = sorted(PLUGIN.glob("recipes/*/*.yml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples_come_out_as_they_say(path: Path) -> None:
    assert list(prove(load_file(path))) == []


def test_its_recipes_and_the_packs_do_not_take_each_others_names() -> None:
    rules = load([paths.pack("recipes"), PLUGIN / "recipes"]).rules
    assert {path.stem for path in FILES} <= {rule.id for rule in rules}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_recipe_says_on_what_it_was_tried(path: Path) -> None:
    rule = load_file(path)
    assert rule.recipe.tried
    assert rule.recipe.safety is not Safety.JUDGMENT or len(rule.recipe.brief) > 100, (
        "a packet is all its judge sees"
    )


def test_the_add_on_holds_no_program() -> None:
    """Skills, recipes, a manifest: whatever runs is the core's."""
    kinds = {path.suffix for path in PLUGIN.rglob("*") if path.is_file()}
    assert kinds <= {".md", ".yml", ".json", ".png"}
    manifest = json.loads((PLUGIN / ".claude-plugin" / "plugin.json").read_text())
    assert manifest["dependencies"] == ["hunkworks"]
    assert not {"hooks", "mcpServers", "agents", "commands"} & set(manifest)
