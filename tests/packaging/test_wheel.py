"""The wheel, built from the source distribution, installed into a fresh environment and used from elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from hunkworks.paths import version
from tests.packaging.conftest import ROOT, tool
from tests.wheelhouse import wheelhouse

CHANGE = """\
diff --git a/app.py b/app.py
new file mode 100644
--- /dev/null
+++ b/app.py
@@ -0,0 +1,3 @@
+def total(rows):
+    breakpoint()
+    return sum(rows)
"""


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and its dependencies; returns the console command."""
    folder = tmp_path_factory.mktemp("ïnstalled") / "env"
    uv = tool("uv")
    subprocess.run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, folder], check=True)
    wheel = next(dist.glob("*.whl"))
    wheels = ["--no-index", "--find-links", os.fspath(wheelhouse()), os.fspath(wheel)]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", os.fspath(folder), *wheels], check=True)
    return folder / "bin" / "hunkworks"


def run(program: Path, *arguments: str, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ["HUNKWORKS_STATE_DIR"] = os.fspath(folder / "state")
    return subprocess.run(
        [program, *arguments], cwd=folder, env=environ, input=given, capture_output=True, text=True
    )


def test_the_wheel_holds_what_the_program_reads_and_no_more(dist: Path) -> None:
    names = zipfile.ZipFile(next(dist.glob("*.whl"))).namelist()
    pack = {name.split("/")[2] for name in names if name.startswith("hunkworks/_pack/")}
    assert pack == {".claude-plugin", "agents", "recipes", "skills"}
    inside = {name.split("/")[0] for name in names}
    assert inside == {"hunkworks", f"hunkworks-{version()}.dist-info"}
    tracked = subprocess.run(
        ["git", "ls-files", "agents", "recipes"], cwd=ROOT, capture_output=True, text=True
    )
    for path in tracked.stdout.splitlines():
        assert f"hunkworks/_pack/{path}" in names or not (ROOT / path).exists()


def test_the_source_distribution_holds_the_tests_and_no_rubbish(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "tests/test_architecture.py", "bin/hunkworks"} <= names
    assert not [name for name in names if name.split("/")[0] in {".venv", ".client", ".work", ".git"}]


def test_the_command_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "--version", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"hunkworks {version()}\n", "")


def test_the_doctor_knows_that_no_environment_is_needed(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "doctor", "--json", folder=tmp_path)
    answer = json.loads(done.stdout)
    found = {check["name"]: check for check in answer["checks"]}
    assert (done.returncode, answer["healthy"]) == (0, True), done.stdout
    assert found["environment"]["detail"].startswith("installed as a package in ")
    assert found["model API"]["fix"] == "pip install 'hunkworks[api]'"


def test_a_change_is_reviewed_from_standard_input(installed: Path, tmp_path: Path) -> None:
    """The rules and the agents' prompts are found inside the wheel."""
    done = run(installed, "review", "--stdin", "--json", folder=tmp_path, given=CHANGE)
    answer = json.loads(done.stdout)
    assert [(finding["path"], finding["line"]) for finding in answer["findings"]] == [("app.py", 2)]
    assert answer["verdict"] == "static-only"
    assert done.returncode in (0, 1), done.stderr
