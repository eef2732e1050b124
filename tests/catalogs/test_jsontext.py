"""JSON with spans: what stands where, and what is not JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.catalogs.jsontext import Array, Literal, Node, Object, String, scan
from hunkworks.catalogs.source import Source
from hunkworks.errors import InputError

_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def plain(source: Source, node: Node) -> object:
    """Return what the tree says, and check that every span reads as its value."""
    spelled = source.text[node.start : node.end]
    match node:
        case String():
            value: object = node.text
        case Literal():
            value = json.loads(node.spelled)
        case Array():
            value = [plain(source, item) for item in node.items]
        case Object():
            value = {member.name: plain(source, member.node) for member in node.members}
            assert all(source.text[member.start] == '"' for member in node.members)
    assert json.loads(spelled) == value
    return value


@given(st.lists(_PLAIN) | st.dictionaries(st.text(), _PLAIN), st.sampled_from([None, 2, "\t"]), st.booleans())
def test_the_tree_says_what_json_says(document: object, indent: int | str | None, ascii_only: bool) -> None:
    source = Source.decode(
        json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    )
    assert plain(source, scan(source)) == json.loads(source.text)


def test_members_of_the_same_name_are_kept_in_order() -> None:
    root = scan(Source.decode(b'{"a": 1, "b": "x", "a": "last"}'))
    assert isinstance(root, Object)
    assert [member.name for member in root.members] == ["a", "b", "a"]
    assert (root.string("a"), root.position("a"), root.get("none")) == ("last", 2, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,}', "line 1: not JSON"),
        ('{\n"a": "\n"}', "line 2: not JSON: invalid control character"),
        ("{'a': 1}", "not JSON"),
        ('{"a": 1} x', "extra data"),
        ('{"a": Infinity}', "Infinity is not a JSON value"),
        ('"text"', "neither an object nor an array"),
        ("[" * 150 + "]" * 150, "deeper than 100"),
        ("[" * 100_000, "deeper than 100|not JSON"),
        ('{"a": ' + "1" * 5000 + "}", "not JSON"),
    ],
)
def test_what_is_not_json_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        scan(Source.decode(text.encode()))
