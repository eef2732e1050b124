"""A machine of its own for the launcher: its PATH, home, plugin folder and package source, and nothing of ours.

Every folder has a space and a letter outside ASCII in its name, and the launcher is called through a symbolic link.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Self

from hunkworks.cli.environment.pins import HEADER, digest_of

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
TOOLS = ("git", "readlink", "uname", "sh")


class Machine:
    """Run the launcher as a user of this machine would; ``plugin`` is a copy, so that a test may change it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = folder / "töols on PATH"
        self.home = folder / "hömé of hunkworks"
        self.work = folder / "a wörking folder"
        self.plugin = folder / "plügin cache" / "0.1.0"
        for path in (self.tools, self.work, self.plugin):
            path.mkdir(parents=True)
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("bin", "src", "requirements", ".claude-plugin", "hooks", "agents", "recipes"):
            shutil.copytree(ROOT / name, self.plugin / name, ignore=ignored)
        self.launcher = folder / "a lïnk"
        self.launcher.symlink_to(os.path.relpath(self.plugin / "bin" / "hunkworks", folder))
        self.environ = {
            "PATH": os.fspath(self.tools),
            "HOME": os.fspath(folder),
            "HUNKWORKS_HOME": os.fspath(self.home),
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_CACHE_DIR": os.fspath(folder / "uv cache"),
        }
        for name in TOOLS:
            found = shutil.which(name)
            assert found, f"{name} is not on PATH"
            self.give(name, Path(found))

    def give(self, name: str, program: Path) -> None:
        """Put a program on this machine's PATH."""
        (self.tools / name).unlink(missing_ok=True)
        (self.tools / name).symlink_to(program)

    def give_uv(self) -> None:
        assert UV, "uv is one of the development packages"
        self.give("uv", Path(UV))

    def write(self, name: str, text: str) -> None:
        """Put a program with this text on this machine's PATH."""
        (self.tools / name).unlink(missing_ok=True)
        (self.tools / name).write_text(text, encoding="utf-8")
        (self.tools / name).chmod(0o755)

    def packages_from(self, wheels: Path) -> None:
        """Let uv and pip take packages from a folder and nowhere else."""
        self.environ |= {
            "PIP_NO_INDEX": "1",
            "UV_NO_INDEX": "1",
            "UV_OFFLINE": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }
        self.environ |= {"PIP_FIND_LINKS": wheels.as_uri(), "UV_FIND_LINKS": os.fspath(wheels)}

    def lock(self, wheels: list[Path], **extras: list[Path]) -> None:
        """Replace the plugin's locks by ones for these wheels."""
        bodies = {f"{name}.lock": _lock_text(files) for name, files in {**extras, "core": wheels}.items()}
        for old in (self.plugin / "requirements").glob("*.lock"):
            old.unlink()
        for name, body in bodies.items():
            text = f"{HEADER}{digest_of(bodies)}\n{body}"
            (self.plugin / "requirements" / name).write_text(text, encoding="utf-8")

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [os.fspath(self.launcher), *arguments],
            cwd=self.work,
            env=self.environ | environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, given: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, **environ) as process:
            out, err = process.communicate(given, timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def build(self) -> Path:
        """Build the environment and return its folder."""
        done = self.run("environment", "build")
        assert done.returncode == 0, done.stderr
        return Path(self.run("environment", "path").stdout.strip())

    def environments(self) -> list[str]:
        """The names of all folders where environments stand, those lying aside included."""
        folder = self.home / "environments"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


class Gate:
    """A `uv` that stops where it would install, until it is let through: the middle of a build, held still."""

    def __init__(self, machine: Machine) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(60)
        port = self.server.getsockname()[1]
        machine.write(
            "uv",
            f"#!{PYTHON} -IS\nimport os, socket, sys\n"
            f"if sys.argv[1:3] == ['pip', 'install']: socket.create_connection(('127.0.0.1', {port})).recv(1)\n"
            f"os.execv({UV!r}, [{UV!r}, *sys.argv[1:]])\n",
        )

    def reached(self) -> socket.socket:
        """Wait until a builder stands in the gate; closing what is returned lets it through."""
        return self.server.accept()[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.server.close()


def make_wheel(folder: Path, name: str = "tiny", version: str = "1.0", module: str = "ANSWER = 42\n") -> Path:
    """Write a wheel with one package of one module."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": module,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for file, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{file},sha256={digest},{len(text)}")
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""])
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in files.items():
            # A fixed date: the same text is the same wheel, and has the same hash.
            wheel.writestr(zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0)), text)
    return path


def _lock_text(wheels: list[Path]) -> str:
    lines = []
    for wheel in wheels:
        found = re.match(r"(.+?)-([^-]+)-", wheel.name)
        assert found
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{found[1]}=={found[2]} \\\n    --hash=sha256:{digest}\n")
    return "".join(lines)


def copy_python(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Make an interpreter of its own at ``folder``, which may vanish or lack modules; return its program.

    The library is the real one, linked entry by entry.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    program = folder / "bin" / version
    program.parent.mkdir(parents=True)
    shutil.copy2(PYTHON, program)
    library = Path(os.__file__).parent
    for entry in library.parent.iterdir():
        if entry.name != version and entry.name.startswith("libpython"):
            (folder / "lib").mkdir(exist_ok=True)
            (folder / "lib" / entry.name).symlink_to(entry)
    (folder / "lib" / version).mkdir(parents=True)
    for entry in library.iterdir():
        if entry.name not in (*without, "site-packages", "dist-packages", "EXTERNALLY-MANAGED"):
            (folder / "lib" / version / entry.name).symlink_to(entry)
    return program
