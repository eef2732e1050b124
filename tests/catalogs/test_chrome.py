"""Chrome's messages.json: message, description and placeholders of a name go together."""

from __future__ import annotations

import json

import pytest

from hunkworks import catalogs
from hunkworks.catalogs import Add, Remove, Set, SetState, State
from hunkworks.errors import InputError

PATH = "src/_locales/pt_BR/messages.json"
FILE = """{
\t"name": {
\t\t"message": "Block $COUNT$",
\t\t"description": "The name.",
\t\t"placeholders": { "count": { "content": "$1" } }
\t},
\t"plain": {
\t\t"message": "Olá"
\t}
}
"""


def test_units_are_messages_with_description_and_placeholders() -> None:
    catalog = catalogs.open(PATH, FILE.encode())
    name, plain = catalog.units
    assert (catalog.format, catalog.locale) == ("chrome", "pt-BR")
    assert (name.key, name.text, name.comment, name.syntax.value) == (
        ("name",),
        "Block $COUNT$",
        "The name.",
        "chrome",
    )
    assert json.loads(name.attributes["placeholders"]) == {"count": {"content": "$1"}}
    assert plain.comment == ""


def test_only_the_message_changes_and_an_entry_goes_whole() -> None:
    catalog = catalogs.open(PATH, FILE.encode())
    name, plain = catalog.units
    assert catalogs.write(catalog, [Set(plain, "Oi")]).decode() == FILE.replace("Olá", "Oi")
    assert catalogs.write(catalog, [Remove(name)]).decode() == "{\n" + FILE[FILE.index('\t"plain"') :]


def test_a_new_entry_declares_its_placeholders_and_has_a_description_like_the_others() -> None:
    catalog = catalogs.open(PATH, FILE.encode())
    name = catalog.units[0]
    after = catalogs.write(catalog, [Add(("other",), "Mais $COUNT$", after=name, like=name, comment="More.")])
    assert json.loads(after)["other"] == {
        "message": "Mais $COUNT$",
        "description": "More.",
        "placeholders": {"count": {"content": "$1"}},
    }
    assert list(json.loads(after)) == ["name", "other", "plain"]


def test_signal_keeps_icu_in_messageformat() -> None:
    data = '{"smartling": {"x": 1}, "icu:a": {"messageformat": "{n} a", "description": "d"}}'
    catalog = catalogs.open(PATH, data.encode())
    assert [(unit.key, unit.syntax.value) for unit in catalog.units] == [(("icu:a",), "icu")]
    after = catalogs.write(catalog, [Add(("icu:b",), "b")])
    assert json.loads(after)["icu:b"] == {"messageformat": "b"}


def test_what_chrome_cannot_say_is_refused() -> None:
    catalog = catalogs.open(PATH, FILE.encode())
    with pytest.raises(InputError, match=r"no plural forms"):
        catalogs.write(catalog, [Set(catalog.units[0], {"one": "a", "other": "b"})])
    with pytest.raises(InputError, match=r"no states"):
        catalogs.write(catalog, [SetState(catalog.units[0], State.NEW)])
    with pytest.raises(InputError, match=r"there already"):
        catalogs.write(catalog, [Add(("name",), "x")])
    with pytest.raises(InputError, match=r"line 2: 'b' is no message"):
        catalogs.open(PATH, b'{"a": {"message": "x"},\n "b": "y"}')
