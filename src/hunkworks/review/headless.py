"""A planned review as tasks for an engine: the agents' own texts, the packets, and the tools behind the MCP server.

One task a packet, then one a ballot. What a task is told and answered depends on the plan and on its own calls alone,
never on what runs beside it: a run that was killed, resumed or replayed asks the same questions again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hunkworks.config import Tier
from hunkworks.engine.agents import definitions, instructions
from hunkworks.engine.port import Engine, Judged, Result, Task, Tool
from hunkworks.errors import HunkworksError, IntegrityError
from hunkworks.review import agent_tools
from hunkworks.review.judged import hold_vote
from hunkworks.review.project import Project
from hunkworks.review.record import Recorded, record
from hunkworks.review.session import RULES, TOLD_OF_RULES, Session
from hunkworks.review.tool_calls import checked
from hunkworks.review.votes import Voted

SKEPTIC = "skeptic"
_MOST_ANSWERS = 3  # after so many, what was accepted is the answer, and what stayed refused is told
_READING = ("packet", "show", "grep")


class Headless:
    """Judges the standing plan of a session through an engine.

    Args:
        session: Whose plan; answers and votes are kept there.
        project: What agents may read.
    """

    def __init__(self, session: Session, project: Project) -> None:
        self._session = session
        self._project = project
        self._refused: dict[str, list[str]] = {}

    def tasks(self) -> list[Task]:
        """Return one task for each packet of the plan."""
        manifest = self._session.manifest()
        agent = manifest.route.agent
        text = instructions(agent)
        return [
            self._task(packet.id, agent, text, f"Review packet {packet.id}. It was read for you:", "record")
            for packet in manifest.packets
        ]

    def votes(self) -> list[Task]:
        """Return one task for each ballot that was handed out."""
        text = instructions(SKEPTIC)
        return [
            self._task(ballot, SKEPTIC, text, f"Vote on ballot {ballot}. It was read for you:", "vote")
            for ballot in self._session.ballots()
        ]

    def most_tasks(self) -> list[Task]:
        """Return the tasks of a costly course: each packet, and a ballot as large as it for each skeptic."""
        return self.tasks() * (1 + self._session.manifest().shape.skeptics)

    def judge(
        self, engine: Engine, done: Callable[[Judged], None], held: Callable[[int], None]
    ) -> list[Judged]:
        """Have every packet reviewed and what was found voted on; return what became of each task.

        Args:
            engine: Who judges.
            done: Called as each task ends.
            held: Called with the number of ballots once they are known.
        """
        judged = engine.judge(self.tasks(), done)
        ballots = hold_vote(self._session)
        held(len(ballots))
        return [*judged, *(engine.judge(self.votes(), done) if ballots else [])]

    @property
    def refused(self) -> Mapping[str, Sequence[str]]:
        """What stayed refused of an answer that counts, by task: the reasons."""
        return {name: reasons for name, reasons in sorted(self._refused.items()) if reasons}

    def _task(self, name: str, agent: str, instructions: str, order: str, until: str) -> Task:
        route = self._session.manifest().route
        rules = self._session.rules()
        searches: set[str] = set()
        text = agent_tools.packet(self._session, self._project, name).removeprefix(TOLD_OF_RULES)
        return Task(
            name=name,
            tier=Tier(route.tier),
            agent=agent,
            instructions=instructions,
            shared=f'Packet "{RULES}", read for you:\n\n{rules}' if rules else "",
            text=f"{order}\n\n{text}",
            tools=tuple(self._tool(tool, name, searches) for tool in (*_READING, until)),
            until=until,
        )

    def _tool(self, tool: str, task: str, searches: set[str]) -> Tool:
        definition = definitions()[tool]
        schema = definition["inputSchema"]
        answers = {"record": self._record, "vote": self._vote}
        asked = 0

        def call(arguments: Mapping[str, Any]) -> Result:
            nonlocal asked
            try:
                given = checked(schema, arguments)
                if tool in answers:
                    asked += 1
                    return answers[tool](task, given, searches, asked)
                return Result(self._read(tool, given, searches))
            except IntegrityError:
                raise  # not the model's doing
            except HunkworksError as error:
                return Result(str(error))

        return Tool(tool, definition["description"], schema, call)

    def _read(self, tool: str, given: dict[str, Any], searches: set[str]) -> str:
        if tool == "packet":
            return agent_tools.packet(self._session, self._project, given["id"])
        if tool == "show":
            return agent_tools.show(self._session, self._project, **given)
        text = agent_tools.grep(self._session, self._project, **given)
        searches.add(given["text"])
        return text

    def _record(self, task: str, given: dict[str, Any], searches: set[str], asked: int) -> Result:
        if given["packet"] != task:
            return Result(f"your packet is {task}, not {given['packet']!r}: record under {task}")
        answer = record(self._session, given, searches)
        # What was refused and not mended is told, but does not keep what was accepted from counting.
        enough = asked >= _MOST_ANSWERS and self._session.answer(task) is not None
        self._refused[task] = [item.why for item in answer.rejected]
        return Result(_json(answer), accepted=not answer.rejected or enough)

    def _vote(self, task: str, given: dict[str, Any], searches: set[str], asked: int) -> Result:  # noqa: ARG002
        if given["ballot"] != task:
            return Result(f"your ballot is {task}, not {given['ballot']!r}: vote under {task}")
        voted = agent_tools.vote(self._session, self._project, given)
        wanted = {candidate.fingerprint for candidate in self._session.ballot(task).candidates}
        missing = sorted(wanted - self._session.votes(task).keys())
        more = f"\nstill without a vote that counts: {', '.join(missing)}" if missing else ""
        return Result(_json(voted) + more, accepted=not missing)


def _json(answer: Recorded | Voted) -> str:
    return msgspec.json.encode({"schema": 1, **msgspec.to_builtins(answer)}).decode("utf-8")
