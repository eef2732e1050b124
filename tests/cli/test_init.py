"""`hunkworks init` adopts the pack; `--undo` leaves no trace."""

from __future__ import annotations

import json

from tests.cli.invoke import Hunkworks
from tests.repo import Repo


def test_init_and_undo_leave_the_project_as_it_was(repo: Repo, hunkworks: Hunkworks) -> None:
    repo.write(".claude/settings.json", '{\n  "model": "opus"\n}\n')
    repo.commit()
    assert hunkworks("init", "--alias", "--json").json["files"] == {
        "hunkworks.toml": "created",
        ".pre-commit-config.yaml": "created",
        ".claude/settings.json": "changed",
        ".claude/skills/review/SKILL.md": "created",
    }
    assert set(hunkworks("init", "--alias", "--json").json["files"].values()) == {"unchanged"}
    assert hunkworks("init", "--undo").code == 0
    assert repo.git("status", "--porcelain", "--untracked-files=all") == ""
    assert not (repo.root / ".claude/skills").exists()


def test_a_dry_run_writes_nothing(repo: Repo, hunkworks: Hunkworks) -> None:
    assert "created   hunkworks.toml" in hunkworks("init", "--dry-run").out
    assert repo.git("status", "--porcelain") == ""


def test_what_it_writes_is_a_configuration(repo: Repo, hunkworks: Hunkworks) -> None:
    hunkworks("init", "--no-pre-commit", "--no-client")
    repo.commit()
    repo.write("a.py", "x = 1\n")
    assert hunkworks("review").code == 0


def test_ci_is_written_when_asked_for_and_taken_back(repo: Repo, hunkworks: Hunkworks) -> None:
    workflow = repo.root / ".github/workflows/hunkworks.yml"
    hunkworks("init")
    assert not workflow.exists()
    pack = "team/hunkworks@0123456789abcdef0123456789abcdef01234567"
    assert hunkworks("init", "--ci", "github", "--pack", pack).code == 0
    assert "ref: 0123456789abcdef" in workflow.read_text()
    assert hunkworks("init", "--undo").code == 0
    assert repo.git("status", "--porcelain", "--untracked-files=all") == ""


def test_a_pack_without_a_workflow_is_refused(repo: Repo, hunkworks: Hunkworks) -> None:
    assert hunkworks("init", "--pack", "a/b@c").code == 2


def test_the_clients_git_status_can_be_kept_from_agents_and_given_back(
    repo: Repo, hunkworks: Hunkworks
) -> None:
    settings = repo.write(".claude/settings.json", '{\n  "env": {"A": "b"}\n}\n')
    before = settings.read_bytes()
    assert hunkworks("init", "--no-git-status").code == 0
    assert json.loads(settings.read_bytes())["env"] == {"A": "b", "CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS": "1"}
    assert hunkworks("init", "--undo").code == 0
    assert settings.read_bytes() == before
    assert hunkworks("init", "--no-git-status", "--no-client").code == 2
