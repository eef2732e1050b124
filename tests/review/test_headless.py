"""A review through an engine: the session's texts and tools, and nothing that depends on what runs beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hunkworks import paths
from hunkworks.config import Tier
from hunkworks.engine.port import Estimate, Judged, Result, Task, Usage
from hunkworks.review.extent import Extent
from hunkworks.review.headless import Headless
from hunkworks.review.judging import summed
from hunkworks.review.manifest import PacketRef
from hunkworks.review.memory import Memory
from hunkworks.review.packets import Packet
from hunkworks.review.project import Heard, Project
from hunkworks.review.session import Session
from hunkworks.review.shape import Shape
from tests.review.sections import manifest, packet, section
from tests.review.test_record import FINDING
from tests.review.test_votes import VOTE

PACKETS = [
    packet(section("+x = 1")),
    Packet("p002", "fedcba9876543210", (section("+y = 2", path="b.py"),)),
]
PLAN = msgspec.structs.replace(
    manifest(),
    shape=Shape(1, 1, "one pass, 1 vote"),
    packets=tuple(PacketRef(one.id, "", 100, 1, tuple(one.paths)) for one in PACKETS),
)
HEARD = [
    *(Heard(question=("callers", one.id, 0), answer="") for one in PACKETS),
    Heard(question=("grep", "retry", "", "new"), answer="no line holds 'retry'"),
    Heard(question=("lines", "b.py"), answer=9),
    Heard(question=("show", "gone.py", 1, None, "new"), refused=("gone.py is not a file", "", "", "grep")),
]


class Heedless(Project):
    """What git would say, from a list; how much room a packet leaves for its callers is no matter here."""

    def callers(self, packet: Packet, room: int) -> str:
        return super().callers(packet, 0)


class Puppet:
    """An engine that makes the calls it was told to make, task by task."""

    name = "puppet"

    def __init__(self, *calls: tuple[str, str, Mapping[str, Any]]) -> None:
        self._calls = calls
        self.said: list[Result] = []

    def estimate(self, tasks: Sequence[Task]) -> Estimate:
        return Estimate(len(tasks), Usage(), Usage())

    def judge(self, tasks: Sequence[Task], done: Callable[[Judged], None]) -> list[Judged]:
        judged = []
        for task in tasks:
            results = [
                next(tool for tool in task.tools if tool.name == name).call(arguments)
                for of, name, arguments in self._calls
                if of == task.name
            ]
            self.said += results
            why = "" if any(result.accepted for result in results) else "it said nothing"
            judged.append(Judged(task=task.name, tier=task.tier, why=why, calls=len(results)))
            done(judged[-1])
        return judged


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(tmp_path, "run-1")
    with made.planning() as draft:
        for one in PACKETS:
            draft.packet(one)
        draft.rules("Rules of this project.")
        draft.manifest(PLAN, Memory(), Extent())
    return made


def headless(session: Session) -> Headless:
    return Headless(session, Heedless(None, PLAN, HEARD))


def judge(
    session: Session, *calls: tuple[str, str, Mapping[str, Any]]
) -> tuple[Puppet, list[Judged], Headless]:
    puppet, made = Puppet(*calls), headless(session)
    return puppet, made.judge(puppet, lambda _: None, lambda _: None), made


def record(packet_id: str, *findings: object) -> tuple[str, str, Mapping[str, Any]]:
    return packet_id, "record", {"packet": packet_id, "findings": list(findings)}


def test_a_reviewer_reads_the_text_of_the_sessions_agent_its_packet_and_the_rules(session: Session) -> None:
    task = headless(session).tasks()[0]
    text = paths.pack("agents/reviewer.md").read_text()
    assert text.endswith(task.instructions + "\n")
    assert task.instructions.startswith("You review a change")
    assert "Rules of this project." in task.shared
    assert "+ x = 1" in task.text
    assert "Read the project's rules first" not in task.text, "they were read for it"
    assert [tool.name for tool in task.tools] == ["packet", "show", "grep", "record"]
    assert (task.tier, task.until) == (Tier.DEFAULT, "record")


def test_an_answer_ends_a_task_and_stands_in_the_session(session: Session) -> None:
    _, judged, _ = judge(session, record("p001", FINDING), record("p002"))
    assert [one.answered for one in judged[:2]] == [True, True]
    assert session.answers()["p001"].findings[0].line == 1


def test_another_tasks_packet_is_refused(session: Session) -> None:
    puppet, judged, _ = judge(session, ("p001", "record", {"packet": "p002", "findings": []}))
    assert "your packet is p001" in puppet.said[0].text
    assert session.answers() == {}
    assert not judged[0].answered


def test_a_claim_of_absence_needs_a_search_of_the_same_task(session: Session) -> None:
    """What another task searched for at the same time must not decide."""
    claim = FINDING | {"message": "no callers check it", "evidence": "retry: no line"}
    search = ("p001", "grep", {"text": "retry"})
    puppet, _, _ = judge(
        session, search, record("p001", claim), record("p002", claim | {"path": "b.py", "quote": "y = 2"})
    )
    assert [said.accepted for said in puppet.said] == [False, True, False]
    assert "`grep` for it" in puppet.said[2].text


def test_what_stays_refused_is_told_and_does_not_keep_the_rest_from_counting(session: Session) -> None:
    wrong = FINDING | {"quote": "nowhere"}
    puppet, judged, made = judge(session, *[record("p001", FINDING, wrong)] * 3)
    assert [said.accepted for said in puppet.said] == [False, False, True]
    (step,) = summed(judged[:1], made.refused).steps
    assert (step.tasks, step.what[:14]) == (("p001",), "stayed refused")


def test_what_stays_refused_whole_is_no_answer(session: Session) -> None:
    puppet, _, _ = judge(session, *[record("p001", FINDING | {"quote": "nowhere"})] * 4)
    assert not any(said.accepted for said in puppet.said)


def test_votes_end_a_ballot_when_every_finding_has_one_that_counts(session: Session) -> None:
    judge(session, record("p001", FINDING), record("p002"))
    name = session.ballot("v001").candidates[0].fingerprint
    vote = VOTE | {"finding": name}
    puppet, judged, _ = judge(
        session,
        record("p001", FINDING),
        record("p002"),
        ("v001", "vote", {"ballot": "v001", "votes": [vote | {"places": []}]}),
        ("v001", "vote", {"ballot": "v001", "votes": [vote]}),
    )
    assert [said.accepted for said in puppet.said] == [True, True, False, True]
    assert f"still without a vote that counts: {name}" in puppet.said[2].text
    assert judged[-1].answered


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("show", {}, "path is missing"),
        ("show", {"path": "gone.py"}, "gone.py is not a file"),
        ("show", {"path": "a.py", "first": 0}, "first is out of range"),
        ("show", {"path": "a.py", "first": 10**40}, "first is out of range"),
        ("show", {"path": "a.py", "side": "left"}, "expected new or old"),
        ("show", {"path": "a\0b"}, "zero byte"),
        ("show", {"path": ["a.py"]}, "has to be of type string"),
        ("show", {"path": "a.py", "last": True}, "has to be of type integer"),
        ("show", {"path": "a.py", "lines": 3}, "there is no argument 'lines'"),
        ("packet", {"id": "p999"}, "there is no packet 'p999'"),
        ("grep", {"text": "\ud800"}, "not JSON"),
        ("record", {"packet": "p001", "findings": [float("nan")]}, "not JSON"),
        ("record", {"packet": "p001", "findings": [{"class": "logic"}]}, "missing required field"),
    ],
)
def test_a_call_out_of_form_is_answered_with_what_mends_it(
    session: Session, tool: str, arguments: Mapping[str, Any], said: str
) -> None:
    puppet, _, _ = judge(session, ("p001", tool, arguments))
    assert said in puppet.said[0].text
    assert not puppet.said[0].accepted
