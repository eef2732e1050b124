"""Every match ends in exactly one bucket, nothing else of a file changes, and a second pass changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunkworks.refactor.outcome import Bucket
from tests.refactor.sample import buckets, recipe, run

CALL = "rule: {pattern: f($A)}\nfix: g($A)\n"


def test_what_lies_in_changed_lines_is_applied_and_the_rest_is_left_alone() -> None:
    text = "print(1)\nprint(2)\nprint(\n    3,\n)\n"
    done = run(recipe(), text, {2, 4})
    assert done.after == b"print(1)\nlog(2)\nprint(\n    3,\n)\n"
    assert buckets(done) == ["outside", "applied", "residue"]
    assert done.outcomes[2].why == "the change touches only line 4 of 3-5"


def test_nothing_changed_means_nothing_is_rewritten() -> None:
    done = run(recipe(), "print(1)\nprint(2)\n", set())
    assert (done.after, buckets(done)) == (done.before, ["outside", "outside"])


def test_nested_matches_are_all_rewritten_and_counted_once() -> None:
    done = run(recipe(CALL), "x = f(f(f(1)))\n")
    assert done.after == b"x = g(g(g(1)))\n"
    assert buckets(done) == ["applied"] * 3


def test_nested_matches_whose_text_moves_take_more_passes() -> None:
    done = run(recipe("rule: {pattern: 'f($A, $B)'}\nfix: g($B, $A)\n"), "f(f(1, 2), f(3, f(4, 5)))\n")
    assert done.after == b"g(g(g(5, 4), 3), g(2, 1))\n"
    assert buckets(done) == ["applied"] * 4


def test_a_rewrite_that_a_second_pass_would_repeat_is_refused() -> None:
    done = run(recipe("rule: {pattern: f($A)}\nfix: f(1 + $A)\n"), "f(2)\ng(3)\n")
    assert done.after == done.before
    assert [(one.bucket, one.why) for one in done.outcomes] == [
        (Bucket.REFUSED, "a second pass would rewrite it again")
    ]


def test_a_rewrite_that_would_not_parse_is_refused_and_the_others_are_applied() -> None:
    """The text of `fix` is right for a statement and wrong inside of an expression."""
    done = run(recipe("rule: {pattern: f($A)}\nfix: 'assert $A'\n"), "f(1)\nx = f(2)\nf(3)\n")
    assert done.after == b"assert 1\nx = f(2)\nassert 3\n"
    assert buckets(done) == ["applied", "refused", "applied"]
    assert done.outcomes[1].why == "the file would no longer parse"


def test_a_rewrite_whose_closing_mark_the_parser_would_make_up_is_refused() -> None:
    """Swift's grammar reads "log(1" as if ")" stood there, without an error."""
    rule = recipe("rule: {pattern: print($A)}\nfix: log($A\n", language="Swift")
    done = run(rule, "func f() {\n    print(1)\n}\n")
    assert (buckets(done), done.outcomes[0].why) == (["refused"], "the file would no longer parse")


def test_broken_code_is_refused_and_the_rest_of_the_file_is_rewritten() -> None:
    done = run(recipe(), "print(1)\n\nx = (((\nprint(2)\n")
    assert done.after.startswith(b"log(1)\n\nx = (((\nprint(2)")
    assert done.outcomes[0].bucket is Bucket.APPLIED
    assert {one.why for one in done.outcomes[1:]} <= {"the code here does not parse"}


def test_a_fix_that_changes_nothing_is_refused_with_that_reason() -> None:
    done = run(recipe("rule: {pattern: f($A)}\nfix: f($A)\n"), "f(1)\n")
    assert [one.why for one in done.outcomes] == ["the recipe would change nothing here"]


def test_a_comment_is_never_lost() -> None:
    done = run(
        recipe(CALL), "f(  # the only one\n    1\n)\nf(\n    # kept\n    h(2)\n)\nf(h(  # inside\n  3))\n"
    )
    assert done.after == b"f(  # the only one\n    1\n)\nf(\n    # kept\n    h(2)\n)\ng(h(  # inside\n  3))\n"
    assert buckets(done) == ["residue", "residue", "applied"]
    assert done.outcomes[1].why == "the comment at line 5 would be lost"


def test_a_comment_suppresses_a_match_and_is_told() -> None:
    text = "# hunkworks-ignore: r (a script)\nprint(1)\nprint(2)\n"
    done = run(recipe(), text)
    assert done.after == b"# hunkworks-ignore: r (a script)\nprint(1)\nlog(2)\n"
    assert done.outcomes[0].why == "a hunkworks-ignore comment names this recipe"


def test_a_match_around_one_that_waits_for_a_judge_waits_too() -> None:
    guard = "guard: [{judge: it is a star, rule: {has: {kind: list_splat, stopBy: neighbor}}}, "
    guard += "{judge: a star, rule: {regex: '^f\\(\\*'}}]"
    done = run(recipe(CALL, guard), "f(f(*x))\n")
    assert done.after == done.before
    assert buckets(done) == ["residue", "residue"]
    assert "holds the match at line 1" in done.outcomes[0].why


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_marks_and_a_missing_last_line_end_are_kept(end: str, mark: str) -> None:
    body = "rule: {pattern: f($A)}\nfix: |-\n  g(\n      $A,\n  )\n"
    done = run(recipe(body), f"{mark}s = 'é😀'{end}f(1){end}# é{end}f(2)")
    assert done.after.decode() == f"{mark}s = 'é😀'{end}g({end}    1,{end}){end}# é{end}g({end}    2,{end})"


def test_residue_tells_what_the_recipe_would_write_where_it_stands_afterwards() -> None:
    body = "rule: {pattern: f($A)}\nfix: |-\n  g(\n      $A,\n  )\n"
    done = run(recipe(body, "guard: [{judge: two, rule: {regex: '2'}}]"), "f(1)\nf(2)\n")
    assert done.after == b"g(\n    1,\n)\nf(2)\n"
    assert (done.outcomes[1].bucket, done.outcomes[1].line) == (Bucket.RESIDUE, 2)
    two = done.standing[0]
    assert (two.bucket, two.line, two.allowed) == (Bucket.RESIDUE, 4, (4, 4))
    assert two.proposed == "g(\n    2,\n)"


def test_a_neighbour_outside_of_the_change_is_not_taken_along() -> None:
    body = "rule: {pattern: {context: f(debug=$A), selector: keyword_argument}}\n"
    body += "fix: {template: '', expandEnd: {regex: ','}}\n"
    text = "f(\n    debug=1\n    ,\n    a=2,\n)\n"
    assert run(recipe(body), text, {2, 3}).after == b"f(\n    a=2,\n)\n"
    done = run(recipe(body), text, {2})
    assert (done.after, done.outcomes[0].allowed) == (text.encode(), (2, 3))
    assert done.outcomes[0].why == "the rewrite reaches line 3, which the change does not touch"


def test_a_judgment_recipe_applies_nothing() -> None:
    done = run(recipe(metadata="safety: judgment\nbrief: b"), "print(1)\n")
    assert (buckets(done), done.outcomes[0].proposed) == (["residue"], "log(1)")


EXPRESSION = st.recursive(
    st.sampled_from(["1", "x", "'é'", "h(2)"]),
    lambda inner: st.one_of(
        inner.map(lambda one: f"f({one})"),
        st.tuples(inner, inner).map(lambda two: f"f({two[0]}, {two[1]})"),
        inner.map(lambda one: f"h({one})"),
        inner.map(lambda one: f"f(\n    {one}\n)"),
    ),
    max_leaves=8,
)
FIXES = st.sampled_from(
    [
        ("rule: {pattern: f($A)}\nfix: g($A)\n", False),
        ("rule: {pattern: 'f($A, $B)'}\nfix: g($B, $A)\n", False),
        ("rule: {pattern: f($$$A)}\nfix: g($$$A)\n", True),
        ("rule: {pattern: f($$$A)}\nfix: g(0, $$$A)\n", True),
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(EXPRESSION, min_size=1, max_size=5), FIXES, st.data(), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_nested_wherever_a_change_lies(
    expressions: list[str], fix: tuple[str, bool], data: st.DataObject, end: str
) -> None:
    text = "\n".join(f"x = {one}" for one in expressions).replace("\n", end) + end
    count = text.count("\n")
    lines = data.draw(st.one_of(st.none(), st.sets(st.integers(1, count))))
    body, takes_all = fix
    done = run(recipe(body), text, lines)
    assert len(done.outcomes) == len({(one.start, one.end) for one in done.outcomes})
    applied = done.count(Bucket.APPLIED)
    assert done.after.decode().count("g(") == applied, "each applied match is rewritten once"
    assert done.after.count(b"\n") == done.after.count(end.encode())
    if takes_all and lines is None:
        assert applied == text.count("f(")
    if lines is not None:
        rest = iter(done.after.decode().split(end))
        untouched = [line for number, line in enumerate(text.split(end), 1) if number not in lines]
        assert all(line in rest for line in untouched), "every other line stands, in its order"
    if lines is None:
        assert run(recipe(body), done.after.decode()).after == done.after
