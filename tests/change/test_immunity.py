"""The answer does not depend on a user's configuration, environment or git hook."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hunkworks.change.git import run
from hunkworks.change.model import FileChange, Side, Status
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from tests.repo import Repo

SETTINGS = {
    "diff.external": "false",
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.srcPrefix": "x/",
    "diff.renames": "false",
    "diff.renameLimit": "1",
    "diff.algorithm": "patience",
    "diff.context": "0",
    "diff.interHunkContext": "50",
    "diff.suppressBlankEmpty": "true",
    "diff.submodule": "log",
    "diff.ignoreSubmodules": "all",
    "diff.wordRegex": ".",
    "diff.relative": "true",
    "diff.indentHeuristic": "false",
    "diff.colorMoved": "zebra",
    "diff.wsErrorHighlight": "all",
    "diff.orderFile": "order",
    "diff.upper.textconv": "tr a-z A-Z <",
    "diff.upper.command": "false",
    "core.quotePath": "true",
    "core.pager": "false",
    "core.abbrev": "4",
    "color.ui": "always",
    "color.diff": "always",
    "grep.patternType": "perl",
    "grep.lineNumber": "false",
    "pager.diff": "false",
    "status.showUntrackedFiles": "no",
    "submodule.recurse": "true",
}
ENVIRONMENT = {
    "GIT_DIR": "/nonexistent",
    "GIT_WORK_TREE": "/nonexistent",
    "GIT_INDEX_FILE": "/nonexistent/index",
    "GIT_OBJECT_DIRECTORY": "/nonexistent",
    "GIT_EXTERNAL_DIFF": "false",
    "GIT_DIFF_OPTS": "--unified=0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_NAMESPACE": "elsewhere",
    "GIT_PREFIX": "elsewhere/",
    "GIT_PAGER": "false",
    "GIT_TRACE": "1",
    "LANG": "de_DE.UTF-8",
    "LC_ALL": "de_DE.UTF-8",
    "LANGUAGE": "de",
}


def work(repo: Repo) -> None:
    repo.write("ünï code.txt", "".join(f"line {n}\n\n" for n in range(40)))
    repo.write("moved.txt", "".join(f"text {n}\n" for n in range(40)))
    repo.write("shout.upper", "quiet\n")
    repo.write(".gitattributes", "*.upper diff=upper\n")
    repo.write("order", "z*\n")
    repo.commit()
    repo.write(
        "ünï code.txt", "".join(f"line {n}\n\n" for n in range(40)).replace("20", "zwanzig").replace("24", "")
    )
    (repo.root / "moved.txt").rename(repo.root / "away.txt")
    repo.write("shout.upper", "quieter\n")
    repo.write("untracked.txt", "x\n")


def told(repo: Repo) -> tuple[str, list[FileChange]]:
    made = select(Repository.discover(repo.root), Selector())
    return made.id, list(made.files())


def test_no_setting_changes_the_answer(repo: Repo) -> None:
    work(repo)
    plain = told(repo)
    assert [file.status for file in plain[1]].count(Status.RENAMED) == 1
    for name, value in SETTINGS.items():
        repo.git("config", name, value)
    assert told(repo) == plain
    assert [match.text for match in Repository.discover(repo.root).grep("line 20", "HEAD")] == [b"line 20\n"]


def test_no_variable_changes_the_answer(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    work(repo)
    plain = told(repo)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert told(repo) == plain


def test_reading_leaves_the_index_alone_even_when_it_is_locked(repo: Repo) -> None:
    work(repo)
    index = repo.root / ".git/index"
    before = index.read_bytes()
    (repo.root / ".git/index.lock").write_bytes(b"somebody is committing")
    objects = sorted((repo.root / ".git/objects").rglob("*"))
    told(repo)
    assert index.read_bytes() == before
    assert sorted((repo.root / ".git/objects").rglob("*")) == objects


@pytest.mark.parametrize("autocrlf", ["true", "input", "false"])
@pytest.mark.parametrize("safe", ["true", "warn"])
def test_line_ends_are_as_git_would_store_them(repo: Repo, autocrlf: str, safe: str) -> None:
    repo.write("f.txt", "one\ntwo\n")
    repo.commit()
    repo.git("config", "core.autocrlf", autocrlf)
    repo.git("config", "core.safecrlf", safe)
    repo.write("f.txt", b"one\r\nTWO\r\n")
    made = select(Repository.discover(repo.root), Selector())
    (file,) = made.files()
    stored = b"one\r\nTWO\r\n" if autocrlf == "false" else b"one\nTWO\n"
    assert made.content(file, Side.NEW) == stored
    assert (file.added, file.removed) == ((2, 2) if autocrlf == "false" else (1, 1))


def test_a_clean_filter_is_honoured(repo: Repo) -> None:
    repo.write(".gitattributes", "*.secret filter=hide\n")
    repo.git("config", "filter.hide.clean", "sed s/hunter2/HIDDEN/")
    repo.commit()
    repo.write("a.secret", "password hunter2\n")
    made = select(Repository.discover(repo.root), Selector())
    (file,) = made.files()
    assert made.content(file, Side.NEW) == b"password HIDDEN\n"


HOOK = """#!/bin/sh
exec {python} -c '
import sys
sys.path.insert(0, "{source}")
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
made = select(Repository.discover(), Selector(staged=True))
print([file.path for file in made.files()], file=open("{out}", "w"))
'
"""


def install_hook(repo: Repo, hooks: Path) -> Path:
    import sys

    out = repo.root.parent / "told"
    source = Path(__file__).resolve().parents[2] / "src"
    hook = hooks / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(python=sys.executable, source=source, out=out))
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    return out


@pytest.mark.parametrize("arguments", [["a"], ["-a"], ["--include", "a"], []])
def test_a_pre_commit_hook_sees_what_is_being_committed(repo: Repo, arguments: list[str]) -> None:
    for name in ("a", "b"):
        repo.write(name, "one\n")
    repo.commit()
    out = install_hook(repo, repo.root / ".git/hooks")
    repo.write("a", "two\n")
    repo.write("b", "two\n")
    if not arguments:
        repo.git("add", "b")
    repo.git("commit", "-q", "-m", "x", *arguments)
    expected = {"a": ["a"], "-a": ["a", "b"], "--include": ["a"], "": ["b"]}[
        arguments[0] if arguments else ""
    ]
    assert out.read_text().strip() == str(expected)


def test_a_pre_commit_hook_in_a_linked_work_tree(repo: Repo) -> None:
    repo.write("a", "one\n")
    repo.commit()
    out = install_hook(repo, repo.root / ".git/hooks")
    repo.git("worktree", "add", "-q", "../linked")
    (repo.root.parent / "linked/a").write_text("two\n")
    repo.git("-C", "../linked", "commit", "-q", "-m", "x", "-a")
    assert out.read_text().strip() == "['a']"


def test_git_config_of_the_environment_still_counts(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "Grace")
    assert run(repo.root, ("config", "user.name")) == b"Grace\n"
