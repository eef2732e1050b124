"""JSON catalogs of every dialect: the lines of the edited text change, and no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, SetState, State, Unit
from hunkworks.errors import InputError

FILE = """\
{
    "home": {
        "title": "Grüße \\"an\\" \\u00e9",
        "steps": ["one", "two"],
        "count": 3,
        "off": null
    },

    "a.b": "dotted",
    "zoo": { "one": "{n} animal", "other": "{n} animals" },
    "list": [{ "q": "Why?", "a": "So." }]
}"""


def read(data: str = FILE, path: str = "locales/de-DE.json") -> Catalog:
    return catalogs.open(path, data.encode())


def unit(*key: str, data: str = FILE, part: tuple[str, ...] = (), path: str = "locales/de-DE.json") -> Unit:
    return next(u for u in read(data, path).units if (u.key, u.part) == (key, part))


def write(*edits: catalogs.CatalogEdit, data: str = FILE, path: str = "locales/de-DE.json") -> str:
    after = catalogs.write(read(data, path), edits).decode()
    json.loads(after)
    return after


def test_every_string_is_a_unit_with_its_path() -> None:
    assert [(u.key, u.part, u.forms or u.text) for u in read().units] == [
        (("home", "title"), (), 'Grüße "an" é'),
        (("home", "steps"), ("0",), "one"),
        (("home", "steps"), ("1",), "two"),
        (("a.b",), (), "dotted"),
        (("zoo",), (), {"one": "{n} animal", "other": "{n} animals"}),
        (("list",), ("0", "q"), "Why?"),
        (("list",), ("0", "a"), "So."),
    ]
    assert read().locale == "de-DE"
    assert read().raw(read().units[0].values[0]) == 'Grüße \\"an\\" \\u00e9'


def test_edits_keep_layout_and_the_missing_last_line_ending() -> None:
    assert write(Set(unit("a.b"), "neu")) == FILE.replace("dotted", "neu")
    assert write(Set(unit("list", part=("0", "a")), "Nö.")) == FILE.replace("So.", "Nö.")
    assert write(Remove(unit("a.b"))) == FILE.replace('    "a.b": "dotted",\n', "")
    added = Add(("home", "sub", "new"), "x", after=unit("home", "title"))
    assert json.loads(write(added))["home"]["sub"] == {"new": "x"}


def test_null_makes_room_for_a_text_and_texts_are_not_overwritten() -> None:
    assert write(Add(("home", "off"), "aus")) == FILE.replace("null", '"aus"')
    with pytest.raises(InputError, match=r"there already"):
        write(Add(("a.b",), "x"))
    with pytest.raises(InputError, match=r"no object"):
        write(Add(("a.b", "c"), "x"))


def test_arrays_grow_and_shrink_at_their_end_only() -> None:
    assert '["one", "two", "three"]' in write(Add(("home", "steps"), "three", part=("2",)))
    assert '["one"]' in write(Remove(unit("home", "steps", part=("1",))))
    assert "steps" not in write(Remove(unit("home", "steps", part=("0",)), whole=True))
    new = [Add(("new",), text, part=(str(place),)) for place, text in enumerate("ab")]
    assert json.loads(write(*new))["new"] == ["a", "b"]
    with pytest.raises(InputError, match=r"last items"):
        write(Remove(unit("home", "steps", part=("0",))))
    with pytest.raises(InputError, match=r"belong"):
        write(Add(("home", "steps"), "x", part=("7",)))


def test_duplicates_are_kept_apart() -> None:
    data = '{"a": "1", "a": "2"}'
    first, second = read(data).units
    assert (first.nth, second.nth) == (0, 1)
    assert write(Set(first, "x"), data=data) == '{"a": "x", "a": "2"}'
    assert write(Remove(second), data=data) == '{"a": "1"}'


I18NEXT = """{
  "hi": "Hi {{name}}",
  "item_one": "{{count}} item",
  "item_other": "{{count}} items",
  "place_ordinal_one": "{{count}}st",
  "place_ordinal_other": "{{count}}th",
  "gender_other": "Other"
}
"""


def test_i18next_forms_are_siblings() -> None:
    catalog = read(I18NEXT)
    assert [(u.key, u.forms) for u in catalog.units if u.plural] == [
        (("item",), {"one": "{{count}} item", "other": "{{count}} items"}),
        (("place_ordinal",), {"one": "{{count}}st", "other": "{{count}}th"}),
    ]
    forms = {"one": "{{count}} a", "few": "b", "many": "c", "other": "{{count}} items"}
    assert write(Set(unit("item", data=I18NEXT), forms), data=I18NEXT) == I18NEXT.replace(
        'count}} item"', 'count}} a"'
    ).replace('  "item_other"', '  "item_few": "b",\n  "item_many": "c",\n  "item_other"')
    added = write(
        Add(("file",), {"one": "f", "other": "{{count}} f"}, after=unit("hi", data=I18NEXT)), data=I18NEXT
    )
    assert '"hi": "Hi {{name}}",\n  "file_one": "f",\n  "file_other": "{{count}} f",\n  "item_one"' in added
    removed = json.loads(write(Remove(unit("item", data=I18NEXT)), data=I18NEXT))
    assert [name for name in removed if name.startswith("item")] == []


VUE = '{"cars": "no cars | {n} car | {n} cars", "link": "@:cars", "pair": "car | cars", "plain": "one"}\n'


def test_vue_choices_are_forms_by_their_number() -> None:
    cars, _, pair, plain = read(VUE).units
    assert cars.forms == {"zero": "no cars", "one": "{n} car", "other": "{n} cars"}
    assert pair.forms == {"one": "car", "other": "cars"}
    assert not plain.plural
    assert '"pair": "Auto | Autos"' in write(Set(pair, {"one": "Auto", "other": "Autos"}), data=VUE)
    with pytest.raises(InputError, match=r"vue-i18n"):
        write(Set(pair, {"one": "a", "few": "b", "other": "c"}), data=VUE)
    ru = read(VUE.replace("car | cars", "нет | {n} a | {n} b | {n} c"), "locales/ru.json")
    assert list(ru.units[2].forms) == ["zero", "one", "few", "many"]


def test_a_bar_in_a_title_is_no_choice() -> None:
    assert not any(u.plural for u in read('{"t": "Home | Shop", "x": "Hi {name}"}').units)


def test_icu_stays_text() -> None:
    data = '{"n": "{n, plural, one {a | b} other {{{n}}}}", "add_other": "Add"}'
    assert [(u.plural, u.syntax.value) for u in read(data).units] == [(False, "icu")] * 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('{\n"a": "b",}', "line 2: not JSON"),
        ("[]", "object of texts"),
        ('{"a": 1}\n// x', "line 2: not JSON"),
        ('{"a": "\ttab"}', "not JSON"),
    ],
)
def test_what_is_not_json_is_refused(data: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(InputError, match=r"no states"):
        write(SetState(unit("a.b"), State.NEEDS_REVIEW))
    with pytest.raises(InputError, match=r"a text per form"):
        write(Set(unit("zoo"), "x"))
    with pytest.raises(InputError, match=r"one text"):
        write(Set(unit("a.b"), {"one": "x", "other": "y"}))


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
TREES = st.recursive(
    st.text(st.characters(codec="utf-8"), max_size=8) | st.none() | st.integers(),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4) | st.lists(inner, max_size=3),
    max_leaves=12,
)


@given(
    st.dictionaries(NAMES, TREES, max_size=4),
    st.sampled_from([None, 2, "\t"]),
    st.booleans(),
    st.text(st.characters(codec="utf-8"), max_size=5),
)
def test_any_tree_is_edited_as_planned(
    tree: dict[str, Any], indent: int | str | None, ascii_only: bool, new: str
) -> None:
    data = json.dumps(tree, indent=indent, ensure_ascii=ascii_only).encode()
    catalog = catalogs.open("locales/en.json", data)
    for found in catalog.units:
        if not found.plural:
            catalogs.write(catalog, [Set(found, new)])
        after = catalogs.write(catalog, [Remove(found, whole=True)])
        assert len(json.loads(after)) <= len(tree)
    for name in ("zz", "a"):
        if name not in tree:
            assert json.loads(catalogs.write(catalog, [Add((name,), new)])) == {**tree, name: new}
