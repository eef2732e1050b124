"""Editors are told the same format that files are checked against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from hunkworks import paths
from hunkworks.rules.jsonschema import document

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "recipe.schema.json"


def test_the_published_schema_is_the_program_s_own() -> None:
    """`hunkworks recipe schema > docs/reference/recipe.schema.json` writes it."""
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == document()


def refusals(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """A validator of exactly the words that our schema uses."""
    if "anyOf" in schema:
        each = [refusals(value, form, where) for form in schema["anyOf"]]
        return [] if any(not found for found in each) else each[0]
    kinds = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool}
    if type(value) is not kinds[schema["type"]]:
        return [f"{where}: not {schema['type']}"]
    found = [] if value in schema.get("enum", [value]) else [f"{where}: not one of enum"]
    if isinstance(value, dict):
        found += [f"{where}: lacks {name}" for name in schema.get("required", []) if name not in value]
        for name, inner in value.items():
            rest = schema.get("additionalProperties", True)
            if name in schema.get("properties", {}):
                found += refusals(inner, schema["properties"][name], f"{where}.{name}")
            elif rest is False:
                found.append(f"{where}: unknown {name}")
            elif isinstance(rest, dict):
                found += refusals(inner, rest, f"{where}.{name}")
    if isinstance(value, list):
        for item in value if "items" in schema else []:
            found += refusals(item, schema["items"], where)
    return found


def test_every_recipe_of_the_pack_fits_the_schema() -> None:
    files = sorted(paths.pack("recipes").glob("*/*.yml"))
    assert len(files) > 50
    for file in files:
        parsed = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        assert refusals(parsed, document()) == [], file.name


def test_a_mistake_does_not_fit() -> None:
    assert refusals({"id": "x", "metadata": {"safety": "save"}}, document())
