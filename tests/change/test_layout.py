"""Layout is no change, and everything else is."""

from __future__ import annotations

import pytest

from hunkworks.change.declarations.layout import without_layout

SAME = [
    ("f(a, b)", "f(\n    a,\n    b,\n)"),
    ("x = 1\ny = 2", "x = 1\n\n\ny = 2"),
    ("x = 'a'", 'x = "a"'),
    ("x = 'it\\'s'", 'x = "it\'s"'),
    ("x = 'ab'", "x = ('a'\n     'b')"),
    ("x = f'a{b}c'", 'x = f"a{b}" "c"'),
    ("return a + b", "return (\n    a\n    + b\n)"),
    ("if a and b:\n    c()", "if (\n    a\n    and b\n):\n    c()"),
    ("f(g, 'ab')", "f(\n    g,\n    (\n        'a'\n        'b'\n    ),\n)"),
    (": ...", ":\n    ..."),
    ("assert a, 'b'", "assert a, (\n    'b'\n)"),
    ("@a\n: ...", "@a\n:\n    ..."),
    ("x = a \\\n    + b", "x = a + b"),
]
OTHER = [
    ("x = (1,)", "x = (1)"),
    ("x = 'a b'", "x = 'ab'"),
    ("x = b'a'", "x = 'a'"),
    ("x = r'\\n'", "x = '\\n'"),
    ("if a:\n    b()\nc()", "if a:\n    b()\n    c()"),
    ("f((a, b))", "f(a, b)"),
    ("f(())", "f()"),
    ("x = a\n(b)", "x = a(b)"),
    ("x = [a]", "x = (a)"),
    ("x = (a + b) * c", "x = a + b * c"),
    ("x = not (a and b)", "x = not a and b"),
    ("x = await (a + b)", "x = await a + b"),
    ("assert x == (a or b)", "assert x == a or b"),
    ("assert x >= (a or b)", "assert x >= a or b"),
    ("if x in (a or b):\n    c", "if x in a or b:\n    c"),
    ("assert (a, 'b')", "assert a, 'b'"),
    ("'a'\n'b'", "'ab'"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_python_that_reads_the_same(one: str, other: str) -> None:
    assert without_layout(one, column=0) == without_layout(other, column=0)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_python_that_does_not(one: str, other: str) -> None:
    assert without_layout(one, column=0) != without_layout(other, column=0)


def test_elsewhere_line_ends_mean_nothing_and_strings_stay() -> None:
    assert without_layout("f(a,\n  b,\n)") == without_layout("f(a, b)")
    assert without_layout('f("a b")') != without_layout('f("a  b")')
    assert without_layout("x = `a\n  b`") != without_layout("x = `a\n b`")
