"""What is asked in one turn: independent of whom, so that an answer on record is found whoever gave it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hunkworks.engine.port import Task
from hunkworks.engine.reply import writable

Message = Mapping[str, Any]


def digest(document: Any) -> str:
    """Return the SHA-256 of ``document`` as JSON with sorted keys."""
    return hashlib.sha256(msgspec.json.encode(document, order="deterministic")).hexdigest()


@dataclass(frozen=True, slots=True)
class Question:
    """One turn of a task's conversation.

    Attributes:
        task: Name of the task.
        ordinal: Which of the tasks of a run that ask the same this is: equal questions are answered separately.
        turn: 0 for the first.
        opening: What the task is: tier, instructions, shared text, tools. The same in all of its turns.
        messages: The conversation so far, the newest message last.
        id: The digest of opening and messages.
        before: The ``id`` of the turn before, "" in the first.
        spoken: The endpoints that have answered so far: thinking is signed for the model that thought.
    """

    task: str
    ordinal: int
    turn: int
    opening: Mapping[str, Any]
    messages: tuple[Message, ...]
    id: str
    before: str = ""
    spoken: frozenset[str] = frozenset()

    @property
    def document(self) -> dict[str, Any]:
        """What the record keeps: a later turn is the turn before and what was added since."""
        if self.before:
            return {"after": self.before, "messages": self.messages[-2:]}
        return {**self.opening, "messages": self.messages}

    def next(self, messages: Sequence[Message], speaker: str) -> Question:
        """Return the next turn, with the message of ``speaker`` and the answer to it added."""
        added = tuple(messages)
        return Question(
            self.task,
            self.ordinal,
            self.turn + 1,
            self.opening,
            self.messages + added,
            digest({"after": self.id, "messages": added}),
            self.id,
            self.spoken | {speaker},
        )


def first(task: Task, ordinal: int = 0) -> Question:
    """Return the first turn of ``task``."""
    opening = writable(
        {
            "tier": task.tier.value,
            "until": task.until,
            "instructions": task.instructions,
            "shared": task.shared,
            "tools": [
                {"name": tool.name, "description": tool.description, "schema": _plain(tool.schema)}
                for tool in task.tools
            ],
        }
    )
    messages = ({"role": "user", "content": [{"type": "text", "text": writable(task.text)}]},)
    return Question(task.name, ordinal, 0, opening, messages, digest({**opening, "messages": messages}))


def _plain(schema: Mapping[str, Any]) -> Any:
    return msgspec.to_builtins(schema)


def difference(asked: Mapping[str, Any], recorded: Mapping[str, Any]) -> str:
    """Return the first field in which two recorded questions differ, as a path, and both sides, shortened."""
    for name in [*recorded, *(name for name in asked if name not in recorded)]:
        found = _differs(name, asked.get(name), recorded.get(name))
        if found:
            return found
    return ""


def _differs(path: str, asked: Any, recorded: Any) -> str:
    if asked == recorded:
        return ""
    if isinstance(asked, Mapping) and isinstance(recorded, Mapping):
        keys = [*recorded, *(key for key in asked if key not in recorded)]
        inner = (_differs(f"{path}.{key}", asked.get(key), recorded.get(key)) for key in keys)
        return next(filter(None, inner), "")
    if isinstance(asked, list | tuple) and isinstance(recorded, list | tuple):
        inner = (
            _differs(f"{path}[{n}]", a, r) for n, (a, r) in enumerate(zip(asked, recorded, strict=False))
        )
        return next(filter(None, inner), "") or f"{path}: {len(asked)} items, recorded {len(recorded)}"
    if isinstance(asked, str) and isinstance(recorded, str):
        at = next((n for n, (a, r) in enumerate(zip(asked, recorded, strict=False)) if a != r), -1)
        at = min(len(asked), len(recorded)) if at < 0 else at
        line = recorded.count("\n", 0, at) + 1
        return f"{path}, line {line}: {_near(asked, at)}, recorded {_near(recorded, at)}"
    return f"{path}: {asked!r:.60}, recorded {recorded!r:.60}"


def _near(text: str, at: int) -> str:
    return repr(text[max(0, at - 10) : at + 30])
