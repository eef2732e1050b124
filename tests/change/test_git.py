"""git runs alone: what it prints is checked, what it complains of becomes one sentence."""

from __future__ import annotations

import pytest

from hunkworks.change.git import run, stream
from hunkworks.errors import InputError, RepositoryError
from tests.repo import Repo


def test_statuses_that_are_answers_are_no_errors(repo: Repo) -> None:
    assert run(repo.root, ("config", "--get", "no.such"), statuses=(0, 1)) == b""
    with pytest.raises(RepositoryError):
        run(repo.root, ("config", "--get", "no.such"))


def test_a_great_complaint_does_not_block(repo: Repo) -> None:
    with stream(repo.root, ("rev-list", "--stdin")) as output:
        assert output.read() == b""
    questions = b"gone\n" * 100_000
    assert run(repo.root, ("cat-file", "--batch-check"), stdin=questions) == b"gone missing\n" * 100_000


def test_gits_reason_comes_before_a_readers_complaint_about_cut_output(repo: Repo) -> None:
    def read() -> None:
        with stream(repo.root, ("cat-file", "blob", "gone")) as output:
            assert output.read() == b""
            raise InputError("the patch is cut")

    with pytest.raises(RepositoryError, match="Not a valid object name gone"):
        read()


def test_a_readers_own_complaint_is_kept(repo: Repo) -> None:
    repo.write("f", "x\n" * 100_000)
    repo.commit()

    def read() -> None:
        with stream(repo.root, ("cat-file", "blob", "HEAD:f")) as output:
            output.readline()
            raise InputError("one line was enough")

    with pytest.raises(InputError, match="one line was enough"):
        read()
