"""hooks.json says when a hook starts, how long it may take and what its failure means."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import msgspec
import pytest

from evals.hook_cost import MOST_MODULES, NOTHING_TO_SAY, measure
from hunkworks.config import Hooks
from tests.hooks.asking import HOOKS, ROOT, ask, commands, interpreters


def test_every_hook_can_be_switched_off_by_its_name() -> None:
    switches = {field.name for field in msgspec.structs.fields(Hooks)}
    assert {name.replace("-", "_") for name in commands()} == switches


@pytest.mark.parametrize("name", commands())
def test_a_hook_is_bounded_and_never_blocks_by_failing(name: str) -> None:
    hook = commands()[name]
    assert 0 < hook["timeout"] <= 10
    assert hook["onFailure"] == "continue"


def test_most_tool_calls_start_nothing() -> None:
    starts = {name: (hook["matcher"], hook.get("if")) for name, hook in commands().items()}
    assert starts == {
        "session-start": ("startup|resume", None),
        "route-agent": ("Agent", None),
        "guard-commit": ("Bash", "Bash(git commit *)"),
        "check-catalogs": ("Write", "Write(//**/*.y*ml)"),
    }


def test_an_edit_starts_the_hook_once_for_each_kind_of_catalog_and_for_no_code() -> None:
    """The client reads `if` before it starts anything; a path that two patterns met would be looked at twice."""
    entries = [(group["matcher"], hook["if"]) for group in HOOKS["PostToolUse"] for hook in group["hooks"]]
    patterns = {
        tool: [re.escape(rule) for name, rule in entries if name == tool] for tool in ("Edit", "Write")
    }
    for tool, rules in patterns.items():
        assert len(rules) == 8
        globs = [rule.removeprefix(re.escape(f"{tool}(//**/")).removesuffix(re.escape(")")) for rule in rules]
        compiled = [re.compile(f"(?:.*/)?{glob}".replace(re.escape("*"), "[^/]*")) for glob in globs]

        def started(path: str, some: list[re.Pattern[str]] = compiled) -> int:
            return sum(pattern.fullmatch(path) is not None for pattern in some)

        for path in CATALOGS:
            assert started(path) == 1, path
        for path in ("src/app.py", "App.swift", "Main.kt", "index.tsx", "README.md", "res/layout/main.xml"):
            assert started(path) == 0, path


CATALOGS = (
    "de.lproj/Localizable.strings",
    "de.lproj/Localizable.stringsdict",
    "Localizable.xcstrings",
    "res/values/strings.xml",
    "res/values-pt-rBR/arrays.xml",
    "lib/l10n/app_de.arb",
    "locale/de/LC_MESSAGES/django.po",
    "locale/django.pot",
    "Messages_de.properties",
    "translations/messages.de.xlf",
    "translations/messages.de.xliff",
    "locales/de.json",
    "config/locales/de.yml",
    "translations/messages.de.yaml",
)


def test_the_first_request_does_not_wait_for_the_session_start_hook() -> None:
    assert commands()["session-start"]["async"] is True


@pytest.mark.parametrize("python", interpreters())
def test_a_hook_with_nothing_to_say_loads_next_to_nothing(python: str) -> None:
    """The CPU bound is for `python -m evals.hook_cost`: no test depends on timing."""
    _, costs = measure(python, runs=1)
    assert [cost.name for cost in costs] == list(NOTHING_TO_SAY)
    for cost in costs:
        assert len(cost.modules) <= MOST_MODULES, cost


@pytest.mark.parametrize("name", commands())
@pytest.mark.parametrize(
    "event",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'"hunkworks: commit' * 3,
        b'{"commit": "hunkworks:',
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "list", "null", "not-utf8", "garbage", "open-string", "deep"],
)
def test_what_is_no_event_is_never_acted_on(name: str, event: bytes, tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    shutil.copy(ROOT / "hooks" / "door.py", tmp_path / "hooks")
    answer = ask(name, event, root=tmp_path)
    assert answer.silent or answer.undecided


@pytest.mark.parametrize("name", commands())
def test_an_event_beyond_all_measure_is_refused_in_words(name: str) -> None:
    answer = ask(name, b'{"tool_input": "hunkworks: commit' + b" " * 33 * 1024 * 1024)
    assert answer.undecided
    assert "32 MiB" in answer.stderr


@pytest.mark.parametrize("name", commands())
def test_a_pack_that_went_away_does_not_block_the_session(name: str, tmp_path: Path) -> None:
    """A missing script makes Python exit 2, which the client takes for a denial; a missing module is 1."""
    assert ask(name, NOTHING_TO_SAY[name], root=tmp_path / "gone").code == 1


def test_a_defect_of_ours_is_seen_and_lets_the_call_pass(tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "door.py").write_text("def main(arguments):\n    raise KeyError('defect')\n")
    answer = ask("route-agent", {}, python=sys.executable, root=tmp_path)
    assert answer.code == 1
    assert "KeyError: 'defect'" in answer.stderr
