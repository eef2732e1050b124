"""Read + one edit + proof + write of the largest catalogs, beside what others take to load and save them.

    python -m evals.localize_speed --data LAB [--files 3] [--rounds 5] [--no-growth] [--no-command]

polib and ruamel.yaml run in this process, translate-toolkit (GPL: never a dependency) in an environment of its own
below .work, made on first use. Others load and save without an edit and without a proof. The least CPU time of some
rounds counts. Then one whole command beside GNU msgmerge, processes and all, and how reading and editing grow from
1,000 to 100,000 units. Exits 1 where somebody was faster on a format of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from evals.catalogs import FOLDERS
from evals.localize_growth import SIZES, grown
from evals.localize_kill import git
from evals.localize_replay import write as write_file
from hunkworks import catalogs
from hunkworks.catalogs import Catalog, Set, Unit
from hunkworks.errors import HunkworksError

ROOT = Path(__file__).resolve().parents[1]
TOOLKIT = "translate-toolkit==3.20.4"
_EXTRAS = ["phply", "ruamel.yaml", "lxml"]
FORMATS = (
    "po",
    "android",
    "strings",
    "stringsdict",
    "xcstrings",
    "json_catalog",
    "chrome",
    "arb",
    "yaml_catalog",
)
FORMATS += ("properties", "xliff")


class File(NamedTuple):
    """One catalog of the data set."""

    format: str
    path: str
    file: Path
    units: int


def largest(data: Path, name: str, count: int) -> Iterator[File]:
    """Yield the largest files of a format that are read."""
    folder = data / "catalogs" / FOLDERS.get(name, name)
    found = 0
    for file in sorted(folder.iterdir(), key=lambda file: -file.stat().st_size):
        path = file.name.partition("__")[2].replace("__", "/")
        content = file.read_bytes()
        if found == count or catalogs.detect(path, content) != name:
            continue
        try:
            units = len(catalogs.open(path, content).units)
        except HunkworksError:
            continue
        if units:
            found += 1
            yield File(name, path, file, units)


def ours(file: File, rounds: int) -> float:
    """Return the least seconds of read + one edit + proof + write."""
    data = file.file.read_bytes()

    def once() -> None:
        catalog = catalogs.open(file.path, data)
        catalogs.write(catalog, [edit(catalog)])

    return least(once, rounds)


def edit(catalog: Catalog) -> Set:
    """Return another text for the unit in the middle, or the next one that has a text of its own."""
    middle = len(catalog.units) // 2
    for unit in (*catalog.units[middle:], *catalog.units[:middle]):
        if unit.values and unit.values[0].span is not None and any(value.text for value in unit.values):
            return Set(unit, changed(unit))
    raise SystemExit(f"{catalog.path} has no text to edit")


def changed(unit: Unit) -> str | dict[str, str]:
    """Return the texts with a word more."""
    return {form: f"{text} x" for form, text in unit.forms.items()} if unit.plural else f"{unit.text} x"


def least(once: Callable[[], object], rounds: int) -> float:
    """Return the least seconds of some rounds: of this process alone, whatever else the machine does."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        once()
        best = min(best, time.process_time() - start)
    return best


def polib(file: File, rounds: int) -> float:
    """Return polib's seconds to load and save."""
    import polib as library

    text = file.file.read_text(encoding="utf-8")

    def once() -> None:
        str(library.pofile(text))

    return least(once, rounds)


def ruamel(file: File, rounds: int) -> float:
    """Return ruamel.yaml's seconds to load and save, as it does it with comments kept."""
    from ruamel.yaml import YAML

    data = file.file.read_bytes()

    def once() -> None:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.dump(yaml.load(data), io.BytesIO())

    return least(once, max(rounds // 2, 1))


def toolkit(files: list[File], rounds: int) -> list[dict[str, object]]:
    """Return translate-toolkit's seconds, taken in its own environment."""
    folder = ROOT / ".work" / "peers"
    python = folder / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "-q", folder], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", python, TOOLKIT, *_EXTRAS], check=True)
    asked = json.dumps([rounds, [[file.format, str(file.file)] for file in files]])
    script = ROOT / "evals" / "localize_speed_peer.py"
    done = subprocess.run([python, script], input=asked, capture_output=True, text=True, check=True)
    answer: list[dict[str, object]] = json.loads(done.stdout)
    return answer


def compare(data: Path, count: int, rounds: int) -> list[str]:
    """Print the table; return where somebody was faster."""
    files = [file for name in FORMATS for file in largest(data, name, count)]
    by_toolkit = toolkit(files, rounds)
    shares: dict[str, list[float]] = {}
    print(f"{'format':<13}{'units':>7}{'kB':>7}{'ours ms':>9}{'x':>7} other")
    for file, theirs in zip(files, by_toolkit, strict=True):
        mine = ours(file, rounds)
        peers: list[tuple[str, float]] = []
        if theirs["seconds"]:
            peers.append((f"translate-toolkit {theirs['by']}", float(str(theirs["seconds"]))))
        for name, peer in (("po", polib), ("yaml_catalog", ruamel)):
            if file.format == name:
                try:
                    peers.append((peer.__name__, peer(file, rounds)))
                except Exception as error:  # a library that refuses the file is no competitor on it
                    print(f"{'':<43}{peer.__name__} fails: {type(error).__name__}")
        row = f"{file.format:<13}{file.units:>7}{file.file.stat().st_size / 1e3:>7.0f}{mine * 1e3:>9.1f}"
        if not peers:
            print(f"{row}{'':>7} nobody: {theirs['error'] or 'translate-toolkit has no such format'}")
        for name, seconds in peers:
            print(f"{row}{seconds / mine:>7.2f} {name} {seconds * 1e3:.1f} ms")
            shares.setdefault(f"{file.format}, {name.split()[0]}", []).append(seconds / mine)
    medians = {name: statistics.median(some) for name, some in shares.items()}
    return [f"{name} {share:.2f}" for name, share in medians.items() if share < 1]


def command(data: Path, rounds: int) -> None:
    """Print one whole command beside msgmerge: one edited text in the largest PO file, the same work for both."""
    (file,) = largest(data, "po", 1)
    content = file.file.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        catalog = catalogs.open(file.path, content)
        unit = next(unit for unit in catalog.units if not unit.plural and unit.text and unit.source.isascii())
        template = content
        for other in (b"ar", b"ro"):
            template = template.replace(b'"Language: ' + other, b'"Language: en')
        git(root, "init", "-q")
        write_file(root, "locale/app.pot", template)
        write_file(root, "locale/ar/LC_MESSAGES/app.po", content)
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "before")
        source = unit.source.encode()
        write_file(root, "locale/app.pot", template.replace(b'msgid "' + source, b'msgid "New: ' + source, 1))
        run = [sys.executable, "-m", "hunkworks", "translate", "run", "--engine", "pseudo"]
        merge = ["msgmerge", "-q", "-o", "merged.po", "locale/ar/LC_MESSAGES/app.po", "locale/app.pot"]
        times: dict[str, list[float]] = {"run": [], "msgmerge": [], "msgmerge -N": []}
        for _ in range(rounds):
            write_file(root, "locale/ar/LC_MESSAGES/app.po", content)
            for label, line in (
                ("run", run),
                ("msgmerge", merge),
                ("msgmerge -N", [*merge[:1], "-N", *merge[1:]]),
            ):
                start = time.perf_counter()
                subprocess.run(line, cwd=root, capture_output=True, check=True)
                times[label].append(time.perf_counter() - start)
        changed_by_us = _lines(root / "locale/ar/LC_MESSAGES/app.po", content)
        changed_by_merge = _lines(root / "merged.po", content)
    took = {label: statistics.median(seconds) for label, seconds in times.items()}
    print(f"\nwhole command, {file.units} units, one new text (median of {rounds}):")
    print(
        f"  hunkworks translate run {took['run'] * 1e3:.0f} ms, {changed_by_us} lines changed, the text translated"
    )
    for label in ("msgmerge", "msgmerge -N"):
        ratio = took["run"] / took[label]
        print(
            f"  {label} {took[label] * 1e3:.0f} ms ({ratio:.2f} times as long for us), {changed_by_merge} lines"
        )


def _lines(file: Path, before: bytes) -> int:
    with tempfile.NamedTemporaryFile() as old:
        old.write(before)
        old.flush()
        done = subprocess.run(["diff", old.name, file], capture_output=True, check=False)
    return sum(line[:1] in b"<>" for line in done.stdout.splitlines())


def growth(rounds: int) -> None:
    """Print read and whole by size, and by what the whole grows when the file grows tenfold."""
    print(
        f"\n{'growth':<13}" + "".join(f"{f'{size:,}':>22}" for size in SIZES) + "   10x file: read x, whole x"
    )
    for name in FORMATS:
        cells: list[str] = []
        read: list[float] = []
        whole: list[float] = []
        for size in SIZES:
            path, data = grown(name, size)
            times = 1 if size > 10_000 else rounds
            read.append(least(partial(catalogs.open, path, data), times))
            whole.append(least(partial(_edited, path, data), times))
            cells.append(f"{read[-1] * 1e3:>9.1f} /{whole[-1] * 1e3:>8.1f} ms")
        ratios = f"{read[2] / read[1]:.1f}, {whole[2] / whole[1]:.1f}"
        print(f"{name:<13}" + "".join(f"{cell:>22}" for cell in cells) + f"   {ratios}")


def _edited(path: str, data: bytes) -> None:
    catalog = catalogs.open(path, data)
    catalogs.write(catalog, [edit(catalog)])


def main() -> int:
    """Print the tables; return 1 where somebody was faster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("--no-command", action="store_true")
    options = parser.parse_args()
    slower = compare(options.data, options.files, options.rounds)
    if not options.no_command:
        command(options.data, options.rounds)
    if not options.no_growth:
        growth(options.rounds)
    print("\nfaster than us (median share of our time): " + ("; ".join(slower) or "nobody"))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
