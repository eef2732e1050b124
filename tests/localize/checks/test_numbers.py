"""CLDR decides which forms a locale needs, and which of them may leave the number out."""

from __future__ import annotations

import pytest

from hunkworks.localize.checks.numbers import one_number, ordinal_forms, required_forms


@pytest.mark.parametrize(
    ("locale", "forms"),
    [
        ("de", "one other"),
        ("fr", "one other"),
        ("pt_BR", "one other"),
        ("pl", "one few many other"),
        ("cs", "one few other"),
        ("ar", "zero one two few many other"),
        ("ja", "other"),
        ("xx", "other"),
        ("zh-Hant-TW", "other"),
    ],
)
def test_forms_that_a_locale_needs(locale: str, forms: str) -> None:
    assert required_forms(locale) == tuple(forms.split())


@pytest.mark.parametrize(
    ("form", "locale", "alone"),
    [
        ("one", "de", True),
        ("one", "fr", True),
        ("one", "ru", False),
        ("one", "lt", False),
        ("one", "sl", False),
        ("two", "ar", True),
        ("two", "sl", False),
        ("zero", "de", True),
        ("zero", "lv", False),
        ("few", "pl", False),
        ("many", "cs", False),
        ("many", "fr", False),
        ("other", "ja", False),
        ("one", "xx", True),
        ("few", "xx", False),
        ("form-2", "de", False),
    ],
)
def test_forms_that_stand_for_one_number(form: str, locale: str, *, alone: bool) -> None:
    assert one_number(form, locale) is alone


def test_ordinals_have_rules_of_their_own() -> None:
    assert ordinal_forms("en") == ("one", "two", "few", "other")
    assert ordinal_forms("de") == ("other",)
