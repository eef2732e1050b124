"""XLIFF 1.2: targets change in place, with their state; units come in the layout of their neighbours."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, SetState, State, Unit
from hunkworks.errors import InputError

PATH = "translations/messages.de.xlf"
FILE = """<?xml version="1.0" encoding="utf-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">
  <file source-language="en" target-language="de" datatype="plaintext" original="file.ext">
    <body>
      <!-- About the first -->
      <trans-unit id="1" resname="a">
        <source>One &amp; "two"</source>
        <target>Eins &amp; zwei</target>
        <note>Said</note>
      </trans-unit>
      <trans-unit id="2" approved="no">
        <source>Hi <g id="1">{{ name }}</g></source>
        <target state="needs-translation" state-qualifier="leveraged-mt">Hi <g id="1">{{ name }}</g></target>
      </trans-unit>
      <trans-unit id="3" translate="no">
        <source><![CDATA[<b>]]></source>
      </trans-unit>
      <trans-unit id="4"><source>x</source><target/></trans-unit>
    </body>
  </file>
</xliff>
"""


def read(data: str = FILE, path: str = PATH) -> Catalog:
    return catalogs.open(path, data.encode())


def unit(key: str, data: str = FILE) -> Unit:
    return next(unit for unit in read(data).units if unit.key[1] == key)


def write(*edits: catalogs.CatalogEdit, data: str = FILE) -> str:
    after = catalogs.write(read(data), edits)
    ET.fromstring(after)
    return after.decode()


def test_units_have_source_note_state_and_markup() -> None:
    one, two, three, four = read().units
    assert (one.key, one.source, one.text, one.comment) == (
        ("file.ext", "1"),
        'One & "two"',
        "Eins & zwei",
        "Said",
    )
    assert (two.markup, two.text, two.state) == (True, 'Hi <g id="1">{{ name }}</g>', State.NEW)
    assert (three.source, three.translatable, three.state) == ("<b>", False, State.NEW)
    assert (four.text, four.values[0].span, one.state) == ("", None, State.TRANSLATED)
    assert (read().locale, read().source_locale, one.syntax.value) == ("de", "en", "symfony")


def test_targets_change_come_and_are_filled() -> None:
    assert write(Set(unit("1"), 'A < "b"')) == FILE.replace("Eins &amp; zwei", 'A &lt; "b"')
    assert write(Set(unit("3"), "<i>")) == FILE.replace(
        "<b>]]></source>\n", "<b>]]></source>\n        <target><![CDATA[<i>]]></target>\n"
    )
    assert write(Set(unit("4"), "y")) == FILE.replace("<target/>", "<target>y</target>")
    assert write(Set(unit("1"), unit("1").text)) == FILE


def test_states_are_said_in_the_formats_words() -> None:
    done = write(Set(unit("2"), 'Hallo <g id="1">{{ name }}</g>'))
    assert done == FILE.replace(' approved="no"', "").replace(
        ' state="needs-translation" state-qualifier="leveraged-mt">Hi', ">Hallo"
    )
    assert write(SetState(unit("1"), State.NEEDS_REVIEW)) == FILE.replace(
        "<target>Eins", '<target state="needs-review-translation">Eins'
    )
    marked = FILE.replace("<target>Eins", '<target state="translated">Eins')
    assert 'state="translated" state-q' in write(SetState(unit("2", marked), State.TRANSLATED), data=marked)
    with pytest.raises(InputError, match=r"no translation"):
        write(SetState(unit("4"), State.NEEDS_REVIEW))


def test_units_come_and_go_in_the_layout_of_their_neighbours() -> None:
    like = unit("1")
    added = write(Add(("file.ext", "1b"), "Neu", after=like, like=like, comment="Note <"))
    assert added == FILE.replace(
        "<note>Said</note>\n      </trans-unit>\n",
        '<note>Said</note>\n      </trans-unit>\n      <trans-unit id="1b" resname="a">\n'
        '        <source>One &amp; "two"</source>\n'
        "        <target>Neu</target>\n        <note>Note &lt;</note>\n      </trans-unit>\n",
    )
    assert write(Remove(like)) == FILE.replace(
        FILE[FILE.index("      <!--") : FILE.index('      <trans-unit id="2"')], ""
    )
    empty = FILE.replace(FILE[FILE.index("    <body>") : FILE.index("  </file>")], "    <body/>\n")
    assert '<body>\n      <trans-unit id="n"' in write(Add(("file.ext", "n"), "x", like=like), data=empty)
    with pytest.raises(InputError, match=r"no file"):
        write(Add(("other", "n"), "x", like=like))
    with pytest.raises(InputError, match=r"not known"):
        write(Add(("file.ext", "n"), "x"))


def test_other_prefixes_encodings_and_line_endings_stay() -> None:
    data = (
        FILE.replace("xmlns=", "xmlns:x=").replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    )
    data = data.replace("<x:!", "<!").replace("<![CDATA[<x:b>", "<![CDATA[<b>").replace("utf-8", "iso-8859-1")
    raw = data.replace("\n", "\r\n").replace("Eins", "Größe").encode("latin-1")
    catalog = catalogs.open(PATH, raw)
    assert catalog.units[0].text == "Größe & zwei"
    after = catalogs.write(catalog, [Set(catalog.units[0], "日\nö")])
    assert after == raw.replace("Größe &amp; zwei".encode("latin-1"), "&#26085;\r\nö".encode("latin-1"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (FILE.replace(' id="1" resname', " resname"), "line 6: a trans-unit without an id"),
        (FILE.replace("</target>", "", 1), "not well-formed"),
        (FILE.replace('"1.2"', '"2.0"'), "not XLIFF 1.2"),
        (FILE.replace("<target/>", "<target/><target/>"), "a second target"),
        (FILE.replace("<source>x</source>", ""), "no source"),
        (
            FILE.replace(
                "<xliff", '<!DOCTYPE xliff [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<xliff', 1
            ).replace("zwei", "&e;"),
            "entity",
        ),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(data: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


def test_broken_markup_is_not_written() -> None:
    with pytest.raises(InputError, match=r"no fragment"):
        write(Set(unit("2"), 'Hi <g id="1">'))
    with pytest.raises(InputError, match=r"U\+0001"):
        write(Set(unit("1"), "\x01"))


XML = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t\r<&>]'\"")
)


@given(XML, st.sampled_from(["1", "3", "4"]), st.sampled_from(["\n", "\r\n"]))
def test_any_text_reads_back(text: str, key: str, newline: str) -> None:
    catalog = catalogs.open(PATH, FILE.replace("\n", newline).encode())
    found = next(unit for unit in catalog.units if unit.key[1] == key)
    after = ET.fromstring(catalogs.write(catalog, [Set(found, text)]))
    target = after.find(f".//{{*}}trans-unit[@id='{key}']/{{*}}target")
    assert ((target.text or "") if target is not None else "") == text
