"""`.gitattributes` counts as it stood before the change."""

from __future__ import annotations

from hunkworks.change.attributes import read_attributes
from hunkworks.change.repository import Repository
from tests.repo import Repo


def test_the_base_decides_and_nearer_files_win(repo: Repo) -> None:
    repo.write(".gitattributes", "*.py linguist-generated\n*.js -linguist-generated\n")
    repo.write("sub/.gitattributes", "*.py -linguist-generated linguist-vendored=true\n")
    base = repo.commit()
    repo.write(".gitattributes", "")
    repo.write("sub/.gitattributes", "")
    repo.commit()
    paths = ["a.py", "sub/b.py", "c.js", "line\nbreak.py", "plain", "sub/deep/d.py"]
    vendored = {"linguist-generated": "unset", "linguist-vendored": "true"}
    assert read_attributes(Repository.discover(), paths, base) == {
        "a.py": {"linguist-generated": "set"},
        "sub/b.py": vendored,
        "c.js": {"linguist-generated": "unset"},
        "line\nbreak.py": {"linguist-generated": "set"},
        "sub/deep/d.py": vendored,
    }


def test_before_the_first_commit_the_work_tree_decides(repo: Repo) -> None:
    repo.write(".gitattributes", "*.py linguist-generated\n")
    assert read_attributes(Repository.discover(), ["a.py"], "empty") == {
        "a.py": {"linguist-generated": "set"}
    }


def test_without_attribute_files_there_are_none(repo: Repo) -> None:
    base = repo.commit()
    assert read_attributes(Repository.discover(), ["a.py"], base) == {}
    assert read_attributes(Repository.discover(), [], base) == {}
