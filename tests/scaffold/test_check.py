"""A test is told from what the runner reports, also where its title has places for cases, or is computed."""

from __future__ import annotations

import pytest

from hunkworks.scaffold.bodies import Test
from hunkworks.scaffold.check import cases_of, is_of
from hunkworks.scaffold.live import Live
from hunkworks.scaffold.reports import Case

CASES = [
    Case("adds 1 to 2", "passed", groups=("sum",)),
    Case("adds 2 to 2", "failed", groups=("sum",)),
    Case("plain", "skipped", groups=("sum",)),
    Case("plain", "passed", groups=("other",)),
    Case("a (b)", "passed"),
    Case('{"a":1}', "passed", groups=("each",)),
    Case("said", "failed", groups=("each",)),
]


@pytest.mark.parametrize(
    ("groups", "name", "expected"),
    [
        (("sum",), "plain", ["skipped"]),
        (("other",), "plain", ["passed"]),
        (("inherited",), "plain", ["skipped", "passed"]),
        (("sum",), "adds %i to %i", ["passed", "failed"]),
        (("sum",), "adds $a to $b", ["passed", "failed"]),
        (("",), "adds 1 to ${b}", ["passed"]),
        ((), "a (b)", ["passed"]),
        ((), "adds", []),
        ((), "%s is not there", []),
        (("each",), "", ["passed"]),
    ],
)
def test_cases_of_a_test(groups: tuple[str, ...], name: str, expected: list[str]) -> None:
    test = Test(name, 1, groups, "", Live("", ""))
    titles = frozenset({(("each",), "said")})
    assert [each.status for each in cases_of(test, CASES, titles)] == expected


@pytest.mark.parametrize(
    ("said", "file", "package", "expected"),
    [
        ("", "test_a.py", ".", True),
        ("tests/test_a.py", "tests/test_a.py", ".", True),
        ("test_a.py", "sub/test_a.py", "sub", True),
        ("tests/other/test_a.py", "tests/test_a.py", ".", False),
        ("/home/me/repo/test/a.test.ts", "test/a.test.ts", ".", True),
        ("tests\\test_a.py", "tests/test_a.py", ".", True),
        ("example.com/m/inner", "inner/a_test.go", ".", True),
        ("example.com/m/other", "inner/a_test.go", ".", False),
        ("example.com/m/inner", "mod/inner/a_test.go", "mod", True),
    ],
)
def test_which_file_a_case_is_of(said: str, file: str, package: str, expected: bool) -> None:
    assert is_of(Case("a", "passed", file=said), file, package) is expected
