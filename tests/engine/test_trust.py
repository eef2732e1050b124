"""`hunkworks trust` agrees to endpoints as it does to commands."""

from __future__ import annotations

import json

import pytest

from hunkworks.cli.main import run
from hunkworks.config import parse
from hunkworks.engine.endpoints import named_endpoints
from hunkworks.trust import is_trusted
from tests.repo import Repo

KIMI = 'tiers.deep = {id = "kimi-k2.6", base_url = "https://api.moonshot.ai/anthropic", key = "MOONSHOT_API_KEY"}\n'


def test_the_user_sees_where_code_and_key_would_go_and_agrees(
    repo: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    repo.write("hunkworks.toml", KIMI)
    repo.commit()
    assert run(["trust", "--yes"]) == 0
    shown = capsys.readouterr().err
    assert "new:     send code to https://api.moonshot.ai/anthropic with the key in MOONSHOT_API_KEY" in shown
    (words,) = named_endpoints(parse(KIMI, origin="hunkworks.toml"), {})
    assert is_trusted(repo.root / ".git", words)
    assert run(["trust", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 0


def test_an_endpoint_that_only_the_working_tree_names_is_not_agreed_to(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Configuration counts as it stands at the base: a change does not choose who judges it."""
    repo.write("README", "x")
    repo.commit()
    repo.write("hunkworks.toml", KIMI)
    assert run(["trust", "--yes"]) == 0
    assert "moonshot" not in "".join(capsys.readouterr())
