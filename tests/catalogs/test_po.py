"""PO files: the lines of the edited entry change, and no other; polib reads what was planned."""

from __future__ import annotations

import difflib

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, CatalogEdit, Remove, Set, SetState, State, Unit
from hunkworks.errors import InputError

PATH = "locale/ru/LC_MESSAGES/django.po"
FILE = r"""# Licence of the file.
#
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: ru\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n"
"%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

# A translator's remark.
#. The button below the form.
#: app/views.py:12
msgid "Save"
msgstr "Сохранить"

#, python-format
msgid "%(count)d file"
msgid_plural "%(count)d files"
msgstr[0] "%(count)d файл"
msgstr[1] "%(count)d файла"
msgstr[2] "%(count)d файлов"

#: app/views.py:14
#, fuzzy, python-format
#| msgid "Delete %(name)s"
msgid "Remove %(name)s"
msgstr "Удалить %(name)s"

msgctxt "verb"
msgid "Open"
msgstr ""

msgid ""
"A long text that somebody has broken in two because it did not fit in one "
"line, and with a \"quote\" and a\ttab.\n"
"And a second line."
msgstr ""
"Длинный текст.\n"
"И вторая строка."

#~ msgid "Old"
#~ msgstr "Старое"
"""


def read(data: str = FILE, path: str = PATH) -> Catalog:
    return catalogs.open(path, data.encode())


def unit(text: str, data: str = FILE) -> Unit:
    return next(unit for unit in read(data).units if unit.source.startswith(text))


def difference(*edits: CatalogEdit, data: str = FILE) -> list[str]:
    """Return the lines that went (-) and came (+); what came reads as PO."""
    after = catalogs.write(read(data), edits).decode()
    polib.pofile(after)
    lines = difflib.unified_diff(data.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


def test_units_are_the_entries_with_context_comment_state_and_source() -> None:
    save, files, remove, verb, long, old = read().units
    assert (save.key, save.text, save.comment, save.state) == (
        ("Save",),
        "Сохранить",
        "The button below the form.",
        State.TRANSLATED,
    )
    assert files.forms == {"one": "%(count)d файл", "few": "%(count)d файла", "many": "%(count)d файлов"}
    assert (files.source_plural, files.syntax.value) == ("%(count)d files", "python")
    assert remove.state is State.NEEDS_REVIEW
    assert remove.attributes["previous"] == "Delete %(name)s"
    assert (verb.key, verb.state) == (("verb", "Open"), State.NEW)
    assert long.source.endswith('with a "quote" and a\ttab.\nAnd a second line.')
    assert (old.key, old.state) == (("Old",), State.OBSOLETE)
    assert read().locale == "ru"
    assert read().forms == ("one", "few", "many")


def test_spans_hold_what_stands_between_the_outer_quotes() -> None:
    catalog = read()
    assert catalog.raw(catalog.units[0].values[0]) == "Сохранить"
    assert catalog.raw(catalog.units[4].values[0]).startswith('"\n"Длинный')
    assert catalog.line(catalog.units[0]) == 13


def test_a_new_text_changes_its_line() -> None:
    assert difference(Set(unit("Save"), 'Со"хранить\\')) == [
        '-msgstr "Сохранить"\n',
        '+msgstr "Со\\"хранить\\\\"\n',
    ]


def test_the_same_text_changes_nothing() -> None:
    save = unit("Save")
    assert catalogs.write(read(), [Set(save, save.text)]) == FILE.encode()


def test_a_translation_clears_fuzzy_and_the_previous_text() -> None:
    assert difference(Set(unit("Remove"), "Убрать %(name)s")) == [
        "-#, fuzzy, python-format\n",
        '-#| msgid "Delete %(name)s"\n',
        "+#, python-format\n",
        '-msgstr "Удалить %(name)s"\n',
        '+msgstr "Убрать %(name)s"\n',
    ]


def test_fuzzy_comes_in_front_of_other_flags_or_on_its_own_line() -> None:
    assert difference(SetState(unit("%(count)d"), State.NEEDS_REVIEW)) == [
        "-#, python-format\n",
        "+#, fuzzy, python-format\n",
    ]
    assert difference(SetState(unit("Save"), State.NEEDS_REVIEW)) == ["+#, fuzzy\n"]


def test_plural_forms_go_where_the_formula_says() -> None:
    forms = {"one": "а", "few": "б", "many": "в"}
    assert difference(Set(unit("%(count)d"), forms))[3:] == [
        '+msgstr[0] "а"\n',
        '+msgstr[1] "б"\n',
        '+msgstr[2] "в"\n',
    ]
    with pytest.raises(InputError, match=r"Plural-Forms"):
        catalogs.write(read(), [Set(unit("%(count)d"), {"one": "a", "other": "b"})])


def test_long_texts_are_wrapped_as_the_file_is_and_line_feeds_break() -> None:
    text = "слово " * 20 + "конец\nдва"
    came = [line for line in difference(Set(unit("Open"), text)) if line.startswith('+"')]
    assert "".join(line[2:-2] for line in came) == text.replace("\n", "\\n")
    assert max(map(len, came)) <= 82
    unwrapped = FILE.replace('fit in one "\n"line', "fit in one line")
    assert len(difference(Set(unit("Open", unwrapped), "слово " * 30), data=unwrapped)) == 2


def test_a_new_entry_stands_at_the_end_in_front_of_obsolete_ones() -> None:
    like = unit("%(count)d")
    added = Add(("n",), {"one": "1", "few": "2", "many": "3"}, like=like, comment="How many.")
    after = catalogs.write(read(), [added]).decode()
    assert after == FILE.replace(
        "\n#~ msgid",
        '\n#. How many.\n#, python-format\nmsgid "n"\nmsgid_plural "%(count)d files"\n'
        'msgstr[0] "1"\nmsgstr[1] "2"\nmsgstr[2] "3"\n\n#~ msgid',
    )


def test_an_entry_goes_with_its_comments_and_one_empty_line() -> None:
    removed = catalogs.write(read(), [Remove(unit("Save"))]).decode()
    assert removed == FILE.replace(FILE[FILE.index("# A tr") : FILE.index("#, python")], "", 1)
    last = FILE[: FILE.index("\n#~")]
    assert (
        catalogs.write(read(last), [Remove(unit("A long", last))]).decode() + "\n"
        == last[: last.index('msgid ""\n"A')]
    )


def test_an_entry_may_take_the_place_of_one_that_goes() -> None:
    save = unit("Save")
    after = catalogs.write(read(), [Remove(save), Add(("Store",), save.text, after=save)]).decode()
    assert after == FILE.replace(
        FILE[FILE.index("# A tr") : FILE.index("#, python")], 'msgid "Store"\nmsgstr "Сохранить"\n\n', 1
    )


def test_line_endings_and_the_missing_last_one_stay() -> None:
    data = FILE[: FILE.index("\n#~")].rstrip().replace("\n", "\r\n")
    after = catalogs.write(catalogs.open(PATH, data.encode()), [Add(("new",), "новое")])
    assert after == data.encode() + '\r\n\r\nmsgid "new"\r\nmsgstr "новое"'.encode()


def test_another_charset_stays() -> None:
    data = FILE.replace("UTF-8", "KOI8-R").encode("koi8-r")
    catalog = catalogs.open(PATH, data)
    assert catalogs.write(catalog, [Set(catalog.units[0], "Да")]) == data.replace(
        "Сохранить".encode("koi8-r"), "Да".encode("koi8-r")
    )
    with pytest.raises(InputError, match=r"koi8-r"):
        catalogs.write(catalog, [Set(catalog.units[0], "日")])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('msgid "a"\nmsgstr "b\n', "line 1: not PO"),
        ('msgid "a"\nmsgstr "b"\nmsgid "c"\n', "line 3: not PO"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[2] "d"\n', "no plural form of this file"),
        (r'msgid "a"' + "\n" + r'msgstr "\q"' + "\n", "escape"),
        (
            'msgid ""\nmsgstr "Plural-Forms: plural=f(1)\\n"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n',
            "Plural-Forms",
        ),
        ('domain "x"\nmsgid "a"\nmsgstr "b"\n', "line 1: not PO"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_its_line(data: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5, unique_by=lambda pair: pair[0]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_text_reads_back(pairs: list[tuple[str, str]], newline: str) -> None:
    empty = catalogs.open(
        "x.po", f'msgid ""{newline}msgstr "Content-Type: text/plain; charset=UTF-8\\n"{newline}'.encode()
    )
    data = catalogs.write(empty, [Add((key,), text) for key, text in pairs])
    read_back = catalogs.open("x.po", data)
    assert {unit.source: unit.text for unit in read_back.units} == dict(pairs)
    shorter = catalogs.write(read_back, [Remove(read_back.units[0])])
    assert len(catalogs.open("x.po", shorter).units) == len(pairs) - 1
