"""Write the lock files: what an installed plugin's environment is made of, for every platform, with hashes.

    make lock                    keep the pins that still satisfy pyproject.toml
    make lock ARGS=--upgrade     take the newest versions

The core is locked first, and every extra on top of exactly these versions, so that one replaces the other.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
sys.path.insert(0, str(ROOT / "src"))

from hunkworks.cli.environment.pins import CORE, HEADER, digest_of  # noqa: E402


def compile_lock(lock: Path, options: list[str]) -> str:
    """Resolve pyproject.toml with ``options`` into ``lock`` and return its text, which names no registry."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is not installed. fix: make .venv/.installed")
    command = [
        uv,
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
    ]
    command += [
        "--only-binary",
        ":all:",
        "--no-annotate",
        "--no-header",
        "--output-file",
        str(lock),
        *options,
    ]
    subprocess.run([*command, "pyproject.toml"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return lock.read_text(encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Compile every lock, then write them all under one digest."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    bodies: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for old in LOCKS.glob("*.lock"):
            shutil.copy(old, folder / old.name)
        core = folder / CORE
        bodies[CORE] = compile_lock(core, arguments)
        for extra in sorted(extras):
            lock = folder / f"{extra}.lock"
            bodies[lock.name] = compile_lock(lock, ["--extra", extra, "--constraints", str(core), *arguments])
    digest = digest_of(bodies)
    for stale in LOCKS.glob("*.lock"):
        stale.unlink()
    for lock_name, body in bodies.items():
        (LOCKS / lock_name).write_text(f"{HEADER}{digest}\n{body}", encoding="utf-8")
    sys.stderr.write(f"locked {', '.join(sorted(bodies))} as {digest}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
