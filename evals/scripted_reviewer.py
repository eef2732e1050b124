"""A model that reviews by rule, for the scripted API: what it says depends on what it is asked alone.

It searches and reads before it records, quotes real lines of the change as its findings, sometimes wrongly at first,
mends what comes back refused, and votes with places that exist. It knows nothing of bugs: what is measured with it is
everything around a model.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from evals.scripted_api import Asked, Call, Says

_SECTION = re.compile(r"^## (\S.*?)(?: \(from .*?\))? \[\w+, \w+\]", re.MULTILINE)
_ROW = re.compile(r"^[ \d]{6} [ \d]{6} ([+ -]) (.*)$")
_CLAIM = re.compile(r"^# finding ([0-9a-f]{16}): \S+ at (.+):(\d+) \((?:new|old)\)$", re.MULTILINE)
_CLASSES = ("logic", "error-handling", "null-dereference", "performance", "api-contract")
_NOWHERE = "this line stands nowhere in the change"
_SEVERITIES = ("major", "minor", "minor", "note")


def review(asked: Asked) -> Says:
    """Return what the model says next."""
    order = re.match(r"(Review packet|Vote on ballot) (\w+)\.", asked.said)
    if order is None:
        return Says(("I have nothing to say.",))
    if order[1] == "Review packet":
        return _review(asked, order[2])
    return _vote(asked, order[2])


def _review(asked: Asked, packet: str) -> Says:
    changed = _changed(asked.said)
    if asked.turn == 0 and changed and _chance(packet + changed[0][1], 3):
        path, text = changed[0]
        return Says(
            (
                "I look around first.",
                Call("grep", {"text": (re.findall(r"\w{4,}", text) or ["return"])[0]}),
                Call("show", {"path": path}),
            )
        )
    findings = [_finding(path, text) for path, text in changed if _chance(f"{path} {text}", 5)][:4]
    if findings and _chance(findings[0]["quote"], 3):
        if not _misquoted(asked):
            wrong = {**findings[0], "quote": _NOWHERE}
            return Says((Call("record", {"packet": packet, "findings": [wrong, *findings[1:]]}),))
        findings = findings[:1]  # the others were taken
    return Says((Call("record", {"packet": packet, "findings": findings}),))


def _vote(asked: Asked, ballot: str) -> Says:
    claims = _CLAIM.findall(asked.said)
    if asked.turn == 0 and _chance(ballot + claims[0][0], 2):
        return Says((Call("show", {"path": claims[0][1], "first": 1, "last": 20}),))
    votes = []
    for name, path, line in claims:
        against = _chance(f"{ballot} {name}", 4)
        votes.append(
            {
                "finding": name,
                "true": True,
                "new": True,
                "reachable": True,
                "defended": against,
                "asked": int(hashlib.sha256(f"{name} {ballot}".encode()).hexdigest()[:2], 16) * 100 // 255,
                "places": [f"{path}:{'2' if line == '1' else '1'}"],
                "why": "What stands there guards it." if against else "Nothing there guards it.",
            }
        )
    return Says((Call("vote", {"ballot": ballot, "votes": votes}),))


def _changed(said: str) -> list[tuple[str, str]]:
    """Return (path, text) of each added line of a packet that is long enough to be quoted."""
    changed = []
    path = ""
    for line in said.splitlines():
        section = _SECTION.match(line)
        row = _ROW.match(line)
        if section:
            path = section[1]
        elif row and row[1] == "+" and len(row[2].strip()) > 8 and "*" not in row[2]:
            changed.append((path, row[2]))
    return changed


def _finding(path: str, text: str) -> dict[str, Any]:
    digest = int(hashlib.sha256(f"{path} {text}".encode()).hexdigest()[:8], 16)
    return {
        "class": _CLASSES[digest % len(_CLASSES)],
        "severity": _SEVERITIES[digest % len(_SEVERITIES)],
        "path": path,
        "quote": text,
        "message": f"This line may go wrong ({digest}).",
        "scenario": "An input that nobody thought of; the result is wrong.",
        "confidence": digest % 101,
    }


def _misquoted(asked: Asked) -> bool:
    """Whether it quoted wrongly before in this conversation."""
    return any(
        block["type"] == "tool_use" and _NOWHERE in json.dumps(block["input"])
        for message in asked.body["messages"]
        for block in message["content"]
    )


def _chance(text: str, one_in: int) -> bool:
    return int(hashlib.sha256(json.dumps(text).encode()).hexdigest()[:8], 16) % one_in == 0
