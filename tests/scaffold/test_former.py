"""A copy with the code of before: tests run there on what the change altered, and the project stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.errors import InputError
from hunkworks.scaffold import former as module
from hunkworks.scaffold.files import Files
from hunkworks.scaffold.former import environment, former
from tests.repo import Repo


def files_below(top: Path) -> dict[str, bytes]:
    found = (path for path in top.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in found}


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("this system allows no symbolic links")


@pytest.fixture
def changed(repo: Repo) -> Repo:
    """Code that was altered, added, removed and renamed, and a test that was altered with it."""
    body = "".join(f"def f{number}():\n    return {number}\n" for number in range(9))
    repo.write("src/a.py", "old = 1\n")
    repo.write("src/gone.py", "gone = 1\n")
    repo.write("src/before.py", body)
    repo.write("tests/test_a.py", "old = 1\n")
    repo.commit()
    repo.write("src/a.py", "new = 1\n")
    repo.git("rm", "-q", "src/gone.py")
    repo.git("mv", "src/before.py", "src/after.py")
    repo.write("src/added.py", "new = 1\n")
    repo.write("tests/test_a.py", "new = 1\n")
    return repo


def test_code_is_as_it_was_and_tests_are_as_they_are(changed: Repo) -> None:
    repository = Repository.discover(changed.root)
    change = select(repository, Selector())
    before = files_below(changed.root)
    with former(Files(repository, change), change, ["tests"]) as top:
        copy = files_below(top)
        (top / "src/a.py").write_text("written by a test\n")
        assert environment(top)["PYTHONPATH"].startswith(str(top / "src"))
    assert sorted(copy) == ["src/a.py", "src/before.py", "src/gone.py", "tests/test_a.py"]
    assert (copy["src/a.py"], copy["tests/test_a.py"]) == (b"old = 1\n", b"new = 1\n")
    assert files_below(changed.root) == before
    assert not top.exists()


def test_what_is_installed_beside_the_code_is_at_hand(changed: Repo) -> None:
    (changed.root / "node_modules/dependency").mkdir(parents=True)
    (changed.root / "node_modules/dependency/index.js").write_text("1")
    link(changed.root / "link", changed.root / "src")
    (changed.root / ".gitignore").write_text("node_modules\n")
    repository = Repository.discover(changed.root)
    change = select(repository, Selector())
    with former(Files(repository, change), change, ["."]) as top:
        assert (top / "node_modules/dependency/index.js").read_text() == "1"
        assert not (top / "link").exists()
    assert (changed.root / "node_modules/dependency/index.js").read_text() == "1"


def test_a_workspace_that_leads_back_to_the_code_of_today_is_refused(changed: Repo) -> None:
    (changed.root / ".gitignore").write_text("node_modules\n")
    (changed.root / "node_modules/@us").mkdir(parents=True)
    link(changed.root / "node_modules/@us/a", changed.root / "src")
    repository = Repository.discover(changed.root)
    change = select(repository, Selector())
    with (
        pytest.raises(InputError, match="leads back to the code of today"),
        former(Files(repository, change), change, ["."]),
    ):
        pass


def test_a_project_too_large_to_copy_is_refused(changed: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 10)
    repository = Repository.discover(changed.root)
    change = select(repository, Selector())
    with pytest.raises(InputError, match="larger than"), former(Files(repository, change), change, []):
        pass
