"""Answers of a model on record, found by what was asked: ``evals/cassettes/<aa>/<SHA-256>.<n>.json``.

The name is the digest of the request after what differs from run to run is taken out: metadata, session ids, the nonces
of packets, folders, the date. What is taken out gets a placeholder by its order in the request; an answer keeps the
placeholders, and is given back with the values of the request at hand. ``n`` counts equal requests of a run.

A cassette keeps no request, only a digest of each of its fields: enough to name the first one that differs.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_VOLATILE = re.compile(
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(?<=change )(?P<nonce>[0-9a-f]{16})(?=>)"
    r"|(?P<folder>[/-][\w./-]*work[/-]eval-[0-9a-f]{8}\b|\bclaude-eval-\w{6}\b)"
    r"|(?P<agent>\ba[0-9a-f]{16}\b)"
    r"|(?P<took>duration_ms: \d+)"
    r"|(?P<machine>OS Version: [^\\\"]*)"
    r"|(?P<date>Today's date is [^.\\\"]*)"
)


class Settled:
    """A request without what differs from run to run.

    Args:
        body: As it arrived.
        session: The client's session, which stands in answers though not always in what is asked.
    """

    def __init__(self, body: Mapping[str, Any], session: str = "") -> None:
        self._values: dict[str, str] = {session: "«session»"} if session else {}
        kept = {name: value for name, value in body.items() if name != "metadata"}
        self.body: dict[str, Any] = json.loads(_VOLATILE.sub(self._placeholder, json.dumps(kept)))
        self.key = _digest(self.body)

    def _placeholder(self, found: re.Match[str]) -> str:
        return self._values.setdefault(found[0], f"«{found.lastgroup}-{len(self._values) + 1}»")

    def kept(self, answer: Mapping[str, Any]) -> Any:
        """Return an answer to this request with placeholders in it."""
        text = json.dumps(answer, ensure_ascii=False)
        for value, placeholder in self._values.items():
            text = text.replace(value, placeholder)
        return json.loads(text)

    def given(self, answer: Mapping[str, Any]) -> Any:
        """Return an answer on record with this request's own values in it."""
        text = json.dumps(answer, ensure_ascii=False)
        for value, placeholder in self._values.items():
            text = text.replace(placeholder, value)
        return json.loads(text)

    @property
    def fields(self) -> dict[str, str]:
        """A digest of each field, by its path, in the order in which they are compared."""
        return dict(_fields(self.body))


class Cassettes:
    """The answers on record below one folder; safe among threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: Counter[str] = Counter()
        self._served: set[Path] = set()
        self._lock = threading.Lock()
        self.misses: list[str] = []

    def __bool__(self) -> bool:
        return any(self._folder.glob("*/*.json"))

    def next(self, request: Settled) -> Path:
        """Return where the answer to this request stands, or belongs."""
        with self._lock:
            self._asked[request.key] += 1
            path = self._folder / request.key[:2] / f"{request.key[2:]}.{self._asked[request.key]}.json"
            self._served.add(path)
        return path

    def find(self, path: Path, request: Settled) -> dict[str, Any] | None:
        """Return the answer that stands there, or None."""
        try:
            recorded = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        answer: dict[str, Any] = request.given(recorded["answer"])
        return answer

    def keep(self, path: Path, request: Settled, answer: Mapping[str, Any]) -> None:
        """Put an answer on record."""
        path.parent.mkdir(parents=True, exist_ok=True)
        document = {"fields": request.fields, "answer": request.kept(answer)}
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def miss(self, request: Settled) -> str:
        """Note that a request is not on record, and return what differs first from the nearest that is."""
        said = f"no answer on record for {request.key[:12]}: {self._nearest(request)}"
        with self._lock:
            self.misses.append(said)
        return said

    def orphans(self) -> list[Path]:
        """Return the answers that nothing asked for."""
        return sorted(set(self._folder.glob("*/*.json")) - self._served)

    def _nearest(self, request: Settled) -> str:
        asked = request.fields
        best: tuple[int, str, str] | None = None
        for path in sorted(self._folder.glob("*/*.json")):
            recorded: dict[str, str] = json.loads(path.read_bytes())["fields"]
            names = list(dict.fromkeys([*asked, *recorded]))
            differing = [name for name in names if asked.get(name) != recorded.get(name)]
            same = len(names) - 2 * len(differing)
            if best is None or same > best[0]:
                best = same, next(iter(differing), ""), f"{path.parent.name}{path.name[:10]}"
        if best is None:
            return "nothing is on record"
        if not best[1]:
            return f"it is asked more often than when {best[2]} was recorded"
        return f"the first field that differs from {best[2]} is {best[1]}, {_shown(request.body, best[1])}"


def _fields(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [
        (name, _digest(body[name])) for name in sorted(body) if name not in ("system", "tools", "messages")
    ]
    system = body.get("system", [])
    blocks = [system] if isinstance(system, str) else system
    found += [(f"system[{n}]", _digest(block)) for n, block in enumerate(blocks)]
    found += [(f"tools.{tool.get('name')}", _digest(tool)) for tool in body.get("tools", [])]
    for n, message in enumerate(body.get("messages", [])):
        content = message["content"]
        parts = [content] if isinstance(content, str) else content
        found += [(f"messages[{n}].content[{m}]", _digest(part)) for m, part in enumerate(parts)]
    return found


def _shown(body: Mapping[str, Any], path: str) -> str:
    """Return the beginning of the field that a path names, as it is asked now."""
    value: Any = body
    for name in re.findall(r"[^.\[\]]+", path):
        try:
            if isinstance(value, list):
                by_name = [item for item in value if isinstance(item, dict) and item.get("name") == name]
                value = by_name[0] if by_name else value[int(name)]
            else:
                value = value[name] if isinstance(value, dict) else value
        except (KeyError, IndexError, ValueError):
            return "it is not asked now"
    return f"now {json.dumps(value, ensure_ascii=False)[:160]}"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
