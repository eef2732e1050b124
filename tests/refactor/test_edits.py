"""Code edits take the file's own style, keep what they are not about, and say when they cannot decide."""

from __future__ import annotations

import pytest

from tests.refactor.sample import buckets, recipe, run

SWIFT = "rule: {kind: function_declaration, not: {regex: span}}\n"
FIRST = 'edit: [{use: insert, at: first, text: "let span = a()\\ndefer { span.end() }"}]'


def edited(rule: str, metadata: str, text: str, language: str) -> str:
    done = run(recipe(rule, metadata, language), text)
    assert set(buckets(done)) == {"applied"}, done.outcomes
    return done.after.decode()


@pytest.mark.parametrize("unit", ["  ", "    ", "\t"])
def test_inserted_lines_take_the_indentation_of_the_file(unit: str) -> None:
    text = f"class A {{\n{unit}func f() {{\n{unit}{unit}g()\n{unit}}}\n}}\n"
    expected = text.replace(
        f"{unit}{unit}g()", f"{unit}{unit}let span = a()\n{unit}{unit}defer {{ span.end() }}\n{unit}{unit}g()"
    )
    assert edited(SWIFT, FIRST, text, "Swift") == expected


@pytest.mark.parametrize(("body", "rest"), [("{}", ""), ("{ g() }", "    g()\n")])
def test_a_body_on_one_line_is_opened(body: str, rest: str) -> None:
    expected = f"func f() {{\n    let span = a()\n    defer {{ span.end() }}\n{rest}}}\n"
    assert edited(SWIFT, FIRST, f"func f() {body}\n", "Swift") == expected


def test_a_brace_at_the_end_of_a_longer_head_says_nothing_of_the_body() -> None:
    text = "class A {\n    func f(a: Int,\n           b: Int) {\n        g()\n    }\n}\n"
    expected = text.replace(
        "        g()", "        let span = a()\n        defer { span.end() }\n        g()"
    )
    assert edited(SWIFT, FIRST, text, "Swift") == expected
    wrapped = "edit: [{use: wrap, before: 'span {', after: '}'}]"
    expected = text.replace("        g()", "        span {\n            g()\n        }")
    assert edited(SWIFT, wrapped, text, "Swift") == expected


def test_a_closure_is_entered_behind_its_captures() -> None:
    rule = "rule: {kind: lambda_literal, not: {regex: trace}}\n"
    edit = "edit: [{use: insert, at: first, text: trace()}]"
    text = "run { [weak self] x in\n    go(x)\n}\n"
    assert edited(rule, edit, text, "Swift") == "run { [weak self] x in\n    trace()\n    go(x)\n}\n"


def test_the_last_place_of_a_body_and_the_places_around_a_statement() -> None:
    rule = "rule: {pattern: go(), not: {precedes: {regex: done}}}\n"
    for at, expected in (("before", "done()\n    go()"), ("after", "go()\n    done()")):
        edit = f"edit: [{{use: insert, at: {at}, text: done()}}]"
        if at == "after":
            assert edited(rule, edit, "if a {\n    go()\n}\n", "Swift") == f"if a {{\n    {expected}\n}}\n"
    rule = "rule: {kind: function_declaration, not: {regex: done}}\n"
    edit = "edit: [{use: insert, at: last, text: done()}]"
    assert edited(rule, edit, "func f() {\n  a()\n}\n", "Swift") == "func f() {\n  a()\n  done()\n}\n"


def test_python_bodies_keep_their_docstring_first() -> None:
    rule = "rule: {kind: function_definition, has: {field: body, pattern: $BODY}, not: {regex: trace}}\n"
    edit = "edit: [{use: insert, of: BODY, at: first, text: trace()}]"
    text = 'def f():\n    """Promise."""\n    return 1\n\n\ndef g():\n    return 2\n'
    expected = (
        'def f():\n    """Promise."""\n    trace()\n    return 1\n\n\ndef g():\n    trace()\n    return 2\n'
    )
    assert edited(rule, edit, text, "Python") == expected


def test_a_body_is_wrapped_one_level_deeper() -> None:
    rule = "rule: {kind: function_declaration, not: {regex: trace}}\n"
    edit = "edit: [{use: wrap, before: 'trace(\"x\") {', after: '}'}]"
    text = "fun f() {\n    a()\n\n    if (b) {\n        c()\n    }\n}\n"
    expected = (
        'fun f() {\n    trace("x") {\n        a()\n\n        if (b) {\n            c()\n        }\n    }\n}\n'
    )
    assert edited(rule, edit, text, "Kotlin") == expected


def test_a_string_over_several_lines_is_not_shifted() -> None:
    rule = "rule: {kind: function_declaration, not: {regex: trace}}\n"
    edit = "edit: [{use: wrap, before: 'trace {', after: '}'}]"
    done = run(recipe(rule, edit, "Kotlin"), 'fun f() {\n    a("""\n  x\n""")\n}\n')
    assert [(one.bucket.value, one.why) for one in done.outcomes] == [
        ("residue", "a string over several lines would be shifted")
    ]


def test_an_insertion_that_would_share_a_line_is_left_to_a_judge() -> None:
    rule = "rule: {pattern: go()}\n"
    done = run(recipe(rule, "edit: [{use: insert, at: before, text: a()}]", "Swift"), "if x { go() }\n")
    assert done.outcomes[0].why == "something else stands before it on its line"


def test_one_captured_variable_is_replaced_and_the_rest_stays_as_it_is() -> None:
    rule = "rule: {pattern: 'open($P, $MODE)'}\nconstraints: {MODE: {regex: ^.r.$}}\n"
    edit = "edit: [{use: replace, of: MODE, text: '\"rb\"'}]"
    assert edited(rule, edit, "open( p ,   'r')\n", "Python") == 'open( p ,   "rb")\n'


def test_an_unknown_edit_is_an_error_that_names_the_nearest() -> None:
    from hunkworks.errors import ConfigError

    with pytest.raises(ConfigError, match="did you mean insert"):
        run(recipe("rule: {pattern: f()}\n", "edit: [{use: insrt}]"), "f()\n")


def test_a_neighbour_is_taken_along_and_a_fix_of_nothing_takes_the_line() -> None:
    rule = "rule: {pattern: {context: f(debug=$A), selector: keyword_argument}}\n"
    rule += "fix: {template: '', expandEnd: {regex: ','}}\n"
    assert edited(rule, "", "f(debug=1, a=2)\n", "Python") == "f( a=2)\n"
    rule = "rule: {pattern: gc.collect(), kind: call}\nfix: ''\n"
    assert edited(rule, "", "a()\n  \ngc.collect()\nb()\n", "Python") == "a()\n  \nb()\n"


def test_captured_lines_follow_the_indentation_they_come_to() -> None:
    rule = "rule: {pattern: 'with_lock($F)'}\nfix: |-\n  with lock:\n      $F\n"
    text = "if a:\n  with_lock(call(\n    1,\n  ))\n"
    assert edited(rule, "", text, "Python") == "if a:\n  with lock:\n    call(\n      1,\n    )\n"


def test_a_line_of_the_template_whose_variable_captured_nothing_is_left_out() -> None:
    rule = "rule: {pattern: 'f($$$A)'}\nfix: |-\n  g(\n      $$$A\n  )\n"
    assert edited(rule, "", "f()\nf(1)\n", "Python") == "g(\n)\ng(\n    1\n)\n"
