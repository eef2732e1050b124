"""A new file for a locale that has none: read again, it holds what its kind begins with."""

from __future__ import annotations

import pytest

from hunkworks import catalogs
from hunkworks.catalogs.blank import blank
from hunkworks.errors import InputError

XLIFF = b"""<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2">
  <file original="a" source-language="en" target-language="en">
    <body>
      <trans-unit id="one">
        <source>One</source>
        <target state="translated">One</target>
        <note>first</note>
      </trans-unit>
      <trans-unit id="two"><source>Two <g id="1">x</g></source></trans-unit>
    </body>
  </file>
</xliff>
"""


def test_an_xliff_file_keeps_its_units_and_loses_its_targets() -> None:
    data = blank(catalogs.open("en.xlf", XLIFF), "fr", "fr")
    made = catalogs.open("fr.xlf", data)
    assert made.locale == "fr"
    assert [(unit.key[-1], unit.source, unit.text, unit.comment) for unit in made.units] == [
        ("one", "One", "", "first"),
        ("two", 'Two <g id="1">x</g>', "", ""),
    ]
    assert b"target>" not in data


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("res/values/strings.xml", b'<resources>\n    <string name="a">A</string>\n</resources>\n'),
        ("lib/l10n/app_en.arb", b'{\n  "@@locale": "en",\n  "a": "A"\n}\n'),
        ("locales/en.json", b'{\n  "a": "A"\n}\n'),
        ("en.lproj/a.strings", b'"a" = "A";\n'),
        ("Messages.properties", b"a=A\n"),
        ("config/locales/en.yml", b"en:\n  a: A\n"),
    ],
)
def test_a_file_of_one_locale_begins_without_texts(path: str, data: bytes) -> None:
    made = catalogs.open(path, blank(catalogs.open(path, data), "fr", "fr"))
    assert made.units == ()


def test_a_file_of_all_locales_has_none_of_its_own() -> None:
    catalog = catalogs.open("L.xcstrings", b'{"sourceLanguage": "en", "strings": {}, "version": "1.0"}')
    with pytest.raises(InputError, match="no file of its own for each locale"):
        blank(catalog, "fr", "fr")
