"""A planned translation as tasks for an engine: the translator's own text, a batch a task, the tools of a session.

What a task is told depends on the plan and on its own calls alone. Each answer is checked and written when it is handed
in, as in a session: a run that was killed has lost only what was not answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from hunkworks.change.repository import Repository
from hunkworks.config import Tier
from hunkworks.engine.agents import definitions, instructions
from hunkworks.engine.port import Engine, Judged, Result, Task, Tool
from hunkworks.localize.apply import Answer, Applied, Applier, Warned
from hunkworks.localize.batches import Batch, render
from hunkworks.localize.plan import Plan
from hunkworks.localize.session import Confirmed, Session

AGENT = "translator"
_HAND_IN, _READ = "translations", "units"
_TURNS = 8


class Answers(msgspec.Struct, forbid_unknown_fields=True):
    """What translators hand in."""

    translations: list[Answer]


class Headless:
    """Has the standing plan of a session translated through an engine.

    Args:
        repository: Whose work tree is written.
        session: Whose plan, lock and count of rejected answers.
        plan: The standing plan.
    """

    def __init__(self, repository: Repository, session: Session, plan: Plan) -> None:
        self._repository = repository
        self._session = session
        self._plan = plan
        self._units = {unit.id: unit for unit in plan.units}
        self._writing = threading.Lock()
        self._settled: set[str] = set()
        self._warnings: dict[tuple[str, str], Warned] = {}
        self._files: dict[str, None] = {}

    def tasks(self) -> list[Task]:
        """Return one task for each batch."""
        text = instructions(AGENT)
        return [self._task(batch, text) for batch in self._plan.batches]

    def judge(self, engine: Engine, done: Callable[[Judged], None]) -> list[Judged]:
        """Have every batch translated; what is accepted stands in the catalogs then."""
        return engine.judge(self.tasks(), done)

    def finish(self, *, prune: bool) -> Applied:
        """Write what needs no translator, and return what became of everything."""
        done = self._apply([], prune=prune, answered_only=False)
        return msgspec.structs.replace(
            done,
            warnings=(*self._warnings.values(), *done.warnings),
            files=tuple(self._files | dict.fromkeys(done.files)),
        )

    def _task(self, batch: Batch, instructions: str) -> Task:
        read = render(batch, self._units, self._plan.source_locale)

        def units(arguments: Mapping[str, Any]) -> Result:
            mine = arguments.get("batch") == batch.id
            return Result(read if mine else f"your batch is {batch.id}")

        return Task(
            name=batch.id,
            tier=Tier.DEFAULT,
            agent=AGENT,
            instructions=instructions,
            text=f"Translate batch {batch.id}. It was read for you:\n\n{read}",
            tools=(
                self._tool(_READ, units),
                self._tool(_HAND_IN, lambda given: self._handed_in(batch, given)),
            ),
            until=_HAND_IN,
            turns=_TURNS,
        )

    def _tool(self, name: str, call: Callable[[Mapping[str, Any]], Result]) -> Tool:
        definition = definitions()[name]
        return Tool(name, definition["description"], definition["inputSchema"], call)

    def _handed_in(self, batch: Batch, arguments: Mapping[str, Any]) -> Result:
        """Check and write one answer of the model; the batch is done when each unit is written or given up."""
        try:
            plain = json.dumps(dict(arguments)).encode("ascii")
            given = msgspec.json.decode(plain, type=Answers).translations
        except (msgspec.DecodeError, TypeError, ValueError, RecursionError) as error:
            return Result(f"not the form of an answer: {error}")
        others = sorted({answer.id for answer in given} - set(batch.units))
        if others:
            return Result(f"hand in the units of batch {batch.id} alone; {others[0]!r} is none of them")
        done = self._apply(given, prune=False, answered_only=True)
        self._settled.update(done.written, done.given_up)
        self._warnings |= {(item.id, item.check): item for item in done.warnings}
        self._files |= dict.fromkeys(done.files)
        open_ = [ident for ident in batch.units if ident not in self._settled]
        document = {"schema": 1, **msgspec.to_builtins(done), "open": len(open_)}
        return Result(msgspec.json.encode(document).decode("utf-8"), accepted=not open_)

    def _apply(self, answers: Iterable[Answer], *, prune: bool, answered_only: bool) -> Applied:
        # Tasks of this run wait for each other as long as it takes; the session's lock is for other processes.
        with self._writing, self._session.writing():
            confirmed = Confirmed(self._repository.common_dir)
            attempts = self._session.attempts(self._plan.attempts)
            applier = Applier(self._repository, self._plan, confirmed, attempts)
            return applier.apply(answers, prune=prune, answered_only=answered_only)


def unanswered(judged: Sequence[Judged]) -> list[tuple[str, str]]:
    """Return the batches that nobody translated to the end, and why."""
    return [(item.task, item.why) for item in judged if not item.answered]
