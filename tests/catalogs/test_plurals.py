"""Plural forms: gettext's formulas named in CLDR's words, objects of categories recognised."""

from __future__ import annotations

import pytest

from hunkworks.catalogs.plurals import gettext_forms, in_order, integer_forms, is_plural
from hunkworks.errors import InputError

SLAVIC = "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"


@pytest.mark.parametrize(
    ("locale", "formula", "forms"),
    [
        ("en", "nplurals=2; plural=(n != 1);", ("one", "other")),
        ("fr", "nplurals=2; plural=(n > 1);", ("one", "other")),
        (
            "fr",
            "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
            ("one", "many", "other"),
        ),
        ("ja", "nplurals=1; plural=0;", ("other",)),
        ("ru", f"nplurals=3; plural=({SLAVIC});", ("one", "few", "many")),
        ("ru", f"nplurals=4; plural=({SLAVIC});", ("one", "few", "many", "other")),
        ("ru", "nplurals=2; plural=n != 1;", ("one", "other")),
        ("lv", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);", ("one", "other", "zero")),
        (
            "cs",
            "nplurals=4; plural=(n == 1) ? 0 : (n >= 2 && n <= 4) ? 1: (n % 1 != 0) ? 2 : 3;",
            ("one", "few", "many", "other"),
        ),
        (
            "he",
            "nplurals=4; plural=n==1 ? 0 : n==2 ? 1 : n>10 && n%10==0 ? 2 : 3;",
            ("one", "two", "many", "other"),
        ),
        ("tlh", "nplurals=2; plural=(n != 1);", ("one", "other")),
        ("", "", ("one", "other")),
        ("de", "nplurals=INTEGER; plural=EXPRESSION;", ("one", "other")),
    ],
)
def test_each_index_is_the_category_its_numbers_have(
    locale: str, formula: str, forms: tuple[str, ...]
) -> None:
    assert gettext_forms(formula, locale) == forms


def test_without_a_formula_as_many_forms_as_the_locale_has_are_its_forms() -> None:
    assert gettext_forms("", "sr", 3) == ("one", "few", "other")


@pytest.mark.parametrize(
    "formula",
    [
        "nplurals=2",
        "nplurals=2; plural=n/0;",
        "nplurals=2; plural=__import__('os');",
        "nplurals=1; plural=n;",
        "nplurals=99; plural=0;",
    ],
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(InputError, match=r"Plural-Forms"):
        gettext_forms(formula, "en")


def test_an_object_is_plural_where_all_names_are_categories_with_other() -> None:
    assert is_plural({"one": "a", "other": "b"})
    assert is_plural({"other": "%{count} 個"})
    assert is_plural({"other": "個"}, alone=True)
    assert not is_plural({"other": "Other"})
    assert not is_plural({"one": "a", "two": "b"})
    assert not is_plural({"male": "a", "other": "b"})


def test_categories_stand_in_cldrs_order() -> None:
    assert in_order(["other", "zero", "few"]) == ["zero", "few", "other"]
    assert integer_forms("pl") == ("one", "few", "many", "other")
    assert integer_forms("xx-unknown") == ()
    with pytest.raises(InputError, match=r"'some'"):
        in_order(["some"])
