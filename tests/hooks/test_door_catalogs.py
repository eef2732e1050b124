"""The catalog hook: what an edit broke is told at once, other files end at their path."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from hunkworks.catalogs import registry
from tests.hooks.asking import ROOT, Answer, ask, git, interpreters, load_edited

GERMAN = '"hi" = "Hallo %@";\n"bye" = "Tschüss";\n'


@pytest.fixture
def project(repository: Path) -> Path:
    """A repository with English and German."""
    for locale, text in (("en", '"hi" = "Hi %@";\n"bye" = "Bye";\n'), ("de", GERMAN)):
        (repository / f"{locale}.lproj").mkdir()
        (repository / f"{locale}.lproj" / "L.strings").write_text(text, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "catalogs")
    return repository


def event(path: Path | str, before: str | None = None) -> dict[str, Any]:
    return {
        "hook_event_name": "PostToolUse",
        "cwd": str(ROOT),
        "tool_name": "Edit",
        "tool_input": {"file_path": str(path), "old_string": "a", "new_string": "b"},
        "tool_response": {"filePath": str(path), "originalFile": before},
    }


def edit(
    project: Path, text: str, *, path: str = "de.lproj/L.strings", python: str = sys.executable
) -> Answer:
    """Write ``text`` as an agent's edit would, and ask the hook."""
    file = project / path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return ask("check-catalogs", event(file, before), python=python, HUNKWORKS_PYTHON=sys.executable)


def told(answer: Answer) -> str:
    assert answer.code == 0, answer.stderr
    said = json.loads(answer.stdout)["hookSpecificOutput"]
    assert said["hookEventName"] == "PostToolUse"
    return str(said["additionalContext"])


@pytest.mark.parametrize("python", interpreters())
def test_a_lost_placeholder_is_told_with_its_line(project: Path, python: str) -> None:
    said = told(edit(project, GERMAN.replace("%@", ""), python=python))
    assert "L.strings is broken since this edit:\n  line 1: hi: placeholders: expected %@" in said
    assert "check_catalogs = false" in said


def test_what_was_broken_before_is_not_this_edits(project: Path) -> None:
    broken = GERMAN.replace("%@", "")
    (project / "de.lproj" / "L.strings").write_text(broken, encoding="utf-8")
    assert edit(project, broken.replace("Tschüss", "Bis dann")).silent


def test_a_file_that_no_longer_parses_is_told(project: Path) -> None:
    said = told(edit(project, GERMAN.replace('";\n"bye"', '"\n"bye"')))
    assert "readable" in said
    assert "line 1: not a .strings file" in said


def test_mending_a_file_is_compared_with_the_commit(project: Path) -> None:
    """The version right before the edit did not parse: only what differs from HEAD is looked at."""
    (project / "de.lproj" / "L.strings").write_text(GERMAN[:-3], encoding="utf-8")
    assert edit(project, GERMAN).silent


def test_a_second_entry_of_one_key_is_told(project: Path) -> None:
    said = told(edit(project, GERMAN + '"bye" = "Ade";\n'))
    assert "line 3: bye: duplicate: expected this key once, found it on line 2, too" in said


def test_a_new_file_is_looked_at_whole(project: Path) -> None:
    said = told(edit(project, '"hi" = "Salut";\n', path="fr.lproj/L.strings"))
    assert "hi: placeholders" in said


def test_outside_of_a_repository_only_the_form_counts(tmp_path: Path) -> None:
    assert edit(tmp_path, '"hi" = "Hallo";\n').silent
    assert "not JSON" in told(edit(tmp_path, '{"a": ', path="locales/de.json"))


def test_it_can_be_switched_off(project: Path) -> None:
    (project / "hunkworks.toml").write_text("[hooks]\ncheck_catalogs = false\n")
    assert edit(project, "broken").silent


def test_without_an_environment_the_edit_goes_on(project: Path, tmp_path: Path) -> None:
    """The launcher is asked for its environment, and never to build one."""
    pack = tmp_path / "pack"
    shutil.copytree(ROOT / "hooks", pack / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    (pack / "bin").mkdir()
    (pack / "bin" / "hunkworks").write_text(f'#!/bin/sh\necho "$*" >>"{tmp_path}/asked"\nexit 2\n')
    (pack / "bin" / "hunkworks").chmod(0o755)
    answer = ask("check-catalogs", event(project / "de.lproj" / "L.strings"), root=pack)
    assert answer.undecided
    assert "the environment is not built yet" in answer.stderr
    assert (tmp_path / "asked").read_text() == "environment path\n"


@pytest.mark.parametrize(
    "path",
    [
        "a/locales/en.json",
        "de.json",
        "pt-BR.json",
        "messages.de.yml",
        "messages+intl-icu.de.yaml",
        "_locales/pt_BR/messages.json",
        "config/locales/devise.yml",
        "C:\\app\\i18n\\strings.json",
        "L.strings",
        "L.xcstrings",
        "values-de/strings.xml",
        "Messages_de.properties",
    ],
)
def test_what_may_be_a_catalog_is_passed_on(path: str) -> None:
    assert registry.detect(path, b'<resources>"message":')
    assert load_edited().may_be_catalog(path)


@pytest.mark.parametrize(
    "path", ["package.json", "src/data.json", ".github/workflows/build.yml", "openapi.yaml"]
)
def test_other_files_end_at_their_path(path: str, tmp_path: Path) -> None:
    """A pack without a launcher would say so if it were asked."""
    shutil.copytree(ROOT / "hooks", tmp_path / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    assert ask("check-catalogs", event(f"/project/{path}"), root=tmp_path).silent
