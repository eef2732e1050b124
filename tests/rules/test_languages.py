"""Paths lead to languages, languages to folders, and ast-grep knows every one of them."""

from __future__ import annotations

import pytest

from hunkworks.rules import tree
from hunkworks.rules.languages import LANGUAGES, folder_of, language_of, sample_path


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("Sources/App.swift", "Swift"),
        ("build.gradle.kts", "Kotlin"),
        ("src/View.tsx", "Tsx"),
        ("src/View.jsx", "JavaScript"),
        ("src/index.d.ts", "TypeScript"),
        ("include/list.h", "Cpp"),
        ("main.c", "C"),
        ("fastlane/Fastfile", "Ruby"),
        ("Podfile", "Ruby"),
        ("UPPER.PY", "Python"),
        ("config.YML", "Yaml"),
        ("app/src/main/res/layout-land/screen.xml", "Html"),
        ("app/src/main/AndroidManifest.xml", "Html"),
        ("app/src/main/res/values/strings.xml", None),
        ("pom.xml", None),
        ("AppDelegate.m", None),
        ("Bridge.mm", None),
        ("Dockerfile", None),
        ("README.md", None),
        ("python", None),
        (".py/readme", None),
        ("", None),
    ],
)
def test_language_of(path: str, language: str | None) -> None:
    assert language_of(path) == language


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_ast_grep_knows_every_language_that_we_name(language: str) -> None:
    """It panics past ``except Exception`` on others."""
    assert tree.parse("", language).range().start.line == 0
    assert language_of(sample_path(language)) == language
    assert folder_of(language) == folder_of(language).lower()
