"""What is added to a list stands like what is there: on its line, with its comma, behind its comment."""

from __future__ import annotations

import pytest

from tests.refactor.sample import buckets, recipe, run

OPEN = """\
rule:
  kind: call
  has: {field: arguments, pattern: $ARGS}
  all: [{has: {field: function, regex: ^open$}}, {not: {regex: encoding}}]
"""


def opened(at: str) -> str:
    return f"edit: [{{use: insert, at: {at}, of: ARGS, text: 'encoding=\"u\"'}}]"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("open(p)", 'open(p, encoding="u")'),
        ("open()", 'open(encoding="u")'),
        ("open(p,)", 'open(p, encoding="u",)'),
        ("open(p, **kw)", 'open(p, **kw, encoding="u")'),
        ("open(\n        p,\n    )", 'open(\n        p,\n        encoding="u",\n    )'),
        ("open(\n        p,  # a\n    )", 'open(\n        p,  # a\n        encoding="u",\n    )'),
        ("open(\n        p  # a\n    )", 'open(\n        p,  # a\n        encoding="u"\n    )'),
        ("open(\n        p\n    )", 'open(\n        p,\n        encoding="u"\n    )'),
        ("open(p,\n         'r')", "open(p,\n         'r',\n         encoding=\"u\")"),
        ("open(\n        p, 'r'\n    )", "open(\n        p, 'r', encoding=\"u\"\n    )"),
        ("open(q(\n        p,\n    ))", 'open(q(\n        p,\n    ), encoding="u")'),
    ],
)
def test_last(before: str, after: str, end: str) -> None:
    text, expected = (f"if a:\n    x = {one}\n".replace("\n", end) for one in (before, after))
    assert run(recipe(OPEN, opened("last")), text).after.decode() == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("open(a=1)", 'open(encoding="u", a=1)'),
        ("open(\n        a=1,\n    )", 'open(\n        encoding="u",\n        a=1,\n    )'),
    ],
)
def test_first(before: str, after: str) -> None:
    done = run(recipe(OPEN, opened("first")), f"if a:\n    x = {before}\n")
    assert done.after.decode() == f"if a:\n    x = {after}\n"


def test_in_another_language_and_from_what_was_captured() -> None:
    body = "rule: {kind: call_expression, all: [{has: {field: arguments, pattern: $ARGS}}, "
    body += "{has: {field: function, pattern: $F, regex: ^f$}}, {not: {regex: '\"f\"'}}]}\n"
    edit = "edit: [{use: insert, at: last, of: ARGS, text: '\"$F\"'}]"
    text = "package p\n\nfunc g() {\n\tf(\n\t\t1,\n\t)\n\tf(1,\n\t\t2)\n}\n"
    done = run(recipe(body, edit, language="Go"), text)
    assert done.after.decode() == text.replace("1,\n\t)", '1,\n\t\t"f",\n\t)').replace("2)", '2,\n\t\t"f")')


def test_what_is_no_list_is_left_to_a_judge() -> None:
    done = run(recipe(OPEN, opened("last")), "open(x for x in y)\nopen(  # why\n)\n")
    assert buckets(done) == ["residue", "residue"]
    assert done.outcomes[1].why == "it holds a comment and no element"
