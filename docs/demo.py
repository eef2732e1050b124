"""Record the pictures and texts of the reports: real runs in a real terminal, on a small repository. `make demo`.

`review.svg` is the README's; `reports/` holds one review as text, Markdown and JSON, in which a finding was recorded
that a reviewer would record. The picture of `stats` is made by `python -m evals.stats_history --picture`.
"""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console, RenderableType
from rich.json import JSON
from rich.markdown import Markdown
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = str(ROOT / "bin" / "hunkworks")
PICTURE = ROOT / "docs" / "review.svg"
REPORTS = ROOT / "docs" / "reports"
COLUMNS = 112

BEFORE = """import Foundation

final class ImageCache {
    private let lock = NSLock()
    private var images: [String: Data] = [:]

    func store(_ data: Data, for key: String) {
        lock.lock()
        defer { lock.unlock() }
        images[key] = data
    }

    func load(_ key: String) -> Data? {
        lock.lock()
        defer { lock.unlock() }
        return images[key]
    }
}
"""
AFTER = """import Foundation

final class ImageCache {
    private let lock = NSLock()
    private var images: [String: Data] = [:]

    func store(_ data: Data, for key: String) {
        images[key] = data
        do { try data.write(to: path(key)) } catch {}
    }

    func load(_ key: String) -> Data? {
        lock.lock()
        defer { lock.unlock() }
        return images[key]
    }
}
"""
STRINGS = '"title" = "Photos";\n'
BROKEN = '"title" = "Photos";\n"share" = "Share;\n'


FINDING = {
    "class": "concurrency",
    "severity": "major",
    "path": "Sources/ImageCache.swift",
    "quote": "        lock.lock()",
    "side": "old",
    "line": 8,
    "message": "The dictionary is written without the lock that load takes.",
    "scenario": "Two threads store while a third loads: the dictionary's storage is freed under the reader.",
    "evidence": "Sources/ImageCache.swift:13",
    "confidence": 90,
}


def main() -> None:
    """Make the repository, run the commands, write the pictures and the texts."""
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "photos"
        _git(repository.parent, "init", "-q", "photos")
        _write(repository, "Sources/ImageCache.swift", BEFORE)
        _write(repository, "en.lproj/Localizable.strings", STRINGS)
        _git(repository, "add", "-A")
        _git(repository, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "photos")
        _write(repository, "Sources/ImageCache.swift", AFTER)
        _write(repository, "en.lproj/Localizable.strings", BROKEN)
        _write(repository, "Package.resolved", "{}\n")
        picture("review", run_in_terminal(PROGRAM, "review", folder=repository), PICTURE)
        _reports(repository)


def _reports(repository: Path) -> None:
    """Review once with a recorded finding, and keep the report in every form."""
    REPORTS.mkdir(exist_ok=True)
    run_in_terminal(PROGRAM, "review", "plan", folder=repository)
    answer = json.dumps({"packet": "p001", "findings": [FINDING]})
    subprocess.run([PROGRAM, "review", "record"], cwd=repository, input=answer, text=True, check=True)
    report = "review report"
    picture(report, run_in_terminal(PROGRAM, *report.split(), folder=repository), REPORTS / "text.svg")
    for form, ending in (("text", "txt"), ("markdown", "md"), ("json", "json")):
        done = subprocess.run(
            [PROGRAM, *report.split(), "--format", form],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        text = (
            json.dumps(json.loads(done.stdout), indent=2, ensure_ascii=False)
            if form == "json"
            else done.stdout
        )
        placed = text.replace(str(repository), "~/photos").replace(str(repository.resolve()), "~/photos")
        lines = [line.rstrip() for line in placed.splitlines()]
        (REPORTS / f"report.{ending}").write_text("\n".join(lines).strip() + "\n", encoding="utf-8")
    markdown = (REPORTS / "report.md").read_text(encoding="utf-8")
    picture(f"{report} --format markdown", Markdown(_unfolded(markdown)), REPORTS / "markdown.svg")
    document = json.loads((REPORTS / "report.json").read_text(encoding="utf-8"))
    keys = ("coverage", "verdict")
    shown = {"findings": document["findings"][1:2], **{name: document[name] for name in keys}}
    command = f"{report} --format json | jq '{{findings: .findings[1:2], coverage, verdict}}'"
    picture(command, JSON(json.dumps(shown, ensure_ascii=False)), REPORTS / "json.svg")


def _unfolded(markdown: str) -> str:
    """Return Markdown as a page shows it: a terminal knows no folded sections."""
    return re.sub(r"</?(?:details|summary)>", "", markdown)


def picture(command: str, output: RenderableType, path: Path, folder: str = "~/photos") -> None:
    """Draw a terminal in which a command was typed and printed ``output``."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble((f"{folder} $ ", "bold green"), f"hunkworks {command}"))
    shown = Text.from_ansi(output.replace("\r\n", "\n")) if isinstance(output, str) else output
    console.print(shown, end="")
    name = f"hunkworks {command}".partition(" |")[0]
    console.save_svg(str(path), title=name, unique_id=path.stem if path != PICTURE else "hunkworks")
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


def _write(repository: Path, path: str, text: str) -> None:
    file = repository / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    main()
