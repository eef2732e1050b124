"""What in a document is code, and what is prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.scaffold.mentions import pieces
from hunkworks.scaffold.signatures import breaks_callers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call `load_it(x)` then ``save_it``.\n", ["load_it(x)", "save_it"]),
        ("See [the loader](api.md#load_it).\n", ["api.md#load_it"]),
        ("a\n```python\nload_it()\n```\nload_it\n", ["load_it()"]),
        ("~~~\n```\nload_it()\n~~~\nx\n", ["```", "load_it()"]),
        ("- item\n\n  ```sh\n  load_it\n  ```\n", ["  load_it"]),
        ("Like this::\n\n    load_it()\n\nload_it\n", ["", "    load_it()", ""]),
        (".. code-block:: python\n\n   load_it()\n\nx\n", ["", "   load_it()", ""]),
        (".. autofunction:: app.load_it\n", ["app.load_it"]),
        ("Use :func:`~app.load_it`.\n", ["~app.load_it"]),
        ("= Title\n\n----\nload_it()\n----\n", ["load_it()"]),
        ("Title\n-----\n\nload_it\n", []),
        ("plain load_it\n", []),
    ],
)
def test_code_in_a_document(text: str, code: list[str]) -> None:
    assert [piece.text for piece in pieces(text) if piece.code] == code


@given(st.text(alphabet="`~-:.[]() ab\n*=", max_size=80))
def test_every_line_is_read_once_and_in_order(text: str) -> None:
    found = list(pieces(text))
    assert [piece.line for piece in found] == sorted(piece.line for piece in found)
    assert all(1 <= piece.line <= text.count("\n") + 1 for piece in found)


@pytest.mark.parametrize(
    ("before", "after", "breaks"),
    [
        ("def f(a)", "def f(a, b=1)", False),
        ("def f(a)", "def f(a, b)", True),
        ("def f(a, b)", "def f(a)", True),
        ("def f(a, b)", "def f(b, a)", True),
        ("def f(a: int) -> int", "def f(a: str) -> str", False),
        ("def f(*args, **kw)", "def f(*args, asking=False, **kw)", False),
        ("def f(a, *, b=1)", "def f(a, *, c=2, b=1)", False),
        ("def f(a, *, b=1)", "def f(a, *, c=2)", True),
        ("func f(_ a: Int)", "func f(of a: Int)", True),
        ("func f(_ a: Int)", "func f(_ a: Int, b: Int = 1)", False),
        ("func (s *S) Get(k string) error", "func (s *S) Get(k string, more ...int) error", False),
        ("func (s *S) Get(k string) error", "func (t *S) Get(k int) error", True),
        ("f(a: number)", "f(a: number, b?: string)", False),
        ("class A", "final class A", True),
    ],
)
def test_what_breaks_a_call(before: str, after: str, breaks: bool) -> None:
    assert breaks_callers(before, after) is breaks
