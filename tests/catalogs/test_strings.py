"""Apple's .strings, in every encoding and notation that Xcode and people leave behind."""

from __future__ import annotations

import plistlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, SetState, State
from hunkworks.errors import InputError

FILE = """\
/*
  Localizable.strings, café
*/

/* Title, see http://x.y */
"title" = "It's \\"here\\" // not a comment\\n\\U00e9";
"plain"="a";  // behind it
// two
// lines
bare_key = bare_value;
"short";
"plain" = "again";

/* in between */ "in" /* a */ = /* b */ "value with
two lines" ; /* not its own */ "last" = 'single';
"""


def read(data: bytes, path: str = "pt-BR.lproj/Localizable.strings") -> Catalog:
    return catalogs.open(path, data)


def test_units_as_a_person_reads_them() -> None:
    catalog = read(FILE.encode())
    assert [(u.key[0], u.nth, u.text, u.comment, catalog.line(u)) for u in catalog.units] == [
        ("title", 0, 'It\'s "here" // not a comment\né', "Title, see http://x.y", 6),
        ("plain", 0, "a", "behind it", 7),
        ("bare_key", 0, "bare_value", "two\nlines", 10),
        ("short", 0, "short", "", 11),
        ("plain", 1, "again", "", 12),
        ("in", 0, "value with\ntwo lines", "in between", 14),
        ("last", 0, "single", "not its own", 15),
    ]
    assert catalog.locale == "pt-BR"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_only_the_edited_value_changes_in_any_encoding(encoding: str, newline: str) -> None:
    text = FILE.replace("\n", newline)
    catalog = read(text.encode(encoding))
    after = catalogs.write(
        catalog, [Set(catalog.units[1], "ü 😀"), Add(("new",), "n", after=catalog.units[2])]
    )
    expected = text.replace('"plain"="a"', '"plain"="ü 😀"').replace(
        "bare_value;" + newline, "bare_value;" + newline + 'new = "n";' + newline
    )
    assert after == expected.encode(encoding)


@pytest.mark.parametrize(
    ("index", "text", "before", "after"),
    [
        (0, 'say "a\\b"\t\n', '"It\'s \\"here\\" // not a comment\\n\\U00e9"', '"say \\"a\\\\b\\"\\t\\n"'),
        (2, "two words", "bare_value", '"two words"'),
        (3, "long", '"short"', '"short" = "long"'),
        (5, "x\ny", '"value with\ntwo lines"', '"x\ny"'),
        (6, "it's", "'single'", '"it\'s"'),
    ],
)
def test_values_are_written_as_they_were(index: int, text: str, before: str, after: str) -> None:
    data = FILE.encode()
    catalog = read(data)
    assert catalogs.write(catalog, [Set(catalog.units[index], text)]) == data.replace(
        before.encode(), after.encode(), 1
    )


def test_an_ascii_file_stays_ascii() -> None:
    catalog = read(FILE.replace("é", "e").encode())
    assert b'"plain"="\\U00e9\\Ud83d\\Ude00"' in catalogs.write(catalog, [Set(catalog.units[1], "é😀")])


def test_an_entry_goes_with_its_comments() -> None:
    catalog = read(FILE.encode())
    after = catalogs.write(
        catalog, [Remove(catalog.units[0]), Remove(catalog.units[1]), Remove(catalog.units[2])]
    )
    assert after.decode() == FILE[: FILE.index("/* Title")] + FILE[FILE.index('"short"') :]


def test_entries_that_stand_apart_are_added_and_removed_apart() -> None:
    text = '/* one */\n"a" = "1";\n\n/* two */\n"b" = "2";\n\n/* three */\n"d" = "4";\n'
    catalog = read(text.encode())
    added = catalogs.write(catalog, [Add(("c",), "3", comment="new")])
    assert added.decode() == text.replace("/* three", '/* new */\n"c" = "3";\n\n/* three')
    removed = catalogs.write(catalog, [Remove(catalog.units[1])])
    assert removed.decode() == text.replace('/* two */\n"b" = "2";\n\n', "")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"/* header */", b"/* header */\n"])
def test_the_first_entry_of_an_empty_file(data: bytes) -> None:
    after = catalogs.write(read(data), [Add(("a",), "b")])
    assert after.startswith(data)
    assert after.decode("utf-16" if b"\xff" in data else "utf-8").splitlines()[-1] == '"a" = "b";'


def test_no_final_newline_stays_none() -> None:
    catalog = read(b'"b" = "1";')
    assert catalogs.write(catalog, [Add(("c",), "2")]) == b'"b" = "1";\n"c" = "2";'


def test_a_property_list_is_edited_as_one() -> None:
    data = plistlib.dumps({"CFBundleName": "App", "b": "x & y"})
    catalog = read(data, "de.lproj/InfoPlist.strings")
    after = catalogs.write(catalog, [Set(catalog.units[1], "<ü>"), Add(("c",), "new")])
    assert plistlib.loads(after) == {"CFBundleName": "App", "b": "<ü>", "c": "new"}
    assert after == data.replace(
        b"\t<string>x &amp; y</string>\n",
        "\t<string>&lt;ü&gt;</string>\n\t<key>c</key>\n\t<string>new</string>\n".encode(),
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'"a" = "b"\n"c" = "d";', 'line 1: .*expected ; behind the value, found \'"c"'),
        (b'"a" = "b";\n"c" "d";', "line 2: .*expected = behind the key"),
        (b'"a" = ;', "expected a value"),
        (b'"a" = "b', "expected a value"),
        (b"/* open", "the end of the comment|a key"),
        (b"bplist00\x00", "compiled"),
        (b'"a" = "\xff";', "not UTF-8"),
        (b"\xff\xfe\x00\x00", "UTF-32"),
        (plistlib.dumps({"a": 1}), "is not a string"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


@pytest.mark.parametrize("edit", [SetState, lambda unit, _: Set(unit, {"one": "a", "other": "b"})])
def test_what_the_format_has_not_is_refused(edit) -> None:  # type: ignore[no-untyped-def]
    catalog = read(b'"a" = "b";')
    with pytest.raises(InputError):
        catalogs.write(catalog, [edit(catalog.units[0], State.NEW)])


@given(st.text(), st.text(), st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_reads_back(text: str, key: str, encoding: str) -> None:
    catalog = read(('"a" = "é";\n' + FILE).encode(encoding))
    after = read(catalogs.write(catalog, [Set(catalog.units[0], text), Add((f"k{key}",), text)]))
    assert after.units[0].text == text
    assert [u.text for u in after.units if u.key == (f"k{key}",)] == [text]
