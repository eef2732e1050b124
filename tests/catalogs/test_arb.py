"""Flutter's ARB: a message and what is said about it go together."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set
from hunkworks.errors import InputError

FILE = """{
  "@@locale": "zh_Hant",
  "apples": "{n, plural, other{{n} 個}}",
  "@apples": {
    "description": "How many.",
    "placeholders": { "n": {} }
  },
  "plain": "純",
  "@plain": { "description": "Nothing." }}"""


def read(data: str = FILE) -> Catalog:
    return catalogs.open("lib/l10n/app_de.arb", data.encode())


def test_units_have_the_description_and_stay_one_icu_text() -> None:
    apples, plain = read().units
    assert (apples.key, apples.text, apples.comment) == (
        ("apples",),
        "{n, plural, other{{n} 個}}",
        "How many.",
    )
    assert (apples.plural, apples.syntax.value) == (False, "icu")
    assert plain.comment == "Nothing."
    assert read().locale == "zh-Hant"
    assert read('{"a": "b"}').locale == "de"


def test_a_text_changes_alone() -> None:
    assert catalogs.write(read(), [Set(read().units[1], "新")]).decode() == FILE.replace("純", "新")


def test_metadata_goes_and_comes_with_its_message() -> None:
    catalog = read()
    apples = catalog.units[0]
    assert catalogs.write(catalog, [Remove(apples)]).decode() == FILE.replace(
        FILE[FILE.index('  "apples"') : FILE.index('  "plain"')], ""
    )
    after = json.loads(catalogs.write(catalog, [Add(("pears",), "{n}", like=apples, after=apples)]))
    assert list(after) == ["@@locale", "apples", "@apples", "pears", "@pears", "plain", "@plain"]
    assert after["@pears"] == after["@apples"]
    bare = '{\n  "a": "x"\n}\n'
    assert (
        catalogs.write(read(bare), [Add(("b",), "y", like=apples)]).decode()
        == '{\n  "a": "x",\n  "b": "y"\n}\n'
    )


def test_metadata_stays_while_a_duplicate_needs_it() -> None:
    data = '{"a": "1", "a": "2", "@a": {"description": "d"}}'
    catalog = read(data)
    assert (
        catalogs.write(catalog, [Remove(catalog.units[0])]).decode()
        == '{"a": "2", "@a": {"description": "d"}}'
    )


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"line 2: 'b' is no text"):
        read('{"a": "x",\n"b": 1}')
    with pytest.raises(InputError, match=r"no name"):
        catalogs.write(read(), [Add(("@x",), "y")])
    with pytest.raises(InputError, match=r"plural forms stand in it"):
        catalogs.write(read(), [Set(read().units[0], {"other": "x"})])


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]\w{0,5}", fullmatch=True),
        st.text(st.characters(codec="utf-8"), max_size=9),
        min_size=1,
    )
)
def test_any_text_reads_back(texts: dict[str, str]) -> None:
    data = catalogs.write(read("{}"), [Add((name,), text) for name, text in texts.items()])
    assert json.loads(data) == texts
    assert {unit.key[0]: unit.text for unit in read(data.decode()).units} == texts
