"""Record the README's picture: a real run in a real terminal, on a small repository made here. `make demo`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "review.svg"
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


def main() -> None:
    """Make the repository, run the command, write the picture."""
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
        output = _run_in_terminal([str(ROOT / "bin" / "hunkworks"), "review"], repository)
    console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.assemble(("~/photos $ ", "bold green"), "hunkworks review"))
    console.print(Text.from_ansi(output.replace("\r\n", "\n")), end="")
    console.save_svg(str(PICTURE), title="hunkworks review", unique_id="hunkworks")
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}\n")


def _run_in_terminal(command: list[str], folder: Path) -> str:
    """Return what a command prints on a terminal of its own."""
    ours, theirs = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": "60", "TERM": "xterm-256color"}
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **size}, stdout=theirs, stderr=theirs)
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
