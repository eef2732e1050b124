"""A review in progress: plans replace each other whole, answers never mix between plans or sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks.errors import UsageError
from hunkworks.review.extent import Extent
from hunkworks.review.memory import Memory
from hunkworks.review.session import Answer, Session, terminal_session
from tests.review.sections import PACKET, manifest, packet, plan, section


def test_what_was_planned_reads_back(tmp_path: Path) -> None:
    session = Session(tmp_path, "s1")
    plan(session)
    assert session.manifest() == manifest()
    assert session.packet("p001") == PACKET


def test_a_path_that_the_plan_names_holds_the_packet_as_reviewers_read_it(tmp_path: Path) -> None:
    session = Session(tmp_path, "s1")
    with session.planning() as draft:
        path = draft.packet(PACKET)
        draft.manifest(manifest(), Memory(), Extent())
    assert Path(path).read_text() == PACKET.render()


def test_a_new_plan_forgets_answers_to_the_old_one(tmp_path: Path) -> None:
    session = Session(tmp_path, "s1")
    plan(session)
    session.record(Answer("p001"))
    assert session.answers().keys() == {"p001"}
    plan(session)
    assert session.answers() == {}
    assert [item.name for item in session.folder.iterdir()] == ["review"]


def test_a_plan_that_fails_leaves_the_standing_one(tmp_path: Path) -> None:
    session = Session(tmp_path, "s1")
    plan(session)
    with pytest.raises(KeyboardInterrupt), session.planning() as draft:  # noqa: PT012
        draft.packet(packet(section("+y = 2")))
        raise KeyboardInterrupt
    assert session.packet("p001") == PACKET
    assert [item.name for item in session.folder.iterdir()] == ["review"]


def test_two_answers_to_one_packet_both_count(tmp_path: Path) -> None:
    session = Session(tmp_path, "s1")
    plan(session)
    session.record(Answer("p001"))
    session.record(Answer("p001"))
    assert session.answer("p001") == Answer("p001")
    assert len(list((session.folder / "review" / "answers").iterdir())) == 2


def test_two_sessions_never_mix(tmp_path: Path) -> None:
    first, second = Session(tmp_path, "s1"), Session(tmp_path, "s2")
    plan(first)
    plan(second)
    first.record(Answer("p001"))
    assert second.answers() == {}


@pytest.mark.parametrize("name", ["../s1", "", "a/b", "a\\b", ".", "x" * 65, "a b"])
def test_a_session_cannot_be_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="session's name"):
        Session(tmp_path, name)


def test_without_a_plan_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="fix: hunkworks review plan"):
        Session(tmp_path, "s1").manifest()


@pytest.mark.parametrize("packet_id", ["p002", "../manifest", ""])
def test_only_planned_packets_can_be_read(tmp_path: Path, packet_id: str) -> None:
    session = Session(tmp_path, "s1")
    plan(session)
    with pytest.raises(UsageError, match="expected p001"):
        session.packet(packet_id)


def test_a_terminal_has_one_session_per_work_tree() -> None:
    assert terminal_session(Path("/a")) == terminal_session(Path("/a")) != terminal_session(Path("/b"))
