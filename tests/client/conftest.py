"""Fixtures that drive the real client; without npm they skip on a developer's machine and fail in CI."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.client.binary import ClientMissingError, install
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI


def missing(error: ClientMissingError) -> NoReturn:
    """Skip on a developer's machine, fail in CI: there nothing may go untested in silence."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(error))
    pytest.skip(f"{error}: the tests of the real client did not run")


@pytest.fixture(scope="session")
def program() -> Path:
    """The pinned client's program, installed on first use."""
    try:
        return install()
    except ClientMissingError as error:
        missing(error)


@pytest.fixture
def claude(program: Path, tmp_path: Path) -> Client:
    """The client with an empty home."""
    return Client(program, tmp_path / "home")


@pytest.fixture
def api() -> Iterator[MessagesAPI]:
    """The scripted API, with no rules yet."""
    with MessagesAPI() as served:
        yield served
