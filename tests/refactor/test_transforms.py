"""A transformed text is indented like the one it is made of, wherever its match stands."""

from __future__ import annotations

import pytest

from tests.refactor.sample import buckets, recipe, run

PYTHON = "rule: {kind: call, has: {kind: argument_list, pattern: $A}, regex: ^g}\n"
PYTHON += "transform: {NEW: {replace: {source: $A, replace: 'b,', by: 'c,  # x'}}}\n"
CALL = "def f():\n    if a:\n        x = g(\n            (p,),\n            b,\n        )\n"
CHANGED = "def f():\n    if a:\n        x = used(\n            (p,),\n            c,  # x\n        )\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("depth", ["", "    ", "\t"])
def test_by_a_fix(end: str, depth: str) -> None:
    text, expected = (one.replace("\n", end).replace("    ", depth or "    ") for one in (CALL, CHANGED))
    assert run(recipe(PYTHON + "fix: used$NEW\n"), text).after.decode() == expected


def test_by_an_edit_of_the_variable() -> None:
    done = run(recipe(PYTHON, "edit: [{use: replace, of: A, text: $NEW}]"), CALL)
    assert done.after.decode() == CHANGED.replace("used", "g")


def test_where_the_text_begins_deeper_than_the_match() -> None:
    body = "rule: {pattern: 'val $V = $CALL'}\nfix: 'var $V = $NEW'\n"
    body += "transform: {NEW: {replace: {source: $CALL, replace: '^old', by: new}}}\n"
    text = "fun f() {\n    val x =\n        old(\n            1,\n        )\n}\n"
    done = run(recipe(body, language="Kotlin"), text)
    assert done.after.decode() == text.replace("val", "var").replace("old", "new")
    plain = run(recipe(body.replace("$NEW'", "$CALL'"), language="Kotlin"), text)
    assert plain.after.decode() == text.replace("val", "var")


def test_where_it_moves_to_the_line_of_the_match() -> None:
    body = "rule: {pattern: 'val $V = $CALL'}\nfix: 'run($NEW)'\n"
    body += "transform: {NEW: {replace: {source: $CALL, replace: '^old', by: new}}}\n"
    text = "fun f() {\n    val x =\n        old(\n            1,\n        )\n}\n"
    done = run(recipe(body, language="Kotlin"), text)
    assert done.after.decode() == "fun f() {\n    run(new(\n        1,\n    ))\n}\n"


def test_through_another_transform() -> None:
    body = PYTHON.replace("NEW", "FIRST").replace("}}}\n", "}}, NEW: 'replace($FIRST, replace=p, by=q)'}\n")
    done = run(recipe(body + "fix: used$NEW\n"), CALL)
    assert done.after.decode() == CHANGED.replace("(p,)", "(q,)")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_that_a_transform_adds_is_indented_too(end: str) -> None:
    body = "rule: {pattern: f($A)}\nfix: g($NEW)\n"
    body += 'transform: {NEW: {replace: {source: $A, replace: "x", by: "x,\\n    y"}}}\n'
    done = run(recipe(body), "if a:\n    f(x)\n    f(2)\n".replace("\n", end))
    assert done.after.decode() == "if a:\n    g(x,\n        y)\n    g(2)\n".replace("\n", end)


def test_a_line_that_a_transform_joins_again_leaves_nothing_behind() -> None:
    body = "rule: {pattern: f($A)}\nfix: g($NEW)\n"
    body += 'transform: {B: {replace: {source: $A, replace: "x", by: "x,\\n    y"}}, '
    body += "NEW: {replace: {source: $B, replace: '\\r?\\n', by: ''}}}\n"
    assert run(recipe(body), "if a:\n    f(x)\n").after == b"if a:\n    g(x,    y)\n"


def test_a_string_over_several_lines_is_not_shifted() -> None:
    text = 'if a:\n    x = g(\n        p,\n        b,\n        """\n  1\n\n""")\n'
    done = run(recipe(PYTHON + "fix: used$NEW\n"), text)
    assert done.after.decode() == text.replace("g(", "used(").replace("b,", "c,  # x")
    body = "rule: {pattern: f($A)}\nfix: |-\n  g(\n    $NEW\n  )\n"
    body += "transform: {NEW: {replace: {source: $A, replace: x, by: y}}}\n"
    done = run(recipe(body), 'if a:\n    f(h(x, """\n      1\n    """))\n')
    assert buckets(done) == ["residue"]
    assert done.outcomes[0].why == "a string over several lines would be shifted"


def test_text_put_directly_before_it() -> None:
    body = "rule: {pattern: await $A}\nfix: q.$NEW\n"
    body += "transform: {NEW: {replace: {source: $A, replace: '^f', by: g}}}\n"
    done = run(recipe(body), "if a:\n    await f(\n        1,\n    )\n")
    assert done.after == b"if a:\n    q.g(\n        1,\n    )\n"
    body = "rule: {pattern: $A.b}\nfix: q.$NEW.c\n"
    body += "transform: {NEW: {replace: {source: $A, replace: '^f', by: g}}}\n"
    done = run(recipe(body), "if a:\n    f(\n        1,\n    ).b\n")
    assert done.after == b"if a:\n    q.g(\n        1,\n    ).c\n"
