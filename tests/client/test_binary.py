"""The client is pinned, and where it cannot be had this is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.client.binary import HERE, ClientMissingError, install, pinned_version
from tests.client.conftest import missing


def test_the_lock_holds_the_pinned_version_and_names_no_registry() -> None:
    lock = (HERE / "package-lock.json").read_text()
    packages = json.loads(lock)["packages"]
    assert packages["node_modules/@anthropic-ai/claude-code"]["version"] == pinned_version()
    assert all(package["integrity"] for name, package in packages.items() if name)
    assert "://" not in lock


def test_without_npm_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClientMissingError, match="need npm"):
        install(tmp_path / "client")


def test_a_missing_client_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ClientMissingError("the client tests need npm")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="did not run"):
        missing(error)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="need npm"):
        missing(error)
