"""The recipe format as JSON Schema, for editors: made from the same table that files are checked against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hunkworks.rules.keys import TOP, Key

URL = "https://raw.githubusercontent.com/hunkworks/hunkworks/main/docs/reference/recipe.schema.json"
_TYPES = {str: "string", int: "integer", dict: "object", list: "array", bool: "boolean"}


def document() -> dict[str, Any]:
    """Return the schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": URL,
        "title": "A recipe of Hunkworks",
        "description": "An ast-grep rule; what Hunkworks adds stands under metadata.",
        **_object(TOP),
    }


def _object(keys: Mapping[str, Key]) -> dict[str, Any]:
    required = [name for name, key in keys.items() if key.required]
    return {
        "type": "object",
        "additionalProperties": False,
        **({"required": required} if required else {}),
        "properties": {name: _any(key) for name, key in keys.items()},
    }


def _any(key: Key) -> dict[str, Any]:
    about = {"description": key.what} if key.what else {}
    if key.either is None:
        return {**about, **_one(key)}
    forms: list[dict[str, Any]] = []
    form: Key | None = key
    while form is not None:
        forms.append(_one(form))
        form = form.either
    return {**about, "anyOf": forms}


def _one(key: Key) -> dict[str, Any]:
    if key.keys is not None:
        return _object(key.keys)
    made: dict[str, Any] = {"type": _TYPES[key.kind]}
    if key.one_of:
        made["enum"] = [str(value) for value in key.one_of]
    if key.items is not None:
        made["items"] = _any(key.items)
    if key.least:
        made["minItems"] = key.least
    if key.values is not None:
        made["additionalProperties"] = _any(key.values)
    return made
