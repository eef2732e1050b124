"""Rules look at what a change added, at all of it, and say what they could not look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks import paths
from hunkworks.change.model import FileChange, Hunk, Line, LineKind, Role, Side, Status
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.rules.load import load
from hunkworks.rules.match import LONGEST_LINE, scan
from hunkworks.rules.model import RuleSet
from hunkworks.rules.tree import LARGEST_SOURCE
from tests.repo import Repo
from tests.rules.sample import both, changed, new_text, write


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    return both(tmp_path / "recipes")


def found(rules: RuleSet, diff: str, path: str = "app.py") -> list[tuple[str, int, str]]:
    result = scan(rules, changed(path, diff), new_text(diff))
    assert not result.skipped
    return [(match.rule.id, match.line, match.quote) for match in result.matches]


def test_only_added_lines_are_looked_at(rules: RuleSet) -> None:
    diff = (
        " breakpoint()\n # FIXME\n-FIXME = 1\n-breakpoint()\n+  # FIXME\n+if x: breakpoint()\n breakpoint()\n"
    )
    assert found(rules, diff) == [
        ("fixme", 3, "  # FIXME"),
        ("python-debugger", 4, "if x: breakpoint()"),
    ]


def test_a_match_over_several_lines_stands_on_the_first_added_one(tmp_path: Path) -> None:
    rules = load([write(tmp_path / "r", text=RULE_FOR_CALLS, path="python/python-call.yml")])
    diff = " run(\n     name,\n+    shell=True,\n+    check=True,\n )\n"
    match = scan(rules, changed("app.py", diff), new_text(diff)).matches[0]
    assert (match.line, match.end_line, match.quote) == (3, 4, "    shell=True,")


RULE_FOR_CALLS = """\
id: python-call
language: Python
severity: info
message: A shell.
rule: {pattern: run($$$)}
metadata:
  {title: t, why: w, class: injection, severity: minor, scenario: s, confidence: 1,
   examples: {match: [run(), run(1)], no-match: [walk(), run]}}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quotes_are_verbatim_whatever_stands_before_them(rules: RuleSet, end: str) -> None:
    """A byte order mark, text outside the BMP, tabs, Unicode line separators: lines are git's lines."""
    lines = [
        "\ufeffgreeting = 'é😀\u2028𝒳'; breakpoint()",
        "text = '\x0b\x0c\x85'",
        "if late:",
        "\tbreakpoint()  # é😀",
    ]
    data = "".join(line + end for line in lines).encode()
    patch = "".join(f"+{line}{end}" for line in lines).encode()
    result = scan(rules, changed("app.py", patch), data)
    assert [(match.line, match.quote) for match in result.matches] == [(1, lines[0]), (4, lines[3])]
    assert not result.skipped


def test_zero_bytes_and_a_missing_final_newline_move_nothing(rules: RuleSet) -> None:
    data = b"x = 'a\0b'\nbreakpoint()"
    lines = (Line(LineKind.ADDED, b"breakpoint()", None, 2),)
    file = FileChange("a.py", "a.py", Status.MODIFIED, 1, 1, Role.CODE, "", (Hunk(1, 0, 2, 1, b"", lines),))
    assert [match.line for match in scan(rules, file, data).matches] == [2]


def test_a_comment_suppresses_a_rule_on_its_line_and_the_next_and_is_counted(rules: RuleSet) -> None:
    diff = (
        "+breakpoint()  # hunkworks-ignore: python-debugger (the tutorial needs it)\n"
        "+# hunkworks-ignore: fixme, python-debugger\n"
        "+breakpoint()  # FIXME\n"
        "+breakpoint()  # hunkworks-ignore: fixme\n"
        "+breakpoint()\n"
    )
    result = scan(rules, changed("app.py", diff), new_text(diff))
    assert [match.line for match in result.matches] == [4, 5]
    assert [(match.rule.id, match.line) for match in result.suppressed] == [
        ("python-debugger", 1),
        ("fixme", 3),
        ("python-debugger", 3),
    ]


def test_an_old_comment_above_the_hunk_suppresses_too(rules: RuleSet) -> None:
    source = b"# hunkworks-ignore: python-debugger\nbreakpoint()\n"
    result = scan(rules, changed("app.py", "+breakpoint()\n", start=2), source)
    assert (len(result.matches), len(result.suppressed)) == (0, 1)


def test_a_comment_that_names_another_rule_suppresses_nothing(rules: RuleSet) -> None:
    diff = "+breakpoint()  # hunkworks-ignore: python-debug\n"
    assert found(rules, diff)


def test_without_the_file_line_rules_run_and_syntax_rules_say_that_they_did_not(rules: RuleSet) -> None:
    result = scan(rules, changed("app.py", "+breakpoint()  # FIXME\n"), None)
    assert [match.rule.id for match in result.matches] == ["fixme"]
    assert [(skip.path, skip.rules) for skip in result.skipped] == [("app.py", ("python-debugger",))]
    assert "not at hand" in result.skipped[0].why


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"name = '\xe9'\nbreakpoint()\n", "is not UTF-8 (byte 8)"),
        (b"breakpoint()\n" + b"#" * LARGEST_SOURCE, "larger than 1 MB"),
    ],
)
def test_what_cannot_be_read_is_named(rules: RuleSet, source: bytes, why: str) -> None:
    result = scan(rules, changed("app.py", b"+name = '\xe9' # FIXME\n+breakpoint()\n"), source)
    assert [match.rule.id for match in result.matches] == ["fixme"]
    assert result.matches[0].quote == "name = '\udce9' # FIXME"
    assert [skip.why for skip in result.skipped] == [why]


def test_the_broken_part_of_a_file_is_named_and_the_rest_is_looked_at(rules: RuleSet) -> None:
    diff = "+breakpoint()\n+\n+x = (((\n+breakpoint()\n"
    result = scan(rules, changed("app.py", diff), new_text(diff))
    assert [match.line for match in result.matches] == [1]
    assert [skip.why.split(":")[0] for skip in result.skipped] == ["does not parse at line 3"]


def test_a_line_too_long_for_patterns_is_named(rules: RuleSet) -> None:
    diff = "+" + "x" * (LONGEST_LINE + 1) + " FIXME\n+FIXME\n"
    result = scan(rules, changed("notes.md", diff, role=Role.DOCS), None)
    assert [match.line for match in result.matches] == [2]
    assert [skip.rules for skip in result.skipped] == [("fixme",)]


@pytest.mark.parametrize("role", [Role.TEST, Role.GENERATED, Role.VENDORED, Role.LOCK])
def test_roles_that_a_rule_does_not_name_are_left_alone(rules: RuleSet, role: Role) -> None:
    result = scan(rules, changed("app.py", "+breakpoint()  # FIXME\n", role=role), b"breakpoint()  # FIXME\n")
    assert result.matches == ()


def test_binary_files_and_mode_changes_say_nothing(rules: RuleSet) -> None:
    assert scan(rules, FileChange("a.py", "a.py", Status.MODIFIED, 1, 1, Role.CODE, ""), b"").matches == ()


def test_real_git_a_debugger_call_is_found_and_old_ones_are_not(repo: Repo) -> None:
    repo.write("app/views.py", "import pdb\n\n\ndef show():\n    pdb.set_trace()\n    return 1\n")
    repo.commit()
    repo.write(
        "app/views.py", "import pdb\n\n\ndef show():\n    pdb.set_trace()\n    breakpoint()\n    return 1\n"
    )
    repo.write("app/Zähler 1.kt", "fun load() {\n    try { x() } catch (e: Exception) {}\n}\n")
    rules = load([paths.pack("recipes")], languages={"Python", "Kotlin"})
    change = select(Repository.discover(repo.root), Selector())
    matches = {
        (file.path, match.rule.id, match.line)
        for file in change.files()
        for match in scan(rules, file, change.content(file, Side.NEW)).matches
    }
    assert matches == {
        ("app/views.py", "python-debugger", 6),
        ("app/Zähler 1.kt", "kotlin-empty-catch", 2),
    }
