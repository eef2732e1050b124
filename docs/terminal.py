"""Pictures of a terminal: real commands, run in a terminal of their own, drawn as SVG."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

from rich.console import Console, RenderableType
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = str(ROOT / "bin" / "hunkworks")
COLUMNS = 112


def picture(shown: list[tuple[str, RenderableType]], path: Path, folder: str = "~/photos") -> None:
    """Draw a terminal in which commands were typed, each with what it printed; the first names the picture."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    for command, output in shown:
        console.print(Text.assemble((f"{folder} $ ", "bold green"), command))
        printed = Text.from_ansi(output.replace("\r\n", "\n")) if isinstance(output, str) else output
        console.print(printed, end="" if command == shown[-1][0] else "\n")
    name = shown[0][0].partition(" |")[0]
    console.save_svg(str(path), title=name, unique_id="hunkworks" if path.stem == "review" else path.stem)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def run_in_terminal(*command: str, folder: Path) -> str:
    """Return what a command prints on a terminal of its own."""
    ours, theirs = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": "60", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        list(command), cwd=folder, env={**os.environ, **size}, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    output = bytearray()
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # how Linux ends a terminal
            break
        if not data:
            break
        output += data
    process.wait()
    os.close(ours)
    return output.decode("utf-8")


def typed(repository: Path, *commands: str) -> list[tuple[str, str]]:
    """Run commands as a person types them; return each with what it printed. ``hunkworks`` is this repository's."""
    return [
        (
            command,
            run_in_terminal(
                *[PROGRAM if word == "hunkworks" else word for word in command.split()], folder=repository
            ),
        )
        for command in commands
    ]


def write(repository: Path, path: str, text: str) -> None:
    """Write a file of the repository that is shown."""
    file = repository / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    """Run git there."""
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def commit(repository: Path) -> None:
    """Commit everything, as somebody."""
    git(repository, "add", "-A")
    git(repository, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "photos")
