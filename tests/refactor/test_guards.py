"""A guard says why a match is refused or left to a judge; values of parameters are chosen within their type."""

from __future__ import annotations

import pytest

from hunkworks.errors import UsageError
from tests.refactor.sample import buckets, recipe, run


def why(
    guard: str, text: str = "print(1)\n", files: dict[str, str] | None = None, path: str = ""
) -> list[str]:
    done = run(recipe(metadata=f"guard: [{guard}]"), text, files=files, path=path)
    return [f"{one.bucket}: {one.why}" if one.why else one.bucket for one in done.outcomes]


def test_a_guard_on_the_match_sees_what_the_rule_sees() -> None:
    guard = "{judge: a call, rule: {has: {kind: call, stopBy: end}}}"
    assert why(guard, "print(f())\nprint(1)\n") == ["residue: a call", "applied"]


def test_a_refusal_comes_before_a_doubt() -> None:
    guards = "{judge: doubt, file: print}, {refuse: no, file: print}"
    assert why(guards) == ["refused: no"]


def test_guards_on_the_text_of_the_file() -> None:
    assert why("{refuse: generated, file: ^# generated}", "# generated\nprint(1)\n") == ["refused: generated"]
    assert why("{judge: no logger, file-lacks: '\\blogger\\b'}") == ["residue: no logger"]
    assert why("{judge: no logger, file-lacks: '\\blogger\\b'}", "logger\nprint(1)\n") == ["applied"]


def test_a_guard_on_the_project_asks_the_nearest_file_above() -> None:
    guard = "{refuse: old, project: {file: go.mod, lacks: '^go 1\\.2'}}"
    files = {"go.mod": "go 1.19\n", "sub/go.mod": "go 1.21\n"}
    assert why(guard, files=files, path="sub/deep/a.py") == ["applied"]
    assert why(guard, files=files, path="a.py") == ["refused: old"]
    assert why(guard, path="a.py") == ["refused: old"], "nothing says otherwise"
    assert why("{refuse: old, project: {file: go.mod, has: old}}") == ["applied"]


def test_only_what_reads_like_the_value_of_a_parameter_is_matched() -> None:
    body = "rule: {pattern: $F($A)}\nfix: '{{new}}($A)'\n"
    parameters = (
        "parameters:\n"
        "  old: {type: name, captures: F, description: d}\n"
        "  new: {type: name, default: log.info, description: d}"
    )
    done = run(recipe(body, parameters), "a.b(1)\naxb(2)\n", values={"old": "a.b"})
    assert done.after == b"log.info(1)\naxb(2)\n"
    assert buckets(done) == ["applied"]


@pytest.mark.parametrize("value", ["a\nb", "a'; evil('", "${x}", "{{new}}", "\\x", "a`b", "{x}"])
def test_a_text_parameter_stays_inside_of_its_string(value: str) -> None:
    rule = recipe(
        "rule: {pattern: print($A)}\nfix: 'log(\"{{name}}\", $A)'\n",
        "parameters: {name: {type: text, description: d}}",
    )
    with pytest.raises(UsageError, match="cannot be name"):
        run(rule, "print(1)\n", values={"name": value})
    assert (
        run(rule, "print(1)\n", values={"name": "Überschrift 1"}).after.decode()
        == 'log("Überschrift 1", 1)\n'
    )


def test_captured_text_that_looks_like_a_parameter_is_not_filled_in() -> None:
    rule = recipe(
        "rule: {pattern: print($A)}\nfix: log($A)\n",
        "parameters: {a: {type: text, default: x, description: d}}",
    )
    assert run(rule, "print('{{a}} $A')\n").after == b"log('{{a}} $A')\n"


def test_a_missing_value_and_an_unknown_name_are_told() -> None:
    rule = recipe(metadata="parameters: {a: {type: text, description: the name}}")
    with pytest.raises(UsageError, match="--set a=…: the name"):
        run(rule, "print(1)\n")
    with pytest.raises(UsageError, match="did you mean a"):
        run(rule, "print(1)\n", values={"a": "x", "ab": "y"})


def test_what_is_asked_for_is_residue_until_somebody_names_it() -> None:
    rule = recipe(
        "rule: {pattern: print($A)}\nfix: 'log({{key}})'\n",
        "parameters: {key: {type: identifier, ask: true, description: d}}",
    )
    done = run(rule, "print(1)\n")
    assert (buckets(done), done.outcomes[0].why) == (["residue"], "somebody has to name key")
    assert run(rule, "print(1)\n", values={"key": "one"}).after == b"log(one)\n"
