"""A `gh` on PATH that takes the arguments which the real one takes, keeps what they change, and refuses the rest."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

SCRIPT = """\
#!{python}
import json, pathlib, sys
state_file = pathlib.Path({state!r})
state = json.loads(state_file.read_text())
def end(code, said):
    state_file.write_text(json.dumps(state))
    print(said, file=sys.stderr if code else sys.stdout)
    sys.exit(code)
arguments = sys.argv[1:]
state["calls"].append(arguments)
match arguments:
    case ["pr", "view", branch, "--json", "number", "--jq", ".number"]:
        numbers = [n for n, pull in state["pulls"].items() if pull["branch"] == branch]
        end(0, numbers[0]) if numbers else end(1, f'no pull requests found for branch "{{branch}}"')
    case ["label", "create", name, "--description", _]:
        if not state["may_label"]:
            end(1, "HTTP 403: Resource not accessible by integration")
        if name in state["labels"]:
            end(1, f'label with name "{{name}}" already exists; use `--force` to update its color and description')
        state["labels"].append(name)
        end(0, "")
    case ["pr", "edit", number, "--add-label", name] if number in state["pulls"]:
        if name not in state["labels"]:
            end(1, f"'{{name}}' not found")
        state["pulls"][number]["labels"].append(name)
        end(0, "")
    case ["pr", "comment", number, "--body-file", "-"] if number in state["pulls"]:
        state["pulls"][number]["comments"].append(sys.stdin.read())
        end(0, "")
    case _:
        end(1, f"unknown command or pull request: {{arguments}}")
"""


class Gh:
    """The fake in a folder to be put first on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._state = folder / "state.json"
        self.set(calls=[], labels=[], may_label=True, pulls={})
        program = folder / "gh"
        program.write_text(SCRIPT.format(python=sys.executable, state=str(self._state)), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def set(self, **values: Any) -> None:
        """Change what the repository on GitHub has."""
        before = json.loads(self._state.read_text()) if self._state.exists() else {}
        self._state.write_text(json.dumps({**before, **values}), encoding="utf-8")

    def opened(self, number: int, branch: str) -> None:
        """Open a pull request."""
        self.set(pulls={str(number): {"branch": branch, "labels": [], "comments": []}})

    @property
    def state(self) -> dict[str, Any]:
        """What the repository on GitHub has now."""
        return dict(json.loads(self._state.read_text()))
