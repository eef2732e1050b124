"""The program, for tests of its commands."""

from __future__ import annotations

import pytest

from tests.cli.invoke import Hunkworks


@pytest.fixture
def hunkworks(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Hunkworks:
    """Run ``hunkworks`` in this process."""
    return Hunkworks(monkeypatch, capfd)
