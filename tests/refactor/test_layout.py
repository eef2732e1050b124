"""A rewrite keeps the lines of the code that it finds: nobody writes a template for every way to wrap a call."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks.refactor.layout import kept
from tests.refactor.sample import recipe, run


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_chain_with_one_call_a_line_stays_one(end: str) -> None:
    chain = "List {\n    row\n}\n    .padding()\n    .{}(title)\n    .bold()\n".replace("\n", end)
    rule = recipe(
        "rule: {pattern: $X.navigationBarTitle($A)}\nfix: $X.navigationTitle($A)\n", language="Swift"
    )
    done = run(rule, chain.replace("{}", "navigationBarTitle"))
    assert done.after.decode() == chain.replace("{}", "navigationTitle")


def test_arguments_on_lines_of_their_own_stay_there() -> None:
    rule = recipe("rule: {pattern: 'assertEquals($A, $B)'}\nfix: 'assertSame($A, $B)'\n", language="Java")
    text = "class T {\n  void f() {\n    assertEquals(\n        one(),\n        two(1, 2));\n  }\n}\n"
    assert run(rule, text).after.decode() == text.replace("Equals", "Same")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "arguments",
    [
        "(\n            1,\n            h(\n                2,\n            ),\n        )",
        "(1,\n            2)",
    ],
)
def test_a_list_of_arguments_keeps_its_lines_and_its_last_comma(arguments: str, end: str) -> None:
    text = f"if a:\n    if b:\n        f{arguments}\n".replace("\n", end)
    done = run(recipe("rule: {pattern: f($$$A)}\nfix: g.h($$$A)\n"), text)
    assert done.after.decode() == text.replace("f(", "g.h(", 1)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_left_of_a_list_keeps_its_lines(end: str) -> None:
    text = "if a:\n    f(\n        0,\n        1,\n        2,\n    )\n".replace("\n", end)
    done = run(recipe("rule: {pattern: 'f(0, $$$A)'}\nfix: g($$$A)\n"), text)
    assert done.after.decode() == text.replace("f(", "g(", 1).replace(f"        0,{end}", "")


def test_an_argument_of_several_lines_leaves_the_others_on_theirs() -> None:
    rule = recipe("rule: {pattern: 'f($A, $B)'}\nfix: 'g($A, $B)'\n")
    text = "if a:\n    f(\n        1,\n        h(\n            2,\n        ),\n    )\n"
    # Not every language takes a line break there without the comma, which the template does not have.
    assert run(rule, text).after.decode() == text.replace("f(\n", "g(\n").replace("),\n    )", "))")


def test_a_line_break_goes_with_the_parenthesis_that_allowed_it() -> None:
    rule = recipe("rule: {pattern: print($A)}\nfix: assert $A\n")
    assert run(rule, "print(\n    a.b)\n").after == b"assert a.b\n"


def test_a_template_that_joins_lines_and_does_nothing_else_joins_them() -> None:
    rule = recipe("rule: {pattern: 'f($A, $B)', regex: '\\s{2}'}\nfix: f($A, $B)\n")
    assert run(rule, "f(\n  1,\n  2)\n").after == b"f(1, 2)\n"


def test_a_template_of_several_lines_is_written_as_it_stands() -> None:
    rule = recipe("rule: {pattern: 'f($A, $B)'}\nfix: |-\n  g($A,\n    $B)\n")
    assert run(rule, "f(\n  1,\n  2)\n").after == b"g(1,\n  2)\n"


@given(st.text("ab.( \n", max_size=9), st.text("ab.( ", max_size=9))
def test_only_space_is_added_and_only_what_stood_there(old: str, new: str) -> None:
    made = kept(old, new)
    assert "".join(made.split()) == "".join(new.split())
    assert made.count("\n") <= old.count("\n")
