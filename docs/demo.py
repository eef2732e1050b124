"""Record the pictures and texts of the reports: real runs in a real terminal, on a small repository. `make demo`.

`review.svg` is the README's; `reports/` holds one review as text, Markdown and JSON, in which a finding was recorded
that a reviewer would record. The picture of `stats` is made by `python -m evals.stats_history --picture`.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path

from rich.json import JSON
from rich.markdown import Markdown

from docs import terminal
from docs.terminal import PROGRAM, ROOT, picture, typed

PICTURE = ROOT / "docs" / "review.svg"
REPORTS = ROOT / "docs" / "reports"

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
        terminal.git(repository.parent, "init", "-q", "photos")
        terminal.write(repository, "Sources/ImageCache.swift", BEFORE)
        terminal.write(repository, "en.lproj/Localizable.strings", STRINGS)
        terminal.commit(repository)
        terminal.write(repository, "Sources/ImageCache.swift", AFTER)
        terminal.write(repository, "en.lproj/Localizable.strings", BROKEN)
        terminal.write(repository, "Package.resolved", "{}\n")
        picture([*typed(repository, "hunkworks review")], PICTURE)
        _reports(repository)


def _reports(repository: Path) -> None:
    """Review once with a recorded finding, and keep the report in every form."""
    REPORTS.mkdir(exist_ok=True)
    typed(repository, "hunkworks review plan")
    answer = json.dumps({"packet": "p001", "findings": [FINDING]})
    subprocess.run([PROGRAM, "review", "record"], cwd=repository, input=answer, text=True, check=True)
    report = "review report"
    picture([*typed(repository, f"hunkworks {report}")], REPORTS / "text.svg")
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
    picture(
        [(f"hunkworks {report} --format markdown", Markdown(_unfolded(markdown)))], REPORTS / "markdown.svg"
    )
    document = json.loads((REPORTS / "report.json").read_text(encoding="utf-8"))
    keys = ("coverage", "verdict")
    shown = {"findings": document["findings"][1:2], **{name: document[name] for name in keys}}
    command = f"hunkworks {report} --format json | jq '{{findings: .findings[1:2], coverage, verdict}}'"
    picture([(command, JSON(json.dumps(shown, ensure_ascii=False)))], REPORTS / "json.svg")


def _unfolded(markdown: str) -> str:
    """Return Markdown as a page shows it: a terminal knows no folded sections."""
    return re.sub(r"</?(?:details|summary)>", "", markdown)


if __name__ == "__main__":
    main()
