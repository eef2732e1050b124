"""Rails' and Symfony's YAML: one text changes in its own style; a YAML 1.1 reader sees what was planned."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, Unit
from hunkworks.catalogs.source import Source
from hunkworks.catalogs.yamlscalar import Scalar
from hunkworks.catalogs.yamltext import Mapping, Node, scan
from hunkworks.errors import InputError

PATH = "config/locales/ru.yml"
FILE = """\
# Licence.
---
ru:
  # Above the title.
  title: Привет   # behind
  no: "да"
  quoted: 'it''s'
  tagged: ! '%{x}'
  count:
    one: "%{count} файл"
    few: "%{count} файла"
    many: "%{count} файлов"
    other: "%{count} файла"

  date:
    order: [ :day, :month ]
    names:
    -
    - Янв
    - Фев
    precision: 2
    on: yes
  body_html: |
    Первая

    вторая
  folded: >-
    раз
    два
  nested:
    only: one
"""


def read(data: str = FILE, path: str = PATH) -> Catalog:
    return catalogs.open(path, data.encode())


def unit(*key: str, part: tuple[str, ...] = (), data: str = FILE) -> Unit:
    return next(unit for unit in read(data).units if (unit.key, unit.part) == (key, part))


def load(text: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 1)
    reader.allow_duplicate_keys = True
    return reader.load(text)


def write(*edits: catalogs.CatalogEdit, data: str = FILE, path: str = PATH) -> str:
    after = catalogs.write(read(data, path), edits).decode()
    load(after)
    return after


def test_units_are_texts_without_the_locale_numbers_flags_and_null() -> None:
    found = {(*u.key, *u.part): u.forms or u.text for u in read().units}
    assert found == {
        ("title",): "Привет",
        ("no",): "да",
        ("quoted",): "it's",
        ("tagged",): "%{x}",
        ("count",): {
            "one": "%{count} файл",
            "few": "%{count} файла",
            "many": "%{count} файлов",
            "other": "%{count} файла",
        },
        ("date", "order", "0"): ":day",
        ("date", "order", "1"): ":month",
        ("date", "names", "1"): "Янв",
        ("date", "names", "2"): "Фев",
        ("body_html",): "Первая\n\nвторая\n",
        ("folded",): "раз два",
        ("nested", "only"): "one",
    }
    title = unit("title")
    assert (title.comment, title.syntax.value, read().locale) == ("Above the title.", "ruby", "ru")
    assert not unit("date", "order", part=("0",)).translatable
    assert unit("body_html").attributes["html"] == "true"


@pytest.mark.parametrize(
    ("key", "text", "old", "new"),
    [
        ("title", "Пока", "Привет ", "Пока "),
        ("title", "no", "Привет ", '"no" '),
        ("title", "a: b", "Привет ", '"a: b" '),
        ("title", "12", "Привет ", '"12" '),
        ("title", ":sym", "Привет ", '":sym" '),
        ("no", 'a"\t\\', '"да"', '"a\\"\\t\\\\"'),
        ("quoted", "he's", "'it''s'", "'he''s'"),
        ("quoted", "a\nb", "'it''s'", '"a\\nb"'),
        ("tagged", "%{y}", "'%{x}'", "'%{y}'"),
        ("body_html", "x\n\ny", "|\n    Первая\n\n    вторая", "|-\n    x\n\n    y"),
        ("body_html", " x\ny\n", "|\n    Первая\n\n    вторая", '" x\\ny\\n"'),
        ("folded", "a\nb", "раз\n    два", "a\n\n    b"),
    ],
)
def test_a_text_keeps_its_style_where_that_can_hold_it(key: str, text: str, old: str, new: str) -> None:
    assert write(Set(unit(key), text)) == FILE.replace(old, new, 1)


def test_the_same_text_changes_nothing() -> None:
    assert write(*(Set(u, u.forms or u.text) for u in read().units if u.translatable)) == FILE


def test_plural_forms_come_and_go_in_their_order() -> None:
    count = unit("count")
    two = {"one": count.forms["one"], "other": count.forms["other"]}
    fewer = FILE.replace('    few: "%{count} файла"\n    many: "%{count} файлов"\n', "")
    assert write(Set(count, two)) == fewer
    assert write(Set(unit("count", data=fewer), count.forms), data=fewer) == FILE
    assert write(Remove(count)) == FILE.replace(FILE[FILE.index("  count") : FILE.index("\n  date")], "")


def test_entries_come_where_their_siblings_are() -> None:
    assert write(Add(("nested", "sub", "new"), "да", comment="x")) == FILE + "    sub:\n      new: да\n"
    after = unit("quoted")
    assert write(Add(("after",), "it's", after=after, comment="Why.")) == FILE.replace(
        "'it''s'\n", "'it''s'\n  # Why.\n  after: 'it''s'\n"
    )
    forms = {"one": "%{count}", "other": "много"}
    assert '  zoo:\n    one: "%{count}"\n    other: много\n' in write(
        Add(("zoo",), forms, after=unit("nested", "only"))
    )
    with pytest.raises(InputError, match=r"there already"):
        write(Add(("title",), "x"))
    with pytest.raises(InputError, match=r"no mapping"):
        write(Add(("title", "x"), "x"))


def test_sequences_grow_at_their_end_and_months_begin_with_null() -> None:
    assert write(Add(("date", "names"), "Мар", part=("3",))) == FILE.replace(
        "    - Фев\n", "    - Фев\n    - Мар\n"
    )
    months = [Add(("months",), name, part=(str(n),)) for n, name in enumerate(("a", "b"), 1)]
    assert load(write(*months))["ru"]["months"] == [None, "a", "b"]
    assert write(Remove(unit("date", "names", part=("2",)))) == FILE.replace("    - Фев\n", "")
    with pytest.raises(InputError, match=r"last items"):
        write(Remove(unit("date", "names", part=("1",))))
    with pytest.raises(InputError, match=r"symbol"):
        write(Set(unit("date", "order", part=("0",)), "x"))


def test_what_is_left_empty_goes_and_the_locale_stays() -> None:
    assert write(Remove(unit("nested", "only"))) == FILE.replace("  nested:\n    only: one\n", "")
    assert write(Remove(unit("title", data="ru:\n  title: x\n")), data="ru:\n  title: x\n") == "ru: {}\n"
    assert write(Add(("title",), "x"), data="ru: {}\n") == "ru:\n  title: x\n"
    assert write(Add(("title",), "x"), data="ru:\n") == "ru:\n  title: x\n"
    assert write(Remove(unit("title"))) == FILE.replace(
        "  # Above the title.\n  title: Привет   # behind\n", ""
    )


def test_symfony_has_no_locale_root_and_icu_where_its_name_says_so() -> None:
    catalog = read("no: 'x'\nto:\n  a: '%name%'\n", "translations/messages.en.yaml")
    assert [(u.key, u.syntax.value) for u in catalog.units] == [
        (("no",), "symfony"),
        (("to", "a"), "symfony"),
    ]
    assert catalog.locale == "en"
    assert read("a: '{n}'\n", "translations/messages+intl-icu.en.yaml").units[0].syntax.value == "icu"


def test_several_locales_in_one_file_are_told_apart() -> None:
    data = "en:\n  a: x\nde:\n  a: y\n"
    path = "config/locales/models.yml"
    assert [(u.key, u.locale) for u in read(data, path).units] == [(("a",), "en"), (("a",), "de")]
    assert write(Add(("b",), "z", locale="en"), data=data, path=path) == "en:\n  a: x\n  b: z\nde:\n  a: y\n"
    with pytest.raises(InputError, match=r"no locale 'fr'"):
        write(Add(("b",), "z", locale="fr"), data=data, path=path)


def test_duplicates_byte_order_mark_and_line_endings_stay() -> None:
    raw = "\ufeffde:\r\n  a: x\r\n  a: y".encode()
    catalog = catalogs.open("de.yml", raw)
    assert [(u.text, u.nth) for u in catalog.units] == [("x", 0), ("y", 1)]
    assert catalogs.write(catalog, [Set(catalog.units[1], "z")]) == raw[:-1] + b"z"
    assert catalogs.write(catalog, [Remove(catalog.units[1])]) == raw[: -len("\r\n  a: y")]
    assert catalogs.write(catalog, [Add(("b",), "m")]) == raw + b"\r\n  b: m"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("a: &x b\nc: *x\n", "line 1: an anchor"),
        ("a: *x\n", "line 1: an alias"),
        ("a:\n  <<: b\n", "line 2: a merge key"),
        ("a: !ruby/object x\n", "line 1: a tag"),
        ("a: {b: c}\n", "line 1: a flow mapping"),
        ("a: b\n---\nc: d\n", "line 2: a second document"),
        ("%YAML 1.1\n---\na: b\n", "line 1: a directive"),
        ("a: b: c\n", "line 1: a colon"),
        ("a:\n\tb: c\n", "line 2: a tab"),
        ("a:\n    b: c\n  d: e\n", "line 3: not indented"),
        ("a: 'b\n", "line 1: a quote"),
        ('a: "\\q"\n', "line 1: the escape"),
        ("- a\n", "a mapping of keys"),
        ("a: b\u2028c\n", "U\\+2028"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_its_line(data: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data, "translations/x.yaml")


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "  ", "    "]),
        st.sampled_from(["a: ", "b: ", "- ", "- a: ", "a:", "", "# "]),
        st.sampled_from(
            [
                "x",
                "x y",
                "no",
                "12",
                "'it''s'",
                '"a\\nb"',
                '"a',
                "|",
                ">-",
                "[a, b]",
                "x # c",
                "x: z",
                "~",
                "! z",
                "é",
                "",
            ]
        ),
    ).map("".join),
    max_size=8,
)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_what_is_read_is_what_another_reader_reads(lines: list[str], newline: str) -> None:
    data = newline.join(lines) + newline
    try:
        tree = scan(Source.decode(data.encode()))
    except InputError:
        return
    try:
        expected = load(data)
    except YAMLError:
        # ruamel.yaml refuses blank lines above a block scalar that are indented less than its text; YAML 1.2 §8.1.1.1
        # allows them, and PyYAML reads them.
        expected = yaml.safe_load(data)
    assert plain(tree) == plain_texts(expected)


def plain(node: Node | None) -> Any:
    if isinstance(node, Scalar) or node is None:
        return node.text if node and node.string else None
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in reversed([(e.name, e.node) for e in node.entries])}
    return [plain(item) for item in node.items]


def plain_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): plain_texts(child) for key, child in value.items()}
    if isinstance(value, list):
        return [plain_texts(child) for child in value]
    return value if isinstance(value, str) else None


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n:#'\" -"), max_size=12)


@given(st.dictionaries(TEXTS, TEXTS, min_size=1), TEXTS)
def test_any_text_reads_back(texts: dict[str, str], new: str) -> None:
    data = catalogs.write(read("ru:\n"), [Add((name,), text) for name, text in texts.items()])
    assert load(data.decode())["ru"] == texts
    catalog = catalogs.open(PATH, data)
    for found in catalog.units:
        if not found.plural:
            catalogs.write(catalog, [Set(found, new)])
            catalogs.write(catalog, [Remove(found)])


@given(TEXTS)
def test_every_style_holds_any_text_or_gives_way(text: str) -> None:
    catalog = read()
    # ruamel.yaml itself cannot read the text "!" behind a tag.
    found = [u for u in catalog.units if u.translatable and not u.plural and u.key != ("tagged",)]
    after = load(catalogs.write(catalog, [Set(u, text) for u in found]).decode())["ru"]
    assert (after["title"], after["body_html"], after["folded"], after["quoted"]) == (text,) * 4
