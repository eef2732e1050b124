"""The workflow is added, moved to another version of the pack, and taken back; what somebody changed stays."""

from __future__ import annotations

import pytest

from hunkworks.errors import UsageError
from hunkworks.scaffold.ci.workflow import Workflow

OURS = Workflow.of_pack("hunkworks/hunkworks@v0.1.0")
LATER = Workflow.of_pack("team/fork@0123456789abcdef0123456789abcdef01234567")


def test_a_later_version_moves_the_pin_and_takes_back_what_an_earlier_one_wrote() -> None:
    written = OURS.add(None)
    assert LATER.add(written) == LATER.content() != written
    assert LATER.take_back(written) is None
    assert OURS.take_back(LATER.content().replace(b"\n", b"\r\n")) is None


def test_what_somebody_changed_stays() -> None:
    theirs = OURS.content().replace(b"timeout-minutes: 30", b"timeout-minutes: 60")
    assert LATER.add(theirs) == theirs == LATER.take_back(theirs)


def test_both_jobs_take_the_pack_from_the_same_place() -> None:
    text = LATER.content().decode()
    assert text.count("repository: team/fork\n") == text.count(f"ref: {LATER.pin}\n") == 2
    assert "HOME" not in text
    assert "PIN" not in text


@pytest.mark.parametrize(
    "pack", ["", "hunkworks", "a/b", "a/b@", "a/b@x y", "a/b@-x", "a/b@v1\nx: y", "https://a/b@c"]
)
def test_a_place_that_is_none_is_refused(pack: str) -> None:
    with pytest.raises(UsageError, match="OWNER/NAME@COMMIT"):
        Workflow.of_pack(pack)
