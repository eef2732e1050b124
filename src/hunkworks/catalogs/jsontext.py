"""JSON as it stands in a file: a tree in which every value knows its span.

The standard library judges the syntax; the scan behind it only finds where things stand. ``jsonedit``
edits it.
"""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple, NoReturn, TypeAlias, cast

from hunkworks.catalogs.protocol import refusal
from hunkworks.catalogs.source import Source

_DEEPEST = 100
# One match per member or item: a catalog's leaf costs one call of the regex engine.
_STRING = r'"((?:[^"\\]++|\\.)*+)"'
_VALUE = rf"(?:{_STRING}|([{{\[])|([^\s,}}\]\"]++))"
_MEMBER = re.compile(rf"[\s,]*+(?:{_STRING}\s*+:\s*+{_VALUE}|\}})", re.DOTALL)
_ITEM = re.compile(rf"[\s,]*+(?:{_VALUE}|\])", re.DOTALL)
_read_object = json.JSONDecoder().raw_decode
_BLANK = re.compile(r"\s*+")


class String(NamedTuple):
    """A string with its quotes; ``text`` is decoded."""

    start: int
    end: int
    text: str


class Literal(NamedTuple):
    """A number, ``true``, ``false`` or ``null``, as it is spelled."""

    start: int
    end: int
    spelled: str


class Array(NamedTuple):
    """An array with its brackets."""

    start: int
    end: int
    items: list[Node]


class Object(NamedTuple):
    """An object with its braces; members with the same name are kept, in order."""

    start: int
    end: int
    members: list[Member]

    def position(self, name: str) -> int:
        """Return the index of the last member of that name, the one that JSON readers take; -1 for none."""
        for index in range(len(self.members) - 1, -1, -1):
            if self.members[index].name == name:
                return index
        return -1

    def get(self, name: str) -> Node | None:
        """Return the value of the last member of that name."""
        index = self.position(name)
        return None if index < 0 else self.members[index].node

    def string(self, name: str) -> str:
        """Return the text of a member that is a string; "" for any other."""
        node = self.get(name)
        return node.text if isinstance(node, String) else ""


class Opaque(NamedTuple):
    """An object that nobody wants to edit: ``value`` is what it says."""

    start: int
    end: int
    value: dict[str, Any]


Node: TypeAlias = "String | Literal | Array | Object | Opaque"


class Member(NamedTuple):
    """One member of an object; ``start`` is the opening quote of its name."""

    name: str
    start: int
    node: Node


def scan(source: Source, opaque: str = "") -> Node:
    """Return the document as a tree.

    Args:
        source: The file.
        opaque: What the names of root members begin with whose objects are read in one piece; "" for none.

    Raises:
        InputError: It is not JSON (RFC 8259), or deeper than a catalog can be.
    """
    text = source.text
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise refusal(source, error.pos, f"not JSON: {error.msg[0].lower()}{error.msg[1:]}") from None
    except ValueError as error:  # a constant that JSON does not have, or a number of thousands of digits
        raise refusal(source, 0, f"not JSON: {error}") from None
    except RecursionError:
        raise refusal(source, 0, f"nested deeper than {_DEEPEST}") from None
    blank = _BLANK.match(text)
    start = blank.end() if blank else 0
    if text[start] == "{":
        return _object(source, start, 0, opaque)
    if text[start] == "[":
        return _array(source, start, 0)
    raise refusal(source, start, "the document is neither an object nor an array")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _object(source: Source, start: int, depth: int, opaque: str = "") -> Object:
    text = source.text
    members: list[Member] = []
    match = _MEMBER.match
    position = start + 1
    while found := match(text, position):
        name, string, bracket, literal = found.groups()
        if name is None:
            return Object(start, found.end(), members)
        name_start = found.start(1) - 1
        if "\\" in name:
            name = scanstring(text, name_start + 1)[0]
        position = found.end()
        node: Node
        if string is not None:
            string_start = found.start(2) - 1
            if "\\" in string:
                string = scanstring(text, string_start + 1)[0]
            node = String(string_start, position, string)
        elif bracket == "{" and opaque and name.startswith(opaque):
            value, end = _read_object(text, position - 1)
            node = Opaque(position - 1, end, value)
            position = end
        elif bracket is not None:
            node = _container(source, position - 1, bracket, depth)
            position = node.end
        else:
            node = Literal(found.start(4), position, literal)
        members.append(Member(name, name_start, node))
    raise refusal(source, position, "this JSON cannot be located exactly")


def _array(source: Source, start: int, depth: int) -> Array:
    text = source.text
    items: list[Node] = []
    position = start + 1
    while found := _ITEM.match(text, position):
        string, bracket, literal = found.groups()
        position = found.end()
        if string is not None:
            string_start = found.start(1) - 1
            items.append(String(string_start, position, scanstring(text, string_start + 1)[0]))
        elif bracket is not None:
            items.append(_container(source, position - 1, bracket, depth))
            position = items[-1].end
        elif literal is not None:
            items.append(Literal(found.start(3), position, literal))
        else:
            return Array(start, position, items)
    raise refusal(source, position, "this JSON cannot be located exactly")


def _container(source: Source, start: int, bracket: str, depth: int) -> Node:
    if depth >= _DEEPEST:
        raise refusal(source, start, f"nested deeper than {_DEEPEST}")
    return cast("Node", (_object if bracket == "{" else _array)(source, start, depth + 1))
