"""The lock files hold what pyproject.toml asks for, for every platform, under one digest, and name no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hunkworks.cli.environment import pins

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def pinned(lock: Path) -> dict[str, str]:
    return {canonicalize_name(pin.name): pin.version for pin in pins.pins(lock)}


def test_there_is_a_lock_for_the_core_and_each_extra() -> None:
    assert sorted(path.stem for path in LOCKS.glob("*.lock")) == sorted(["core", *EXTRAS])


@pytest.mark.parametrize("extra", ["core", *EXTRAS])
def test_the_lock_satisfies_the_project(extra: str) -> None:
    """`make lock` after every change of a dependency."""
    locked = pinned(LOCKS / f"{extra}.lock")
    wanted = [Requirement(line) for line in [*PROJECT["dependencies"], *EXTRAS.get(extra, [])]]
    assert wanted
    for requirement in wanted:
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not locked"
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extras_lock_adds_to_the_core_and_changes_nothing_of_it(extra: str) -> None:
    core, more = pinned(LOCKS / "core.lock"), pinned(LOCKS / f"{extra}.lock")
    assert {name: more.get(name) for name in core} == core
    assert len(more) > len(core)


def test_the_first_line_is_the_digest_of_all_locks() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", pins.read_digest(LOCKS))


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.lock")), ids=lambda path: path.stem)
def test_every_pin_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"index|find-links", text)
    blocks = re.split(r"\n(?=[a-z])", text.partition("\n")[2])
    assert len(blocks) == len(pins.pins(lock))
    for block in blocks:
        assert "--hash=sha256:" in block, block
