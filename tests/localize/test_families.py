"""Catalogs that belong together are found by the conventions of their platforms, and narrowed by configuration."""

from __future__ import annotations

import pytest

from hunkworks.config import Localizing
from hunkworks.localize.families import discover


@pytest.mark.parametrize(
    ("source", "target", "locale"),
    [
        ("app/en.lproj/Localizable.strings", "app/pt-BR.lproj/Localizable.strings", "pt-BR"),
        ("app/Base.lproj/Main.strings", "app/de.lproj/Main.strings", "de"),
        ("app/en.lproj/Localizable.stringsdict", "app/German.lproj/Localizable.stringsdict", "de"),
        ("app/res/values/strings.xml", "app/res/values-pt-rBR/strings.xml", "pt-BR"),
        ("app/res/values/strings.xml", "app/res/values-b+sr+Latn/strings.xml", "sr-Latn"),
        ("app/res/values/strings.xml", "app/res/values-iw/strings.xml", "he"),
        ("web/locales/en.json", "web/locales/de.json", "de"),
        ("web/locales/en-US.json", "web/locales/zh-Hant-TW.json", "zh-Hant-TW"),
        ("public/locales/en/common.json", "public/locales/fr/common.json", "fr"),
        ("ext/_locales/en/messages.json", "ext/_locales/pt_BR/messages.json", "pt-BR"),
        ("lib/l10n/app_en.arb", "lib/l10n/app_zh_Hant.arb", "zh-Hant"),
        ("config/locales/en.yml", "config/locales/de.yml", "de"),
        ("translations/messages.en.yaml", "translations/messages.de.yaml", "de"),
        ("src/Messages.properties", "src/Messages_pt_BR.properties", "pt-BR"),
        ("locale/django.pot", "locale/de/LC_MESSAGES/django.po", "de"),
        ("locale/en/LC_MESSAGES/django.po", "locale/de/LC_MESSAGES/django.po", "de"),
        ("po/app.pot", "po/de.po", "de"),
        ("babel/admin.pot", "x/translations/de/LC_MESSAGES/admin.po", "de"),
        ("src/locale/messages.xlf", "src/locale/messages.fr.xlf", "fr"),
        ("translations/messages.en.xlf", "translations/messages.fr.xlf", "fr"),
    ],
)
def test_a_source_and_a_translation_are_one_family(source: str, target: str, locale: str) -> None:
    found = discover([source, target, "README.md"], Localizing())
    (family,) = found.families
    assert (family.source, family.targets) == (source, {locale: target})
    assert found.left_out == ()
    assert found.of(target) is family


def test_a_string_catalog_is_a_family_of_its_own() -> None:
    (family,) = discover(["App/Localizable.xcstrings"], Localizing()).families
    assert family.shared
    assert family.source == "App/Localizable.xcstrings"


def test_po_files_without_a_template_hold_their_own_source() -> None:
    (family,) = discover(["locale/de/LC_MESSAGES/a.po", "locale/fr/LC_MESSAGES/a.po"], Localizing()).families
    assert family.source == ""
    assert sorted(family.targets) == ["de", "fr"]


def test_folders_for_night_and_landscape_are_no_locales() -> None:
    paths = ["res/values/strings.xml", "res/values-night/strings.xml", "res/values-de-land/strings.xml"]
    found = discover(paths, Localizing())
    assert found.families == ()
    assert len(found.left_out) == 3


def test_what_is_left_out_says_why() -> None:
    paths = ["locales/de.json", "tests/locales/en.json", "tests/locales/de.json", "a/en.json", "a/de.json"]
    found = discover(paths, Localizing(exclude=("a/**",)))
    assert {item.path: item.why for item in found.left_out} == {
        "locales/de.json": "no en beside it as locales/en.json",
        "tests/locales/en.json": "in a test",
        "tests/locales/de.json": "in a test",
        "a/en.json": "localize.exclude names it",
        "a/de.json": "localize.exclude names it",
    }


def test_configuration_chooses_source_and_locales() -> None:
    paths = ["l10n/en.json", "l10n/de.json", "l10n/fr.json"]
    (family,) = discover(paths, Localizing(source="de", locales=("fr",))).families
    assert (family.source, family.targets) == ("l10n/de.json", {"fr": "l10n/fr.json"})


def test_include_takes_in_what_is_usually_left_out() -> None:
    paths = ["tests/locales/en.json", "tests/locales/de.json", "other/locales/en.json"]
    (family,) = discover(paths, Localizing(include=("tests/**",))).families
    assert family.source == "tests/locales/en.json"
