"""The converted rules: all read, all compile, and trying them near their keywords loses nothing."""

from __future__ import annotations

import re
import warnings

import pytest

from hunkworks.privacy.rules import AFTER, BEFORE, entropy, lowered, rules
from tests.privacy.planting import secrets


def test_every_rule_compiles_and_has_keywords_that_can_occur() -> None:
    found = rules()
    assert len(found) > 350
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        for rule in found:
            for pattern in (rule.pattern, *rule.allowed, *rule.demanded):
                re.compile(pattern, re.ASCII)
            assert rule.keywords, rule.kind
            assert all(keyword == keyword.lower() for keyword in rule.keywords)


@pytest.mark.parametrize("kind", secrets(0))
def test_a_rule_finds_in_a_window_what_it_finds_in_the_whole(kind: str) -> None:
    value = secrets(4)[kind]
    text = "x = 1\n" * 400 + f"value({value})\n" + "y = 2\n" * 400
    start = text.index(value)
    for rule in rules():
        if rule.kind == kind:
            whole = list(rule.matches(text, 0, len(text)))
            assert whole == list(rule.matches(text, start - BEFORE, start + AFTER))


def test_lower_case_keeps_every_character_at_its_place() -> None:
    text = "İSTANBUL \udcff Key"
    assert len(lowered(text)) == len(text)
    assert lowered(text).endswith("? key")


def test_entropy_counts_bits() -> None:
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
