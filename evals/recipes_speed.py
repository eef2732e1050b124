"""How fast are recipes over whole repositories, against the ast-grep command, LibCST and semgrep?

    python -m evals.recipes_speed --repository GIT_DIR… [--peers ast-grep libcst semgrep]

Each peer lives in an environment of its own below .work/. The same rule runs over the same checkout; matches are
compared as (file, span). "s" is the wall-clock median of a whole process, "cpu" its processor time, which a machine
that others use too changes less: the last ratio is of that. LibCST and semgrep get one rule that they can say as well
(a call by name, in Python).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repository", type=Path, nargs="+", required=True)
    parser.add_argument("--peers", nargs="*", default=["ast-grep"], choices=sorted(PACKAGES))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    programs = {name: _program(name) for name in {*options.peers, "ast-grep"}}
    print(
        f"{'repository':24}{'rule':18}{'files':>6}{'matches':>8}{'ours s':>8}{'cpu':>6}"
        f"{'peer':>10}{'s':>8}{'cpu':>7}{'ratio':>7}{'of cpu':>7}  same"
    )
    worst = 0.0
    for folder in options.repository:
        with tempfile.TemporaryDirectory() as place:
            clone = Path(place) / "clone"
            subprocess.run(["git", "clone", "--quiet", str(folder), str(clone)], check=True)
            for name, body in RULES.items():
                worst = max(worst, _measure(folder, clone, name, body, programs, options))
    print(f"slowest against ast-grep: {worst:.2f} times its processor time")
    sys.exit(1 if worst > 2 else 0)


def _measure(
    folder: Path, clone: Path, name: str, body: str, programs: dict[str, Path], options: argparse.Namespace
) -> float:
    language = name.rpartition(" ")[2]
    rule = _rule(clone.parent, language, body)
    repository = Repository.discover(clone)
    # Nothing is applied for this look, so that spans are those of the files as they stand.
    judged = dataclasses.replace(rule, recipe=dataclasses.replace(rule.recipe, safety=Safety.JUDGMENT))
    plan = Planner(repository).whole(Job(judged, {}))
    if not plan.looked_at or not any(True for _ in plan.outcomes):
        return 0.0
    ours = {(one.path, one.start, one.end) for one in plan.outcomes}
    mine = _timed(lambda: _ours(clone, rule), options.runs)
    row = f"{folder.resolve().parent.name[:23]:24}{name:18}{plan.looked_at:6}{len(ours):8}{mine[0]:8.2f}{mine[1]:6.2f}"
    paths = [path for path in Planner(repository).paths() if path.rpartition(".")[2] in _endings(rule)]
    theirs: list[set[tuple[str, int, int]]] = []
    took = _timed(lambda: theirs.append(_ast_grep(programs["ast-grep"], rule, clone, paths)), options.runs)
    skipped = {one.path for one in plan.skipped}
    same = {one for one in theirs[-1] if one[0] not in skipped} == ours
    told = "yes" if same else _difference(ours, theirs[-1])
    print(f"{row}{'ast-grep':>10}{_against(mine, took)}  {told}", flush=True)
    if name == "Python":
        for peer in options.peers:
            if peer == "libcst":
                _peer(row, mine, peer, lambda: _libcst(programs["libcst"], clone, paths))
            if peer == "semgrep":
                _peer(row, mine, peer, lambda: _semgrep(programs["semgrep"], clone))
    return mine[1] / took[1]


def _against(mine: Took, theirs: Took) -> str:
    return f"{theirs[0]:8.2f}{theirs[1]:7.2f}{mine[0] / theirs[0]:7.2f}{mine[1] / theirs[1]:7.2f}"


def _peer(row: str, mine: Took, name: str, run: Callable[[], str]) -> None:
    found: list[str] = []
    took = _timed(lambda: found.append(run()), 1)
    print(f"{row}{name:>10}{_against(mine, took)}  {found[0]}", flush=True)


def _rule(place: Path, language: str, body: str) -> Rule:
    folder = place / language.lower()
    folder.mkdir(exist_ok=True)
    file = folder / "speed.yml"
    file.write_text(HEAD.format(language=language, body=body), encoding="utf-8")
    return load_file(file)


def _ours(clone: Path, rule: Rule) -> None:
    command = [sys.executable, "-m", "hunkworks", "recipe", "run", "speed", "--all", "--plan", "--json"]
    folder = rule.path.parent.parent / "ours"
    target = folder / rule.path.parent.name / rule.path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(rule.path.read_bytes())
    for other in folder.iterdir():
        if other != target.parent:
            for file in other.iterdir():
                file.unlink()
    environment = {**os.environ, "HUNKWORKS_RECIPES": str(folder)}
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())


def _ast_grep(program: Path, rule: Rule, clone: Path, paths: list[str]) -> set[tuple[str, int, int]]:
    """Return ast-grep's matches as code points, as ours are told."""
    found: set[tuple[str, int, int]] = set()
    texts: dict[str, bytes] = {}
    for at in range(0, len(paths), 4_000):
        done = subprocess.run(
            [
                str(program),
                "scan",
                "--rule",
                str(rule.path),
                "--json=stream",
                "--no-ignore=vcs",
                *paths[at : at + 4_000],
            ],
            cwd=clone,
            capture_output=True,
            check=False,
        )
        for line in done.stdout.splitlines():
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


def _timed(run: Callable[[], object], runs: int) -> Took:
    """Return the median seconds and processor seconds of what ``run`` starts."""
    took: list[Took] = []
    for _ in range(runs):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        run()
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        took.append((wall, used))
    return statistics.median(one[0] for one in took), statistics.median(one[1] for one in took)


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
