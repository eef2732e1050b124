"""A model's call of a tool, checked against the tool's definition before anything is done with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from hunkworks.errors import UsageError

_KINDS = {"string": str, "integer": int, "array": list}
_LARGEST = 1_000_000_000  # no file has more lines


def checked(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments as plain JSON values.

    What stands inside an array is left to the tool: it refuses item by item, with reasons to act on.

    Raises:
        UsageError: An argument is missing, unknown, of another type or outside of its limits, or cannot be text.
    """
    given = _plain(arguments)
    for name in schema["required"]:
        if name not in given:
            raise UsageError(f"{name} is missing", expected=", ".join(schema["required"]))
    for name, value in given.items():
        _check(name, value, schema["properties"])
    return given


def _check(name: str, value: Any, properties: Mapping[str, Any]) -> None:
    if name not in properties:
        raise UsageError(f"there is no argument {name!r}", expected=", ".join(properties))
    wanted = properties[name]
    if not isinstance(value, _KINDS[wanted["type"]]) or isinstance(value, bool):
        raise UsageError(f"{name} has to be of type {wanted['type']}", found=type(value).__name__)
    if "enum" in wanted and value not in wanted["enum"]:
        raise UsageError(f"{name} is not known", expected=" or ".join(wanted["enum"]), found=repr(value))
    if isinstance(value, int) and not wanted.get("minimum", -_LARGEST) <= value <= _LARGEST:
        raise UsageError(f"{name} is out of range", expected=f"{wanted.get('minimum', '')}–{_LARGEST}")
    if isinstance(value, str) and "\0" in value:
        raise UsageError(f"{name} holds a zero byte", expected="text")


def _plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Take the arguments through JSON, which leaves no half of a character and no number that is none."""
    try:
        plain: dict[str, Any] = msgspec.json.decode(json.dumps(dict(arguments)))
    except (msgspec.DecodeError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the arguments are not JSON: {error}") from None
    return plain
