"""A change that took a lock away, and how an agent answers for it."""

from __future__ import annotations

import json
from typing import Any

CACHE = """import threading

lock = threading.Lock()
items = {}


def store(key, value):
    with lock:
        items[key] = value
    return value
"""
FINDING = {
    "class": "concurrency",
    "severity": "major",
    "path": "cache.py",
    "quote": "    if key not in items:",
    "message": "Two threads can both see the key missing.",
    "scenario": "Two calls of store with one key; the first value is lost.",
    "confidence": 80,
}


def answer(packet: str, *findings: dict[str, Any]) -> str:
    """Return what an agent records for a packet."""
    return json.dumps({"packet": packet, "findings": list(findings)})
