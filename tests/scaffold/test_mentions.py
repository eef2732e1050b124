"""What in a document is code, and what is prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.scaffold.mentions import pieces, stretches


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


def test_a_block_of_code_is_one_stretch() -> None:
    found = list(stretches("Call `a`:\n\n```python\nload(\n\n    key=1,\n)\n```\n\n`b`\n"))
    assert [(each.line, each.text) for each in found if each.code] == [
        (1, "a"),
        (4, "load(\n\n    key=1,\n)"),
        (10, "b"),
    ]


@pytest.mark.parametrize("text", [":func:`load`", ".. autofunction:: load", "::: app.load"])
def test_what_a_generator_takes_for_a_symbol(text: str) -> None:
    assert [each.role for each in pieces(text) if each.code] == [True]
