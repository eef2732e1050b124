"""The scripted model of evals/localize: it follows the skill, knows the answers, and keeps no state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.client.changes import TOOLS, agent, session_of
from tests.client.messages_api import Reply, Request, ToolUse

COMMAND = "# Translate a change"
TRANSLATOR = "You translate strings"
_PER_AGENT = 2  # batches
_MOST_TRIES = 3
_OPTIONS = re.compile(r"(?:--(?:staged|backlog)|--(?:base|range|pr|locale) \S+)")


class Translators:
    """What the main model and its translators say, by the answers.json of every case.

    An answer may have a ``first`` text, which is handed in before the right one.
    """

    def __init__(self, cases: Iterable[dict[str, Any]]) -> None:
        self._answers: dict[tuple[str, str], dict[str, Any]] = {}
        for case in cases:
            for answer in case.get("translations", ()):
                self._answers[_print(answer["source"]), answer["locale"]] = answer

    def lead(self, request: Request) -> Reply:
        """Plan as the user asked, start translators, apply, and repeat the table."""
        typed = request.typed.partition('as text: "')[2].partition('"')[0]
        done = [str(use.get("command") or use.get("prompt")) for use in _calls(request)]
        options = " ".join(_OPTIONS.findall(typed))
        if options and not done:
            return _shell(request, f"plan {options}")
        planned = request.results[0].text if options else request.typed
        batches = sorted(set(re.findall(r"^Batch (b\d{3}):", planned, re.MULTILINE)))
        asked = [use for use in done if use.startswith("Translate batches")]
        if batches and not asked:
            groups = [batches[place : place + _PER_AGENT] for place in range(0, len(batches), _PER_AGENT)]
            calls = [agent("translator", f"Translate batches {', '.join(group)}.") for group in groups]
            return [ToolUse(call.name, {**call.input, "run_in_background": False}) for call in calls]
        if not any("translate apply" in use for use in done):
            return _shell(request, "apply --prune" if "--prune" in typed else "apply")
        return [request.results[-1].text]

    def translate(self, request: Request) -> Reply:
        """Read the batches, answer them, and mend what comes back rejected."""
        told = "\n".join(re.findall(r"^Translate batches (.*)$", request.typed, re.MULTILINE))
        if not request.results:
            batches = sorted(set(re.findall(r"\bb\d{3}\b", told)))
            return [ToolUse(f"{TOOLS}units", {"batch": batch}) for batch in batches]
        units = {
            unit["id"]: unit
            for result in request.results
            for line in result.text.splitlines()
            if line.startswith('{"id"')
            for unit in [json.loads(line)]
        }
        tries = sum("translations" in use for use in _calls(request))
        wanted = units
        if tries:
            rejected = {item["id"] for item in json.loads(request.results[-1].text)["rejected"]}
            wanted = {ident: unit for ident, unit in units.items() if ident in rejected}
            if not wanted or tries == _MOST_TRIES:
                return ["Translated." if not wanted else f"Not written: {', '.join(wanted)}"]
        given = list(self._given(wanted, first=not tries))
        return [ToolUse(f"{TOOLS}translations", {"translations": given})]

    def _given(self, units: dict[str, dict[str, Any]], *, first: bool) -> Iterator[dict[str, Any]]:
        for ident, unit in units.items():
            answer = self._answers[_print(unit["source"]), unit["locale"]]
            text = answer.get("first", answer["text"]) if first else answer["text"]
            yield {"id": ident, "text" if isinstance(text, str) else "forms": text}


def _calls(request: Request) -> list[dict[str, Any]]:
    """Return the arguments of everything that the model called so far, oldest first."""
    return [
        block["input"]
        for message in request.body["messages"]
        if message["role"] == "assistant" and isinstance(message["content"], list)
        for block in message["content"]
        if block["type"] == "tool_use"
    ]


def _print(source: object) -> str:
    return json.dumps(source, sort_keys=True)


def _shell(request: Request, verb: str) -> Reply:
    first, _, rest = verb.partition(" ")
    command = f"hunkworks translate {first} --session {session_of(request)} {rest}".strip()
    return [ToolUse("Bash", {"command": command, "description": first})]
