"""Every built-in rule does what its own examples say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks import paths
from hunkworks.rules.examples import prove
from hunkworks.rules.load import load_file

FILES = sorted(paths.pack("recipes").glob("*/*.yml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples_come_out_as_they_say(path: Path) -> None:
    assert list(prove(load_file(path))) == []


def test_there_are_rules_for_what_the_readme_promises() -> None:
    classes = {load_file(path).klass for path in FILES}
    assert {
        "secret",
        "merge-leftover",
        "hidden-text",
        "debug-leftover",
        "test-quality",
        "error-handling",
        "localization",
    } <= classes


def test_no_example_of_a_secret_stands_in_clear() -> None:
    """Secret scanners of forges read our files too: examples are written with escapes."""
    from hunkworks.privacy.secrets import find_secrets

    for path in FILES:
        found = find_secrets(path.read_text(encoding="utf-8"))
        assert not found, f"{path.name}: {[secret.kind for secret in found]}"
