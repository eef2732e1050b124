"""Residue judged through an engine: one task a packet, every answer checked as a session's is, all written at the end.

While tasks run nothing is written and every question depends on the packets alone: a run that was killed, resumed or
replayed asks the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hunkworks.config import Tier
from hunkworks.engine.agents import definitions, instructions
from hunkworks.engine.port import Engine, Judged, Result, Task, Tool
from hunkworks.errors import HunkworksError
from hunkworks.privacy.redact import redact
from hunkworks.refactor.answering import Answer, Answered, answer_file
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.residue import Kept, Packet, page
from hunkworks.rules.model import Rule

AGENT = "refactorer"
_READ, _ANSWER = "residue", "answers"
_TURNS = 6


class Headless:
    """The open packets of one batch as tasks.

    Args:
        rule: The batch's recipe.
        kept: The batch and its files.
        project: The other files of the project; nothing is planned in it.
    """

    def __init__(self, rule: Rule, kept: Kept, project: Overlay) -> None:
        self._rule = rule
        self._kept = kept
        self._project = project
        self._answers: dict[str, Answer] = {}
        self.withheld: list[str] = []

    def tasks(self) -> list[Task]:
        """Return one task for each packet; one that shows a secret is withheld, since its lines could not come back."""
        self.withheld = []
        made: list[Task] = []
        for packet in self._kept.batch.open():
            text = page(packet, self._kept.files[packet.path])
            if redact(text).redactions:
                self.withheld.append(packet.id)
            else:
                made.append(self._task(packet, text))
        return made

    def judge(self, engine: Engine, done: Callable[[Judged], None]) -> tuple[list[Judged], list[Answer]]:
        """Have every packet judged; return what became of each task, and the answers that held on their own."""
        judged = engine.judge(self.tasks(), done)
        return judged, [self._answers[one.task] for one in judged if one.task in self._answers]

    def _task(self, packet: Packet, text: str) -> Task:
        return Task(
            name=packet.id,
            tier=Tier.DEFAULT,
            agent=AGENT,
            instructions=instructions(AGENT),
            text=f"Judge packet {packet.id}. It was read for you:\n\n{text}",
            tools=tuple(self._tool(name, packet, text) for name in (_READ, _ANSWER)),
            until=_ANSWER,
            turns=_TURNS,
        )

    def _tool(self, name: str, packet: Packet, text: str) -> Tool:
        definition = definitions()[name]

        def call(arguments: Mapping[str, Any]) -> Result:
            return Result(text) if name == _READ else self._answered(packet, arguments)

        return Tool(name, definition["description"], definition["inputSchema"], call)

    def _answered(self, packet: Packet, arguments: Mapping[str, Any]) -> Result:
        """Check an answer to one packet as if it were the only one; nothing is written."""
        try:
            given = msgspec.convert(arguments.get("answers"), list[Answer])
        except msgspec.ValidationError as error:
            return Result(f'expected {{"answers": [{{"residue": "{packet.id}", …}}]}}: {error}')
        if [answer.residue for answer in given] != [packet.id]:
            return Result(f"your packet is {packet.id}: answer that one, once")
        data = self._kept.files[packet.path]
        try:
            tried: Answered = answer_file(
                self._rule,
                self._kept.batch,
                packet.path,
                (data, data),
                {packet.id: given[0]},
                self._project.branch(),
            )
        except HunkworksError as error:
            return Result(str(error))
        if tried.rejected:
            return Result(f"rejected: {tried.rejected[0].why}")
        self._answers[packet.id] = given[0]
        return Result("accepted", accepted=True)


def left(judged: Sequence[Judged], answers: Sequence[Answer]) -> dict[str, str]:
    """Return why tasks have no answer, by packet."""
    answered = {answer.residue for answer in answers}
    return {one.task: one.why or "no answer" for one in judged if one.task not in answered}
