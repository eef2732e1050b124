"""Tests of Java, Kotlin and Swift run outside of their project's build: compiled by themselves, with what lies at hand.

`scaffold tests --check --run` leaves these languages to the project's own build, which fetches what it needs; where
nothing can be fetched this shows that a stub compiles, is collected by its runner, and fails. All from Debian and PyPI:

    TOOLS/java/*.jar     apt-get download junit4 junit5 testng … and their dependencies: what lies in /usr/share/java
    TOOLS/kotlin/*.jar   a Kotlin compiler of today: run_kotlin_kernel/jars of the wheel kotlin-jupyter-kernel
    TOOLS/swift          a root with swiftlang of Debian 13, /proc mounted in it; entered with chroot
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hunkworks.scaffold.frameworks import Framework
from hunkworks.scaffold.reports import read_junit
from hunkworks.scaffold.runners import Outcomes, Ran

NOT_BUILT = "it does not compile"
_SECONDS = 1200
_KOTLIN = "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"
_SWIFT_PATH = "/usr/libexec/swift/bin:/usr/bin:/bin"

_SUITE = re.compile(r"^\s*(?:final |public )*(?:class|struct|actor|enum) (\w+)", re.MULTILINE)


def run_built(framework: Framework, folder: Path, test: str, tools: Path) -> list[Ran]:
    """Compile one file of tests with the sources of its module, run it, and tell what became of each test."""
    if test.endswith(".swift"):
        return [_swift(folder, test, tools / "swift")]
    with tempfile.TemporaryDirectory() as out:
        return [_jvm(framework, folder / test, Path(out), tools)]


def _jvm(framework: Framework, test: Path, out: Path, tools: Path) -> Ran:
    package = re.search(r"^package\s+([\w.]+)", test.read_text("utf-8"), re.MULTILINE)
    root = test.parents[package[1].count(".") + 1] if package else test.parent
    name = f"{package[1]}.{test.stem}" if package else test.stem
    module = next((each for each in test.parents if each.name == "src"), root).parent
    mains = [each for each in (module / "src/main/java", module / "src/main/kotlin") if each.is_dir()]
    jars = sorted((tools / "java").glob("*.jar"))
    attempts: list[list[Path]] = [[test]]
    if test.suffix == ".java":
        compile_ = ["javac", "-nowarn", "-proc:none", "-sourcepath", _path([root, *mains])]
    else:
        kotlin = sorted((tools / "kotlin").glob("*.jar"))
        jars += [each for each in kotlin if each.name.startswith(("kotlin-stdlib-", "kotlin-reflect-"))]
        compile_ = ["java", "-cp", _path(kotlin), _KOTLIN, "-no-stdlib", "-no-reflect", "-nowarn"]
        # Its compiler finds no sources by itself: helpers of tests may stand in any file.
        attempts.append([*mains, root])
    compile_ += ["-d", str(out), "-cp", _path(jars)]
    for sources in attempts:
        compiled = _call([*compile_, *map(str, sources)], module)
        if not compiled.returncode:
            break
    else:
        return Ran(tuple(compile_), {}, f"{NOT_BUILT}. {_last(compiled)}")
    reports = out / "reports"
    console = "org.junit.platform.console.ConsoleLauncher"
    start = ["java", "-cp", _path([out, *jars])]
    if framework is Framework.TESTNG:
        start += ["org.testng.TestNG", "-testclass", name, "-d", str(reports)]
    else:
        start += [console, "--select-class", name, "--reports-dir", str(reports)]
    done = _call(start, module)
    return _ran(start, sorted(reports.rglob("TEST-*.xml")), _last(done))


def _swift(folder: Path, test: str, root: Path) -> Ran:
    """Run the suites of one file of tests of a Swift package that stands below the compiler's root."""
    suites = _SUITE.findall((folder / test).read_text("utf-8"))
    reports = [root / "tmp/report.xml", root / "tmp/report-swift-testing.xml"]
    for report in reports:
        report.unlink(missing_ok=True)
    said = f"cd /{folder.relative_to(root)} && swift test --disable-sandbox --parallel --xunit-output /tmp/report.xml"
    said += "".join(f" --filter '[.]{suite}/'" for suite in suites)
    command = ["chroot", str(root), "/usr/bin/env", f"PATH={_SWIFT_PATH}", "HOME=/tmp", "/bin/sh", "-c", said]
    done = _call(command, folder)
    return _ran(command, [each for each in reports if each.is_file()], _last(done))


def _ran(command: Sequence[str], reports: Sequence[Path], last: str) -> Ran:
    if not reports and re.search(r"\berror: ", last):
        return Ran(tuple(command), {}, f"{NOT_BUILT}. {last}")
    outcomes: Outcomes = {}
    for report in reports:
        found = read_junit(report.read_text("utf-8", "replace"))
        outcomes |= {name.partition("(")[0]: outcome for name, outcome in found.items()}
    return Ran(tuple(command), outcomes, "" if outcomes else f"no test ran. {last}")


def _path(places: Sequence[Path | str]) -> str:
    return os.pathsep.join(map(str, places))


def _call(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which(command[0]) or command[0]
    return subprocess.run(
        [program, *command[1:]], cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
    )


def _last(done: subprocess.CompletedProcess[str]) -> str:
    return "\n".join((done.stdout + "\n" + done.stderr).strip().splitlines()[-8:])
