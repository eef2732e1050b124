"""Java's .properties: one line changes, in its own separator, escapes and continuations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, SetState, State, Unit
from hunkworks.errors import InputError

PATH = "core/Messages_pt_BR.properties"
FILE = r"""# Copyright: somebody
# Licence: some

# Above the title.
! And more.
Default\ View = Gr\u00fc\u00DFe {0}
long:one \
     two
plain value
empty
list=a\n\
  b

last=it''s
last=again"""


def read(data: str = FILE, path: str = PATH) -> Catalog:
    return catalogs.open(path, data.encode())


def unit(name: str, nth: int = 0) -> Unit:
    return next(unit for unit in read().units if (unit.key, unit.nth) == ((name,), nth))


def write(*edits: catalogs.CatalogEdit) -> str:
    return catalogs.write(read(), edits).decode()


def test_units_read_as_java_reads_them() -> None:
    assert [(u.key[0], u.text, u.comment) for u in read().units] == [
        ("Default View", "Grüße {0}", "Above the title.\nAnd more."),
        ("long", "one two", ""),
        ("plain", "value", ""),
        ("empty", "", ""),
        ("list", "a\nb", ""),
        ("last", "it''s", ""),
        ("last", "again", ""),
    ]
    assert (read().locale, read().units[0].syntax.value) == ("pt-BR", "java-message")


def test_a_text_is_written_as_its_line_is() -> None:
    assert write(Set(unit("Default View"), "Ñ {0}")) == FILE.replace(r"Gr\u00fc\u00DFe", r"\u00D1")
    assert write(Set(unit("plain"), " x\\\t")) == FILE.replace("plain value", "plain \\ x\\\\\\t")
    assert write(Set(unit("list"), "a\nb\nc")) == FILE.replace("\\n\\\n  b", "\\n\\\n  b\\n\\\n  c")
    assert "long:one two \\\n     three" in write(Set(unit("long"), "one two three"))
    assert write(Set(unit("last", 1), "end")) == FILE.replace("again", "end")


def test_entries_come_and_go_with_their_comments() -> None:
    assert write(Remove(unit("Default View"))) == FILE.replace(
        FILE[FILE.index("# Above") : FILE.index("long")], ""
    )
    assert write(
        Remove(unit("last", 1)),
    ) == FILE.replace("last=again", "")
    added = Add(("a:b c",), "ü", after=unit("long"), comment="Why.")
    assert write(added) == FILE.replace("two\n", "two\n# Why.\na\\:b\\ c:\\u00FC\n")
    assert write(Add(("new",), "x")) == FILE + "\nnew=x"


def test_sorted_files_stay_sorted() -> None:
    data = "a=1\nb=2\nd=4\n"
    catalog = read(data)
    assert (
        catalogs.write(catalog, [Add(("c",), "3"), Add(("e",), "5")]).decode() == "a=1\nb=2\nc=3\nd=4\ne=5\n"
    )
    assert catalogs.write(read(""), [Add(("c",), "3")]).decode() == "c=3\n"


def test_an_entry_may_take_the_place_of_one_that_goes() -> None:
    plain = unit("plain")
    assert write(Remove(plain), Add(("renamed",), "value", after=plain)) == FILE.replace(
        "plain value", "renamed value"
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a=é\n".encode(), "a=日\n".encode()),
        ("a=é\n".encode("latin-1"), b"a=\\u65E5\n"),
        (b"a=e\n", b"a=\\u65E5\n"),
        ("# é\r\na=e\r\n".encode(), b"# \xc3\xa9\r\na=\\u65E5\r\n"),
        (b"\xef\xbb\xbfa=e\n", b"\xef\xbb\xbfa=\\u65E5\n"),
    ],
)
def test_the_encoding_is_the_one_found(data: bytes, expected: bytes) -> None:
    catalog = catalogs.open(PATH, data)
    assert catalogs.write(catalog, [Set(catalog.units[0], "日")]) == expected


def test_what_java_refuses_and_what_properties_cannot_say_is_refused() -> None:
    with pytest.raises(InputError, match=r"line 2: .*hexadecimal"):
        read("a=b\nc=\\u12\n")
    with pytest.raises(InputError, match=r"no states"):
        write(SetState(unit("plain"), State.NEW))
    with pytest.raises(InputError, match=r"no plural"):
        write(Set(unit("plain"), {"other": "x"}))
    with pytest.raises(InputError, match=r"there already"):
        write(Add(("plain",), "x"))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    st.dictionaries(TEXTS.filter(bool), TEXTS, min_size=1),
    TEXTS,
    st.sampled_from([b"", "x=é\n".encode(), b"x=\r\n"]),
)
def test_any_text_reads_back(texts: dict[str, str], new: str, data: bytes) -> None:
    catalog = catalogs.open(PATH, data)
    texts.pop("x", None)
    grown = catalogs.open(PATH, catalogs.write(catalog, [Add((name,), text) for name, text in texts.items()]))
    assert {unit.key[0]: unit.text for unit in grown.units if unit.key != ("x",)} == texts
    for found in grown.units:
        catalogs.write(grown, [Set(found, new)])
        catalogs.write(grown, [Remove(found)])


@given(st.text(st.sampled_from("a=: \\\n\r\t#!u0é"), max_size=30), TEXTS)
def test_any_file_is_read_and_edited_or_refused(data: str, new: str) -> None:
    try:
        catalog = read(data)
    except InputError:
        return
    for found in catalog.units:
        catalogs.write(catalog, [Set(found, new)])
        catalogs.write(catalog, [Remove(found)])


def test_an_emptied_value_leaves_no_continuation() -> None:
    r"""``\`` CR and the line feed behind the value would become one line ending."""
    catalog = catalogs.open("core/Messages_de.properties", b"a:\\\r0\n0")
    assert catalogs.write(catalog, [Set(catalog.units[0], "")]) == b"a:\n0"


def test_a_blank_that_begins_a_continued_line_stays() -> None:
    catalog = catalogs.open("core/Messages_de.properties", b"a=one\\n\\\n two\n")
    new = "one\n  two more"
    changed = catalogs.write(catalog, [Set(catalog.units[0], new)])
    assert changed == b"a=one\\n\\\n \\  two more\n"
    assert catalogs.open("core/Messages_de.properties", changed).units[0].text == new


def test_a_removed_first_entry_does_not_join_the_licence_and_the_next_comment() -> None:
    catalog = catalogs.open("core/Messages_de.properties", b"# licence\na=1\n# about b\nb=2\n")
    assert catalogs.write(catalog, [Remove(catalog.units[0])]) == b"# licence\n\n# about b\nb=2\n"
