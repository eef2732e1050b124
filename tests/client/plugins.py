"""Plugins to install: the real pack as it stands here, small ones for the harness's own tests, and their homes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.client.client import Client
from tests.hooks.asking import git

ROOT = Path(__file__).resolve().parents[2]
HOME_OF_THE_PACK = "hunkworks/hunkworks"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write ``files`` (relative name → text) below ``folder``."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def small_plugin(folder: Path, **files: str) -> Path:
    """Write a plugin named hunkworks with the real hooks and two reviewing agents that have one tool."""
    manifest = {"name": "hunkworks", "version": "0.0.1", "description": "Small.", "author": {"name": "Test"}}
    agent = "---\nname: {0}\ndescription: Reviews.\nmodel: {1}\ntools: Read\n---\nYou are the small {0}.\n"
    write(
        folder,
        {
            ".claude-plugin/plugin.json": json.dumps(manifest),
            "agents/reviewer.md": agent.format("reviewer", "sonnet"),
            "agents/deep-reviewer.md": agent.format("deep-reviewer", "opus"),
            "bin/hunkworks": "#!/bin/sh\nexit 0\n",
            **files,
        },
    )
    (folder / "bin" / "hunkworks").chmod(0o755)
    shutil.copytree(ROOT / "hooks", folder / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def pack_repository(folder: Path) -> Path:
    """Make a repository whose one commit is this checkout as it stands: what a release would hold."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-coz", "--exclude-standard"], capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0")[:-1]:
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "-q", "-m", "the pack")
    return folder


def publish(claude: Client, source: Path) -> Path:
    """Put ``source`` where ``hunkworks/hunkworks`` leads this client: a bare clone, by git's insteadOf."""
    bare = claude.home / "hosted.git"
    git(source, "clone", "-q", "--bare", str(source), str(bare))
    with (claude.home / ".gitconfig").open("a") as config:
        config.write(f'[url "file://{bare}"]\n')
        config.writelines(
            f"\tinsteadOf = https://github.com/{HOME_OF_THE_PACK}{end}\n" for end in (".git", "")
        )
    return bare


def release(source: Path, bare: Path, version: str) -> None:
    """Bump the version in ``source``, commit and push to ``bare``."""
    manifest = source / ".claude-plugin" / "plugin.json"
    before = str(json.loads(manifest.read_text())["version"])
    manifest.write_text(manifest.read_text().replace(f'"version": "{before}"', f'"version": "{version}"'))
    git(source, "commit", "-q", "-a", "-m", f"release {version}")
    git(source, "push", "-q", str(bare), "main")
