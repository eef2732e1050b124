"""How fast are recipes over whole repositories, against the ast-grep command, LibCST and semgrep?

    python -m evals.recipes_speed --repository GIT_DIR… [--peers ast-grep libcst semgrep]

Ours is `hunkworks recipe run speed --all --plan --json` as a user starts it: Python, imports, git's list of files, the
rewriting of every match and all its proofs. ast-grep is `ast-grep scan --rule … --json=stream`, which only matches; it
is handed the list of files, which spares it the walk. The same rule runs over the same checkout, both in turn; matches
are compared as (file, span). "s" is the wall-clock median of a whole process with its children, "cpu" their processor
time, which a machine that others use too changes less. A snapshot may lack large objects: such files are missing for
both, and counted. Where a rule matches nothing there is no row. LibCST and semgrep get one rule that they can say as
well (a call by name, in Python); semgrep leaves out what its own ignore file names, such as tests.

Before the table stands what none of our runs can go below: Python alone, with the libraries that a run needs, and the
same command in a repository without files.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hunkworks.change.repository import Repository
from hunkworks.refactor.planning import Planner
from hunkworks.refactor.proposing import Job
from hunkworks.rules.load import load_file
from hunkworks.rules.model import Rule
from hunkworks.rules.recipe import Safety

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".work"
PACKAGES = {"ast-grep": "ast-grep-cli", "libcst": "libcst", "semgrep": "semgrep"}
RULES = {
    "Python": "rule: {pattern: 'isinstance($A, $B)'}\nfix: isinst($A, $B)\n",
    "Go": "rule: {kind: call_expression, has: {field: function, regex: '^fmt[.]Errorf$'}}\nfix: x()\n",
    "Kotlin": "rule: {pattern: checkNotNull($A)}\nfix: requireNotNull($A)\n",
    "Swift": "rule: {pattern: Text($A)}\nfix: Label($A)\n",
    "TypeScript": "rule: {pattern: $A.includes($B)}\nfix: $A.has($B)\n",
    "Java": "rule: {pattern: Objects.requireNonNull($A)}\nfix: notNull($A)\n",
    # Without a word that could be looked for first, every file is parsed: the worst case.
    "Any call, Python": "rule: {kind: call, has: {kind: argument_list, has: {kind: list_splat}}}\nfix: x\n",
}
HEAD = """\
id: speed
language: {language}
severity: hint
message: m
{body}metadata:
  title: t
  why: w
  safety: mechanical
  roles: [code, test, docs, catalog, config, lock, generated, vendored]
  examples: {{rewrite: [{{before: a, after: b}}, {{before: a, after: b}}], no-match: [a, b]}}
"""
Took = tuple[float, float]
_OURS = [sys.executable, "-m", "hunkworks", "recipe", "run", "speed", "--all", "--plan", "--json"]
LIBCST = """
import sys, libcst as cst
from pathlib import Path
class Rename(cst.CSTTransformer):
    count = 0
    def leave_Call(self, old, new):
        if isinstance(new.func, cst.Name) and new.func.value == "isinstance" and len(new.args) == 2:
            Rename.count += 1
            return new.with_changes(func=cst.Name("isinst"))
        return new
failed = 0
for path in sys.stdin.read().splitlines():
    try:
        cst.parse_module(Path(path).read_bytes()).visit(Rename()).code
    except Exception:
        failed += 1
print(Rename.count, failed)
"""


@dataclasses.dataclass(frozen=True)
class Row:
    """One rule in one repository: our time over ast-grep's."""

    name: str
    wall: float
    cpu: float
    theirs: Took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repository", type=Path, nargs="+", required=True)
    parser.add_argument("--peers", nargs="*", default=["ast-grep"], choices=sorted(PACKAGES))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    programs = {name: _program(name) for name in {*options.peers, "ast-grep"}}
    with tempfile.TemporaryDirectory() as place:
        _print_floor(Path(place), options.runs)
    print(
        f"{'repository':24}{'rule':18}{'files':>6}{'matches':>8}{'ours s':>8}{'cpu':>6}"
        f"{'peer':>10}{'s':>8}{'cpu':>7}{'ratio':>7}{'of cpu':>7}  same"
    )
    rows: list[Row] = []
    for folder in options.repository:
        with tempfile.TemporaryDirectory() as place:
            clone = Path(place) / "clone"
            _check_out(folder, clone)
            for name, body in RULES.items():
                rows += _measure(folder, clone, name, body, programs, options)
    sys.exit(_summary(rows))


def _print_floor(place: Path, runs: int) -> None:
    empty = place / "clone"
    subprocess.run(["git", "init", "--quiet", str(empty)], check=True)
    rule = _rule(place, "Python", RULES["Python"])
    libraries = "import click, msgspec, ast_grep_py, dataclasses, subprocess, hashlib, json, datetime"
    for told, command in (
        ("Python alone", [sys.executable, "-c", "pass"]),
        ("with libraries", [sys.executable, "-c", libraries]),
        ("an empty repository", _OURS),
    ):
        (took,) = _timed([_ours(empty, rule, command)], max(runs, 9))
        print(f"{told:24}{took[0]:8.3f}{took[1]:8.3f}")


def _check_out(folder: Path, clone: Path) -> None:
    """Clone a repository; objects that a snapshot lacks leave their files out."""
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", str(folder), str(clone)], check=True)
    subprocess.run(["git", "checkout", "--quiet", "--force", "HEAD"], cwd=clone, capture_output=True)
    missing = subprocess.run(
        ["git", "ls-files", "-z", "--deleted"], cwd=clone, capture_output=True, check=True
    )
    if missing.stdout:
        print(f"{_named(folder):24}{missing.stdout.count(bytes(1))} files are missing from the snapshot")


def _summary(rows: Sequence[Row]) -> int:
    """Print the median, the worst, and every row above twice ast-grep's time; return the exit code."""
    if not rows:
        return 0
    for told, of in (("wall-clock", [row.wall for row in rows]), ("processor", [row.cpu for row in rows])):
        held = sum(one <= 2 for one in of)
        print(
            f"{told} time against ast-grep: median {statistics.median(of):.2f}, worst {max(of):.2f}, "
            f"{held} of {len(of)} rows at most 2"
        )
    slow = [row for row in rows if max(row.wall, row.cpu) > 2]
    for row in slow:
        print(f"above 2: {row.name:44}{row.wall:6.2f}{row.cpu:6.2f}  (ast-grep {row.theirs[0]:.2f} s)")
    return 1 if slow else 0


def _measure(
    folder: Path, clone: Path, name: str, body: str, programs: dict[str, Path], options: argparse.Namespace
) -> list[Row]:
    language = name.rpartition(" ")[2]
    rule = _rule(clone.parent, language, body)
    repository = Repository.discover(clone)
    # Nothing is applied for this look, so that spans are those of the files as they stand.
    judged = dataclasses.replace(rule, recipe=dataclasses.replace(rule.recipe, safety=Safety.JUDGMENT))
    plan = Planner(repository).whole(Job(judged, {}))
    if not plan.looked_at or not any(True for _ in plan.outcomes):
        return []
    ours = {(one.path, one.start, one.end) for one in plan.outcomes}
    paths = [
        path
        for path in Planner(repository).paths()
        if path.rpartition(".")[2] in _endings(rule) and (clone / path).is_file()
    ]
    said: list[bytes] = []
    mine, took = _timed(
        [_ours(clone, rule, _OURS), lambda: said.append(_ast_grep(programs["ast-grep"], rule, clone, paths))],
        options.runs,
    )
    theirs = _spans(said[-1], clone)
    skipped = {one.path for one in plan.skipped}
    same = {one for one in theirs if one[0] not in skipped} == ours
    told = "yes" if same else _difference(ours, theirs)
    row = f"{_named(folder)[:23]:24}{name:18}{plan.looked_at:6}{len(ours):8}{mine[0]:8.2f}{mine[1]:6.2f}"
    print(f"{row}{'ast-grep':>10}{_against(mine, took)}  {told}", flush=True)
    if name == "Python":
        for peer in options.peers:
            if peer == "libcst":
                _peer(row, mine, peer, lambda: _libcst(programs["libcst"], clone, paths))
            if peer == "semgrep":
                _peer(row, mine, peer, lambda: _semgrep(programs["semgrep"], clone))
    return [Row(f"{_named(folder)} {name}", mine[0] / took[0], mine[1] / took[1], took)]


def _named(folder: Path) -> str:
    return folder.resolve().parent.name


def _against(mine: Took, theirs: Took) -> str:
    return f"{theirs[0]:8.2f}{theirs[1]:7.2f}{mine[0] / theirs[0]:7.2f}{mine[1] / theirs[1]:7.2f}"


def _peer(row: str, mine: Took, name: str, run: Callable[[], str]) -> None:
    found: list[str] = []
    (took,) = _timed([lambda: found.append(run())], 1)
    print(f"{row}{name:>10}{_against(mine, took)}  {found[0]}", flush=True)


def _rule(place: Path, language: str, body: str) -> Rule:
    folder = place / language.lower()
    folder.mkdir(exist_ok=True)
    file = folder / "speed.yml"
    file.write_text(HEAD.format(language=language, body=body), encoding="utf-8")
    return load_file(file)


def _ours(clone: Path, rule: Rule, command: Sequence[str]) -> Callable[[], object]:
    """Return what runs ``command`` in ``clone``, where ``rule`` is the only recipe of its folder."""
    folder = rule.path.parent.parent / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    target = folder / rule.path.parent.name / rule.path.name
    target.parent.mkdir(parents=True)
    target.write_bytes(rule.path.read_bytes())
    environment = {**os.environ, "HUNKWORKS_RECIPES": str(folder)}

    def run() -> None:
        done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode())

    return run


def _ast_grep(program: Path, rule: Rule, clone: Path, paths: list[str]) -> bytes:
    command = [str(program), "scan", "--rule", str(rule.path), "--json=stream", "--no-ignore=vcs"]
    return b"".join(
        subprocess.run(
            [*command, *paths[at : at + 4_000]], cwd=clone, capture_output=True, check=False
        ).stdout
        for at in range(0, len(paths), 4_000)
    )


def _spans(said: bytes, clone: Path) -> set[tuple[str, int, int]]:
    """Return ast-grep's matches as code points, as ours are told."""
    found: set[tuple[str, int, int]] = set()
    texts: dict[str, bytes] = {}
    for line in said.splitlines():
        one = json.loads(line)
        span, path = one["range"]["byteOffset"], one["file"]
        data = texts.setdefault(path, (clone / path).read_bytes())
        found.add((path, len(data[: span["start"]].decode()), len(data[: span["end"]].decode())))
    return found


def _libcst(program: Path, clone: Path, paths: list[str]) -> str:
    done = subprocess.run(
        [str(program), "-c", LIBCST],
        cwd=clone,
        input="\n".join(paths),
        capture_output=True,
        text=True,
        check=False,
    )
    return f"matches, files that failed: {done.stdout.strip() or done.stderr[-200:]}"


def _semgrep(program: Path, clone: Path) -> str:
    rule = clone.parent / "semgrep.yml"
    rule.write_text(
        "rules: [{id: r, languages: [python], severity: INFO, message: m, pattern: 'isinstance($A, $B)'}]\n"
    )
    done = subprocess.run(
        [
            str(program),
            "scan",
            "--metrics=off",
            "--disable-version-check",
            "--json",
            "--quiet",
            "--config",
            str(rule),
            ".",
        ],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return f"matches: {len(json.loads(done.stdout)['results'])}"
    except (ValueError, KeyError):
        return f"did not run: {done.stderr.strip()[-200:]}"


def _timed(each: Sequence[Callable[[], object]], runs: int) -> list[Took]:
    """Return the median seconds and processor seconds of what each starts, run in turn."""
    took: list[list[Took]] = [[] for _ in each]
    for _ in range(runs):
        for run, kept in zip(each, took, strict=True):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            run()
            wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
            kept.append((wall, used))
    return [
        (statistics.median(one[0] for one in kept), statistics.median(one[1] for one in kept))
        for kept in took
    ]


def _difference(ours: set[tuple[str, int, int]], theirs: set[tuple[str, int, int]]) -> str:
    return f"no: {len(ours - theirs)} ours only, {len(theirs - ours)} theirs only, such as {next(iter(ours ^ theirs))}"


def _endings(rule: Rule) -> set[str]:
    return {"Python": {"py", "pyi"}, "TypeScript": {"ts", "mts", "cts"}, "Kotlin": {"kt", "kts"}}.get(
        rule.language, {rule.language.lower()}
    )


def _program(name: str) -> Path:
    """Return a peer's program, installed once below .work/."""
    folder = WORK / f"peer-{name}"
    program = folder / "bin" / ("python" if name == "libcst" else name)
    if not (folder / "installed").exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
        python = str(folder / "bin" / "python")
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, PACKAGES[name]], check=True)
        (folder / "installed").touch()
    return program


if __name__ == "__main__":
    main()
