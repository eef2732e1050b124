"""Locales as platforms spell them in paths."""

from __future__ import annotations

import pytest

from hunkworks.catalogs import locales


@pytest.mark.parametrize(
    ("path", "locale"),
    [
        ("res/values/strings.xml", ""),
        ("res/values-fr/strings.xml", "fr"),
        ("res/values-pt-rBR/strings.xml", "pt-BR"),
        ("res/values-iw/strings.xml", "he"),
        ("res/values-in/strings.xml", "id"),
        ("res/values-ji/strings.xml", "yi"),
        ("res/values-b+sr+Latn/strings.xml", "sr-Latn"),
        ("res/values-b+es+419/strings.xml", "es-419"),
        ("res/values-mcc310-mnc004-de/strings.xml", "de"),
        ("res/values-fil-night/strings.xml", "fil"),
        ("res\\values-de\\strings.xml", "de"),
        ("res/values-night/colors.xml", ""),
        ("res/values-car/strings.xml", ""),
        ("res/values-land/strings.xml", ""),
        ("res/values-sw600dp/dimens.xml", ""),
        ("res/values-v21/styles.xml", ""),
    ],
)
def test_android(path: str, locale: str) -> None:
    assert locales.of_android(path) == locale


@pytest.mark.parametrize(
    ("path", "locale"),
    [
        ("App/pt-BR.lproj/Localizable.strings", "pt-BR"),
        ("zh_CN.lproj/Localizable.strings", "zh-CN"),
        ("English.lproj/Localizable.strings", "en"),
        ("Base.lproj/Main.strings", ""),
        ("Localizable.strings", ""),
    ],
)
def test_apple(path: str, locale: str) -> None:
    assert locales.of_lproj(path) == locale
