"""What the installed pack adds to every session, by the real client's own count: ``python -m evals.always_on``.

Installs this checkout into an empty home and prints ``claude plugin details``, and beside it what that does not count:
the text about the pack's MCP tools in a session's first request. Exits 1 beyond the bound.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tests.client.binary import install
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI
from tests.client.plugins import pack_repository

MOST_TOKENS = 250
MOST_TOKENS_OF_AN_ADD_ON = 80
ADD_ON = "hunkworks-mobile"


def details(claude: Client, source: Path) -> tuple[int, str]:
    """Install ``source`` and return its always-on tokens and the whole table that the client prints."""
    claude.run("plugin", "marketplace", "add", str(source))
    claude.run("plugin", "install", "hunkworks@hunkworks")
    return counted(claude, "hunkworks")


def counted(claude: Client, plugin: str) -> tuple[int, str]:
    """Return the always-on tokens of an installed plugin and the whole table that the client prints."""
    table = claude.run("plugin", "details", plugin)
    found = re.search(r"Always-on:\s+~([\d,]+) tok", table)
    if found is None:
        raise SystemExit(f"`claude plugin details` reads otherwise than it did:\n{table}")
    return int(found[1].replace(",", "")), table


def mentions(claude: Client, place: Path) -> list[str]:
    """Return the lines of a session's first request that name the pack."""
    with MessagesAPI() as api:
        claude.ask("hello", api=api, cwd=place, HUNKWORKS_PYTHON=sys.executable)
    request = api.requests[0]
    tools = [f"tool {name}" for name in request.tools]
    return [
        line for line in [*tools, *f"{request.system}\n{request.said}".splitlines()] if "hunkworks" in line
    ]


def main() -> int:
    """Print the client's count, and every line about the pack; return 1 beyond the bound."""
    with tempfile.TemporaryDirectory() as folder:
        claude = Client(install(), Path(folder) / "home")
        tokens, table = details(claude, pack_repository(Path(folder) / "source"))
        lines = mentions(claude, Path(folder))
        claude.run("plugin", "install", f"{ADD_ON}@hunkworks")
        more, _ = counted(claude, ADD_ON)
    print(table)
    print(
        f"In a session's first request {len(lines)} lines, {sum(map(len, lines))} characters, name the pack:"
    )
    print("\n".join(f"  {line[:150]}" for line in lines))
    within = tokens <= MOST_TOKENS and more <= MOST_TOKENS_OF_AN_ADD_ON
    print(
        f"\n{'within' if within else 'BEYOND'} the bound: {tokens} of at most {MOST_TOKENS} tokens, "
        f"{ADD_ON} {more} of at most {MOST_TOKENS_OF_AN_ADD_ON}"
    )
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
