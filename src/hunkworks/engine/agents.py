"""The agents' own texts and tools, the same that a session's agents read: one text in the pack, whoever judges."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from hunkworks import paths
from hunkworks.errors import ConfigError


def instructions(agent: str) -> str:
    """Return an agent's text without its front matter.

    Raises:
        ConfigError: The pack has no such agent: ``hunkworks.toml`` names one of the session's own.
    """
    path = paths.pack(f"agents/{agent}.md")
    if not path.is_file():
        raise ConfigError(
            f"there is no agent {agent!r} for a headless run",
            expected="reviewer or deep-reviewer",
            found=agent,
            fix="name one under [tiers] in hunkworks.toml",
        )
    return path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")[2].strip()


@functools.cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """Return the tools that agents may call, by name, as ``agents/tools.json`` defines them."""
    tools = json.loads(paths.pack("agents/tools.json").read_text(encoding="utf-8"))
    return {tool["name"]: tool for tool in tools}
