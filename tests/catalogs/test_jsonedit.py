"""JSON edited: what one would have got by dumping the edited data in the file's own layout."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.catalogs.jsonedit import Editor
from hunkworks.catalogs.jsontext import Object, scan
from hunkworks.catalogs.source import Source
from hunkworks.splice import splice


def edited(text: str, *, removed: list[int], added: list[tuple[str, object, int]]) -> str:
    source = Source.decode(text.encode())
    root = scan(source)
    assert isinstance(root, Object)
    editor = Editor(source)
    for index in removed:
        editor.remove((root, index))
    for name, value, after in added:
        editor.add(root, name, value, after)  # type: ignore[arg-type]
    return splice(source.data, source.edits(editor.replacements())).decode()


@given(
    names=st.lists(st.text('abc é"\\', min_size=1), unique=True, max_size=6),
    removed=st.sets(st.integers(0, 5)),
    additions=st.lists(st.integers(-1, 5), max_size=4),
    indent=st.sampled_from([None, 1, 4, "\t"]),
)
def test_any_mix_of_edits_reads_as_the_dump_of_the_result(
    names: list[str], removed: set[int], additions: list[int], indent: int | str | None
) -> None:
    """Members go and come anywhere, at once, and the layout is that of json.dumps with the same indent."""
    removed = {index for index in removed if index < len(names)}
    places = sorted(min(after, len(names) - 1) for after in additions)
    values = {name: {"x": name} for name in names}
    expected: list[tuple[str, object]] = []
    for index in range(-1, len(names)):
        if index >= 0 and index not in removed:
            expected.append((names[index], values[names[index]]))
        expected += [(f"new{number}", "é") for number, after in enumerate(places) if after == index]
    text = json.dumps(values or {}, indent=indent, ensure_ascii=False)
    after = edited(text, removed=sorted(removed), added=[(f"new{n}", "é", at) for n, at in enumerate(places)])
    assert json.loads(after, object_pairs_hook=list) == json.loads(
        json.dumps(dict(expected)), object_pairs_hook=list
    )
    if names:
        assert after == json.dumps(dict(expected), indent=indent, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{\n  "a": "b/c",\n\n  "d": "e"\n}\n', '{\n  "a": "b/c",\n  "n": "x/y\\u0007é",\n\n  "d": "e"\n}\n'),
        ('{\r\n\t"a" : "b\\/c"\r\n}', '{\r\n\t"a" : "b\\/c",\r\n\t"n" : "x\\/y\\u0007é"\r\n}'),
        ('{"a":"\\u00e9"}', '{"a":"\\u00e9","n":"x/y\\u0007\\u00e9"}'),
        ('{ "a": 1 }', '{ "a": 1, "n": "x/y\\u0007é" }'),
        ('{\n  "a": 1\n  , "b": 2\n}', '{\n  "a": 1\n  , "n": "x/y\\u0007é"\n  , "b": 2\n}'),
        ("{}", '{"n": "x/y\\u0007é"}'),
    ],
)
def test_the_style_of_the_neighbour(text: str, after: str) -> None:
    assert edited(text, removed=[], added=[("n", "x/y\aé", 0 if '"a"' in text else -1)]) == after


def test_an_object_that_empties_takes_the_one_around_it_along() -> None:
    source = Source.decode(b'{"a": {"b": {"c": 1}}, "d": {"e": 1, "f": 2}}')
    root = scan(source)
    assert isinstance(root, Object)
    first, second = (member.node for member in root.members)
    assert isinstance(first, Object)
    assert isinstance(second, Object)
    inner = first.members[0].node
    assert isinstance(inner, Object)
    editor = Editor(source)
    editor.remove((root, 0), (first, 0), (inner, 0))
    editor.remove((root, 1), (second, 0))
    assert splice(source.data, source.edits(editor.replacements())) == b'{"d": {"f": 2}}'
