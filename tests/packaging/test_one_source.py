"""Version, home, author and license each stand in one place; every other place says the same."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hunkworks.cli.main import hunkworks
from hunkworks.paths import version

ROOT = Path(__file__).resolve().parents[2]
HOME = "https://github.com/hunkworks/hunkworks"
AUTHOR = "The Hunkworks contributors"
ADD_ONS = sorted(ROOT.glob("plugins/*/.claude-plugin/plugin.json"))


def read(relative: str) -> Any:
    return json.loads((ROOT / relative).read_text(encoding="utf-8"))


MANIFEST = read(".claude-plugin/plugin.json")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_version_is_semantic_and_stands_in_the_manifest() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", MANIFEST["version"])
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == ".claude-plugin/plugin.json"


def test_the_program_says_the_manifests_version() -> None:
    assert version() == MANIFEST["version"]
    assert CliRunner().invoke(hunkworks, ["--version"]).output == f"hunkworks {MANIFEST['version']}\n"


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == MANIFEST["version"]


def test_the_marketplace_repeats_nothing_that_the_manifest_says() -> None:
    """A version in the entry would win over nobody's and differ after the next release."""
    marketplace = read(".claude-plugin/marketplace.json")
    assert marketplace["owner"]["name"] == AUTHOR
    assert marketplace["owner"]["url"] == HOME
    for entry in marketplace["plugins"]:
        assert not {"version", "author", "license", "homepage", "repository"} & set(entry)
        manifest = ROOT / entry["source"] / ".claude-plugin" / "plugin.json"
        assert json.loads(manifest.read_text(encoding="utf-8"))["name"] == entry["name"]


@pytest.mark.parametrize(
    "path", [ROOT / ".claude-plugin" / "plugin.json", *ADD_ONS], ids=lambda path: path.parts[-3]
)
def test_every_plugin_has_the_same_home_author_and_license(path: Path) -> None:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["version"] == MANIFEST["version"]
    assert manifest["author"] == {"name": AUTHOR, "url": HOME}
    assert manifest["homepage"] == manifest["repository"] == HOME
    assert manifest["license"] == "MIT"
    assert manifest["privacyPolicyUrl"] == f"{HOME}/blob/main/docs/privacy.md"


def test_the_package_has_the_same_home_author_and_license() -> None:
    project = PROJECT["project"]
    assert project["name"] == MANIFEST["name"]
    assert project["authors"] == [{"name": AUTHOR}]
    assert project["urls"]["Homepage"] == HOME
    assert project["license"] == "MIT"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n")
    assert AUTHOR in text


def test_what_the_manifests_point_to_is_there() -> None:
    assert (ROOT / MANIFEST["icon"]).is_file()
    assert (ROOT / "docs" / "privacy.md").is_file()


def test_every_address_of_ours_is_the_one_home() -> None:
    """Another owner's or repository's name in a file that the client or a user reads is a leftover."""
    pattern = re.compile(rb"github\.com/(hunkworks/[\w-]+)")
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.py"), *ROOT.glob("*.toml")]
    assert len(files) > 20
    found = {match for file in files for match in pattern.findall(file.read_bytes())}
    assert found == {b"hunkworks/hunkworks"}
