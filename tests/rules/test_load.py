"""A rule file either loads, or its mistake is named with the key and the way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks import paths
from hunkworks.change.model import Role
from hunkworks.errors import ConfigError
from hunkworks.rules.classes import Severity
from hunkworks.rules.load import load, load_file
from hunkworks.rules.match import scan
from tests.rules.sample import LINE_RULE, RULE, changed, write


def refusal(tmp_path: Path, old: str, new: str, path: str = "python/python-debugger.yml") -> str:
    assert old in RULE
    with pytest.raises(ConfigError) as caught:
        load([write(tmp_path / "recipes", RULE.replace(old, new), path)])
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "named", "advice"),
    [
        ("message:", "mesage:", "unknown key mesage", "did you mean message?"),
        ("  title:", "  titel:", "unknown key metadata.titel", "did you mean title?"),
        ("rule: {pattern:", "rule: {patern:", "unknown field `patern`", ""),
        (
            "    no-match:",
            "    no_match:",
            "unknown key metadata.examples.no_match",
            "did you mean no-match?",
        ),
        ("class: debug-leftover", "class: debug-leftovers", "metadata.class", "did you mean debug-leftover?"),
        ("severity: major", "severity: mayor", "metadata.severity", "did you mean major?"),
        ("language: Python", "language: Pyton", "language cannot be 'Pyton'", "did you mean Python?"),
        ("severity: warning", "severity: error", "severity cannot be 'error'", "expected warning"),
        ("confidence: 90", "confidence: 101", "metadata.confidence", "expected 0 to 100"),
        ("confidence: 90", "confidence: true", "metadata.confidence", "expected a number"),
        ("confidence: 90", "roles: [code, tests]\n  confidence: 90", "metadata.roles", "did you mean test?"),
        ("id: python-debugger", "id: debugger", "id is wrong", "python-debugger"),
        ("{pattern: breakpoint()}", "{kind: callz}", "Kind `callz` is invalid", "Python"),
        ("{pattern: breakpoint()}", "{}", "one positive matcher", "Python"),
        ("{pattern: breakpoint()}", "{regex: '('}", "regex parse error", "Python"),
        ("rule: {pattern: breakpoint()}", "url: x", "rule is wrong", "exactly one of"),
        ("rule: {pattern", "rewriters: []\nrule: {pattern", "unknown key rewriters", ""),
        ("  title: Debugger calls\n", "", "metadata.title is missing", "add metadata.title"),
        ("message: A debugger call is left in.", "message: ''", "message is missing or empty", "add message"),
        ("confidence: 90", "languages: [Go]\n  confidence: 90", "metadata.languages", "python/"),
        ('["# breakpoint()\\n", "point()\\n"]', "[x]", "no-match is wrong", "at least two"),
        ('["# breakpoint()\\n", "point()\\n"]', "[x, 1]", "no-match[1] is wrong", "a mapping"),
        ('["# breakpoint()\\n", "point()\\n"]', "[x, {path: a.py}]", "no-match[1].text", "add"),
        ("message:", "files: [/src/x.py]\nmessage:", "files is wrong", "relative"),
        ("message:", "id: twice\nmessage:", "is not YAML", "duplicate"),
        ("message:", "message: [", "is not YAML", ""),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, old: str, new: str, named: str, advice: str) -> None:
    message = refusal(tmp_path, old, new)
    assert named in message
    assert advice in message
    assert "python-debugger.yml" in message


def test_a_file_in_the_wrong_folder_is_refused(tmp_path: Path) -> None:
    assert "the folder python/" in refusal(tmp_path, "Debugger", "Debugger", "go/python-debugger.yml")


def test_a_folder_named_after_no_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean python"):
        load([write(tmp_path, path="pyhton/python-debugger.yml")])


def test_a_file_that_ends_in_yaml_is_not_overlooked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"rename it to python-debugger\.yml"):
        load([write(tmp_path, path="python/python-debugger.yaml")])


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no folder of rules"):
        load([tmp_path / "missing"])


def test_two_rules_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is taken by"):
        load([write(tmp_path / "one"), write(tmp_path / "two")])


def test_line_rules_cannot_have_what_only_syntax_rules_have(tmp_path: Path) -> None:
    text = LINE_RULE.replace("severity: hint", "severity: hint\nfix: ''")
    with pytest.raises(ConfigError, match="fix is wrong"):
        load([write(tmp_path, text, "any/fixme.yml")])


def test_a_file_that_holds_what_a_rule_excludes_is_left_alone(tmp_path: Path) -> None:
    text = RULE.replace("confidence: 90", "confidence: 90\n  unless: ^import bdb")
    rules = load([write(tmp_path, text)])
    for source, expected in ((b"import bdb\nbreakpoint()\n", 0), (b"breakpoint()  # import bdb\n", 1)):
        diff = "".join(f"+{line}\n" for line in source.decode().splitlines())
        assert len(scan(rules, changed("a.py", diff), source).matches) == expected


def test_a_pattern_that_python_refuses_is_named(tmp_path: Path) -> None:
    text = LINE_RULE.replace("\\bFIXME\\b", "'(FIXME'")
    with pytest.raises(ConfigError, match=r"metadata\.regex is wrong"):
        load([write(tmp_path, text, "any/fixme.yml")])


def test_only_the_rules_of_the_wanted_languages_are_read(tmp_path: Path) -> None:
    write(tmp_path, LINE_RULE, "any/fixme.yml")
    write(tmp_path, "not: [a rule", "go/broken.yml")
    assert [rule.id for rule in load([write(tmp_path)], languages={"Python"}).rules] == [
        "fixme",
        "python-debugger",
    ]


def test_javascript_is_served_by_the_typescript_folder() -> None:
    rules = load([paths.pack("recipes")], languages={"JavaScript"})
    assert "JavaScript" in rules["typescript-debugger"].languages


class TestCache:
    def test_the_second_time_the_rules_are_the_same(self, tmp_path: Path, state: Path) -> None:
        folder = write(tmp_path / "recipes")
        first = load([folder])
        assert list(state.rglob("*.json"))
        assert load([folder]) == first

    def test_an_edited_file_is_read_again(self, tmp_path: Path) -> None:
        folder = write(tmp_path / "recipes")
        load([folder])
        write(folder, RULE.replace("confidence: 90", "confidence: 91"))
        assert load([folder])["python-debugger"].confidence == 91
        write(folder, RULE.replace("message:", "mesage:"))
        with pytest.raises(ConfigError, match="mesage"):
            load([folder])

    @pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"digest": 1}', b"\xff"])
    def test_a_damaged_cache_costs_nothing_but_time(self, tmp_path: Path, state: Path, damage: bytes) -> None:
        folder = write(tmp_path / "recipes")
        expected = load([folder])
        for file in state.rglob("*.json"):
            file.write_bytes(damage)
        assert load([folder]) == expected

    def test_a_state_folder_that_cannot_be_made_is_no_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_bytes(b"")
        monkeypatch.setenv("HUNKWORKS_STATE_DIR", str(tmp_path / "file" / "state"))
        assert load([write(tmp_path / "recipes")]).rules

    def test_a_file_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        folder = write(tmp_path / "recipes")
        (folder / "python" / "python-gone.yml").symlink_to(tmp_path / "gone")
        with pytest.raises(ConfigError, match="cannot be read"):
            load([folder])


def test_load_file_reads_one_rule(tmp_path: Path) -> None:
    rule = load_file(write(tmp_path) / "python" / "python-debugger.yml")
    assert (rule.klass, rule.severity, set(rule.roles)) == ("debug-leftover", Severity.MAJOR, {Role.CODE})
