"""Android resource files: the lines of the edited entry change, and no other."""

from __future__ import annotations

import difflib
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, SetState, State, Unit
from hunkworks.errors import InputError

PATH = "app/src/main/res/values-b+sr+Latn/strings.xml"
FILE = """\ufeff<?xml version="1.0" encoding="utf-8"?>
<!-- Copyright: somebody -->
<resources xmlns:tools="http://schemas.android.com/tools">
    <!-- Accounts -->

    <!-- Title of the screen -->
    <string name="title">Don\\'t  stop\\n<b>now</b> &amp; go</string>
    <string name="plain">It is %1$s</string> <!-- %1$s: a time -->
    <string name="empty"/>
    <string name="quoted">"  it's  "</string>
    <string name="html"><![CDATA[<a href="x">It\\'s</a>]]></string>
    <string name="alias">@string/plain</string>
    <string name="key" translatable="false" tools:ignore="Typos">api&#160;key</string>

    <plurals name="days">
        <item quantity="one">%d dan</item>
        <item quantity="other">%d dana</item>
    </plurals>

    <string-array name="list">
        <item>a</item>
        <item>b</item>
    </string-array>
    <string name="plain">again</string>
    <color name="red">#f00</color>
</resources>
"""
DATA = FILE.replace("\n", "\r\n").encode()


def read(data: bytes = DATA, path: str = PATH) -> Catalog:
    return catalogs.open(path, data)


def unit(name: str, part: tuple[str, ...] = (), nth: int = 0) -> Unit:
    (found,) = [u for u in read().units if (u.key, u.part, u.nth) == ((name,), part, nth)]
    return found


def difference(edits: list[catalogs.CatalogEdit], data: bytes = DATA) -> list[str]:
    """Return the lines that went (-) and came (+)."""
    after = catalogs.write(read(data), edits)
    ET.fromstring(after)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r" not in data
    lines = difflib.ndiff(data.decode("utf-8-sig").splitlines(), after.decode("utf-8-sig").splitlines())
    return [line for line in lines if line[0] in "-+"]


def test_units_as_a_person_reads_them() -> None:
    assert [(u.key[0], u.part, u.nth, u.forms or u.text, u.comment) for u in read().units] == [
        ("title", (), 0, "Don't stop\n<b>now</b> &amp; go", "Title of the screen"),
        ("plain", (), 0, "It is %1$s", "%1$s: a time"),
        ("empty", (), 0, "", ""),
        ("quoted", (), 0, "  it's  ", ""),
        ("html", (), 0, "<a href=x>It's</a>", ""),  # aapt2 takes quotes for its own in CDATA too
        ("alias", (), 0, "@string/plain", ""),
        ("key", (), 0, "api\u00a0key", ""),
        ("days", (), 0, {"one": "%d dan", "other": "%d dana"}, ""),
        ("list", ("0",), 0, "a", ""),
        ("list", ("1",), 0, "b", ""),
        ("plain", (), 1, "again", ""),
    ]
    assert [u.key[0] for u in read().units if not u.translatable] == ["alias", "key"]
    assert [u.key[0] for u in read().units if u.markup] == ["title"]
    assert read().locale == "sr-Latn"


def test_lines_of_a_unit_and_what_stands_there() -> None:
    catalog = read()
    assert catalog.line(unit("title")) == 7
    assert catalog.raw(unit("title").values[0]) == "Don\\'t  stop\\n<b>now</b> &amp; go"


def test_edits_stay_on_their_lines(snapshot: SnapshotAssertion) -> None:
    edits: dict[str, list[catalogs.CatalogEdit]] = {
        "escapes": [Set(unit("plain"), "L'\"état\"\n<c'est> moi & \\ @ ?")],
        "leading sign and blanks": [Set(unit("plain"), "@home "), Set(unit("empty"), " ?a  b")],
        "quotes kept": [Set(unit("quoted"), ' it\'s "so" ')],
        "CDATA kept": [Set(unit("html"), "<b>C'est ]]> ça</b>")],
        "markup": [Set(unit("title"), "Ne t'arrête <i>pas</i> &amp; va")],
        "no-break space as the file spells it": [Set(unit("plain"), "à\u00a0%1$s")],
        "forms in CLDR order": [Set(unit("days"), {"one": "%d dan", "few": "%d dana", "other": "%d dana"})],
        "forms go": [Set(unit("days"), {"other": "%d dana"})],
        "array item": [Set(unit("list", ("1",)), "c")],
        "second of two": [Set(unit("plain", (), 1), "changed")],
        "added behind": [Add(("new",), "x", after=unit("plain"), comment="What it is")],
        "added at the end": [Add(("new",), "it's")],
        "plurals added": [Add(("hours",), {"other": "%d h", "one": "1 h"}, after=unit("days"))],
        "array added": [
            Add(("more",), text, part=(str(n),), after=unit("list", ("0",))) for n, text in enumerate("xy")
        ],
        "namespace declared": [Add(("g",), '<xliff:g id="n">%s</xliff:g>!', like=unit("title"))],
        "removed with its comment": [Remove(unit("title"))],
        "removed with the comment behind it": [Remove(unit("plain"))],
        "removed from between empty lines": [Remove(unit("days"))],
        "array removed": [Remove(unit("list", ("0",)), whole=True)],
        "renamed in place": [Remove(unit("days")), Add(("dana",), unit("days").forms, after=unit("days"))],
    }
    shown = [
        f"{name}\n" + "\n".join(f"  {line}" for line in difference(edit)) for name, edit in edits.items()
    ]
    assert "\n".join(shown) == snapshot


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Set(unit("title"), "<b>open"), "no well-formed fragment"),
        (Set(unit("days"), "one text"), "cannot become anything else"),
        (Remove(unit("list", ("0",))), "cannot go without the others"),
        (SetState(unit("plain"), State.NEW), "no states"),
        (Set(unit("plain")._replace(nth=7), "x"), "is not a unit"),
    ],
)
def test_what_the_file_cannot_say_is_refused(edit: catalogs.CatalogEdit, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        catalogs.write(read(), [edit])


def test_two_edits_of_one_unit_contradict_each_other() -> None:
    with pytest.raises(InputError, match="contradict"):
        catalogs.write(read(), [Set(unit("plain"), "a"), Set(unit("plain"), "b")])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<resources><string>a</string></resources>", "line 1: a <string> without a name"),
        (b"<resources>\n<string name='a'>b</resources>", "line 2: not well-formed XML: mismatched tag"),
        (
            b"<resources><plurals name='p'><item quantity='1'>x</item></plurals></resources>",
            "each quantity once",
        ),
        (b"<?xml version='1.0' encoding='klingon'?><resources/>", "'klingon' is unknown"),
        (b"<a><resources/></a>", "no resource file"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


def test_entities_are_never_expanded() -> None:
    """A document's own entity stays what it is: a reference, not the million characters behind it."""
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 9))
    data = f'<!DOCTYPE resources [<!ENTITY a0 "x">{bomb}]><resources><string name="s">&a8; y</string></resources>'
    (found,) = read(data.encode()).units
    assert (found.text, found.markup) == ("&a8; y", True)


@pytest.mark.parametrize(
    "data", [b"<resources/>", b"<resources></resources>", b"<resources>\n</resources>\n"]
)
def test_the_first_entry_of_an_empty_file(data: bytes) -> None:
    after = catalogs.write(read(data), [Add(("a",), "b")])
    assert after.rstrip() == b'<resources>\n    <string name="a">b</string>\n</resources>'


def test_everything_on_one_line_stays_on_one_line() -> None:
    data = b'<resources><string name="a">1</string><string name="c">2</string></resources>'
    first, second = read(data).units
    assert catalogs.write(read(data), [Add(("b",), "x"), Remove(second)]) == (
        b'<resources><string name="a">1</string><string name="b">x</string></resources>'
    )
    assert catalogs.write(read(data), [Remove(first), Remove(second)]) == b"<resources></resources>"


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\"'\\@?<>& \u00a0"))


@given(_TEXT, _TEXT)
def test_any_text_reads_back(text: str, other: str) -> None:
    edits: list[catalogs.CatalogEdit] = [
        Set(unit("plain"), text),
        Set(unit("quoted"), other),
        Set(unit("html"), text),
        Add(("z",), other),
    ]
    for edit in edits:
        catalogs.write(read(), [edit])
