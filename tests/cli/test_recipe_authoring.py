"""The verbs of `hunkworks recipe` that read and write recipes, as its reader meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from hunkworks import paths
from hunkworks.cli.main import run
from tests.cli.invoke import Hunkworks
from tests.repo import Repo
from tests.rules.sample import RULE, write


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "state"))


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def test_list_names_the_rules_that_run_on_a_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe", "list", "--language", "swift"]) == 0
    out, err = capsys.readouterr()
    listed = [line.split()[0] for line in out.splitlines()[1:]]
    assert {"swift-empty-catch", "secret", "merge-conflict-marker"} <= set(listed)
    assert not any(name.startswith("kotlin") for name in listed)
    assert f"recipes: {len(listed)};" in err


def test_list_as_json_holds_every_rule_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe", "list", "--json"]) == 0
    rules = document(capsys)["recipes"]
    assert [rule["id"] for rule in rules] == sorted(
        path.stem for path in paths.pack("recipes").glob("*/*.yml")
    )
    debugger = next(rule for rule in rules if rule["id"] == "typescript-debugger")
    assert debugger["languages"] == ["JavaScript", "Tsx", "TypeScript"]
    assert (debugger["class"], debugger["severity"]) == ("debug-leftover", "major")


def test_an_unknown_language_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe", "list", "--language", "kotlim"]) == 2
    assert "did you mean kotlin?" in capsys.readouterr().err


def test_show(capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion) -> None:
    assert run(["recipe", "show", "merge-conflict-marker"]) == 0
    out = capsys.readouterr().out.replace(str(paths.pack("recipes")), "RECIPES")
    assert out == snapshot


def test_show_writes_what_a_terminal_would_obey_or_hide_as_escapes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["recipe", "show", "hidden-text"]) == 0
    out = capsys.readouterr().out
    assert "\\u202e" in out
    assert "\u202e" not in out


def test_show_of_an_unknown_rule_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe", "show", "swift-emty-catch"]) == 2
    assert "did you mean swift-empty-catch?" in capsys.readouterr().err


def test_test_passes_on_a_folder_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe", "test", str(write(tmp_path / "recipes"))]) == 0
    assert capsys.readouterr().out == "recipes: 1, examples: 4, failures: 0\n"


def test_test_shows_what_was_expected_and_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion
) -> None:
    """A pattern that does not parse matches nothing: its own examples give it away."""
    text = RULE.replace("breakpoint()}", "'breakpoint('}").replace("# breakpoint", "x = (((; breakpoint")
    write(tmp_path / "recipes", text)
    file = tmp_path / "recipes" / "python" / "python-debugger.yml"
    assert run(["recipe", "test", str(file)]) == 1
    assert capsys.readouterr().out.replace(str(file), "FILE") == snapshot


def test_test_as_json_exits_1_on_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "recipes", RULE.replace("breakpoint()}", "pass}"))
    assert run(["recipe", "test", str(tmp_path / "recipes"), "--json"]) == 1
    result = document(capsys)
    assert (result["recipes"], result["examples"], len(result["failures"])) == (1, 4, 4)
    assert [(one["kind"], one["number"]) for one in result["failures"][::2]] == [("match", 1), ("match", 2)]
    assert result["failures"][0] == {
        "recipe": "python-debugger",
        "file": str(tmp_path / "recipes/python/python-debugger.yml"),
        "line": 14,
        "kind": "match",
        "number": 1,
        "expected": "a match",
        "found": "no match: the pattern is read as pass_statement",
        "variant": "src/sample.py, LF",
        "example": "breakpoint()\n",
    }


def test_test_refuses_a_file_that_is_no_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "recipes", RULE.replace("message:", "mesage:"))
    assert run(["recipe", "test", str(tmp_path / "recipes")]) == 2
    assert "unknown key mesage" in capsys.readouterr().err


def test_test_of_an_empty_folder_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["recipe", "test", str(tmp_path)]) == 2
    assert "there are no recipe files" in capsys.readouterr().err


def test_test_names_what_failed_by_list_number_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, REWRITING, "python/log-debug.yml") / "python/log-debug.yml"
    assert run(["recipe", "test", str(file), "--json"]) == 1
    lines = REWRITING.splitlines()
    failures = document(capsys)["failures"]
    assert [(one["kind"], one["number"], lines[one["line"] - 1].strip()) for one in failures] == [
        ("rewrite", 2, "- before: Log.d(2)"),
        ("refused", 1, "- {text: Log.d(3)}"),
    ]


REWRITING = """\
id: log-debug
language: Python
severity: hint
message: The logger of the module has levels.
rule: {pattern: Log.d($X)}
fix: log.debug($X)
metadata:
  title: Levels
  why: They are filtered.
  safety: mechanical
  guard: [{refuse: "the module has no logger", file-lacks: "Log"}]
  examples:
    rewrite:
      - {before: Log.d(1), after: log.debug(1)}
      - before: Log.d(2)
        after: log.info(2)
    refused:
      - {text: Log.d(3)}
    no-match: [Log.e(1), log.debug(1)]
"""


NEW = {
    "rewrite": [
        {"before": "def f():\n    Log.d(x)\n", "after": "def f():\n    log.debug(x)\n"},
        {"before": "Log.d(1)\n", "after": "log.debug(1)\n"},
    ],
    "no-match": ["log.debug(1)\n", "  Log.e(1)"],
}


class TestNew:
    """A recipe begins with its tests, and what is written fails them until the rule is right."""

    @pytest.fixture(autouse=True)
    def _project(self, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repo.root)

    def test_examples_become_a_file_that_loads(self, hunkworks: Hunkworks, repo: Repo) -> None:
        made = hunkworks("recipe", "new", "log-debug", "--language", "python", stdin=json.dumps(NEW))
        assert made.code == 0, made.err
        file = repo.root / ".hunkworks/recipes/python/log-debug.yml"
        tested = hunkworks("recipe", "test", str(file))
        assert tested.code == 1
        text = file.read_text(encoding="utf-8")
        assert 'pattern: "Log.d(x)"' in text
        assert text.startswith("# yaml-language-server: $schema=https://")
        file.write_text(text.replace('"Log.d(x)"', "Log.d($X)").replace('"log.debug(x)"', "log.debug($X)"))
        assert hunkworks("recipe", "test", str(file)).code == 0

    @pytest.mark.parametrize(
        ("arguments", "stdin", "message"),
        [
            (["log-debug", "--language", "python"], "{}", "a recipe begins with its tests"),
            (["log-debug", "--language", "python"], "[]", "holds no examples"),
            (["Log Debug", "--language", "python"], json.dumps(NEW), "is no recipe's id"),
            (["log-debug", "--language", "pyton"], json.dumps(NEW), "did you mean python?"),
        ],
    )
    def test_what_is_missing_is_named(
        self, hunkworks: Hunkworks, arguments: list[str], stdin: str, message: str
    ) -> None:
        made = hunkworks("recipe", "new", *arguments, stdin=stdin)
        assert made.code == 2
        assert message in made.err

    def test_a_file_is_never_overwritten(self, hunkworks: Hunkworks) -> None:
        arguments = ("recipe", "new", "log-debug", "--language", "python")
        assert hunkworks(*arguments, stdin=json.dumps(NEW)).code == 0
        assert "exists" in hunkworks(*arguments, stdin=json.dumps(NEW)).err


def test_dump_prints_kinds_tokens_and_lines(hunkworks: Hunkworks, snapshot: SnapshotAssertion) -> None:
    assert hunkworks("recipe", "dump", "--language", "swift", stdin="Task {\n  go(1)\n}\n").out == snapshot


def test_dump_names_the_fields_that_a_rule_may_ask_for(hunkworks: Hunkworks) -> None:
    out = hunkworks("recipe", "dump", "--language", "python", stdin="if f(1):\n    x = 2\n").out
    lines = [line.strip() for line in out.splitlines()]
    assert {"condition: call  1  'f(1)'", "function: identifier  1  'f'", "left: identifier  2  'x'"} <= set(
        lines
    )
    assert "consequence: block  2  'x = 2'" in lines
    assert "integer  1  '1'" in lines


def test_schema_prints_what_is_published(hunkworks: Hunkworks) -> None:
    assert json.loads(hunkworks("recipe", "schema").out)["title"] == "A recipe of Hunkworks"


@pytest.mark.parametrize(
    ("body", "language", "trap"),
    [
        ("rule: {pattern: print(}\n", "Python", "does not parse alone"),
        (
            "rule: {pattern: errors.New(fmt.Sprintf($$$A))}\nfix: g\n",
            "Go",
            "a call that alone is read as type_conversion_expression",
        ),
        ("rule: {any: [{pattern: a.f($A)}, {kind: call_expression}]}\nfix: g\n", "Go", "rule.any[0].pattern"),
        ("rule: {pattern: f($A)}\nfix: g\n", "C", "is read as macro_type_specifier"),
        ("rule: {regex: print}\n", "Python", "names no kind and no pattern"),
        ("rule: {kind: call, regex: 'a\\nb'}\n", "Python", "does not match CRLF"),
        (
            "rule: {pattern: f($A)}\nfix: g($C)\ntransform: {C: {replace: {source: $A, replace: 'a\\n', by: ''}}}\n",
            "Python",
            "transform: a line feed does not match CRLF",
        ),
        ("rule: {pattern: f($A)}\nfix: g($B)\n", "Python", "$B is captured nowhere"),
        ("rule: {pattern: f($A)}\nfix: |\n  g($A)\n", "Python", "ends in a line break"),
        (
            "rule: {pattern: f($A)}\nfix: g\ntransform: {C: {rewrite: {source: $A, rewriters: [r]}}}\n",
            "Python",
            "is not carried out",
        ),
        ("rule: {pattern: 'f({{x}})'}\nfix: g\n", "Python", "are not filled in here"),
        ("rule: {pattern: 'Task { $$$B }'}\nfix: g\n", "Swift", "takes `[weak self] in` along"),
        ("rule: {pattern: $X.title($A)}\nfix: g\n", "Swift", "may be an #endif"),
        (
            "rule: {pattern: $X.title($A)}\nfix: $X.title($A).bold()\n",
            "Kotlin",
            "lands on the line of another",
        ),
        ("rule: {pattern: '$X?.f($A)'}\nfix: $X?.g(a.b).f($A)\n", "Kotlin", "lands on the line of another"),
        (
            "rule: {pattern: f($A)}\nconstraints: {A: {kind: line_string_literal}}\nfix: g\n",
            "Swift",
            "never the literal",
        ),
    ],
)
def test_lint_names_known_traps(
    hunkworks: Hunkworks, tmp_path: Path, body: str, language: str, trap: str
) -> None:
    from tests.refactor.sample import HEAD, METADATA

    metadata = METADATA if "fix:" in body else RULE[RULE.index("metadata:") :]
    head = HEAD if "fix:" in body else HEAD.replace("hint", "warning")
    file = tmp_path / language.lower() / "r.yml"
    file.parent.mkdir()
    file.write_text(head.format(language=language) + body + metadata, encoding="utf-8")
    linted = hunkworks("recipe", "lint", str(file))
    assert linted.code == 1, linted
    assert trap in linted.out


@pytest.mark.parametrize("pattern", ["f($A)", "a.f($A, $B)", "$X.f($A).g()", "a.f()", "defer a.f($A)"])
def test_lint_says_nothing_of_a_call_that_is_read_as_one(
    hunkworks: Hunkworks, tmp_path: Path, pattern: str
) -> None:
    from tests.refactor.sample import HEAD, METADATA

    file = tmp_path / "go/r.yml"
    file.parent.mkdir()
    text = HEAD.format(language="Go") + f"rule: {{pattern: '{pattern}'}}\nfix: g\n" + METADATA
    file.write_text(text, encoding="utf-8")
    assert hunkworks("recipe", "lint", str(file)).out == "traps: 0\n"


@pytest.mark.parametrize(
    "fix", ["$X.bold(a.b.c)", "f($X.title($A).bold())", "|-\n  $X.title($A)\n      .bold()"]
)
def test_lint_says_nothing_of_a_chain_as_long_as_before_or_with_lines_of_its_own(
    hunkworks: Hunkworks, tmp_path: Path, fix: str
) -> None:
    from tests.refactor.sample import HEAD, METADATA

    file = tmp_path / "kotlin/r.yml"
    file.parent.mkdir()
    body = f"rule: {{pattern: $X.title($A)}}\nfix: {fix}\n"
    file.write_text(HEAD.format(language="Kotlin") + body + METADATA, encoding="utf-8")
    assert hunkworks("recipe", "lint", str(file)).out == "traps: 0\n"
