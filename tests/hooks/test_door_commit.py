"""The guard-commit hook: a commit that would hold a conflict marker or a credential is denied, with the place."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from hunkworks.privacy.secrets import find_secrets
from tests.hooks.asking import ask, git, interpreters, load_door

# Put together here, so that no scanner takes this file for what it tests.
SECRETS = {
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "AWS access key": "AK" + "IA" + "Q3EGRLZPA7BCDXYW",
    "GitHub token": "gh" + "p_" + "a1B2" * 9,
    "GitLab token": "gl" + "pat-" + "a1B2" * 5,
    "Slack token": "xo" + "xb-" + "1" * 12 + "-" + "a1B2" * 6,
    "Stripe key": "sk_" + "live_" + "a1B2" * 6,
    "Anthropic key": "sk-" + "ant-api03-" + "a1B2" * 23,
    "Google key": "AI" + "za" + "a1B2c" * 7,
}
KEY = SECRETS["AWS access key"]
OPEN, CLOSE = "<" * 7 + " HEAD", ">" * 7 + " topic"


def event(cwd: Path, command: object = "git commit -m 'a change'") -> dict[str, Any]:
    return {"cwd": str(cwd), "tool_name": "Bash", "tool_input": {"command": command}}


def stage(repository: Path, name: str, content: str | bytes) -> None:
    path = repository / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(repository, "add", "--", name)


def denied(repository: Path, command: object = "git commit -m 'a change'") -> list[str]:
    """Return the places that the denial names."""
    decision = ask("guard-commit", event(repository, command)).decision
    assert decision["permissionDecision"] == "deny"
    return [line.strip() for line in decision["permissionDecisionReason"].splitlines()[1:-1]]


@pytest.mark.parametrize(("kind", "value"), SECRETS.items(), ids=list(SECRETS))
def test_a_staged_credential_is_named_by_place_and_kind_and_never_shown(
    repository: Path, kind: str, value: str
) -> None:
    stage(repository, "src/settings.py", f"one = 1\ntoken = '{value}'\n")
    answer = ask("guard-commit", event(repository))
    assert denied(repository) == [f"src/settings.py:2: {kind}"]
    assert value not in answer.stdout + answer.stderr


@pytest.mark.parametrize("value", SECRETS.values(), ids=list(SECRETS))
def test_what_it_denies_the_whole_list_of_rules_finds_too(value: str) -> None:
    """The door holds the few fixed forms; it never knows better than the pre-commit hook."""
    body = "MIIEpAIBAAKCAQEA7Yn2vXc0Qk3hZ5sT1uWbJ8mR4eLxPqD6fGyNoVa9KiHtCzEr"
    rest = f"\n{body}\n{body[::-1]}\n{value.replace('BEGIN', 'END')}" if "BEGIN" in value else ""
    assert find_secrets(f"token = '{value}{rest}'\n")


@pytest.mark.parametrize("python", interpreters())
def test_staged_conflict_markers_are_denied(repository: Path, python: str) -> None:
    stage(repository, "app.py", f"one = 1\r\n{OPEN}\r\ntwo = 2\r\n=======\r\ntwo = 3\r\n{CLOSE}\r\n")
    reason = ask("guard-commit", event(repository), python=python).decision["permissionDecisionReason"]
    assert "app.py:2: conflict marker" in reason
    assert "app.py:6: conflict marker" in reason
    assert "guard_commit = false" in reason


@pytest.mark.parametrize(
    "content",
    [
        "Title\n=======\n",  # a heading in reStructuredText
        "<<<<<<<\n>>>>>>>>\n  <<<<<<< HEAD\n",
        "key = 'AKIA" + "IOSFODNN7EXAMPLE'\n",
        "-----BEGIN PUBLIC KEY-----\n-----BEGIN CERTIFICATE-----\n",
        "sk-ant-api03-...\nghp_xxxx\n",
        "",
    ],
)
def test_what_only_looks_alike_passes(repository: Path, content: str) -> None:
    stage(repository, "notes.txt", content)
    assert ask("guard-commit", event(repository)).silent


def test_only_what_the_commit_brings_in_counts(repository: Path) -> None:
    """What stood before, what is taken out, and what is not staged are not this commit's."""
    stage(repository, "old.py", f"a = '{KEY}'\nb = '{KEY}'\n")
    git(repository, "commit", "-q", "-m", "before")
    stage(repository, "old.py", f"a = '{KEY}'\nc = 1\n")
    (repository / "app.py").write_text(f"not staged = '{KEY}'\n")
    (repository / "new.py").write_text(f"untracked = '{KEY}'\n")
    assert ask("guard-commit", event(repository)).silent


@pytest.mark.parametrize(
    "command",
    [
        "git add . && git commit -m x",
        "git add -A; git commit -m x",
        "git add new.py\ngit commit -m \"$(cat <<'EOF'\nA message, 'quoted'\nEOF\n)\"",
        "git add --all && git commit -m x",
        "git add '*.py' && git commit -m x",
        "git add -f -- new.py && FOO=1 git commit",
    ],
)
def test_what_the_same_command_adds_first_counts(repository: Path, command: str) -> None:
    (repository / "new.py").write_text(f"ok = 1\nkey = '{KEY}'\n")
    assert denied(repository, command) == ["new.py:2: AWS access key"]


@pytest.mark.parametrize(
    "command", ["git add app.py && git commit -m x", "git commit -am x", "git commit -m 'git add .'"]
)
def test_a_file_that_the_command_leaves_out_does_not_count(repository: Path, command: str) -> None:
    (repository / "new.py").write_text(f"key = '{KEY}'\n")
    assert ask("guard-commit", event(repository, command)).silent


@pytest.mark.parametrize(
    "command", ["git commit -am x", "git commit --all", "git commit -qa", "git add -u && git commit"]
)
def test_commit_all_counts_what_is_tracked(repository: Path, command: str) -> None:
    (repository / "app.py").write_text(f"one = 1\ntwo = '{KEY}'\n")
    assert denied(repository, command) == ["app.py:2: AWS access key"]


def test_quoting_that_only_a_shell_understands_leaves_the_index_guarded(repository: Path) -> None:
    stage(repository, "new.py", f"key = '{KEY}'\n")
    assert denied(repository, "git commit -m \"it's $(cat <<'EOF'\nan odd \" quote\nEOF\n)\"")


def test_nothing_in_the_command_is_ever_run(repository: Path) -> None:
    stage(repository, "new.py", f"key = '{KEY}'\n")
    denied(
        repository,
        f"git add '; touch {repository}/ran' $(touch {repository}/ran) `touch {repository}/ran` && git commit",
    )
    assert not (repository / "ran").exists()


def test_a_merge_that_is_added_unresolved_is_denied(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "topic")
    stage(repository, "app.py", "one = 1\ntwo = 22\nthree = 3\n")
    git(repository, "commit", "-q", "-m", "theirs")
    git(repository, "checkout", "-q", "main")
    stage(repository, "app.py", "one = 1\ntwo = 222\nthree = 3\n")
    git(repository, "commit", "-q", "-m", "ours")
    with pytest.raises(Exception, match="merge"):
        git(repository, "merge", "-q", "topic")
    places = denied(repository, "git add app.py && git commit --no-edit")
    assert places == ["app.py:2: conflict marker", "app.py:6: conflict marker"]


@pytest.mark.parametrize(
    "name", ["with space.py", 'quo"te.py', "tab\there.py", "neu\nzeile.py", "ünïcode.py", "-dash.py"]
)
def test_a_name_is_shown_whole_and_harmless(repository: Path, name: str) -> None:
    stage(repository, name, f"key = '{KEY}'")
    (place,) = denied(repository)
    assert place.endswith(":1: AWS access key")
    assert place.isprintable()
    assert re.sub(r"\W", "", name.partition(".")[0])[:3] in place
    git(repository, "rm", "-q", "--cached", "--", name)
    (again,) = denied(repository, "git add . && git commit -m x")
    assert again.isprintable()


def test_lines_that_look_like_a_patch_do_not_confuse_it(repository: Path) -> None:
    stage(repository, "a.txt", "-- gone\n++ gone\n@@ -1 +1 @@\n")
    git(repository, "commit", "-q", "-m", "odd")
    stage(repository, "a.txt", f"++ b/forged.py\n@@ -1,9 +1,9 @@\n+{KEY}\n++ {KEY}\n-- x")
    assert denied(repository) == ["a.txt:3: AWS access key", "a.txt:4: AWS access key"]


def test_the_first_commit_of_a_repository_is_guarded_too(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    stage(tmp_path, "deep/er/a.py", f"\n\nkey = '{KEY}'\n")
    assert denied(tmp_path / "deep") == ["deep/er/a.py:3: AWS access key"]


def test_a_linked_work_tree_is_guarded_by_its_own_index(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    stage(tmp_path / "side", "a.py", f"key = '{KEY}'\n")
    assert denied(tmp_path / "side") == ["a.py:1: AWS access key"]
    assert ask("guard-commit", event(repository)).silent


def test_what_git_calls_binary_is_left_alone(repository: Path) -> None:
    stage(repository, "a.bin", b"\0" + KEY.encode())
    (repository / "b.bin").write_bytes(b"\0" + KEY.encode())
    (repository / "link").symlink_to("/etc/hostname")
    assert ask("guard-commit", event(repository, "git add . && git commit")).silent


def test_a_users_git_configuration_changes_nothing(repository: Path, tmp_path: Path) -> None:
    settings = {
        "diff.external": f"touch {tmp_path}/ran",
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.context": "9",
        "color.ui": "always",
        "core.fsmonitor": f"touch {tmp_path}/ran",
        "diff.algorithm": "histogram",
        "diff.x.textconv": f"touch {tmp_path}/ran",
    }
    for key, value in settings.items():
        git(repository, "config", key, value)
    (repository / ".gitattributes").write_text("*.py diff=x\n")
    stage(repository, "ü.py", f"one = 1\nkey = '{KEY}'\n")
    (tmp_path / "ran").unlink(missing_ok=True)
    assert denied(repository) == ["ü.py:2: AWS access key"]
    assert not (tmp_path / "ran").exists()


def test_a_long_list_is_cut_with_its_count(repository: Path) -> None:
    stage(repository, "a.py", f"key = '{KEY}'\n" * 25)
    places = denied(repository)
    assert len(places) == 11
    assert places[-1] == "and 15 more"


def test_it_can_be_switched_off(repository: Path) -> None:
    stage(repository, "a.py", f"key = '{KEY}'\n")
    (repository / "hunkworks.toml").write_text("[hooks]\nguard_commit = false\n")
    assert ask("guard-commit", event(repository)).silent


def test_outside_a_repository_it_is_silent(tmp_path: Path) -> None:
    assert ask("guard-commit", event(tmp_path)).silent


def test_without_git_it_says_that_nothing_was_checked(repository: Path, tmp_path: Path) -> None:
    answer = ask("guard-commit", event(repository), PATH=str(tmp_path))
    assert answer.undecided
    assert "this commit was not checked" in answer.stderr


def test_when_git_fails_it_says_that_nothing_was_checked(repository: Path) -> None:
    (repository / ".git" / "index").write_bytes(b"damaged")
    answer = ask("guard-commit", event(repository))
    assert answer.code == 1
    assert answer.stderr.endswith("hunkworks: this commit was not checked: git diff ended with 128\n")


def test_a_git_that_does_not_end_is_ended(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in for git waits for somebody to open a pipe, and nobody does."""
    module = load_door()
    os.mkfifo(tmp_path / "never")
    slow = tmp_path / "git"
    slow.write_text(f"#!/bin/sh\nexec 3<{tmp_path}/never\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(module, "SECONDS", 0.2)
    with pytest.raises(module.UndecidedError, match="not checked: git took too long"):
        module.guard_commit(json.dumps(event(repository)).encode())


def test_reading_what_is_added_ends_in_time_too(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load_door()
    (repository / "new.py").write_text("one = 1\n")
    monkeypatch.setattr(module, "_lines", lambda command, *_: [b"new.py\0"] if "ls-files" in command else [])
    monkeypatch.setattr(module, "SECONDS", -1.0)
    with pytest.raises(module.UndecidedError, match="more than can be read in time"):
        module.guard_commit(json.dumps(event(repository, "git add . && git commit")).encode())
