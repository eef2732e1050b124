"""Frameworks of tests: how a file shows which one it uses, and what the project says where no file does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Framework(StrEnum):
    """Frameworks that stubs are written for."""

    PYTEST = "pytest"
    UNITTEST = "unittest"
    VITEST = "vitest"
    JEST = "jest"
    MOCHA = "mocha"
    NODE = "node:test"
    BUN = "bun"
    GO = "go test"
    GINKGO = "Ginkgo"
    JUNIT4 = "JUnit 4"
    JUNIT5 = "JUnit 5"
    TESTNG = "TestNG"
    KOTLIN_TEST = "kotlin.test"
    KOTEST = "Kotest"
    XCTEST = "XCTest"
    SWIFT_TESTING = "Swift Testing"


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a test file shows; ``framework`` is None for one that stubs are not written for."""

    pattern: re.Pattern[str]
    framework: Framework | None
    name: str = ""


def _sign(pattern: str, framework: Framework | None, name: str = "") -> _Sign:
    return _Sign(re.compile(pattern, re.MULTILINE), framework, name or str(framework))


_JAVASCRIPT = (
    _sign(r"""from\s+['"]vitest['"]""", Framework.VITEST),
    _sign(r"""['"]@jest/globals['"]|\bjest\.(?:fn|mock|spyOn)\b""", Framework.JEST),
    _sign(r"""['"]node:test['"]""", Framework.NODE),
    _sign(r"""['"]bun:test['"]""", Framework.BUN),
    *(
        _sign(rf"""from\s+['"]{name}['"]|\brequire\(['"]{name}['"]\)""", None, name)
        for name in ("ava", "tape", "tap", "uvu", "@playwright/test")
    ),
    _sign(r"\bcy\.\w+\(", None, "Cypress"),
    _sign(r"""['"](?:mocha|chai)['"]""", Framework.MOCHA),
)  # fmt: skip
_SIGNS: Mapping[str, tuple[_Sign, ...]] = MappingProxyType(
    {
        "python": (
            _sign(r"^\s*(?:import pytest\b|from pytest import|@pytest\.)", Framework.PYTEST),
            _sign(r"\bunittest\.TestCase\b|\bTestCase\)", Framework.UNITTEST),
            _sign(r"^(?:async )?def test_|^class Test\w*:|^class Test\w*\(\):", Framework.PYTEST),
        ),
        "typescript": _JAVASCRIPT,
        "tsx": _JAVASCRIPT,
        "go": (
            _sign(r'"github\.com/onsi/ginkgo(?:/v\d+)?"', Framework.GINKGO),
            _sign(r'"testing"', Framework.GO),
        ),
        "java": (
            _sign(r"org\.testng\.annotations\b", Framework.TESTNG),
            _sign(r"org\.junit\.jupiter\.", Framework.JUNIT5),
            _sign(r"\borg\.junit\.", Framework.JUNIT4),
        ),
        "kotlin": (
            _sign(r"\bio\.kotest\.core\.spec\.", Framework.KOTEST),
            _sign(r"org\.testng\.annotations\b", Framework.TESTNG),
            _sign(r"org\.junit\.jupiter\.", Framework.JUNIT5),
            _sign(r"\borg\.junit\.Test\b|\borg\.junit\.\*", Framework.JUNIT4),
            _sign(r"\bkotlin\.test\.", Framework.KOTLIN_TEST),
        ),
        "swift": (
            _sign(r"^\s*import Testing\b", Framework.SWIFT_TESTING),
            _sign(r"\bimport Quick\b", None, "Quick"),
            _sign(r"\bXCTestCase\b", Framework.XCTEST),
        ),
    }
)
_SCRIPTS = (
    ("vitest", Framework.VITEST), ("jest", Framework.JEST), ("react-scripts test", Framework.JEST),
    ("mocha", Framework.MOCHA), ("bun test", Framework.BUN), ("node --test", Framework.NODE),
)  # fmt: skip


def sniff(language: str, text: str) -> tuple[Framework | None, str]:
    """Return the framework that a test file shows and its name; None where it shows none that is known."""
    for sign in _SIGNS.get(language, ()):
        if sign.pattern.search(text):
            return sign.framework, sign.name
    return None, ""


def prevailing(language: str, texts: Iterable[str]) -> Framework | None:
    """Return the framework that most of the test files show."""
    counts = Counter(found for found, _ in (sniff(language, text) for text in texts) if found)
    return counts.most_common(1)[0][0] if counts else None


def of_package(package_json: str) -> Framework | None:
    """Return the framework that a ``package.json`` names: files that use globals do not show it."""
    for word, framework in _SCRIPTS:
        if re.search(rf"""["'\s]{re.escape(word)}["'\s@]""", package_json):
            return framework
    return None
