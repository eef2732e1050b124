"""Globs mean what ast-grep's mean."""

from __future__ import annotations

import pytest

from hunkworks.rules.globs import translate


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("**/cli/**", "cli/main.py", True),
        ("**/cli/**", "src/cli/deep/main.py", True),
        ("**/cli/**", "src/client/main.py", False),
        ("*.py", "main.py", True),
        ("*.py", "src/main.py", False),
        ("**/*.py", "main.py", True),
        ("**/*_{spec,test}.rb", "a/b_test.rb", True),
        ("**/*_{spec,test}.rb", "a/b_tests.rb", False),
        ("**/{*CLI,cli}/**", "MyCLI/a.swift", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a.c", "abc", False),
        ("x{", "x{", True),
        ("[a]+", "[a]+", True),
        ("**/*", "with\nbreak/x", True),
    ],
)
def test_translate(glob: str, path: str, fits: bool) -> None:
    assert bool(translate(glob).fullmatch(path)) is fits
