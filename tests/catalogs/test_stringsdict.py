"""Apple's .stringsdict: rules and value types stay, texts and forms change."""

from __future__ import annotations

import plistlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, Unit
from hunkworks.errors import InputError

DATA = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
\t<!-- How many -->
\t<key>files</key>
\t<dict>
\t\t<key>NSStringLocalizedFormatKey</key>
\t\t<string>%#@files@ in %#@folders@</string>
\t\t<key>files</key>
\t\t<dict>
\t\t\t<key>NSStringFormatSpecTypeKey</key>
\t\t\t<string>NSStringPluralRuleType</string>
\t\t\t<key>NSStringFormatValueTypeKey</key>
\t\t\t<string>lld</string>
\t\t\t<key>one</key>
\t\t\t<string>%lld file</string>
\t\t\t<key>other</key>
\t\t\t<string>%lld files &amp; more</string>
\t\t</dict>
\t\t<key>folders</key>
\t\t<dict>
\t\t\t<key>NSStringFormatSpecTypeKey</key>
\t\t\t<string>NSStringPluralRuleType</string>
\t\t\t<key>NSStringFormatValueTypeKey</key>
\t\t\t<string>d</string>
\t\t\t<key>other</key>
\t\t\t<string/>
\t\t</dict>
\t</dict>
\t<key>wide</key>
\t<dict>
\t\t<key>NSStringVariableWidthRuleType</key>
\t\t<dict>
\t\t\t<key>20</key>
\t\t\t<string>Hi</string>
\t\t\t<key>50</key>
\t\t\t<string>Hello there</string>
\t\t</dict>
\t</dict>
</dict>
</plist>
"""


def read(data: bytes = DATA) -> Catalog:
    return catalogs.open("Base.lproj/Localizable.stringsdict", data)


def unit(key: str, *part: str) -> Unit:
    (found,) = [u for u in read().units if (u.key, u.part) == ((key,), part)]
    return found


def test_units_as_a_person_reads_them() -> None:
    assert [(u.key[0], u.part, u.forms or u.text, u.comment) for u in read().units] == [
        ("files", (), "%#@files@ in %#@folders@", "How many"),
        ("files", ("files",), {"one": "%lld file", "other": "%lld files & more"}, "How many"),
        ("files", ("folders",), {"other": ""}, "How many"),
        ("wide", ("NSStringVariableWidthRuleType", "20"), "Hi", ""),
        ("wide", ("NSStringVariableWidthRuleType", "50"), "Hello there", ""),
    ]
    assert unit("files", "files").attributes["NSStringFormatValueTypeKey"] == "lld"


def test_forms_come_and_go_line_by_line() -> None:
    after = catalogs.write(
        read(), [Set(unit("files", "files"), {"zero": "keine", "many": "m", "other": "<%lld>"})]
    )
    assert after == DATA.replace(
        b"\t\t\t<key>one</key>\n\t\t\t<string>%lld file</string>\n",
        b"\t\t\t<key>zero</key>\n\t\t\t<string>keine</string>\n\t\t\t<key>many</key>\n\t\t\t<string>m</string>\n",
    ).replace(b"%lld files &amp; more", b"&lt;%lld&gt;")


def test_an_empty_tag_is_filled() -> None:
    after = catalogs.write(read(), [Set(unit("files", "folders"), {"other": "%d"})])
    assert after == DATA.replace(b"<string/>", b"<string>%d</string>")


def test_a_whole_entry_is_added_as_xcode_writes_it() -> None:
    like = unit("files", "files")
    edits = [
        Add(("days",), "%#@days@", after=unit("files")),
        Add(
            ("days",),
            {"other": "%lld days", "one": "%lld day"},
            part=("days",),
            like=like,
            after=unit("files"),
        ),
    ]
    after = catalogs.write(read(), list(edits))
    added = b"""\
\t<key>days</key>
\t<dict>
\t\t<key>NSStringLocalizedFormatKey</key>
\t\t<string>%#@days@</string>
\t\t<key>days</key>
\t\t<dict>
\t\t\t<key>NSStringFormatSpecTypeKey</key>
\t\t\t<string>NSStringPluralRuleType</string>
\t\t\t<key>NSStringFormatValueTypeKey</key>
\t\t\t<string>lld</string>
\t\t\t<key>one</key>
\t\t\t<string>%lld day</string>
\t\t\t<key>other</key>
\t\t\t<string>%lld days</string>
\t\t</dict>
\t</dict>
"""
    assert after == DATA.replace(b"\t<key>wide</key>\n", added + b"\t<key>wide</key>\n")


def test_a_variable_and_a_width_are_added_to_what_is_there() -> None:
    edits = [
        Add(("files",), {"other": "%d disks"}, part=("disks",)),
        Add(("wide",), "Hello over there", part=("NSStringVariableWidthRuleType", "80")),
    ]
    found = plistlib.loads(catalogs.write(read(), list(edits)))
    assert found["files"]["disks"]["other"] == "%d disks"
    assert list(found["wide"]["NSStringVariableWidthRuleType"]) == ["20", "50", "80"]


def test_removing() -> None:
    assert list(plistlib.loads(catalogs.write(read(), [Remove(unit("files"), whole=True)]))) == ["wide"]
    narrow = catalogs.write(read(), [Remove(unit("wide", "NSStringVariableWidthRuleType", "20"))])
    assert narrow == DATA.replace(b"\t\t\t<key>20</key>\n\t\t\t<string>Hi</string>\n", b"")
    with pytest.raises(InputError, match="remove it whole"):
        catalogs.write(read(), [Remove(unit("files", "folders"))])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<key>one</key>", b"<key>single</key>", "line 16: 'single' is not a plural form"),
        (b"<string>Hi</string>", b"<integer>1</integer>", "not a string"),
        (b"<string>Hi</string>", b"", "a key or a value is missing"),
        (b"<string>Hi</string>", b"<string><![CDATA[Hi]]></string>", "CDATA"),
        (b"<string>Hi</string>", b"<string>\x0b</string>", "not well-formed"),
        (b"NSStringPluralRuleType", b"NSOther", "the rule 'NSOther' is not known"),
        (b"<plist", b"<list", "not well-formed"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(DATA.replace(old, new))


def test_a_variable_without_a_format_is_refused() -> None:
    with pytest.raises(InputError, match="has no format"):
        catalogs.write(read(), [Add(("new",), {"other": "x"}, part=("n",))])


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\r<>&\"'")))
def test_any_text_reads_back(text: str) -> None:
    after = catalogs.write(read(), [Set(unit("files", "files"), {"other": text})])
    assert plistlib.loads(after)["files"]["files"]["other"] == text
