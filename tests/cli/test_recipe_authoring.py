"""The verbs of `hunkworks recipe` that read and write recipes, as its reader meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from tests.rules.sample import RULE, write

from hunkworks import paths
from hunkworks.cli.main import run


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
    assert f"{len(listed)} recipes" in err


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
    assert capsys.readouterr().out == "1 recipes, 4 examples, 0 failures\n"


def test_test_shows_what_was_expected_and_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion
) -> None:
    """A pattern that does not parse matches nothing: its own examples give it away."""
    text = RULE.replace("breakpoint()}", "'breakpoint('}").replace("# breakpoint", "x = (((; breakpoint")
    write(tmp_path / "recipes", text)
    assert run(["recipe", "test", str(tmp_path / "recipes" / "python" / "python-debugger.yml")]) == 1
    assert capsys.readouterr().out == snapshot


def test_test_as_json_exits_1_on_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "recipes", RULE.replace("breakpoint()}", "pass}"))
    assert run(["recipe", "test", str(tmp_path / "recipes"), "--json"]) == 1
    result = document(capsys)
    assert (result["recipes"], result["examples"], len(result["failures"])) == (1, 4, 4)
    assert result["failures"][0] == {
        "recipe": "python-debugger",
        "expected": "a match",
        "found": "no match",
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
